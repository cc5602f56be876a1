package main

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path"
	"runtime"
	"strings"
)

type list []string

func (l *list) String() string     { return strings.Join(*l, ",") }
func (l *list) Set(v string) error { *l = append(*l, v); return nil }

const (
	ociIndex    = "application/vnd.oci.image.index.v1+json"
	ociManifest = "application/vnd.oci.image.manifest.v1+json"
	ociConfig   = "application/vnd.oci.image.config.v1+json"
	ociLayer    = "application/vnd.oci.image.layer.v1.tar"
	nameKey     = "io.containerd.image.name"
	refKey      = "org.opencontainers.image.ref.name"
)

type descriptor struct {
	MediaType   string            `json:"mediaType"`
	Digest      string            `json:"digest"`
	Size        int               `json:"size"`
	Annotations map[string]string `json:"annotations,omitempty"`
	Platform    map[string]string `json:"platform,omitempty"`
}

type blobs struct {
	order []string
	data  map[string][]byte
}

func (b *blobs) add(media string, data []byte) descriptor {
	sum := sha256.Sum256(data)
	h := hex.EncodeToString(sum[:])
	if _, ok := b.data[h]; !ok {
		b.order = append(b.order, h)
	}
	b.data[h] = data
	return descriptor{MediaType: media, Digest: "sha256:" + h, Size: len(data)}
}

// image packs files into an OCI image archive of one layer. The same input
// gives the same digest: no time and no owner of the files gets in.
func image(args []string) error {
	var files, links, entrypoint, env list
	flags := flag.NewFlagSet("image", flag.ExitOnError)
	name := flags.String("name", "", "name of the image, with tag")
	out := flags.String("out", "", "file to write")
	user := flags.String("user", "", "uid:gid")
	flags.Var(&files, "file", "SRC:DST, repeatable")
	flags.Var(&links, "link", "TARGET:DST, a symbolic link, repeatable")
	flags.Var(&entrypoint, "entrypoint", "repeatable")
	flags.Var(&env, "env", "K=V, repeatable")
	_ = flags.Parse(args)
	layer, err := layerOf(files, links)
	if err != nil {
		return err
	}
	b := &blobs{data: map[string][]byte{}}
	platform := map[string]string{"architecture": runtime.GOARCH, "os": "linux"}
	l := b.add(ociLayer, layer)
	config := b.add(ociConfig, mustJSON(map[string]any{
		"architecture": runtime.GOARCH, "os": "linux",
		"config": map[string]any{
			"Env":        append(list{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}, env...),
			"Entrypoint": entrypoint, "User": *user,
		},
		"rootfs": map[string]any{"type": "layers", "diff_ids": []string{l.Digest}},
	}))
	manifest := b.add(ociManifest, mustJSON(map[string]any{
		"schemaVersion": 2, "mediaType": ociManifest, "config": config, "layers": []descriptor{l}}))
	manifest.Platform = platform
	manifest.Annotations = map[string]string{nameKey: *name, refKey: (*name)[strings.LastIndex(*name, ":")+1:]}
	index := mustJSON(map[string]any{"schemaVersion": 2, "mediaType": ociIndex, "manifests": []descriptor{manifest}})

	f, err := os.Create(*out)
	if err != nil {
		return err
	}
	w := tar.NewWriter(f)
	write := func(name string, data []byte) {
		if err == nil {
			err = w.WriteHeader(&tar.Header{Name: name, Size: int64(len(data)), Mode: 0o644})
		}
		if err == nil {
			_, err = w.Write(data)
		}
	}
	write("oci-layout", []byte(`{"imageLayoutVersion":"1.0.0"}`))
	write("index.json", index)
	for _, h := range b.order {
		write("blobs/sha256/"+h, b.data[h])
	}
	return errors.Join(err, w.Close(), f.Close())
}

func mustJSON(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return data
}

func layerOf(files, links list) ([]byte, error) {
	var buf bytes.Buffer
	w := tar.NewWriter(&buf)
	made := map[string]bool{".": true, "/": true}
	var parents func(dir string) error
	parents = func(dir string) error {
		if made[dir] {
			return nil
		}
		if err := parents(path.Dir(dir)); err != nil {
			return err
		}
		made[dir] = true
		mode := int64(0o755)
		if dir == "tmp" {
			mode = 0o1777
		}
		return w.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: dir + "/", Mode: mode})
	}
	for _, spec := range files {
		src, dst, _ := strings.Cut(spec, ":")
		dst = strings.Trim(dst, "/")
		data, err := os.ReadFile(src)
		if err != nil {
			return nil, err
		}
		if err := parents(path.Dir(dst)); err != nil {
			return nil, err
		}
		if err := w.WriteHeader(&tar.Header{Name: dst, Size: int64(len(data)), Mode: 0o755}); err != nil {
			return nil, err
		}
		if _, err := w.Write(data); err != nil {
			return nil, err
		}
	}
	for _, spec := range links {
		target, dst, _ := strings.Cut(spec, ":")
		dst = strings.Trim(dst, "/")
		if err := parents(path.Dir(dst)); err != nil {
			return nil, err
		}
		if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeSymlink, Name: dst, Linkname: target, Mode: 0o777}); err != nil {
			return nil, err
		}
	}
	if err := parents("tmp"); err != nil {
		return nil, err
	}
	return buf.Bytes(), w.Close()
}

// imageID prints 'NAME DIGEST' of every image of an archive (OCI layout or
// what docker save writes), reading only its index.
func imageID(args []string) error {
	if len(args) != 1 {
		return errors.New("want one archive")
	}
	f, err := os.Open(args[0])
	if err != nil {
		return err
	}
	defer f.Close()
	var in io.Reader = f // seekable: the tar reader skips over the layers
	if magic, err := bufio.NewReader(f).Peek(2); err == nil && magic[0] == 0x1f && magic[1] == 0x8b {
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return err
		}
		if in, err = gzip.NewReader(f); err != nil {
			return err
		}
	} else if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	var docker []string
	for t := tar.NewReader(in); ; {
		h, err := t.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return fmt.Errorf("%s is no image archive: %w", args[0], err)
		}
		switch strings.TrimPrefix(h.Name, "./") {
		case "index.json":
			return printOCI(t, args[0])
		case "manifest.json":
			if docker, err = dockerLines(t); err != nil {
				return err
			}
		}
	}
	if len(docker) == 0 {
		return fmt.Errorf("%s holds neither index.json nor manifest.json: no image archive", args[0])
	}
	fmt.Println(strings.Join(docker, "\n"))
	return nil
}

func printOCI(r io.Reader, file string) error {
	var index struct{ Manifests []descriptor }
	if err := json.NewDecoder(r).Decode(&index); err != nil {
		return err
	}
	if len(index.Manifests) == 0 {
		return fmt.Errorf("%s holds no image", file)
	}
	for _, m := range index.Manifests {
		name := m.Annotations[nameKey]
		if name == "" {
			name = m.Annotations[refKey]
		}
		if name == "" {
			return fmt.Errorf("an image in %s has no name: annotate its manifest with %s", file, nameKey)
		}
		fmt.Println(name, m.Digest)
	}
	return nil
}

func dockerLines(r io.Reader) ([]string, error) {
	var manifests []struct {
		Config   string
		RepoTags []string
	}
	if err := json.NewDecoder(r).Decode(&manifests); err != nil {
		return nil, err
	}
	var lines []string
	for _, m := range manifests {
		for _, tag := range m.RepoTags {
			lines = append(lines, tag+" "+m.Config)
		}
	}
	return lines, nil
}

package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func pack(t *testing.T, dir, out string) string {
	t.Helper()
	file := filepath.Join(dir, "program")
	if err := os.WriteFile(file, []byte("content"), 0o644); err != nil {
		t.Fatal(err)
	}
	out = filepath.Join(dir, out)
	if err := image([]string{"--name", "lab.internal/x:1", "--out", out, "--file", file + ":/usr/bin/program",
		"--link", "program:/usr/bin/alias", "--entrypoint", "/usr/bin/program"}); err != nil {
		t.Fatal(err)
	}
	return out
}

func stdout(t *testing.T, f func() error) string {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	old := os.Stdout
	os.Stdout = w
	failed := f()
	os.Stdout = old
	_ = w.Close()
	out, err := io.ReadAll(r)
	if failed != nil || err != nil {
		t.Fatal(failed, err)
	}
	return string(out)
}

func TestSameFilesGiveTheSameImage(t *testing.T) {
	one, err := os.ReadFile(pack(t, t.TempDir(), "a.tar"))
	if err != nil {
		t.Fatal(err)
	}
	two, err := os.ReadFile(pack(t, t.TempDir(), "b.tar"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(one, two) {
		t.Error("two archives of the same files differ")
	}
}

func TestAnArchiveTellsNameAndDigest(t *testing.T) {
	file := pack(t, t.TempDir(), "a.tar")
	got := strings.Fields(stdout(t, func() error { return imageID([]string{file}) }))
	if len(got) != 2 || got[0] != "lab.internal/x:1" || !strings.HasPrefix(got[1], "sha256:") {
		t.Errorf("got %q", got)
	}
}

func TestSomethingElseIsRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.tar")
	if err := os.WriteFile(file, []byte("no archive"), 0o644); err != nil {
		t.Fatal(err)
	}
	if imageID([]string{file}) == nil {
		t.Error("a file that is no image archive was taken")
	}
}

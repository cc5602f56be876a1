#!/usr/bin/env python3
"""Writes and reads OCI image archives with nothing but Python's library.

    oci.py image --name REPO:TAG --out IMAGE.tar [--layer DIR|TAR]... [--file SRC:DST[:MODE]]...
                 [--root-owner] [--user U] [--env K=V]... [--entrypoint ARG]... [--cmd ARG]...
                 [--label K=V]... [--workdir DIR] [--arch amd64]
    oci.py layer [--root-owner] DIR OUT.tar     one reproducible layer from a folder
    oci.py layers IMAGE.tar                     names of the layer blobs, lowest first
    oci.py unpack IMAGE.tar DIR                 the root file system (as root: with owners)
    oci.py config IMAGE.tar                     the image's configuration as JSON

Layers are stacked in the order given; all --file go into one last layer. Nothing is
compressed: an import is faster so, and a registry client compresses on the way out.
The same input gives the same bytes: names are sorted, times are SOURCE_DATE_EPOCH.
"""

import argparse
import datetime
import hashlib
import io
import json
import os
import shutil
import stat
import sys
import tarfile
import tempfile

EPOCH = int(os.environ.get("SOURCE_DATE_EPOCH", "0"))
PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def entry(name, kind=tarfile.REGTYPE, mode=0o755, uid=0, gid=0):
    info = tarfile.TarInfo(name)
    info.type, info.mode, info.uid, info.gid, info.mtime = kind, mode, uid, gid, EPOCH
    return info


def walk(root, folder=""):
    """Paths below root, parents before children, sorted: os.walk order depends on the disk."""
    for name in sorted(os.listdir(os.path.join(root, folder))):
        path = os.path.join(folder, name)
        yield path
        if stat.S_ISDIR(os.lstat(os.path.join(root, path)).st_mode):
            yield from walk(root, path)


def write_layer(root, out, root_owner=False):
    linked = {}  # (device, inode) -> first name
    with tarfile.open(out, "w", format=tarfile.GNU_FORMAT) as tar:
        for path in walk(root):
            full = os.path.join(root, path)
            st = os.lstat(full)
            owner = (0, 0) if root_owner else (st.st_uid, st.st_gid)
            info = entry(path, mode=stat.S_IMODE(st.st_mode), uid=owner[0], gid=owner[1])
            if stat.S_ISDIR(st.st_mode):
                info.type = tarfile.DIRTYPE
                tar.addfile(info)
            elif stat.S_ISLNK(st.st_mode):
                info.type, info.linkname, info.mode = tarfile.SYMTYPE, os.readlink(full), 0o777
                tar.addfile(info)
            elif stat.S_ISREG(st.st_mode):
                first = linked.setdefault((st.st_dev, st.st_ino), path) if st.st_nlink > 1 else path
                if first != path:
                    info.type, info.linkname = tarfile.LNKTYPE, first
                    tar.addfile(info)
                else:
                    info.size = st.st_size
                    with open(full, "rb") as data:
                        tar.addfile(info, data)
            # device nodes, sockets and pipes do not belong into an image


def write_files(specs, out):
    """A layer of single files; their folders are made with mode 0755."""
    entries = {}
    for spec in specs:
        source, target, mode = (spec.split(":") + ["755"])[:3]
        target = target.strip("/")
        for i, char in enumerate(target):
            if char == "/":
                entries.setdefault(target[:i], None)
        entries[target] = (source, int(mode, 8))
    with tarfile.open(out, "w", format=tarfile.GNU_FORMAT) as tar:
        for name, value in sorted(entries.items()):
            if value is None:
                tar.addfile(entry(name, tarfile.DIRTYPE))
                continue
            info = entry(name, mode=value[1])
            info.size = os.path.getsize(value[0])
            with open(value[0], "rb") as data:
                tar.addfile(info, data)


def file_digest(path):
    with open(path, "rb") as data:
        return "sha256:" + hashlib.file_digest(data, "sha256").hexdigest()


def pairs(values):
    return dict(value.split("=", 1) for value in values)


def image_config(args, digests):
    env = list(args.env)
    if not any(value.startswith("PATH=") for value in env):
        env.insert(0, PATH)
    config = {"Env": env}
    options = {"Cmd": args.cmd, "Entrypoint": args.entrypoint, "User": args.user,
               "WorkingDir": args.workdir, "Labels": pairs(args.label)}
    config.update({key: value for key, value in options.items() if value})
    created = datetime.datetime.fromtimestamp(EPOCH, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"created": created, "architecture": args.arch, "os": "linux", "config": config,
            "history": [{"created": created, "created_by": "images/oci.py"} for _ in digests],
            "rootfs": {"type": "layers", "diff_ids": digests}}


def write_image(args):
    with tempfile.TemporaryDirectory(dir=os.path.dirname(os.path.abspath(args.out))) as tmp:
        layers = []
        for i, layer in enumerate(args.layer):
            if os.path.isdir(layer):
                write_layer(layer, os.path.join(tmp, str(i)), args.root_owner)
                layer = os.path.join(tmp, str(i))
            layers.append(layer)
        if args.file:
            layers.append(os.path.join(tmp, "files"))
            write_files(args.file, layers[-1])

        blobs = {}  # digest -> bytes or path

        def add(data, media):
            raw = json.dumps(data, sort_keys=True, separators=(",", ":")).encode()
            digest = "sha256:" + hashlib.sha256(raw).hexdigest()
            blobs[digest] = raw
            return {"mediaType": "application/vnd.oci.image." + media, "digest": digest, "size": len(raw)}

        descriptors = []
        for layer in layers:
            digest = file_digest(layer)
            blobs[digest] = layer
            descriptors.append({"mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": digest,
                                "size": os.path.getsize(layer)})
        config = add(image_config(args, [d["digest"] for d in descriptors]), "config.v1+json")
        manifest = add({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
                        "config": config, "layers": descriptors}, "manifest.v1+json")
        manifest["platform"] = {"architecture": args.arch, "os": "linux"}
        # containerd takes the full name from the first annotation, other tools the tag from the second
        manifest["annotations"] = {"io.containerd.image.name": args.name,
                                   "org.opencontainers.image.ref.name": args.name.rsplit(":", 1)[-1]}
        index = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [manifest]}

        partial = os.path.join(tmp, "image")
        with tarfile.open(partial, "w", format=tarfile.GNU_FORMAT) as tar:
            def put(name, raw):
                info = entry(name, mode=0o644)
                info.size = len(raw)
                tar.addfile(info, io.BytesIO(raw))
            put("oci-layout", b'{"imageLayoutVersion":"1.0.0"}')
            put("index.json", json.dumps(index, sort_keys=True).encode())
            for digest, blob in sorted(blobs.items()):
                name = "blobs/sha256/" + digest.split(":")[1]
                if isinstance(blob, bytes):
                    put(name, blob)
                else:
                    info = entry(name, mode=0o644)
                    info.size = os.path.getsize(blob)
                    with open(blob, "rb") as data:
                        tar.addfile(info, data)
        os.replace(partial, args.out)


def read_json(tar, name):
    return json.load(tar.extractfile(name))


def read_image(path):
    """The manifest and the configuration of the one image in an archive."""
    with tarfile.open(path) as tar:
        descriptor = read_json(tar, "index.json")["manifests"][0]
        manifest = read_json(tar, "blobs/" + descriptor["digest"].replace(":", "/"))
        config = read_json(tar, "blobs/" + manifest["config"]["digest"].replace(":", "/"))
    notes = descriptor.get("annotations", {})
    config["name"] = notes.get("io.containerd.image.name") or notes.get("org.opencontainers.image.ref.name", path)
    return manifest, config


def unpack(path, folder):
    """Layers one over the other; `.wh.NAME` in a layer of a container engine removes NAME."""
    with tarfile.open(path) as archive:
        for layer in read_image(path)[0]["layers"]:
            blob = archive.extractfile("blobs/" + layer["digest"].replace(":", "/"))
            with tarfile.open(fileobj=blob, mode="r:*") as tar:
                keep = []
                for member in tar:
                    parent, name = os.path.split(member.name)
                    target = os.path.join(folder, parent, name.removeprefix(".wh."))
                    if name == ".wh..wh..opq":
                        for child in os.listdir(os.path.join(folder, parent)):
                            remove(os.path.join(folder, parent, child))
                    elif name.startswith(".wh."):
                        remove(target)
                    else:
                        if not member.isdir() or os.path.islink(target):
                            remove(target)
                        keep.append(member)
                tar.extractall(folder, keep, numeric_owner=True, filter="fully_trusted")


def remove(path):
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.unlink(path)


def parse(argv):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    image = commands.add_parser("image")
    for option in ("name", "out"):
        image.add_argument("--" + option, required=True)
    for option in ("layer", "file", "env", "entrypoint", "cmd", "label"):
        image.add_argument("--" + option, action="append", default=[])
    for option, default in (("user", ""), ("workdir", ""), ("arch", "amd64")):
        image.add_argument("--" + option, default=default)
    layer = commands.add_parser("layer")
    for command in (image, layer):
        command.add_argument("--root-owner", action="store_true", help="files of folders belong to root")
    layer.add_argument("folder")
    layer.add_argument("out")
    for command in ("layers", "config"):
        commands.add_parser(command).add_argument("image")
    unpacked = commands.add_parser("unpack")
    unpacked.add_argument("image")
    unpacked.add_argument("folder")
    return parser.parse_args(argv)


def main(argv):
    args = parse(argv)
    if args.command == "image":
        write_image(args)
    elif args.command == "layer":
        write_layer(args.folder, args.out, args.root_owner)
    elif args.command == "layers":
        for layer in read_image(args.image)[0]["layers"]:
            print("blobs/" + layer["digest"].replace(":", "/"))
    elif args.command == "unpack":
        unpack(args.image, args.folder)
    else:
        print(json.dumps(read_image(args.image)[1], indent=2, sort_keys=True))


if __name__ == "__main__":
    main(sys.argv[1:])

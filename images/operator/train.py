#!/usr/bin/env python3
"""Runs the operator once inside its unpacked image and keeps the AOT cache it leaves.

The JVM records which classes a run loads and links, and writes them when it ends. With a
kubeconfig the run goes on until the operator is ready and --train has ended; without one
it ends by itself when no API server answers, which is most of the start all the same.
The image's own paths, dates and JVM are used because the cache is only valid for them.
"""

import argparse
import base64
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

LIMIT = 180  # seconds until a run that neither gets ready nor ends is given up


def self_contained(kubeconfig):
    """The kubeconfig with the files it points at inside: the run cannot see them."""
    folder = os.path.dirname(os.path.abspath(kubeconfig))

    def inline(match):
        with open(os.path.join(folder, match[2].strip("'\"")), "rb") as data:
            return f"{match[1]}-data: {base64.b64encode(data.read()).decode()}"

    with open(kubeconfig, encoding="utf-8") as text:
        return re.sub(r"\b(certificate-authority|client-certificate|client-key):[ ]+(\S+)", inline, text.read())


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ready(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


MOUNTS = """
mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && mount -t proc proc "$1/proc" && mount --bind "$2" "$1/tmp" &&
mount -t tmpfs -o mode=755 tmpfs "$1/dev" && for d in null zero random urandom; do
    : >"$1/dev/$d" && mount --bind "/dev/$d" "$1/dev/$d" || exit; done
if [ "$4" ]; then ip link set lo up; fi
root=$1 user=$3; shift 4
cd "$root" && exec chroot --userspec="$user" --groups= "$root" "$@"
"""


def start(args, tmp, environment):
    isolated = [] if args.kubeconfig else ["--net"]
    command = ["unshare", "--mount", *isolated, "sh", "-c", MOUNTS, "sh", args.root, tmp, f"{args.uid}:{args.uid}",
               "isolated" if isolated else "", *args.command, "-XX:AOTCacheOutput=/tmp/app.aot",
               "-jar", "/app/quarkus-run.jar"]
    return subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for option in ("root", "out", "uid"):
        parser.add_argument("--" + option, required=True)
    for option in ("kubeconfig", "train"):
        parser.add_argument("--" + option, default="")
    parser.add_argument("command", nargs="+")
    args = parser.parse_args()

    port = free_port()
    environment = {key: value for key, value in os.environ.items() if key.startswith("POSTGRES_OPERATOR_")}
    environment |= {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/tmp", "LANG": "C.UTF-8",
                    "POSTGRES_OPERATOR_HTTP_PORT": str(port), "QUARKUS_MANAGEMENT_PORT": str(port),
                    "POSTGRES_OPERATOR_LEADER_ELECTION": "false",
                    "POD_NAME": "training", "POD_NAMESPACE": "default"}
    with tempfile.TemporaryDirectory(dir=os.path.dirname(args.out)) as tmp:
        os.chmod(tmp, 0o1777)
        if args.kubeconfig:
            with open(os.path.join(tmp, "kubeconfig"), "w", encoding="utf-8") as out:
                out.write(self_contained(args.kubeconfig))
            os.chmod(os.path.join(tmp, "kubeconfig"), 0o644)
            environment["KUBECONFIG"] = "/tmp/kubeconfig"
        else:
            # Nothing listens there; one try is enough to learn from.
            environment |= {"KUBERNETES_MASTER": "https://127.0.0.1:1", "KUBERNETES_REQUEST_RETRY_BACKOFFLIMIT": "0"}
        process = start(args, tmp, environment)
        deadline = time.monotonic() + LIMIT
        try:
            while process.poll() is None and time.monotonic() < deadline and not (args.kubeconfig and ready(port)):
                time.sleep(0.2)
            if args.kubeconfig and process.poll() is not None:
                sys.exit("train.py: the operator ended before it was ready")
            if args.train:
                subprocess.run(["bash", "-c", args.train], check=True, stdout=sys.stderr,
                               env=os.environ | {"KUBECONFIG": os.path.abspath(args.kubeconfig)})
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=LIMIT)
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as problem:
            sys.exit(f"train.py: {problem}")
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        if not os.path.exists(os.path.join(tmp, "app.aot")):
            sys.exit("train.py: the JVM wrote no AOT cache")
        os.rename(os.path.join(tmp, "app.aot"), args.out)
        os.chmod(args.out, 0o644)


if __name__ == "__main__":
    main()

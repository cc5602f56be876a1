#!/usr/bin/env python3
"""Runs the operator once inside its unpacked image and keeps the AOT cache it leaves.

The JVM records which classes a run loads and links, and writes them when it ends. With a
kubeconfig the run goes on until the operator is ready and --train has ended; without one
it is ended as soon as it lives, which is most of the start all the same.
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


def answers(port, path):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def start(args, tmp, environment, log):
    command = [os.path.join(os.path.dirname(os.path.abspath(__file__)), "../sandbox.py"), "--attached",
               "--host-network", "--bind", f"{tmp}:/tmp",
               *(f"--env={key}={value}" for key, value in environment.items()),
               args.root, f"{args.uid}:{args.uid}",
               *args.command, "-XX:AOTCacheOutput=/tmp/app.aot", "-jar", "/app/quarkus-run.jar"]
    return subprocess.Popen([sys.executable, *command], stdin=subprocess.DEVNULL, stdout=log, stderr=log)


class Failure(Exception):
    pass


def run(args, process, port):
    """Waits until the run has seen what it shall, and for its orderly end."""
    deadline = time.monotonic() + LIMIT
    # Without an API server the operator never gets ready: it waits for one, which is most of the start all the same.
    goal = "/readyz" if args.kubeconfig else "/healthz"
    while process.poll() is None and not answers(port, goal):
        if time.monotonic() > deadline:
            raise Failure(f"the operator was neither ready nor at its end after {LIMIT} s")
        time.sleep(0.2)
    if process.poll() is not None:
        raise Failure("the operator ended before it answered " + goal)
    if args.train:
        subprocess.run(["bash", "-c", args.train], check=True, stdout=sys.stderr,
                       env=os.environ | {"KUBECONFIG": os.path.abspath(args.kubeconfig)})
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=LIMIT)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for option in ("root", "out", "uid"):
        parser.add_argument("--" + option, required=True)
    for option in ("kubeconfig", "train"):
        parser.add_argument("--" + option, default="")
    parser.add_argument("command", nargs="+")
    args = parser.parse_args()

    port = free_port()
    environment = {key: value for key, value in os.environ.items() if key.startswith("POSTGRES_OPERATOR_") and key != "POSTGRES_OPERATOR_CACHE"}
    environment |= {"HOME": "/tmp", "LANG": "C.UTF-8",
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
            # Nothing listens there.
            environment |= {"KUBERNETES_MASTER": "https://127.0.0.1:1", "KUBERNETES_REQUEST_RETRY_BACKOFFLIMIT": "0"}
        with tempfile.TemporaryFile("w+", errors="replace") as log:
            process = start(args, tmp, environment, log)
            try:
                run(args, process, port)
                if not os.path.exists(os.path.join(tmp, "app.aot")):
                    raise Failure("the JVM wrote no AOT cache")
            except (Failure, subprocess.SubprocessError) as problem:
                log.seek(0)
                sys.exit(f"{''.join(log.readlines()[-20:])}train.py: {problem}")
            finally:
                if process.poll() is None:
                    process.kill()
                    process.wait()
        os.rename(os.path.join(tmp, "app.aot"), args.out)
        os.chmod(args.out, 0o644)


if __name__ == "__main__":
    main()

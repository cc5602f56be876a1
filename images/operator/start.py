#!/usr/bin/env python3
"""Starts the operator in its unpacked image as a restricted pod runs it, and ends it in order.

    start.py --root DIR [--until alive|ready] [--kubeconfig FILE] [--train COMMAND] [--keep FILE] [--env K=V]...
             -- COMMAND ARG...

Prints one line of JSON: seconds until alive (/healthz answers anything) and ready (/readyz answers
200), then resident memory and processor seconds. Without a kubeconfig it has no network and no
API server. --train is run once it is ready. --keep takes what the run leaves at /tmp/app.aot: the JVM
writes its AOT cache there at the end of a run with -XX:AOTCacheOutput, and that cache is valid only
for the paths, dates and JVM of the run. The operator's output is shown when something fails.
"""

import argparse
import base64
import ctypes
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

LIMIT = 180  # seconds that a start, and an end, may take
SANDBOX = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../sandbox.py")
USER = "1000:1000"


class Failure(Exception):
    pass


def self_contained(kubeconfig):
    """The kubeconfig with the files it points at inside: the operator cannot see them."""
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


def environment_of(args, tmp, port):
    environment = {"HOME": "/tmp", "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2",
                   "POD_NAME": "training", "POD_NAMESPACE": "default",
                   "POSTGRES_OPERATOR_HTTP_PORT": str(port), "POSTGRES_OPERATOR_LEADER_ELECTION": "false"}
    if args.kubeconfig:
        path = os.path.join(tmp, "kubeconfig")
        with open(path, "w", encoding="utf-8") as out:
            out.write(self_contained(args.kubeconfig))
        os.chmod(path, 0o644)
        environment["KUBECONFIG"] = "/tmp/kubeconfig"
    else:
        environment |= {"KUBERNETES_MASTER": "https://127.0.0.1:1", "KUBERNETES_REQUEST_RETRY_BACKOFFLIMIT": "0"}
    return environment | dict(value.split("=", 1) for value in args.env)


def start(args, tmp, port, log):
    sandbox = [sys.executable, SANDBOX, "--attached", "--host-network", "--bind", f"{tmp}:/tmp",
               *(f"--env={key}={value}" for key, value in environment_of(args, tmp, port).items()),
               args.root, USER, *args.command]
    return subprocess.Popen(sandbox, stdin=subprocess.DEVNULL, stdout=log, stderr=log)


def isolate():
    """No network but loopback from here on, for the operator and for the probes alike."""
    if ctypes.CDLL(None, use_errno=True).unshare(0x40000000) != 0:  # CLONE_NEWNET
        raise OSError(ctypes.get_errno(), "unshare: " + os.strerror(ctypes.get_errno()))
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)


def status(port, path):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as answer:
        return answer.code
    except OSError:
        return 0


def await_(process, what, condition, since):
    while not condition():
        if process.poll() is not None:
            raise Failure(f"the operator ended with {process.returncode} before it was {what}")
        if time.monotonic() - since > LIMIT:
            raise Failure(f"the operator was not {what} after {LIMIT} s")
        time.sleep(0.02)
    return round(time.monotonic() - since, 2)


def usage(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as lines:
        fields = dict(line.split(":", 1) for line in lines)
    with open(f"/proc/{pid}/stat", encoding="ascii") as line:
        ticks = line.read().rsplit(")", 1)[1].split()[11:13]
    return {"rss_mib": int(fields["VmRSS"].split()[0]) // 1024,
            "cpu_s": round(sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK"), 2)}


def run(args, process, port):
    since = time.monotonic()
    result = {"alive_s": await_(process, "alive", lambda: status(port, "/healthz") != 0, since)}
    if args.until == "ready":
        result["ready_s"] = await_(process, "ready", lambda: status(port, "/readyz") == 200, since)
    if args.train:
        subprocess.run(["bash", "-c", args.train], check=True, stdout=sys.stderr,
                       env=os.environ | {"KUBECONFIG": os.path.abspath(args.kubeconfig)})
    result |= usage(process.pid)
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=LIMIT)
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", required=True)
    parser.add_argument("--until", choices=("alive", "ready"), default="alive")
    for option in ("kubeconfig", "train", "keep"):
        parser.add_argument("--" + option, default="")
    parser.add_argument("--env", action="append", default=[])
    parser.add_argument("command", nargs="+")
    args = parser.parse_args()

    if not args.kubeconfig:
        isolate()
    port = free_port()
    scratch = os.path.dirname(os.path.abspath(args.keep)) if args.keep else None
    with tempfile.TemporaryDirectory(dir=scratch) as tmp, tempfile.TemporaryFile("w+", errors="replace") as log:
        os.chmod(tmp, 0o1777)
        process = start(args, tmp, port, log)
        try:
            result = run(args, process, port)
            if args.keep:
                if not os.path.exists(os.path.join(tmp, "app.aot")):
                    raise Failure("the JVM wrote no AOT cache")
                os.rename(os.path.join(tmp, "app.aot"), args.keep)
                os.chmod(args.keep, 0o644)
        except (Failure, subprocess.SubprocessError) as problem:
            log.seek(0)
            sys.exit(f"{''.join(log.readlines()[-20:])}start.py: {problem}")
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    print(json.dumps(result))


if __name__ == "__main__":
    main()

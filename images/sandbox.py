#!/usr/bin/env python3
"""Runs a command in an unpacked image the way a pod under Pod Security `restricted` runs.

    sandbox.py [--writable DIR]... [--bind SRC:DST]... [--env K=V]... [--host-network] [--attached]
               ROOT UID:GID COMMAND ARG...

That user, no capabilities, no new privileges, a read-only root, its own processes, no network
but loopback, and no environment but the one given. Writable are only the named folders, owned
as fsGroup leaves a volume; --bind shows a file or folder of this machine. Whatever the command
started dies with it. With --attached the command keeps this process's id and can be signalled.
Nothing is needed inside the image. Takes root, for the mounts.
"""

import argparse
import ctypes
import os
import subprocess
import sys

NEWNS, NEWUTS, NEWIPC, NEWPID, NEWNET = 0x20000, 0x4000000, 0x8000000, 0x20000000, 0x40000000
PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_SET_PDEATHSIG, SIGKILL = 24, 38, 1, 9
libc = ctypes.CDLL(None, use_errno=True)


def call(function, *args):
    if getattr(libc, function)(*args) != 0:
        raise OSError(ctypes.get_errno(), f"{function}: {os.strerror(ctypes.get_errno())}")


def mount(*args):
    subprocess.run(["mount", *args], check=True)


def bind(source, target):
    if not os.path.exists(target):
        if os.path.isdir(source):
            os.makedirs(target)
        else:
            open(target, "wb").close()
    mount("--bind", source, target)


def furnish(root, gid, writable, binds):
    mount("--bind", root, root)
    mount("-t", "proc", "proc", f"{root}/proc")
    mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", f"{root}/dev")
    for device in ("null", "zero", "random", "urandom"):
        bind(f"/dev/{device}", f"{root}/dev/{device}")
    os.symlink("/proc/self/fd", f"{root}/dev/fd")
    os.mkdir(f"{root}/dev/shm")
    for folder in writable:
        mount("-t", "tmpfs", "-o", f"mode=2770,uid=0,gid={gid}", "tmpfs", root + folder)
    for pair in binds:
        source, target = pair.split(":")
        bind(source, root + target)
    mount("-o", "remount,bind,ro", root)


def enter(root, uid, gid, command, environment):
    os.chdir(root)
    os.chroot(".")
    os.setgroups([gid])
    for capability in range(64):
        if libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0:
            break
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)  # clears the capabilities that root had
    call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    os.umask(0o022)
    os.execvpe(command[0], command, environment)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for option in ("writable", "bind", "env"):
        parser.add_argument("--" + option, action="append", default=[])
    for option in ("host-network", "attached"):
        parser.add_argument("--" + option, action="store_true")
    parser.add_argument("root")
    parser.add_argument("user")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    args = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("sandbox.py: mounts and changing the user take root: run it as root")
    uid, gid = map(int, args.user.split(":"))
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"} | dict(value.split("=", 1) for value in args.env)

    flags = NEWNS | NEWUTS | NEWIPC | (0 if args.host_network else NEWNET) | (0 if args.attached else NEWPID)
    call("unshare", flags)
    if not args.attached and (child := os.fork()):
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) % 256)
    if not args.attached:
        call("prctl", PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)
    mount("--make-rprivate", "/")
    if not args.host_network:
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    furnish(os.path.realpath(args.root), gid, args.writable, args.bind)
    enter(os.path.realpath(args.root), uid, gid, args.command, environment)


if __name__ == "__main__":
    main()

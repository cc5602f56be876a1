"""Clients of a cluster whose passwords and certificates change: rotation.py FOLDER DIRECT POOLED REPLICAS

In FOLDER: passwords ("k password" as soon as one is known), ca.crt, commits ("k T written", when password k was in force and when the
Secret was written), stop. Leaves there: ready, result.json, table.
"""
import json
import os
import random
import sys
import threading
import time

import psycopg2

FOLDER, DIRECT, POOLED, REPLICAS = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
TLS = " sslmode=verify-full connect_timeout=20 sslrootcert=" + os.path.join(FOLDER, "ca.crt")
# The time of a commit is taken a moment before others see it.
VISIBLE = 0.05
attempts, cuts, gaps, kills = [], [], [], []
working = {}


def path(name):
    return os.path.join(FOLDER, name)


def stopped():
    return os.path.exists(path("stop"))


def passwords():
    with open(path("passwords")) as lines:
        known = [line.rstrip("\n").split(" ", 1) for line in lines if " " in line and line.endswith("\n")]
    return [(int(k), password) for k, password in known]


def connect(dsn, password):
    connection = psycopg2.connect(dsn + TLS, password=password)
    connection.autocommit = True
    return connection


def logins(kind, dsn):
    while not stopped():
        for k, password in passwords()[-3:]:
            start = time.time()
            try:
                connection = connect(dsn, password)
                with connection.cursor() as cursor:
                    cursor.execute("SELECT 1")
                connection.close()
                error = None
            except psycopg2.Error as e:
                error = " / ".join(str(e).strip().splitlines())[-400:]
            attempts.append((start, time.time(), k, kind, error))
            working[kind] = working.get(kind, False) or error is None
        time.sleep(random.uniform(0.2, 0.6))


def any_login(dsn):
    while not stopped():
        for _, password in reversed(passwords()[-3:]):
            try:
                return connect(dsn, password)
            except psycopg2.Error:
                time.sleep(0.1)
    return None


def session(number):
    connection = any_login(POOLED)
    working["session %d" % number] = True
    while not stopped():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            time.sleep(0.1)
        except psycopg2.Error as e:
            cuts.append((time.time(), number, " / ".join(str(e).strip().splitlines())[-400:]))
            connection = any_login(POOLED)


def replication():
    connection = any_login(DIRECT)
    lacking, killed, due = None, False, time.time() + random.uniform(3, 9)
    while not stopped():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'")
                complete = cursor.fetchone()[0] >= REPLICAS
                now = time.time()
                if not complete and lacking is None:
                    lacking = now
                if complete and lacking is not None:
                    gaps.append((lacking, now - lacking, killed))
                    lacking, killed = None, False
                if complete and now > due:
                    cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_replication")
                    kills.append(now)
                    killed, due = True, now + random.uniform(3, 9)
        except psycopg2.Error:
            connection = any_login(DIRECT)
        time.sleep(0.1)


def commits():
    with open(path("commits")) as lines:
        return [tuple(float(x) for x in line.split()) for line in lines if line.strip()]


def evaluate():
    times = {int(k): (t, written) for k, t, written in commits()}
    rows, failures = [], []
    for k, (t, written) in sorted(times.items()):
        end = times[k + 1][0] if k + 1 in times else float("inf")
        row = {"k": k, "inForce": t - written, "valid": 0, "failed": 0, "refused": 0, "stale": 0, "across": 0, "acrossRefused": 0}
        for start, stop, kk, kind, error in attempts:
            if kk != k:
                continue
            if start >= t + VISIBLE and stop <= end:
                row["valid"] += 1
                if error:
                    row["failed"] += 1
                    failures.append([kind, k, start - t, error])
            elif start >= end + VISIBLE or stop < t:
                row["refused"] += 1
                if not error:
                    row["stale"] += 1
            else:
                row["across"] += 1
                row["acrossRefused"] += 1 if error else 0
        row["cut"] = sum(1 for at, _, _ in cuts if t <= at < end)
        rows.append(row)
    head = "%-3s %9s %7s %7s %8s %6s %7s %8s %5s" % ("k", "in force", "logins", "failed", "refused", "stale", "across", "refused", "cut")
    table = [head] + ["%-3d %7.2f s %7d %7d %8d %6d %7d %8d %5d" % tuple(row[c] for c in (
        "k", "inForce", "valid", "failed", "refused", "stale", "across", "acrossRefused", "cut")) for row in rows]
    table.append("replication: ended %d times by the test, back after at most %.1f s; otherwise away for at most %.1f s" % (
        len(kills), max([g for _, g, killed in gaps if killed], default=0), max([g for _, g, killed in gaps if not killed], default=0)))
    with open(path("table"), "w") as out:
        out.write("\n".join(table) + "\n")
    with open(path("result.tmp"), "w") as out:
        json.dump({
            "rows": rows, "failures": failures[:50], "cuts": cuts[:50],
            "otherGap": max([g for _, g, killed in gaps if not killed], default=0),
            "killGap": max([g for _, g, killed in gaps if killed], default=0)}, out)
    os.rename(path("result.tmp"), path("result.json"))


threads = [threading.Thread(target=logins, args=(kind, dsn), daemon=True)
           for kind, dsn in (("service", DIRECT), ("pooler", POOLED)) for _ in range(8)]
threads += [threading.Thread(target=session, args=(n,), daemon=True) for n in range(8)]
threads.append(threading.Thread(target=replication, daemon=True))
for thread in threads:
    thread.start()
while len([w for w in working.values() if w]) < 10 and not stopped():
    time.sleep(0.1)
open(path("ready"), "w").close()
for thread in threads:
    thread.join()
evaluate()

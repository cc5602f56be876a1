"""Appends numbers to a table at a fixed rate and prints what became of each, until SIGTERM.

Lines: "<outcome> <number> <sent> <answered> <note>", times in seconds since the epoch. Outcomes: "ok" was
acknowledged, "unknown" was sent and not acknowledged (it may or may not be stored), "unsent" found no connection.
Every number is sent at most once. Nothing blocks longer than the deadline, so a server that hangs is given up like
one that refuses: the kernel of a frozen machine goes on acknowledging packets, TCP alone would wait for minutes.
"""

import os
import select
import signal
import time

import psycopg2
from psycopg2 import extensions

DSN = os.environ["WRITER_DSN"]
TABLE = os.environ["WRITER_TABLE"]
PERIOD = 1 / float(os.environ.get("WRITER_HZ", "20"))
DEADLINE = float(os.environ.get("WRITER_DEADLINE", "1"))
running = True


def stop(*_):
    global running
    running = False


def wait(connection):
    until = time.monotonic() + DEADLINE
    while (state := connection.poll()) != extensions.POLL_OK:
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError("no answer")
        fds = [connection.fileno()]
        reading = state == extensions.POLL_READ
        select.select(fds if reading else [], [] if reading else fds, [], left)


def connect():
    connection = psycopg2.connect(DSN, async_=1)
    try:
        wait(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def say(outcome, number, sent, note=""):
    text = " ".join(str(note).split())
    print(f"{outcome} {number} {sent:.6f} {time.time():.6f} {text}", flush=True)


def main():
    signal.signal(signal.SIGTERM, stop)
    connection, number, due = None, 0, time.monotonic()
    while running:
        number += 1
        sent, outcome = time.time(), "unsent"
        try:
            if connection is None:
                connection = connect()
            outcome = "unknown"
            cursor = connection.cursor()
            cursor.execute(f"INSERT INTO {TABLE} (n) VALUES (%s)", (number,))
            wait(connection)
            say("ok", number, sent)
        except (psycopg2.Error, OSError, ValueError) as e:
            say(outcome, number, sent, f"{type(e).__name__}: {e}")
            if connection is not None:
                connection.close()
                connection = None
        due = max(due + PERIOD, time.monotonic())
        time.sleep(max(0.0, due - time.monotonic()))
    print("end", flush=True)


main()

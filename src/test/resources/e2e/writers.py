"""Clients that append numbers to a table, each in transactions of several statements on a connection that it keeps, until SIGTERM.

Prints what writer.py prints. Here "unsent" failed before COMMIT was sent, "unknown" after.
"""

import os
import signal
import threading
import time

import psycopg2

DSN = os.environ["WRITER_DSN"]
TABLE = os.environ["WRITER_TABLE"]
CLIENTS = int(os.environ.get("WRITER_CLIENTS", "16"))
PERIOD = 1 / float(os.environ.get("WRITER_HZ", "10"))
ending = threading.Event()
lock = threading.Lock()
numbers = 0


def next_number():
    global numbers
    with lock:
        numbers += 1
        return numbers


def say(outcome, number, sent, note=""):
    line = f"{outcome} {number} {sent:.6f} {time.time():.6f} {' '.join(str(note).split())}"
    with lock:
        print(line, flush=True)


def client():
    connection = None
    while not ending.is_set():
        number, sent, outcome = next_number(), time.time(), "unsent"
        try:
            if connection is None:
                connection = psycopg2.connect(DSN)
            with connection.cursor() as cursor:
                cursor.execute(f"INSERT INTO {TABLE} (n) VALUES (%s)", (number,))
                cursor.execute(f"SELECT at FROM {TABLE} WHERE n = %s", (number,))
                outcome = "unknown"
                connection.commit()
            say("ok", number, sent)
        except psycopg2.Error as e:
            say(outcome, number, sent, f"{type(e).__name__}: {e}")
            if connection is not None:
                connection.close()
                connection = None
        ending.wait(PERIOD)


signal.signal(signal.SIGTERM, lambda *_: ending.set())
threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("end", flush=True)

"""The server that replays the WAL of a restore: nobody else can reach it, and it does nothing but that."""

import os
import re
import signal
import subprocess

ROOT = os.environ.get("PGROOT", "")
DATA = os.environ.get("PGDATA", "")
WORK = os.path.join(ROOT, ".restore")
NEW = os.path.join(WORK, "data")
LOG = os.path.join(WORK, "server.log")
WHY = os.path.join(WORK, "wal-error")
SETTINGS = os.environ.get("RESTORE_SETTINGS", "/etc/restore")

# Of the source's own settings these would reach out of this server, or keep it from starting.
FOREIGN = re.compile(r"\s*(archive_|restore_command|recovery_|primary_|listen_addresses|port\b|ssl|cluster_name|synchronous_|"
                     r"unix_socket_|hba_file|ident_file|data_directory|config_file|external_pid_file)")
FLOORS = ("max_connections", "max_worker_processes", "max_wal_senders", "max_prepared_xacts", "max_locks_per_xact")
# What the last words of a server say whose target is not on the way.
UNREACHABLE = ("recovery ended before configured recovery target was reached",
               "requested recovery stop point is before consistent recovery point",
               "is not a child of this server's history", "recovery target timeline")
NAMES = {"max_prepared_xacts": "max_prepared_transactions", "max_locks_per_xact": "max_locks_per_transaction"}


class Verdict(Exception):
    """What another attempt would not change."""

    def __init__(self, reason, message):
        super().__init__(message)
        self.reason = reason


def log(message):
    print("restore: " + message, flush=True)


def read(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except FileNotFoundError:
        return None


def remove(*names):
    for name in names:
        try:
            os.remove(os.path.join(NEW, name))
        except FileNotFoundError:
            pass


def major():
    """Of the server that the restored data is for."""
    return subprocess.run(["postgres", "--version"], check=True, capture_output=True, text=True).stdout.split()[2].split(".")[0]


def environment(plan):
    elsewhere = {"REPOSITORY_PATH": plan["path"]} if plan.get("path") else {}
    return {**os.environ, **elsewhere, "REPOSITORY": SETTINGS, "MAJOR": major(), "PGDATA": NEW, "RESTORE": WHY,
            "RESTORE_TIMEOUT": str(plan.get("restoreTimeout") or 0), "LC_ALL": "C"}


def control():
    text = subprocess.run(["pg_controldata", "-D", NEW], check=False, capture_output=True, text=True,
                          env={**os.environ, "LC_ALL": "C"}).stdout
    return {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in text.splitlines())}


def configured(name):
    """A setting of the server that the backup is of."""
    return subprocess.run(["postgres", "-D", NEW, "-C", name], check=False, capture_output=True, text=True,
                          env={**os.environ, "LC_ALL": "C"}).stdout.strip()


def tidy():
    """Takes away what would make the restored server act for the one that it was."""
    path = os.path.join(NEW, "postgresql.auto.conf")
    lines = (read(path) or "").splitlines(keepends=True)
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(line for line in lines if not FOREIGN.match(line))
    remove("patroni.dynamic.json", "postmaster.pid", "postmaster.opts", "standby.signal")


def settings(plan):
    """All of it on the command line, where nothing in the data directory overrides it."""
    target = plan.get("target") or {"kind": "latest"}
    facts = control()
    libraries = configured("shared_preload_libraries")
    values = {
        "config_file": os.path.join(WORK, "postgresql.conf"), "hba_file": os.path.join(WORK, "pg_hba.conf"),
        "ident_file": os.path.join(WORK, "pg_ident.conf"),
        "listen_addresses": "", "unix_socket_directories": WORK, "port": "5432", "ssl": "off", "hot_standby": "off",
        "archive_mode": "on", "archive_command": "", "archive_library": "", "restore_command": 'restore-wal %f "%p"',
        "synchronous_standby_names": "", "max_logical_replication_workers": "0", "autovacuum": "off", "shared_buffers": "128MB",
        "huge_pages": "off", "shared_preload_libraries": libraries, "logging_collector": "off", "log_destination": "stderr",
        "log_min_messages": "warning", "log_line_prefix": "%m ", "lc_messages": "C", "log_timezone": "UTC", "timezone": "UTC",
        "datestyle": "ISO", "restart_after_crash": "off", "default_transaction_read_only": "off",
        "recovery_target_timeline": str(plan.get("timeline") or "latest"), "recovery_target_action": "promote"}
    if "pg_cron" in libraries:
        values["cron.launch_active_jobs"] = "off"
    # A server replays no prepared transaction for which it has no room.
    for name in FLOORS:
        floor = int(facts.get("%s setting" % name, "0"))
        values[NAMES.get(name, name)] = str(max(floor, 100) if name == "max_prepared_xacts" else max(floor, 10))
    kind = target["kind"]
    if kind != "latest":
        # It reads ahead of the target, and what is damaged or missing there is no obstacle.
        values["recovery_prefetch"] = "off"
    if kind == "immediate":
        values["recovery_target"] = "immediate"
    elif kind != "latest":
        # PostgreSQL knows no Z this early in its start.
        value = str(target["value"])
        values["recovery_target_" + kind] = re.sub("[zZ]$", "+00", value) if kind == "time" else value
        values["recovery_target_inclusive"] = "off" if target.get("inclusive") is False else "on"
    values.update(plan.get("settings") or {})
    return [word for name, value in values.items() for word in ("-c", "%s=%s" % (name, value))]


class Server:
    """PostgreSQL on the restored data; its log is read as it grows."""

    def __init__(self, plan):
        for name, text in (("postgresql.conf", ""), ("pg_hba.conf", "local all all trust\n"), ("pg_ident.conf", "")):
            with open(os.path.join(WORK, name), "w", encoding="utf-8") as file:
                file.write(text)
        self.lines = []
        self.position = 0
        self.plan = plan
        with open(LOG, "wb") as out:
            self.process = subprocess.Popen(["postgres", "-D", NEW, *settings(plan)], env=environment(plan),
                                            stdin=subprocess.DEVNULL, stdout=out, stderr=out)

    def follow(self):
        with open(LOG, encoding="utf-8", errors="replace") as file:
            file.seek(self.position)
            while (line := file.readline()).endswith("\n"):
                self.position = file.tell()
                self.lines.append(line.rstrip("\n"))
                log(self.lines[-1])

    def find(self, pattern):
        """What the last line of that kind names."""
        found = [match.group(1) for match in (re.search(pattern, line) for line in self.lines) if match]
        return found[-1] if found else None

    def words(self):
        """Why it stopped."""
        start = next((i for i, line in enumerate(self.lines) if re.search(r" (FATAL|PANIC): ", line)), None)
        if start is None:
            return " ".join(self.lines[-3:]) or "the server ended with %d" % self.process.returncode
        lines = [self.lines[start]] + [line for line in self.lines[start + 1:start + 4] if re.search(r" (DETAIL|HINT): ", line)]
        return " ".join(re.sub(r"^.*? (FATAL|PANIC|DETAIL|HINT):  ?", "", line) for line in lines)

    def reached(self):
        """How far the WAL has been replayed."""
        last = self.find(r"last completed transaction was at log time (.*)$")
        found = {"lsn": self.find(r"redo done at ([0-9A-F]+/[0-9A-F]+)"),
                 "recoveredTo": last and last.replace(" ", "T").replace("+00", "Z")}
        return {key: value for key, value in found.items() if value}

    def query(self, sql, database="postgres"):
        result = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", WORK, "-p", "5432", "-d", database],
                                check=False, input=sql, capture_output=True, text=True)
        if result.returncode != 0:
            raise Verdict("RestoreFailed", "the restored server answered: " + result.stderr.strip())
        return result.stdout.split("\n")[:-1]

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self.process.wait()
        self.follow()

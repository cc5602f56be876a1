"""What pg_upgrade is given, and the questions that the former server and the new one have to answer."""

import json
import os
import re
import shutil
import subprocess

ROOT = os.environ.get("PGROOT", "")
DATA = os.environ.get("PGDATA", "")
WORK = os.path.join(ROOT, ".upgrade")
NEW = os.path.join(WORK, "new")
OLD = os.path.join(WORK, "old")
CONTROL = "global/pg_control"
SOCKETS = os.environ.get("UPGRADE_SOCKETS", "/tmp/upgrade")
BINARIES = os.environ.get("BINARIES", "/usr/lib/postgresql")
PORT = "50432"

PROVIDERS = {"c": "libc", "i": "icu", "b": "builtin"}
# What of the settings in force would reach out of a server that nobody is to reach, or is of its own directory.
FOREIGN = re.compile(r"(archive_|restore_command|recovery_|primary_|listen_addresses|port$|ssl|cluster_name|synchronous_standby|"
                     r"unix_socket_|hba_file|ident_file|data_directory|config_file|external_pid_file|log|hot_standby$)")
LIBRARIES = ("shared_preload_libraries", "session_preload_libraries", "local_preload_libraries")
# Room that a converted catalog, its log and a restart take besides the data.
RESERVE = 256 << 20

FACTS = """
SELECT json_build_object(
  'encoding', pg_encoding_to_char(encoding), 'collate', datcollate, 'ctype', datctype,
  'provider', coalesce(to_jsonb(d) ->> 'datlocprovider', 'c'),
  'locale', coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale'),
  'databases', (SELECT json_agg(datname ORDER BY datname) FROM pg_database WHERE datallowconn),
  'size', (SELECT sum(pg_database_size(oid)) FROM pg_database),
  'prepared', (SELECT json_agg(DISTINCT database) FROM pg_prepared_xacts),
  'tablespaces', (SELECT json_agg(spcname) FROM pg_tablespace WHERE oid >= 16384),
  'logicalSlots', (SELECT json_agg(slot_name ORDER BY slot_name) FROM pg_replication_slots WHERE slot_type = 'logical' AND NOT temporary),
  'settings', (SELECT json_object_agg(name, current_setting(name)) FROM pg_settings
    WHERE source IN ('configuration file', 'command line') AND NOT pending_restart),
  'assigned', (SELECT json_agg(DISTINCT split_part(setting, '=', 1)) FROM pg_db_role_setting, unnest(setconfig) setting))
FROM pg_database d WHERE datname = 'template0'"""

CONTENT = """
SELECT json_build_object(
  'extensions', (SELECT json_agg(extname ORDER BY extname) FROM pg_extension),
  'relations', (SELECT count(*) FROM pg_class WHERE oid >= 16384),
  'catalog', (SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE oid < 16384 AND relkind = 'r' AND NOT relisshared))"""


class Failed(Exception):
    """What keeps a step from its end."""


class Ended(Exception):
    """A program was ended by a signal, as when the container ends or memory is short: that says nothing of the data."""


def read(name):
    try:
        with open(name, encoding="utf-8", errors="replace") as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        return None


def version(directory):
    """The major version that a data directory is of."""
    return (read(os.path.join(directory, "PG_VERSION")) or "").strip()


def program(major, name):
    return os.path.join(BINARIES, major, "bin", name)


def control(directory=DATA):
    """What pg_controldata says of a data directory."""
    text = subprocess.run([program(version(directory) or "none", "pg_controldata"), "-D", directory], check=False, capture_output=True,
                          text=True, env={**os.environ, "LC_ALL": "C"}).stdout if version(directory) else ""
    return {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in text.splitlines())}


def environment(**more):
    """Without what would lead the programs of PostgreSQL to another server."""
    return {**{key: value for key, value in os.environ.items() if not key.startswith("PG")}, "LC_ALL": "C", **more}


# Descriptors that everything of a job keeps open.
HELD = []


def run(*command, **options):
    result = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, stderr=subprocess.STDOUT, text=True, errors="replace",
                            pass_fds=HELD, **{"env": environment(), "stdout": subprocess.PIPE, **options})
    if result.returncode < 0:
        raise Ended("%s by signal %d" % (os.path.basename(command[0]), -result.returncode))
    return result


def ask(sql, database="postgres", host=None):
    """One line of JSON from the server that serves, or from one on a private socket."""
    place = ["-h", host or os.environ.get("PGHOST", "/run/postgresql")] + (["-p", PORT] if host else [])
    name = "dbname='%s' options='-c statement_timeout=0 -c search_path=pg_catalog'" % database.replace("\\", "\\\\").replace("'", "\\'")
    result = subprocess.run(["psql", "-XAtq", "-U", "postgres", *place, "-v", "ON_ERROR_STOP=1", "-d", name, "-c", sql], check=False,
                            stdin=subprocess.DEVNULL, capture_output=True, text=True, env=environment())
    if result.returncode != 0:
        raise Failed("database %s answered: %s" % (database, result.stderr.strip()))
    return json.loads(result.stdout)


# ---- before anything is stopped ----

def problems(former, major):
    """The facts that later steps need, and why the upgrade is impossible."""
    missing = [name for version_ in (former, major) for name in (program(version_, "postgres"), program(version_, "pg_upgrade"))
               if not os.access(name, os.X_OK)]
    if missing:
        return {"reason": "InPlaceUpgradeUnsupported"}, [
            "the image has no %s: an upgrade in place takes an image with the programs of PostgreSQL %s and %s; set spec.image, or use a "
            "PostgresUpgrade" % (missing[0], former, major)]
    facts = ask(FACTS)
    content = {database: ask(CONTENT, database) for database in facts["databases"]}
    facts["relations"] = max(value["relations"] for value in content.values())
    facts["catalog"] = sum(value["catalog"] or 0 for value in content.values())
    facts["checksums"] = control().get("Data page checksum version", "0") != "0"
    facts["segment"] = int(control().get("Bytes per WAL segment", "16777216")) >> 20
    facts["settings"] = {name: value for name, value in facts["settings"].items() if not FOREIGN.match(name)}
    found = [
        *("database \"%s\" has prepared transactions: commit them or roll them back" % name for name in facts["prepared"] or []),
        *("tablespace \"%s\" lies outside the volume: move what is in it to pg_default and drop it" % name
          for name in facts["tablespaces"] or []),
        *extensions(content, major), *parameters(facts, major), *space(facts)]
    facts["warnings"] = [] if int(former) >= 17 else [
        "logical replication slot \"%s\" does not survive: PostgreSQL %s cannot take it along" % (name, former)
        for name in facts["logicalSlots"] or []]
    return facts, found


def extensions(content, major):
    share = os.path.join(BINARIES, major, "share")
    known = {name[:-len(".control")] for directory in (share, os.path.join(share, "postgresql"), "/usr/share/postgresql/" + major)
             for name in listing(os.path.join(directory, "extension")) if name.endswith(".control")}
    return ["extension \"%s\" of database \"%s\" is not in the image for PostgreSQL %s: drop it, or use an image that has it"
            % (name, database, major) for database, has in content.items() for name in has["extensions"] or [] if name not in known]


def listing(directory):
    try:
        return os.listdir(directory)
    except OSError:
        return []


def parameters(facts, major):
    """Whether the new server knows the settings in force."""
    describe = run(program(major, "postgres"), "--describe-config")
    known = {line.split("\t")[0].lower() for line in describe.stdout.splitlines()}
    found, accepted = [], {}
    scratch = os.path.join(WORK, "scratch")
    shutil.rmtree(scratch, ignore_errors=True)
    os.makedirs(scratch, 0o700)
    with open(os.path.join(scratch, "postgresql.conf"), "w", encoding="utf-8"):
        pass

    def missing(name):
        return "." not in name and name.lower() not in known and run(
            program(major, "postgres"), "-D", scratch, "-C", name).returncode != 0

    for name in facts["assigned"] or []:
        if missing(name):
            found.append("parameter %s, which ALTER ROLE or ALTER DATABASE has set, does not exist in PostgreSQL %s: reset it" % (name, major))
    for name, value in facts["settings"].items():
        if missing(name):
            found.append("parameter %s does not exist in PostgreSQL %s: remove it from spec.postgresqlParams, or ALTER SYSTEM RESET it"
                         % (name, major))
        else:
            accepted[name] = value
    facts["settings"] = accepted
    shutil.rmtree(scratch, ignore_errors=True)
    return found


def space(facts):
    volume = os.statvfs(ROOT)
    free = volume.f_bavail * volume.f_frsize
    facts["copies"] = free > facts["size"] + 2 * facts["catalog"] + RESERVE
    facts["clones"] = clones()
    needed = 2 * facts["catalog"] + RESERVE
    return [] if free > needed else [
        "%d MB are free on the volume and the upgrade needs %d MB: raise spec.storage.size" % (free >> 20, needed >> 20)]


def clones():
    """Whether the file system copies a file without copying its blocks."""
    source, target = os.path.join(WORK, "clone-source"), os.path.join(WORK, "clone")
    with open(source, "wb") as file:
        file.write(b"\0" * 65536)
    result = run("cp", "--reflink=always", source, target)
    for name in (source, target):
        if os.path.exists(name):
            os.remove(name)
    return result.returncode == 0


def words(text):
    """What a program says of its failure, in one line, without the statement that failed: it may have a password."""
    text = re.split(r"Command was:|STATEMENT:", text)[0]
    lines = [line.strip() for line in text.splitlines() if line.strip() and "DETAIL:" not in line]
    start = next((i for i, line in enumerate(lines) if re.search(r"FATAL|ERROR|could not|fatal|error:", line)), max(0, len(lines) - 3))
    return " ".join(re.sub(r"^.*?(FATAL|ERROR|error):\s*", "", line) for line in lines[start:start + 4])


# ---- the new server ----

def prepare(state):
    """An empty server that is like the former one in all that pg_upgrade does not change."""
    shutil.rmtree(NEW, ignore_errors=True)
    major = state["to"]
    locale = {"i": "--icu-locale", "b": "--builtin-locale"}.get(state["provider"])
    result = run(
        program(major, "initdb"), "-D", NEW, "-U", "postgres", "--auth-local=trust", "--auth-host=scram-sha-256", "--no-sync",
        "--encoding=" + state["encoding"], "--lc-collate=" + state["collate"], "--lc-ctype=" + state["ctype"],
        "--locale-provider=" + PROVIDERS[state["provider"]], *([locale + "=" + state["locale"]] if locale else []),
        "--wal-segsize=%d" % state["segment"],
        *(["--data-checksums"] if state["checksums"] else ["--no-data-checksums"] if int(major) >= 18 else []))
    if result.returncode != 0:
        raise Failed("initdb of PostgreSQL %s: %s" % (major, words(result.stdout)))
    carry_over(state)


def trial(state):
    """Whether the new server accepts the values of the settings in force, and finds the libraries."""
    result = run(program(state["to"], "postgres"), "-D", NEW, *options({**state["settings"], "huge_pages": "off"}), "-C", "shared_memory_size")
    return [] if result.returncode == 0 else [
        "PostgreSQL %s does not start with the settings in force: %s" % (state["to"], words(result.stdout))]


def carry_over(state):
    """ALTER SYSTEM's settings, those that the new server knows."""
    lines = (read(os.path.join(DATA, "postgresql.auto.conf")) or "").splitlines(keepends=True)

    def known(line):
        name = line.partition("=")[0].strip()
        return line.startswith("#") or "." in name or run(program(state["to"], "postgres"), "-D", NEW, "-C", name).returncode == 0

    with open(os.path.join(NEW, "postgresql.auto.conf"), "w", encoding="utf-8") as file:
        file.writelines(line for line in lines if known(line))


def options(settings):
    return [word for name, value in settings.items() for word in ("-c", "%s=%s" % (name, value))]


def quoted(settings):
    """The same for a program that hands it to a shell."""
    return " ".join("-c %s='%s'" % (name, str(value).replace("'", "'\\''")) for name, value in settings.items())


def temporary(state):
    """Settings of both servers while pg_upgrade starts them: nobody is archived for, and each relation of a database is locked at once."""
    return {"archive_mode": "off", "archive_command": "", "max_slot_wal_keep_size": "-1", "huge_pages": "off", "shared_buffers": "64MB",
            "max_locks_per_transaction": max(64, state["relations"] // 20), "max_connections": "100", "max_worker_processes": "8",
            "max_prepared_transactions": "0", "default_transaction_read_only": "off", "synchronous_standby_names": "", "ssl": "off"}


def convert(state, check_only=False):
    """Runs pg_upgrade. Nothing, or what it finds in the way."""
    if not check_only:
        forget_former_servers()
    os.makedirs(SOCKETS, 0o700, exist_ok=True)
    slots = len(state["logicalSlots"] or []) if int(state["from"]) >= 17 else 0
    common = temporary(state)
    libraries = {name: state["settings"][name] for name in LIBRARIES if state["settings"].get(name)}
    new = {**common, **libraries, **({"wal_level": "logical", "max_replication_slots": max(10, slots + 2)} if slots else {})}
    log = os.path.join(WORK, "convert.log")
    with open(log, "w", encoding="utf-8") as out:
        result = run(
            program(state["to"], "pg_upgrade"), "-U", "postgres", "-b", os.path.dirname(program(state["from"], "postgres")),
            "-B", os.path.dirname(program(state["to"], "postgres")), "-d", DATA, "-D", NEW, "--socketdir", SOCKETS, "-P", PORT,
            "-o", quoted(common), "-O", quoted(new), "-j", str(max(1, min(4, os.cpu_count() or 1))),
            *(["--check"] if check_only else [] if state["mode"] == "copy" else ["--" + state["mode"]]), cwd=WORK, stdout=out)
    return [] if result.returncode == 0 else [objection(read(log) or "")]


def server_runs():
    """Whether Patroni's server does. The file of its process id may be that of a server in a former container."""
    return subprocess.run(["pg_isready", "-q"], check=False, stdin=subprocess.DEVNULL).returncode in (0, 1)


def forget_former_servers():
    """Those of a container that was killed have left their process ids behind, which are other processes' now."""
    if server_runs():
        raise Failed("a server runs on the former data")
    shutil.rmtree(SOCKETS, ignore_errors=True)
    for directory in (DATA, NEW):
        forget_process(directory)


def forget_process(directory):
    """The process id of a server that ran in a former container."""
    name = os.path.join(directory, "postmaster.pid")
    if os.path.exists(name):
        os.remove(name)


def objection(text):
    """Why pg_upgrade has stopped, in its own words, with what is in the files that it names."""
    lines = [line.strip() for line in text.splitlines()]
    start = next((i for i, line in enumerate(lines) if re.search(r"fatal$|failed check:|FATAL|[Ff]ailure|could not", line)), 0)
    said = [re.sub(r"^Checking .*\s{2,}(fatal|failed check: )|^.*?FATAL:\s*", "", line) for line in lines[start:]]
    noise = ("/", '"', "Failure, exiting", "A list of", "Data type checks failed", "could not connect to source postmaster", "could not connect to target postmaster")
    said = [re.sub(r"\s*A list of [^.:]* is in the file:", "", line) for line in said if line and not line.startswith(noise)]
    details = []
    for name in dict.fromkeys(re.findall(r"(/[^\s\"]+\.(?:txt|log))", text)):
        content = read(name) or ""
        details.append(" ".join(content.split())[:300] if name.endswith(".txt") else words(content) if "rror" in content else "")
    return "pg_upgrade: " + " ".join([*(said or lines[-4:])[:8], *filter(None, details)])


def look(state):
    """Starts the converted server on a private socket with the settings that are in force, reads in each database, and gives the planner
    a first idea of the tables."""
    os.makedirs(SOCKETS, 0o700, exist_ok=True)
    log = os.path.join(WORK, "server.log")
    if ready(state) in (0, 1):
        run(program(state["to"], "pg_ctl"), "stop", "-D", NEW, "-m", "immediate", "-w")  # Of a job that was ended alone.
    else:
        forget_process(NEW)
    settings = {**state["settings"], "listen_addresses": "", "unix_socket_directories": SOCKETS, "port": PORT, "archive_mode": "off",
                "logging_collector": "off", "log_destination": "stderr", "ssl": "off", "synchronous_standby_names": "",
                "default_transaction_read_only": "off", "max_logical_replication_workers": "0", "cluster_name": ""}
    if "pg_cron" in settings.get("shared_preload_libraries", ""):
        settings["cron.launch_active_jobs"] = "off"
    with open(log, "wb") as out:
        server = subprocess.Popen([program(state["to"], "postgres"), "-D", NEW, *options(settings)], stdin=subprocess.DEVNULL, stdout=out,
                                  stderr=out, env=environment())
    try:
        await_start(state, server, log)
        for database in state["databases"]:
            ask(CONTENT, database, SOCKETS)
        try:
            analyze(state, SOCKETS, missing=True, target="1")
        except Failed as error:
            print("no first statistics: %s" % error, flush=True)  # An index on an expression may fail by itself.
    finally:
        if server.poll() is None:
            run(program(state["to"], "pg_ctl"), "stop", "-D", NEW, "-m", "fast", "-w", "-t", "3600")
        server.wait()
    if control(NEW).get("Database cluster state") != "shut down":
        raise Failed("the new server did not shut down: " + words(read(log) or ""))


def ready(state):
    """The exit code of pg_isready for the new server on its private socket."""
    return run(program(state["to"], "pg_isready"), "-q", "-h", SOCKETS, "-p", PORT, "-d", "postgres", "-U", "postgres").returncode


def await_start(state, server, log):
    while ready(state) != 0:
        if server.poll() is not None:
            raise Failed("the new server did not start: " + words(read(log) or ""))
        try:
            server.wait(timeout=0.05)
        except subprocess.TimeoutExpired:
            pass


def analyze(state, host, missing=False, target=None):
    """The statistics of all tables, or from PostgreSQL 18 on of those that were not taken along."""
    place = ["-h", host, "-p", PORT] if host == SOCKETS else ["-h", host]
    settings = "-c vacuum_cost_delay=0" + (" -c default_statistics_target=" + target if target else "")
    result = run(program(state["to"], "vacuumdb"), *place, "-U", "postgres", "--all", "--analyze-only", "-j", str(min(4, os.cpu_count() or 1)),
                 *(["--missing-stats-only"] if missing and int(state["to"]) >= 18 else []), env=environment(PGOPTIONS=settings))
    if result.returncode != 0:
        raise Failed("vacuumdb: " + words(result.stdout))


def statistics(state):
    """The rest of them, on the server that serves: where there are few, at first some for all tables."""
    serving = os.environ.get("PGHOST", "/run/postgresql")
    if int(state["to"]) < 18:
        analyze(state, serving, target="10")
    analyze(state, serving)

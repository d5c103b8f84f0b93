"""Two throwaway servers with the same settings, the data sets in one of them, and what their processes have used."""
import pathlib
import subprocess
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
DATA = TOP / "bench" / "data"

# The rest is as scripts/postgres and PostgreSQL have it. 20,000 tables are locked in one transaction.
SETTINGS = {"shared_buffers": "1GB", "max_wal_size": "8GB", "checkpoint_timeout": "30min", "max_locks_per_transaction": "2000"}
SHOWN = ["shared_buffers", "max_wal_size", "checkpoint_timeout", "max_locks_per_transaction", "fsync", "synchronous_commit", "wal_level",
         "maintenance_work_mem", "max_parallel_maintenance_workers", "autovacuum"]
SETS = ["mixed", "big", "tables", "objects", "text"]


class Failure(Exception):
    """What ends a comparison, in words for the user."""


class Server:
    def __init__(self, major, place, sqlrun):
        self.major, self.place, self.sqlrun = major, place, str(sqlrun)

    def start(self):
        arguments = [x for name, value in SETTINGS.items() for x in ("-o", f"{name}={value}")]
        done = subprocess.run([TOP / "scripts/postgres", "start", str(self.major), self.place, *arguments], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            raise Failure(f"PostgreSQL {self.major} does not start: {done.stderr.strip()}")
        self.postmaster = int((self.place / "data/postmaster.pid").read_text().split()[0])

    def stop(self):
        subprocess.run([TOP / "scripts/postgres", "stop", self.place], check=False)

    def conninfo(self, database):
        return f"host={self.place} port=5432 user=postgres dbname={database}"

    def run(self, database, *arguments):
        done = subprocess.run([self.sqlrun, self.conninfo(database), *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True, check=False)
        if done.returncode:
            raise Failure(f"PostgreSQL {self.major}, database {database}: {done.stderr.strip()}")
        return [line.split("\t") for line in done.stdout.splitlines()]

    def sql(self, database, statement):
        return self.run(database, "-c", statement)

    def one(self, database, statement):
        return self.sql(database, statement)[0][0]

    def fresh(self, database):
        """The database, empty."""
        self.sql("postgres", f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
        self.sql("postgres", f"CREATE DATABASE {database} TEMPLATE template0")

    def drop(self, database):
        self.sql("postgres", f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")

    def set_aside(self, database):
        """As fresh() does, but what was there stays until drop_set_aside(): ext4 is slow to make files for minutes after many were deleted."""
        aside = self.sql("postgres", f"SELECT count(*) FROM pg_database WHERE datname LIKE '{database}_aside_%'")[0][0]
        if self.sql("postgres", f"SELECT FROM pg_database WHERE datname = '{database}'"):
            self.sql("postgres", f"ALTER DATABASE {database} RENAME TO {database}_aside_{aside}")
        self.sql("postgres", f"CREATE DATABASE {database} TEMPLATE template0")

    def drop_set_aside(self, database):
        for (name,) in self.sql("postgres", f"SELECT datname FROM pg_database WHERE datname LIKE '{database}_aside_%'"):
            self.drop(name)

    def cpu_s(self):
        """Of all its processes, those that have ended included: the postmaster has waited for them."""
        from measure import process_cpu_s, children_of
        total = process_cpu_s(self.postmaster, True)
        return total + sum(process_cpu_s(child, True) for child in children_of(self.postmaster))

    def shown(self):
        return {name: self.one("postgres", f"SHOW {name}") for name in SHOWN}

    def version(self):
        return self.one("postgres", "SHOW server_version")


def build_set(server, name, scale, say):
    """Builds a data set unless the server has it, and returns its database. Deterministic: the same scale, the same rows."""
    database = f"bench_{name}_{scale:g}".replace(".", "_")
    mark = f"complete {name} {scale:g}"
    if server.sql("postgres", f"SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '{database}'") == [[mark]]:
        say(f"{name} at scale {scale:g} is there")
        return database
    begun = time.monotonic()
    server.fresh(database)
    server.run(database, "-v", f"scale={scale:g}", str(DATA / "common.sql"), str(DATA / f"{name}.sql"), "-c", "DROP SCHEMA bench_help CASCADE")
    server.sql(database, "VACUUM (ANALYZE)")  # so that no run pays for hint bits, or meets autovacuum
    server.sql("postgres", f"COMMENT ON DATABASE {database} IS '{mark}'")
    say(f"{name} at scale {scale:g} built in {time.monotonic() - begun:.0f} s")
    return database


def facts_of(server, database):
    row = server.sql(database, """SELECT pg_database_size(current_database()),
        (SELECT coalesce(sum(pg_table_size(oid)), 0) FROM pg_class WHERE relkind = 'r' AND relnamespace::regnamespace::text !~ '^pg_|^information_schema$'),
        (SELECT coalesce(sum(pg_relation_size(oid)), 0) FROM pg_class WHERE relkind = 'i' AND relnamespace::regnamespace::text !~ '^pg_|^information_schema$'),
        (SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace::regnamespace::text !~ '^pg_|^information_schema$'),
        (SELECT count(*) FROM pg_largeobject_metadata), pg_table_size('pg_largeobject')""")[0]
    names = ["database_bytes", "table_bytes", "index_bytes", "tables", "large_objects", "large_object_bytes"]
    return dict(zip(names, map(int, row)))

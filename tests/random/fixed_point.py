"""Dump, restore, dump: the second dump must say what the first one said, for random schemas.

  PGHAUL_RANDOM_SEED=N    one seed alone, its statements kept in a file that the report names
  PGHAUL_RANDOM_COUNT=N   so many seeds (default 60), from PGHAUL_RANDOM_FIRST on (default 1)
  PGHAUL_TEST_PEERS=DIR   a directory with pg_dump 17, which must say the same of both databases
  PGHAUL_RANDOM_MAJOR=N   the source's major release (default 17)

Ten seeds share a database; where a database differs its seeds are tried one by one. Exit code 1: some seed differs."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import schemas

TREE = pathlib.Path(__file__).resolve().parents[2]
PGHAUL = os.environ.get("PGHAUL", "pghaul")
SQLRUN = os.environ.get("PGHAUL_SQLRUN", "pghaul-sqlrun")
PEERS = os.environ.get("PGHAUL_TEST_PEERS")
SEEDS_TOGETHER = 10


def run(*command, check=True, **how):
    done = subprocess.run([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, **how)
    if check and done.returncode:
        raise Difference(f"{' '.join(str(c) for c in command)[:200]}\n{done.stderr.decode(errors='replace')[-3000:]}")
    return done


class Difference(Exception):
    pass


class Server:
    def __init__(self, major, directory):
        self.directory = str(directory)
        self.conninfo = run(TREE / "scripts/postgres", "start", major, directory).stdout.decode().strip().split(" dbname=")[0]

    def stop(self):
        run(TREE / "scripts/postgres", "stop", self.directory)

    def database(self, name):
        return f"{self.conninfo} dbname={name}"

    def make(self, name):
        for statement in (f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name} TEMPLATE template0"):
            run(SQLRUN, self.database("postgres"), "-c", statement)

    def make_roles(self):
        for role in schemas.ROLES:
            run(SQLRUN, self.database("postgres"), "-c", f"CREATE ROLE {schemas.quote(role)}", check=False)


def tolerant(statement):
    """The statement in a block that swallows its error: what the server refuses is left out."""
    return ("DO $pghaul_random$ BEGIN EXECUTE " + "$pghaul_text$" + statement + "$pghaul_text$"
            "; EXCEPTION WHEN OTHERS THEN RAISE WARNING 'refused: %', SQLERRM; END $pghaul_random$;\n")


def schema_text(archive):
    text = run(PGHAUL, "inspect", "--sql", archive).stdout.decode()
    return re.sub(r"^-- Schema of database .*\n", "", text)


def peer_text(conninfo):
    """What pg_dump says, entry by entry in one order: its own follows column numbers, which children by INHERITS cannot keep."""
    text = run(f"{PEERS}/pg_dump", "--schema-only", conninfo).stdout.decode()
    text = re.sub(r"^(\\(un)?restrict|-- Dumped (from|by)|SET default_(tablespace|table_access_method) =) .*\n", "", text, flags=re.M)
    return "\n".join(sorted(part.strip() for part in re.split(r"^--\n(?=-- Name: )", text, flags=re.M)))


def first_difference(a, b):
    left, right = a.splitlines(), b.splitlines()
    at = next((i for i, pair in enumerate(zip(left, right)) if pair[0] != pair[1]), min(len(left), len(right)))
    show = lambda lines: "\n".join("    " + line for line in lines[max(0, at - 3):at + 4])
    return f"  first:\n{show(left)}\n  second:\n{show(right)}"


class Bench:
    def __init__(self, directory, source, target):
        self.directory, self.source, self.target = pathlib.Path(directory), source, target
        self.statements = self.refused = 0

    def check(self, seeds):
        script = self.directory / "schema.sql"
        statements = ["SET client_min_messages = warning;\nSET search_path = '';\n"]
        for seed in seeds:
            for statement in schemas.generate(seed):
                statements.append(tolerant(statement))
        script.write_text("".join(statements), encoding="utf-8")
        self.source.make("random_a")
        made = run(SQLRUN, self.source.database("random_a"), script)
        self.statements += len(statements) - 1
        self.refused += made.stderr.decode(errors="replace").count("refused: ")
        self.move("random_a", self.source)
        return script

    def move(self, name, source):
        first, second = self.directory / "first.pghaul", self.directory / "second.pghaul"
        run(PGHAUL, "dump", "-q", "--force", "-d", source.database(name), "-f", first)
        self.target.make("random_b")
        run(PGHAUL, "restore", "-q", "-d", self.target.database("random_b"), first)
        run(PGHAUL, "dump", "-q", "--force", "-d", self.target.database("random_b"), "-f", second)
        a, b = schema_text(first), schema_text(second)
        if a != b:
            raise Difference("the second dump differs from the first\n" + first_difference(a, b))
        run(PGHAUL, "verify", "-q", first, "-d", self.target.database("random_b"))
        if PEERS:
            a, b = peer_text(source.database(name)), peer_text(self.target.database("random_b"))
            if a != b:
                raise Difference("pg_dump tells the databases apart\n" + first_difference(a, b))


def check_all(bench, seeds):
    failed = 0
    for begin in range(0, len(seeds), SEEDS_TOGETHER):
        group = seeds[begin:begin + SEEDS_TOGETHER]
        try:
            bench.check(group)
            continue
        except Difference as problem:
            alone = problem
        before = failed
        for seed in group:
            try:
                bench.check([seed])
            except Difference as difference:
                failed += 1
                print(f"seed {seed} (PGHAUL_RANDOM_SEED={seed}): {difference}", flush=True)
        if failed == before:
            failed += 1
            print(f"seeds {group} together: {alone}", flush=True)
    return failed


def main():
    one = os.environ.get("PGHAUL_RANDOM_SEED")
    first, count = int(os.environ.get("PGHAUL_RANDOM_FIRST", "1")), int(os.environ.get("PGHAUL_RANDOM_COUNT", "60"))
    seeds = [int(one)] if one else list(range(first, first + count))
    directory = tempfile.mkdtemp(prefix="pghaul-random-", dir="/tmp")
    os.chmod(directory, 0o755)
    servers = []
    failed = 1
    try:
        major = os.environ.get("PGHAUL_RANDOM_MAJOR", "17")
        servers.append(Server(major, directory + "/from"))
        servers.append(servers[0] if major == "17" else Server("17", directory + "/to"))
        for server in set(servers):
            server.make_roles()
        bench = Bench(directory, servers[0], servers[-1])
        print(f"seeds {seeds[0]} to {seeds[-1]}", flush=True)
        failed = check_all(bench, seeds)
        print(f"{len(seeds)} random schemas, {bench.statements:,} statements ({bench.refused:,} refused by the server): {failed} with a difference")
    finally:
        for server in set(servers):
            server.stop()
        if one and failed:
            print(f"kept: {directory}")
        else:
            shutil.rmtree(directory, ignore_errors=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

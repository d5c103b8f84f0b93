#!/usr/bin/env python3
"""Every selection and policy against every kind of object, with pg_dump 17 as the oracle.

One rich database (the sample shop and the cases of tests/catalog) is dumped whole by pghaul, once. pg_dump 17 reads no server of 18:
there, it reads what pghaul made on 17 of the whole archive (which tests/catalog compares with the source). Then, for each mode:

  entries   what pghaul lists of the archive with the mode's options is what pg_dump lists of the source with them
  objects   the archive, restored with the options, and pg_dump's script, run by psql, make the same database: to pg_dump, and
            its rows to pghaul verify. Both find there what the mode leaves out and its objects need (types, functions, ...).
            The schema as inspect --sql prints it, run by psql, is one more mode.

  PGHAUL             the program                 PGHAUL_TEST_PEERS    pg_dump and psql 17
  PGHAUL_TEST_PG17   the target's CONNINFO       PGHAUL_TEST_PG13...  sources, as many as there are
  matrix_test.py [SOURCE [MODE...]]
"""
import contextlib
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

PGHAUL = os.environ.get("PGHAUL", "pghaul")
PEERS = os.environ.get("PGHAUL_TEST_PEERS")
ROOT = pathlib.Path(__file__).resolve().parents[2]
SKIPPED = 77
LAST = ("event_triggers.sql", "subscriptions.sql", "subscriptions_16.sql")  # what reacts to the others

# Options for both programs; data=True: only rows, into a target that has the schema. ours: where the spelling differs.
MODES = {
    "whole": [],
    "schema only": ["-s"],
    "printed as SQL": ["-s"],
    "data only": ["-a", "--disable-triggers"],
    "one schema": ["-n", "shop"],
    "schemas by pattern": ["-n", "s*"],
    "schema public": ["-n", "public"],
    "without a schema": ["-N", "shop"],
    "without public": ["-N", "public"],
    "without schemas by pattern": ["-N", "[a-m]*"],
    "one table": ["-t", "shop.customer"],
    "tables by pattern": ["-t", "*.*order*"],
    "table by visible name": ["-t", "p*"],
    "all tables of schemas": ["-t", "shop.*"],
    "table and children": ["--table-and-children", "sales.orders"],
    "tables and children by pattern": ["--table-and-children", "public.*part*"],
    "schema and table": ["-n", "shop", "-t", "public.*"],
    "without a table": ["-T", "shop.customer"],
    "without tables by pattern": ["-T", "*.*s"],
    "without table and children": ["--exclude-table-and-children", "sales.orders"],
    "schema without tables": ["-n", "shop", "-T", "shop.*e*"],
    "without rows": ["--exclude-table-data", "shop.*"],
    "without rows of children": ["--exclude-table-data-and-children", "sales.orders"],
    "one extension": ["-e", "hstore"],
    "extensions and schema": ["-e", "*", "-n", "shop"],
    "without an extension": ["--exclude-extension", "*"],
    "pre-data": ["--section=pre-data"],
    "pre-data and post-data": ["--section=pre-data", "--section=post-data"],
    "pre-data and data": ["--section=pre-data", "--section=data"],
    "schema with large objects": ["-n", "shop", "-b"],
    "without large objects": ["-B"],
    "no owner": ["-O"],
    "no privileges": ["-x"],
    "neither owner nor privileges": ["-O", "-x"],
    "no comments": ["--no-comments"],
    "no publications": ["--no-publications"],
    "no subscriptions": ["--no-subscriptions"],
    "no security labels": ["--no-security-labels"],
    "no tablespaces": ["--no-tablespaces"],
    "no access method": ["--no-table-access-method"],
    "no compression": ["--no-toast-compression"],
    "none of these": ["--no-publications", "--no-subscriptions", "--no-security-labels", "--no-tablespaces", "--no-table-access-method",
                      "--no-toast-compression"],
    "no unlogged rows": ["--no-unlogged-table-data"],
    "quoted name": ["-t", '*."*Q*"', "-t", 'shop."product"'],
    "regular expression": ["-t", "shop.(customer|product)"],
    "filter file": ["--filter", "FILTER"],
}
# What these leave out is entangled with what they take: scripts of either program fail half way, each in its own way.
ENTRIES_ONLY = {"schema public", "without a schema", "without public", "without schemas by pattern", "all tables of schemas",
                "table by visible name", "without tables by pattern", "without an extension", "one extension", "schema and table", "schema without tables",
                "pre-data", "pre-data and data",  # pghaul makes views that need a key with the keys; pg_dump a dummy before them
                # Their objects are compared together.
                "no publications", "no subscriptions", "no security labels", "no tablespaces", "no access method", "no compression"}
# These change nothing about rows, so their objects are made without.
WITHOUT_ROWS = {"no owner", "no privileges", "neither owner nor privileges", "no comments", "none of these"}
FILTER = """# as pg_dump 17 reads it
include schema shop
exclude table shop.customer   # not these
exclude table_data shop.pro*
"""


def run(*command, check=True, script=None):
    env = {key: value for key, value in os.environ.items() if not (key.startswith("PG") and not key.startswith("PGHAUL"))}
    done = subprocess.run(list(map(str, command)), capture_output=True, input=script, env=env, timeout=600)
    if check and done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.stderr.decode(errors='replace')[:3000]}")
    return done


def psql(conninfo, *arguments, check=True, script=None):
    return run(f"{PEERS}/psql", "-X", "-q", "-A", "-t", "-d", conninfo, *arguments, check=check, script=script)


class Databases:
    def __init__(self, source, target):
        self.source, self.target, self.made = source, target, []

    def make(self, server, *names):
        """Empty databases; their CONNINFOs."""
        names = [f"matrix_{os.getpid()}_{name}" for name in names]
        psql(server, *(part for name in names for part in ("-c", f"CREATE DATABASE {name} TEMPLATE template0")))
        self.made += [(server, name) for name in names]
        return [f"{server} dbname={name}" for name in names]

    def drop(self, last=0):
        doomed, self.made = self.made[last:], self.made[:last]
        for server in {server for server, _ in doomed}:
            names = [name for at, name in doomed if at == server]
            # A subscription that has a slot's name cannot be dropped with its database.
            subscribed = psql(server, "-c", "SELECT datname FROM pg_database WHERE oid IN (SELECT subdbid FROM pg_subscription)").stdout.decode().split()
            for name in set(subscribed) & set(names):
                psql(f"{server} dbname={name}", check=False, script=b"""SELECT format('ALTER SUBSCRIPTION %1$I DISABLE', subname),
                    format('ALTER SUBSCRIPTION %1$I SET (slot_name = NONE)', subname), format('DROP SUBSCRIPTION %1$I', subname)
                    FROM pg_subscription WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database()) \\gexec""")
            psql(server, *(part for name in names for part in ("-c", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")), check=False)


def needed(path):
    found = re.search(r"^-- needs: (\d+)", path.read_text(), re.M)
    return int(found.group(1)) if found else 13


@contextlib.contextmanager
def holding_roles(*servers):
    """Roles belong to a whole server, and tests run side by side: whoever makes some holds this (as tests/support/servers.h)."""
    keepers = [subprocess.Popen([f"{PEERS}/psql", "-X", "-q", "-d", server], stdin=subprocess.PIPE, stdout=subprocess.PIPE) for server in set(servers)]
    for keeper in keepers:
        keeper.stdin.write(b"SELECT pg_advisory_lock(7061);\n")
        keeper.stdin.flush()
        keeper.stdout.readline()
    try:
        yield
    finally:
        for keeper in keepers:
            keeper.communicate()


def load(databases, major):
    """Whatever of the cases goes together: names that two of them have come from the first."""
    (conninfo,) = databases.make(databases.source, "source")
    psql(conninfo, "-f", ROOT / "samples/shop-roles.sql", check=False)
    psql(conninfo, "-c", "SELECT set_config('pghaul.scale', '0.0005', false)", "-f", ROOT / "samples/shop.sql")
    cases = sorted((ROOT / "tests/catalog/cases").glob("*.sql"), key=lambda path: (path.name in LAST, path.name))
    for path in cases:
        if needed(path) <= major:
            psql(conninfo, "-f", path, check=False)
    psql(conninfo, "-c", "CREATE SCHEMA matrix; CREATE TABLE matrix.\"Quoted\" (id int PRIMARY KEY); "
                         "INSERT INTO matrix.\"Quoted\" SELECT generate_series(1, 9)",
         "-c", "DROP TABLE IF EXISTS public.grown, public.stored_back",  # pg_dump changes their columns
         "-c", "GRANT USAGE ON SCHEMA public, shop TO PUBLIC; GRANT USAGE ON LANGUAGE plpgsql TO PUBLIC",
         "-c", "REVOKE SELECT ON public.plain FROM PUBLIC; GRANT SELECT ON public.plain TO PUBLIC")           # else grantors cannot grant, to either
    roles = psql(conninfo, "-c", "SELECT quote_ident(rolname) FROM pg_roles WHERE rolname !~ '^pg_'").stdout.decode().split("\n")
    for role in filter(None, roles):
        psql(databases.target, "-c", f"CREATE ROLE {role}", check=False)
    return conninfo, sorted(filter(None, roles), key=len, reverse=True)


def schema_lines(conninfo):
    text = run(f"{PEERS}/pg_dump", "--schema-only", "-d", conninfo).stdout.decode("utf-8", "surrogateescape")
    return [line for line in text.splitlines() if not re.match(r"-- Dumped |\\(un)?restrict ", line)]


def differences(expected, found):
    import difflib
    return [line for line in difflib.unified_diff(expected, found, "pg_dump", "pghaul", n=1, lineterm="")][:60]


# What pg_dump calls otherwise, or what is no entry of its own on both sides.
SAME = {"ENUM TYPE": "TYPE", "BASE TYPE": "TYPE", "COMPOSITE TYPE": "TYPE", "RANGE TYPE": "TYPE", "LANGUAGE": "PROCEDURAL LANGUAGE"}
NOT_COMPARED = {"ACL", "COMMENT", "SECURITY LABEL", "ENCODING", "STDSTRINGS", "SEARCHPATH", "DATABASE", "DATABASE PROPERTIES", "DEFAULT",
                "CHECK CONSTRAINT", "SHELL TYPE", "REPLICA IDENTITY", "CLUSTER", "VIEW DEFINITION", "DOMAIN CONSTRAINT", "BLOB METADATA",
                "BLOBS", "LARGE OBJECT", "LARGE OBJECT DATA", "USER MAPPING", "CAST", "TRANSFORM", "DEFAULT ACL", "OPERATOR"}
KINDS = """ACCESS METHOD|ACL|AGGREGATE|BASE TYPE|BLOB METADATA|BLOBS|CAST|CHECK CONSTRAINT|CLUSTER|COLLATION|COMMENT|COMPOSITE TYPE|
CONSTRAINT|CONVERSION|DATABASE PROPERTIES|DATABASE|DEFAULT ACL|DEFAULT|DOMAIN CONSTRAINT|DOMAIN|ENCODING|ENUM TYPE|EVENT TRIGGER|EXTENSION|
FK CONSTRAINT|FOREIGN DATA WRAPPER|FOREIGN TABLE|FUNCTION|INDEX ATTACH|INDEX|LANGUAGE|LARGE OBJECT DATA|LARGE OBJECT|MATERIALIZED VIEW DATA|
MATERIALIZED VIEW|OPERATOR CLASS|OPERATOR FAMILY|OPERATOR|POLICY|PROCEDURAL LANGUAGE|PROCEDURE|PUBLICATION TABLES IN SCHEMA|PUBLICATION TABLE|
PUBLICATION|RANGE TYPE|REPLICA IDENTITY|ROW SECURITY|RULE|SCHEMA|SEARCHPATH|SECURITY LABEL|SEQUENCE OWNED BY|SEQUENCE SET|SEQUENCE|SERVER|
SHELL TYPE|STATISTICS|STDSTRINGS|SUBSCRIPTION|TABLE ATTACH|TABLE DATA|TABLE|TEXT SEARCH CONFIGURATION|TEXT SEARCH DICTIONARY|
TEXT SEARCH PARSER|TEXT SEARCH TEMPLATE|TRANSFORM|TRIGGER|TYPE|USER MAPPING|VIEW DEFINITION|VIEW"""
LISTED = re.compile(r"^(\d+); (?:\d+ \d+ )?(" + KINDS.replace("\n", "") + r") (.*)$")
WRITTEN = re.compile(r"^-- (?:Data for )?Name: (.*); Type: (" + KINDS.replace("\n", "") + r"); Schema: (.*?); Owner: .*$")


def wanted(kind, rest):
    """"KIND schema name", or None for what is not compared."""
    kind = SAME.get(kind, kind)
    if kind in NOT_COMPARED or (kind == "SCHEMA" and rest == "- public") or rest.startswith("pg_catalog "):
        return None
    return f"{kind} {rest}".rstrip()


def listed(text, roles):
    """{"KIND schema name": line} of a list; owners are cut off."""
    found = {}
    for match in filter(None, map(LISTED.match, text.splitlines())):
        rest = match.group(3).rstrip()
        for role in roles:
            if rest.endswith(" " + role):
                rest = rest[: -len(role) - 1]
                break
        found[wanted(match.group(2), re.sub(r"\s+-$", "", rest))] = match.group(0)
    found.pop(None, None)
    return found


def written(script):
    """The same names, of pg_dump's script."""
    return {wanted(match.group(2), f"{match.group(3)} {match.group(1)}") for match in filter(None, map(WRITTEN.match, script.splitlines()))} - {None}


SPELLED = re.compile(r"(MATERIALIZED )?VIEW (public (over_|uses_)?grouped|shop (best_.*|product_stars))$|(AGGREGATE|OPERATOR CLASS|OPERATOR FAMILY) |RULE .* _RETURN$|PROCEDURAL LANGUAGE - plpgsql$|TABLE DATA .*channel|PROCEDURAL LANGUAGE - sql$|SCHEMA - pg_catalog$|ROW SECURITY public forced$|VIEW public pg_stat_statements$|.*[\"\\$]|SCHEMA - new|TYPE public never")


class Source:
    """What is dumped, and what pg_dump says of it."""

    def __init__(self, databases, major, folder):
        conninfo, roles = load(databases, major)
        self.archive, self.whole, self.roles = folder / "whole.pghaul", folder / "whole.dump", [role.strip('"').replace('""', '"') for role in roles]
        run(PGHAUL, "dump", "-q", "-d", conninfo, "-f", self.archive)
        self.conninfo = conninfo
        if major > 17:
            (self.conninfo,) = databases.make(databases.target, "source")
            run(PGHAUL, "restore", "-q", "-d", self.conninfo, self.archive)
        run(f"{PEERS}/pg_dump", "-Fc", "-d", self.conninfo, "-f", self.whole)
        self.entries = listed(run(f"{PEERS}/pg_restore", "-l", self.whole).stdout.decode(errors="replace"), self.roles)

    def script(self, *options):
        return run(f"{PEERS}/pg_dump", "-d", self.conninfo, *options).stdout


def compare_entries(theirs, ours):
    """Names that the two spell differently are compared as objects only."""
    problem = [f"only pg_dump has {name}" for name in sorted(theirs - ours) if not SPELLED.match(name)]
    problem += [f"only pghaul has {name}" for name in sorted(ours - theirs) if not SPELLED.match(name)]
    return "\n".join(problem[:40])


def try_mode(databases, source, folder, number, name, options):
    """The problems, as text; empty: none."""
    options = [str(folder / "filter") if option == "FILTER" else option for option in options]
    script = source.script(*options)
    theirs_listed = written(script.decode(errors="replace"))
    ours_listed = run(PGHAUL, "restore", "-l", "-O", *options, source.archive).stdout.decode(errors="replace")
    problem = compare_entries(theirs_listed, set(listed(ours_listed, [])))
    if name in ENTRIES_ONLY:
        return problem
    if name in WITHOUT_ROWS:
        options = [*options, "-s"]
        script = source.script(*options)
    theirs, ours = databases.make(databases.target, f"{number}_a", f"{number}_b")
    if any(option in ("-t", "-n", "-e", "--filter", "--table-and-children") for option in options):
        # What pg_dump has of pre-data, that is no table, and that the mode leaves out.
        relations = ("TABLE", "VIEW", "MATERIALIZED VIEW", "FOREIGN TABLE", "SEQUENCE", "DEFAULT", "INDEX")
        rest = [line for name, line in source.entries.items() if name not in theirs_listed and not name.startswith(relations)]
        (folder / "rest.list").write_text("\n".join(rest) + "\n")
        for conninfo in (theirs, ours):
            run(f"{PEERS}/pg_restore", "--section=pre-data", "-L", folder / "rest.list", "-d", conninfo, source.whole, check=False)
    if "-a" in options:
        schema = source.script("-s")
        for conninfo in (theirs, ours):
            psql(conninfo, check=False, script=schema)
    psql(theirs, check=False, script=script)
    if name == "printed as SQL":
        psql(ours, "-v", "ON_ERROR_STOP=1", script=run(PGHAUL, "inspect", "--sql", source.archive).stdout)
        return "\n".join(differences(schema_lines(theirs), schema_lines(ours)))
    done = run(PGHAUL, "restore", "-q", "-d", ours, "--keep-going", *options, source.archive, check=False)
    if done.returncode not in (0, 3):
        return f"restore ended with {done.returncode}: {done.stderr.decode(errors='replace')[:2000]}"
    if "-a" not in options:  # pg_dump's --disable-triggers leaves all of them enabled, whatever they were
        problem += "\n" + "\n".join(differences(schema_lines(theirs), schema_lines(ours)))
    if "-s" not in options:
        compared = run(PGHAUL, "verify", "-q", "--json", "-a", "--from", theirs, "--to", ours, check=False)
        if compared.returncode:
            told = re.sub('"tables":.*?]', "", compared.stdout.decode(errors="replace"))
            problem += f"\nverify ended with {compared.returncode}: {told[:2000]} {compared.stderr.decode(errors='replace')[-500:]}"
    if problem.strip():
        problem += "\nthe restore said: " + done.stderr.decode(errors="replace")[-2000:]
    return problem.strip()


def main():
    target = os.environ.get("PGHAUL_TEST_PG17")
    major = int(sys.argv[1]) if len(sys.argv) > 1 else 16
    server = os.environ.get(f"PGHAUL_TEST_PG{major}")
    if not (PEERS and target and server):
        print(f"skipped: PGHAUL_TEST_PEERS, PGHAUL_TEST_PG17 and PGHAUL_TEST_PG{major} are needed")
        return SKIPPED
    modes = {name: MODES[name] for name in sys.argv[2:] or MODES}
    databases, failed = Databases(server, target), []
    with tempfile.TemporaryDirectory(prefix="pghaul-matrix.") as folder:
        folder = pathlib.Path(folder)
        (folder / "filter").write_text(FILTER)
        try:
            with holding_roles(server, target):
                source = Source(databases, major, folder)
            kept = len(databases.made)
            for number, (name, options) in enumerate(modes.items()):
                began = time.monotonic()
                problem = try_mode(databases, source, folder, number, name, options)
                print(f"{'FAILED' if problem else 'ok':7} {name:32} {' '.join(options):44} {time.monotonic() - began:5.1f} s", flush=True)
                if problem:
                    failed.append(name)
                    print(problem, flush=True)
                databases.drop(kept)
        finally:
            databases.drop()
    print(f"{len(modes)} modes from {major}, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

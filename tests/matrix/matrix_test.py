#!/usr/bin/env python3
"""Every selection and policy against every kind of object, with pg_dump 17 as the oracle.

One rich database (the sample shop and the cases of tests/catalog) is dumped whole by pghaul, once. Then, for each mode:

  entries   what pghaul lists of the archive with the mode's options is what pg_dump lists of the source with them
  objects   the archive, restored with the options, and pg_dump's script, run by psql, make the same database: to pg_dump, and
            its rows to pghaul verify. Both find there what the mode leaves out and its objects need (types, functions, ...).

  PGHAUL             the program                 PGHAUL_TEST_PEERS    pg_dump and psql 17
  PGHAUL_TEST_PG17   the target's CONNINFO       PGHAUL_TEST_PG13...  sources, as many as there are (up to 17)
  matrix_test.py [SOURCE [MODE...]]
"""
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
    "no unlogged rows": ["--no-unlogged-table-data"],
    "quoted name": ["-t", '*."*Q*"', "-t", 'shop."product"'],
    "regular expression": ["-t", "shop.(customer|product)"],
    "filter file": ["--filter", "FILTER"],
}
# What these leave out is entangled with what they take: scripts of either program fail half way, each in its own way.
ENTRIES_ONLY = {"schema public", "without a schema", "without public", "without schemas by pattern", "all tables of schemas",
                "table by visible name", "without tables by pattern", "without an extension", "one extension", "schema and table", "schema without tables",
                "pre-data", "pre-data and data"}  # pghaul makes views that need a key with the keys; pg_dump a dummy before them
FILTER = """# as pg_dump 17 reads it
include schema shop
exclude table shop.customer   # not these
exclude table_data shop.pro*
"""


def run(*command, check=True, stdin=None):
    env = {key: value for key, value in os.environ.items() if not (key.startswith("PG") and not key.startswith("PGHAUL"))}
    done = subprocess.run(list(map(str, command)), capture_output=True, stdin=stdin, env=env, timeout=600)
    if check and done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.stderr.decode(errors='replace')[:3000]}")
    return done


def psql(conninfo, *arguments, check=True):
    return run(f"{PEERS}/psql", "-X", "-q", "-A", "-t", "-d", conninfo, *arguments, check=check)


class Databases:
    def __init__(self, source, target):
        self.source, self.target, self.made = source, target, []

    def make(self, server, name, role=None):
        name = f"matrix_{os.getpid()}_{name}"
        psql(server, "-c", f"CREATE DATABASE {name} TEMPLATE template0")
        self.made.append((server, name))
        return f"{server} dbname={name}"

    def drop(self, last=0):
        while len(self.made) > last:
            server, name = self.made.pop()
            conninfo = f"{server} dbname={name}"
            # A subscription that has a slot's name cannot be dropped with its database.
            for sub in psql(conninfo, "-c", "SELECT quote_ident(subname) FROM pg_subscription WHERE subdbid = "
                            "(SELECT oid FROM pg_database WHERE datname = current_database())", check=False).stdout.decode().split("\n"):
                if sub:
                    psql(conninfo, "-c", f"ALTER SUBSCRIPTION {sub} DISABLE", "-c", f"ALTER SUBSCRIPTION {sub} SET (slot_name = NONE)",
                         "-c", f"DROP SUBSCRIPTION {sub}", check=False)
            psql(server, "-c", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", check=False)


def needed(path):
    found = re.search(r"^-- needs: (\d+)", path.read_text(), re.M)
    return int(found.group(1)) if found else 13


def load(databases, major):
    """Whatever of the cases goes together: names that two of them have come from the first."""
    conninfo = databases.make(databases.source, "source")
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
ENTRY = re.compile(r"^(\d+); (?:\d+ \d+ )?(" + KINDS.replace("\n", "") + r") (.*)$")


def entries(text, roles):
    """{"KIND schema name": line} of a list; owners are cut off."""
    found = {}
    for line in text.splitlines():
        match = ENTRY.match(line)
        if not match:
            continue
        kind, rest = SAME.get(match.group(2), match.group(2)), match.group(3).rstrip()
        for role in roles:
            if rest.endswith(" " + role):
                rest = rest[: -len(role) - 1]
                break
        rest = re.sub(r"\s+-$", "", rest)
        if kind not in NOT_COMPARED and not (kind == "SCHEMA" and rest == "- public") and not rest.startswith("pg_catalog "):
            found[f"{kind} {rest}".rstrip()] = line
    return found


SPELLED = re.compile(r"(MATERIALIZED )?VIEW (public (over_|uses_)?grouped|shop (best_.*|product_stars))$|(AGGREGATE|OPERATOR CLASS|OPERATOR FAMILY) |RULE .* _RETURN$|PROCEDURAL LANGUAGE - plpgsql$|TABLE DATA .*channel|PROCEDURAL LANGUAGE - sql$|SCHEMA - pg_catalog$|ROW SECURITY public forced$|VIEW public pg_stat_statements$|.*[\"\\$]|SCHEMA - new|TYPE public never")


def compare_entries(source, archive, folder, options, roles):
    """Names that the two spell differently are compared as objects only. Also makes folder/rest.list: what pg_dump has of pre-data, that is no table, and that the mode leaves out."""
    if "-O" in options:
        options = [option for option in options if option != "-O"]  # owners are cut off, so both lists need them
    run(f"{PEERS}/pg_dump", "-Fc", "-d", source, *options, "-f", folder / "mode.dump")
    theirs = entries(run(f"{PEERS}/pg_restore", "-l", folder / "mode.dump").stdout.decode(errors="replace"), roles)
    ours = entries(run(PGHAUL, "restore", "-l", *options, archive).stdout.decode(errors="replace"), roles)
    whole = run(f"{PEERS}/pg_restore", "-l", folder / "whole.dump").stdout.decode(errors="replace")
    relations = ("TABLE", "VIEW", "MATERIALIZED VIEW", "FOREIGN TABLE", "SEQUENCE", "DEFAULT", "INDEX")
    rest = [line for name, line in entries(whole, roles).items() if name not in theirs and not name.startswith(relations)]
    (folder / "rest.list").write_text("\n".join(rest) + "\n")
    problem = [f"only pg_dump has {name}" for name in sorted(set(theirs) - set(ours)) if not SPELLED.match(name)]
    problem += [f"only pghaul has {name}" for name in sorted(set(ours) - set(theirs)) if not SPELLED.match(name)]
    return "\n".join(problem[:40])


def try_mode(databases, source, archive, folder, number, options, roles, entries_only):
    """The problems, as text; empty: none."""
    options = [str(folder / "filter") if option == "FILTER" else option for option in options]
    listed = [option for option in options if option != "--disable-triggers"]
    problem = compare_entries(source, archive, folder, listed, roles)
    if entries_only:
        return problem
    theirs, ours = databases.make(databases.target, f"{number}_a"), databases.make(databases.target, f"{number}_b")
    if any(option in ("-t", "-n", "-e", "--filter", "--table-and-children") for option in options):
        for conninfo in (theirs, ours):
            run(f"{PEERS}/pg_restore", "--section=pre-data", "-L", folder / "rest.list", "-d", conninfo, folder / "whole.dump", check=False)
    if "-a" in options:
        for conninfo in (theirs, ours):
            dumped = run(f"{PEERS}/pg_dump", "-s", "-d", source, "-f", folder / "schema.sql")
            psql(conninfo, "-f", folder / "schema.sql", check=False)
    run(f"{PEERS}/pg_dump", "-d", source, *options, "-f", folder / "theirs.sql")
    psql(theirs, "-f", folder / "theirs.sql", check=False)
    done = run(PGHAUL, "restore", "-q", "-d", ours, "--keep-going", *options, archive, check=False)
    if done.returncode not in (0, 3):
        return f"restore ended with {done.returncode}: {done.stderr.decode(errors='replace')[:2000]}"
    if "-a" not in options:  # pg_dump's --disable-triggers leaves all of them enabled, whatever they were
        problem += "\n" + "\n".join(differences(schema_lines(theirs), schema_lines(ours)))
    compared = run(PGHAUL, "verify", "-q", "--json", "-a", "--from", theirs, "--to", ours, check=False)
    if compared.returncode:
        told = re.sub('"tables":.*?]', "", compared.stdout.decode(errors="replace"))
        problem += f"\nverify ended with {compared.returncode}: {told[:2000]} {compared.stderr.decode(errors='replace')[-500:]}"
    return problem.strip()


def main():
    target = os.environ.get("PGHAUL_TEST_PG17")
    major = int(sys.argv[1]) if len(sys.argv) > 1 else 16
    source = os.environ.get(f"PGHAUL_TEST_PG{major}")
    if not (PEERS and target and source):
        print(f"skipped: PGHAUL_TEST_PEERS, PGHAUL_TEST_PG17 and PGHAUL_TEST_PG{major} are needed")
        return SKIPPED
    modes = {name: MODES[name] for name in sys.argv[2:] or MODES}
    databases, failed = Databases(source, target), []
    with tempfile.TemporaryDirectory(prefix="pghaul-matrix.") as folder:
        folder = pathlib.Path(folder)
        (folder / "filter").write_text(FILTER)
        try:
            conninfo, roles = load(databases, major)
            roles = [role.strip('"').replace('""', '"') for role in roles]
            archive = folder / "whole.pghaul"
            run(PGHAUL, "dump", "-q", "-d", conninfo, "-f", archive)
            run(f"{PEERS}/pg_dump", "-Fc", "-d", conninfo, "-f", folder / "whole.dump")
            kept = len(databases.made)
            for number, (name, options) in enumerate(modes.items()):
                began = time.monotonic()
                problem = try_mode(databases, conninfo, archive, folder, number, options, roles, name in ENTRIES_ONLY)
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

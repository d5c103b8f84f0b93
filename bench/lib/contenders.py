"""Who takes part in which contest, and with what command. A contender is told where to read and where to write, and says what to
run; it does not know how it is measured."""
import dataclasses
import shutil
from typing import Callable


@dataclasses.dataclass
class Place:
    """Where a run happens: the two databases, and a directory of its own for files."""
    source: str
    target: str
    scratch: object  # pathlib.Path, empty when the run begins
    archives: dict   # by family: what restore reads
    tools: object
    many_files: bool = False  # of the data set: what a run made is kept until the contest is over


@dataclasses.dataclass
class Contender:
    name: str
    family: str  # pghaul, documented, pg_dump, pgcopydb: the best variant of a family is the one that counts
    steps: Callable[[Place], list]
    archive: str = ""  # what of the scratch directory counts as an archive
    variant: bool = False  # takes part only where a family's best is looked for


@dataclasses.dataclass
class Tools:
    pghaul: object
    peers: dict  # name: path

    def has(self, *names):
        return all(name in self.peers for name in names)


PEERS = ["pg_dump", "pg_restore", "psql", "vacuumdb", "pgcopydb"]


def find_peers(directory):
    if not directory:
        return {}
    return {name: str(path) for name in PEERS if (path := shutil.which(name, path=str(directory)))}


def missing_peers(tools):
    return [name for name in PEERS if name not in tools.peers]


def parts(*lists):
    return [one for group in lists for one in group]


# ---- copy ------------------------------------------------------------------------------------------------------------

def pghaul_copy(name, *options, variant=False):
    return Contender(name, "pghaul", lambda at: [[[at.tools.pghaul, "copy", "--from", at.source, "--to", at.target, "-q", *options]]],
                     variant=variant)


def documented_copy(tools):
    """As the documentation tells people to migrate: one process after the other, through a file in custom format."""
    if not tools.has("pg_dump", "pg_restore"):
        return []
    return [Contender("pg_dump -Fc, pg_restore", "documented", lambda at: [
        [[tools.peers["pg_dump"], "-Fc", "-d", at.source, "-f", at.scratch / "dump.custom"]],
        [[tools.peers["pg_restore"], "-d", at.target, at.scratch / "dump.custom"]]], archive="dump.custom")]


def directory_copy(tools, jobs, compress, *options, variant=False, after=None, name_after=""):
    def steps(at):
        there = at.scratch / "dump.dir"
        return [[[tools.peers["pg_dump"], "-Fd", f"-j{jobs}", "-Z", compress, *options, "-d", at.source, "-f", there]],
                [[tools.peers["pg_restore"], f"-j{jobs}", "-d", at.target, there]]] + (after(at) if after else [])
    if not tools.has("pg_dump", "pg_restore"):
        return []
    words = " ".join(["pg_dump", "-Fd", f"-j{jobs}", "-Z", compress, *options])
    return [Contender(f"{words}, pg_restore -j{jobs}{name_after}", "pg_dump", steps, "dump.dir", variant)]


def piped_copy(tools):
    if not tools.has("pg_dump", "pg_restore"):
        return []
    return [Contender("pg_dump -Fc -Z none | pg_restore", "pg_dump", lambda at: [[
        f"'{tools.peers['pg_dump']}' -Fc -Z none -d '{at.source}' | '{tools.peers['pg_restore']}' -d '{at.target}'"]], variant=True)]


def pgcopydb(tools, jobs, *options, label="", variant=False):
    if not tools.has(*PEERS):  # it runs all the others
        return []
    name = f"pgcopydb clone {jobs}+{jobs}" + (f" {label}" if label else "")
    return [Contender(name, "pgcopydb", lambda at: [[[
        tools.peers["pgcopydb"], "clone", "--source", at.source, "--target", at.target, "--table-jobs", jobs, "--index-jobs", jobs,
        "--large-objects-jobs", jobs, "--restore-jobs", jobs, "--dir", at.scratch / "pgcopydb", "--fail-fast", *options]]], variant=variant)]


# Where there is a file a table or a large object, pg_dump waits for the disk after each: there it is told not to.
MANY_FILES = ("tables", "objects")


def quick_files(data_set):
    return ["--no-sync"] if data_set in MANY_FILES else []


def copy_contest(tools, data_set):
    """No one gathers planner statistics: pg_restore never does, so pghaul and pgcopydb are told not to."""
    no_sync = quick_files(data_set)
    skip, split = "--skip-vacuum", ("--split-tables-larger-than", "256MB")
    return parts(
        [pghaul_copy("pghaul copy -j2", "-j2", "--no-analyze"),
         pghaul_copy("pghaul copy -j1", "-j1", "--no-analyze", variant=True),
         pghaul_copy("pghaul copy -j4", "-j4", "--no-analyze", variant=True),
         pghaul_copy("pghaul copy -j2, text", "-j2", "--no-analyze", "--copy-format", "text", variant=True)],
        documented_copy(tools),
        directory_copy(tools, 2, "zstd:1", *no_sync),
        directory_copy(tools, 1, "zstd:1", "--no-sync", variant=True), directory_copy(tools, 4, "zstd:1", "--no-sync", variant=True),
        directory_copy(tools, 2, "none", "--no-sync", variant=True), directory_copy(tools, 4, "none", "--no-sync", variant=True),
        piped_copy(tools),
        pgcopydb(tools, 2, skip),
        pgcopydb(tools, 1, skip, variant=True), pgcopydb(tools, 4, skip, variant=True),
        pgcopydb(tools, 2, skip, "--use-copy-binary", label="binary", variant=True),
        pgcopydb(tools, 4, skip, "--use-copy-binary", label="binary", variant=True),
        pgcopydb(tools, 2, skip, *split, label="split", variant=True),
        pgcopydb(tools, 2, skip, *split, "--use-copy-binary", label="split binary", variant=True))


def statistics_contest(tools, _data_set):
    """Everyone leaves a target whose planner statistics are there. pgcopydb vacuums as well: it cannot analyze alone."""
    vacuumdb = lambda at: [[[tools.peers["vacuumdb"], "--analyze-only", "-q", "-j2", "-d", at.target]]]
    return parts([pghaul_copy("pghaul copy -j2, analyzed", "-j2")],
                 directory_copy(tools, 2, "zstd:1", after=vacuumdb, name_after=", vacuumdb --analyze-only -j2") if tools.has("vacuumdb") else [],
                 pgcopydb(tools, 2, label="vacuumed, analyzed"))


# ---- dump and restore --------------------------------------------------------------------------------------------------

def pghaul_dump(name, *options, variant=False):
    return Contender(name, "pghaul", lambda at: [[[at.tools.pghaul, "dump", "-d", at.source, "-f", at.scratch / "dump.pghaul", "-q", *options]]],
                     "dump.pghaul", variant)


def directory_dump(tools, jobs, compress, *options, variant=False):
    if not tools.has("pg_dump"):
        return []
    name = " ".join(["pg_dump", "-Fd", f"-j{jobs}", "-Z", compress, *options])
    return [Contender(name, "pg_dump", lambda at: [[[
        tools.peers["pg_dump"], "-Fd", f"-j{jobs}", "-Z", compress, *options, "-d", at.source, "-f", at.scratch / "dump.dir"]]], "dump.dir", variant)]


def dump_contest(tools, data_set):
    return parts([pghaul_dump("pghaul dump -j2", "-j2"), pghaul_dump("pghaul dump -j1", "-j1", variant=True),
                  pghaul_dump("pghaul dump -j4", "-j4", variant=True)],
                 directory_dump(tools, 2, "zstd:1", *quick_files(data_set)),
                 directory_dump(tools, 1, "zstd:1", variant=True), directory_dump(tools, 4, "zstd:1", variant=True))


def pghaul_restore(name, *options, variant=False):
    return Contender(name, "pghaul", lambda at: [[[at.tools.pghaul, "restore", "-d", at.target, "-q", "--no-analyze", *options, at.archives["pghaul"]]]],
                     variant=variant)


def directory_restore(tools, jobs, variant=False):
    if not tools.has("pg_dump", "pg_restore"):
        return []
    return [Contender(f"pg_restore -j{jobs}", "pg_dump", lambda at: [[[tools.peers["pg_restore"], f"-j{jobs}", "-d", at.target, at.archives["pg_dump"]]]],
                      variant=variant)]


def restore_contest(tools, _data_set):
    return parts([pghaul_restore("pghaul restore -j2", "-j2"), pghaul_restore("pghaul restore -j1", "-j1", variant=True),
                  pghaul_restore("pghaul restore -j4", "-j4", variant=True)],
                 directory_restore(tools, 2), directory_restore(tools, 1, True), directory_restore(tools, 4, True))


def verify_contest(_tools, _data_set):
    return [Contender(f"pghaul verify FILE -j{jobs}", "pghaul", lambda at, jobs=jobs: [[[
        at.tools.pghaul, "verify", "-q", "--json", f"-j{jobs}", at.archives["pghaul"]]]]) for jobs in (1, 2)]


def memory_contest(_tools, _data_set):
    return [pghaul_copy(f"pghaul copy -j{jobs}", f"-j{jobs}", "--no-analyze") for jobs in (1, 2, 4)] + [
        pghaul_dump("pghaul dump -j2", "-j2"), pghaul_restore("pghaul restore -j2", "-j2")]


CONTESTS = {"copy": copy_contest, "statistics": statistics_contest, "dump": dump_contest, "restore": restore_contest, "verify": verify_contest,
            "memory": memory_contest}
OF_SET = {"mixed": ["copy", "statistics", "dump", "restore", "verify", "limit", "memory"], "big": ["copy", "dump", "restore", "limit"],
          "tables": ["copy", "dump", "restore"], "objects": ["copy"], "text": ["copy", "dump", "limit"]}

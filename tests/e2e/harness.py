"""What the end-to-end tests stand on: servers from the environment, throwaway databases, and pghaul run as a person runs it.

Servers are named by PGHAUL_TEST_PG<major> (CONNINFO of a superuser), PostgreSQL's own pg_dump 17 by PGHAUL_TEST_PEERS (its
directory); what needs one that is not there is skipped by name. PGHAUL and PGHAUL_SQLRUN are the programs.
"""
import contextlib
import itertools
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import unittest

PGHAUL = os.environ.get("PGHAUL", "pghaul")
SQLRUN = os.environ.get("PGHAUL_SQLRUN", "pghaul-sqlrun")
SAMPLES = pathlib.Path(__file__).resolve().parents[2] / "samples"
NUMBERS = itertools.count(1)

DONE, FAILED, USAGE, SKIPPED, DIFFERS, DAMAGED = range(6)  # exit codes


def unique(prefix="e2e"):
    return f"{prefix}_{os.getpid()}_{next(NUMBERS)}"


def in_conninfo(value):
    return "'" + str(value).replace("\\", "\\\\").replace("'", "\\'") + "'"


def ident(name):
    return '"' + name.replace('"', '""') + '"'


def literal(text):
    return "'" + text.replace("'", "''") + "'"


def environment(**more):
    """Ours without PG* variables, which would change what a connection string means."""
    clean = {key: value for key, value in os.environ.items() if not (key.startswith("PG") and not key.startswith("PGHAUL"))}
    return {**clean, "PGCONNECT_TIMEOUT": "10", **more}


def sql(conninfo, *statements):
    """Runs statements on one connection; the rows they give, as lists of texts."""
    arguments = [part for statement in statements for part in ("-c", statement)]
    done = subprocess.run([SQLRUN, conninfo, *arguments], capture_output=True, env=environment(), timeout=120)
    if done.returncode:
        raise AssertionError(f"SQL failed: {done.stderr.decode(errors='replace')}")
    return [line.split("\t") for line in done.stdout.decode("utf-8", "surrogateescape").splitlines()]


def script(conninfo, *files, **variables):
    settings = [part for name, value in variables.items() for part in ("-v", f"{name}={value}")]
    done = subprocess.run([SQLRUN, conninfo, *settings, *map(str, files)], capture_output=True, env=environment(), timeout=300)
    if done.returncode:
        raise AssertionError(f"script failed: {done.stderr.decode(errors='replace')}")


def value(conninfo, query):
    return sql(conninfo, query)[0][0]


def wait_until(condition, what, seconds=20):
    end = time.monotonic() + seconds
    while not (result := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds} s in vain: {what}")
        time.sleep(0.02)
    return result


class Result:
    """A finished pghaul: exit code, standard output (bytes), standard error (text), peak memory in bytes, seconds."""

    def __init__(self, code, out, err, peak, seconds):
        self.code, self.out, self.err, self.peak, self.seconds = code, out, err, peak, seconds

    @property
    def json(self):
        return json.loads(self.out)

    def __str__(self):
        out = self.out if len(self.out) < 4000 else self.out[:4000] + b"..."
        return f"exit code {self.code}\n--- stdout\n{out.decode(errors='replace')}\n--- stderr\n{self.err}"


class Process:
    """A pghaul that runs in a folder of the test's own; its outputs go to files, so that no pipe has to be drained."""

    def __init__(self, arguments, folder, stdin=None, stdout=None, env=None, prepare=None):
        self.out, self.err = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        self.began = time.monotonic()
        self.child = subprocess.Popen([PGHAUL, *map(str, arguments)], stdin=stdin if stdin is not None else subprocess.DEVNULL,
                                      stdout=stdout if stdout is not None else self.out, stderr=self.err, cwd=folder,
                                      env=environment(**(env or {})), preexec_fn=prepare)

    @property
    def pid(self):
        return self.child.pid

    def running(self):
        return self.child.returncode is None and os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    def kill(self, number=signal.SIGKILL):
        os.kill(self.pid, number)

    def wait(self, seconds=120):
        timer = threading.Timer(seconds, self.kill)
        timer.start()
        _, status, usage = os.wait4(self.pid, 0)
        hung = not timer.is_alive()
        timer.cancel()
        self.child.returncode = code = os.waitstatus_to_exitcode(status)
        texts = []
        for file in (self.out, self.err):
            file.seek(0)
            texts.append(file.read())
            file.close()
        result = Result(code, texts[0], texts[1].decode(errors="replace"), usage.ru_maxrss * 1024, time.monotonic() - self.began)
        if hung:
            raise AssertionError(f"pghaul did not end within {seconds} s\n{result}")
        return result

    def text_so_far(self):
        return os.pread(self.err.fileno(), 1 << 20, 0).decode(errors="replace")


class Case(unittest.TestCase):
    maxDiff = 4000

    def run(self, result=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="pghaul-e2e."))
        try:
            return super().run(result)
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    # ---- servers and databases

    def server(self, major):
        conninfo = os.environ.get(f"PGHAUL_TEST_PG{major}")
        if not conninfo:
            self.skipTest(f"PGHAUL_TEST_PG{major} is not set")
        return conninfo

    def in_database(self, major, name):
        return f"{self.server(major)} dbname={in_conninfo(name)}"

    def database(self, major, *statements, options="TEMPLATE template0", name=None):
        """A new database; its CONNINFO. Dropped at the end of the test."""
        name = name or unique()
        sql(self.server(major), f"CREATE DATABASE {ident(name)} {options}")
        self.drops(major, name)
        conninfo = self.in_database(major, name)
        if statements:
            sql(conninfo, ";\n".join(statements))
        return conninfo

    def drops(self, major, name):
        """Promises to drop a database that the test, or pghaul, makes."""
        def drop():
            for (subscription,) in sql(self.server(major), "SELECT subname FROM pg_subscription AS s JOIN pg_database AS d ON d.oid = s.subdbid "
                                                           f"WHERE d.datname = {literal(name)} AND subslotname IS NULL"):
                sql(self.in_database(major, name), f"DROP SUBSCRIPTION {ident(subscription)}")
            sql(self.server(major), f"DROP DATABASE IF EXISTS {ident(name)} WITH (FORCE)")
        self.addCleanup(drop)

    def role(self, *majors, name=None, options="NOLOGIN"):
        name = name or unique("e2e_role")
        for major in majors:
            sql(self.server(major), f"CREATE ROLE {ident(name)} {options}")
            self.addCleanup(lambda major=major: sql(self.server(major), f"DROP ROLE IF EXISTS {ident(name)}"))
        return name

    def locked(self, conninfo, table):
        """While it lasts, nobody else gets at the table."""
        @contextlib.contextmanager
        def holding():
            with self.session(conninfo, f"BEGIN; LOCK TABLE {table}; SELECT pg_sleep(600)"):
                wait_until(lambda: value(conninfo, f"SELECT count(*) FROM pg_locks WHERE relation = '{table}'::regclass AND granted "
                                                   "AND mode = 'AccessExclusiveLock'") == "1", "the table is locked")
                yield
        return holding()

    @contextlib.contextmanager
    def session(self, conninfo, *statements):
        """A session that runs statements meanwhile, and is ended afterwards."""
        arguments = [part for statement in statements for part in ("-c", statement)]
        name = unique("e2e_session")
        child = subprocess.Popen([SQLRUN, conninfo, *arguments], env=environment(PGAPPNAME=name), stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
        try:
            yield child
        finally:
            sql(conninfo, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '{name}'")
            child.kill()
            child.wait()

    # ---- pghaul

    def start(self, *arguments, **how):
        process = Process(arguments, self.folder, **how)

        def end():
            if process.child.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                process.wait()
        self.addCleanup(end)
        return process

    def pghaul(self, *arguments, code=DONE, seconds=120, **how):
        """Runs it and expects an exit code."""
        result = self.start(*arguments, **how).wait(seconds)
        self.assertEqual(result.code, code, f"pghaul {' '.join(map(str, arguments))}\n{result}")
        return result

    def refused(self, *arguments, says, hint=None, state=None, code=FAILED, **how):
        """Expects an error: its words in the message (says: one or several), a hint, the SQLSTATE."""
        result = self.pghaul(*arguments, code=code, **how)
        self.says(result, says, hint, state)
        return result

    def says(self, result, says, hint=None, state=None):
        errors = [line for line in result.err.splitlines() if line.startswith("pghaul: error: ")]
        self.assertEqual(len(errors), 1, f"not one error\n{result}")
        for words in [says] if isinstance(says, str) else says:
            self.assertIn(words, result.err)
        hints = [line for line in result.err.splitlines() if line.startswith("  hint: ")]
        self.assertEqual(len(hints), 1, f"not one hint\n{result}")
        self.assertNotIn("bug in pghaul", hints[0])
        if hint:
            self.assertIn(hint.lower(), hints[0].lower())
        if state:
            self.assertIn(f"(SQLSTATE {state})", result.err)

    def dump(self, source, *options, **how):
        archive = self.folder / f"{unique('archive')}.pghaul"
        self.pghaul("dump", "-q", "-d", source, "-f", archive, *options, **how)
        return archive

    def equal(self, source, target, *options):
        """Two databases are equal to pghaul verify."""
        self.pghaul("verify", "-q", "--from", source, "--to", target, *options)

    def assert_empty(self, conninfo):
        """Nothing of a user's is in the database."""
        rows = sql(conninfo, "SELECT n.nspname, c.relname FROM pg_namespace AS n LEFT JOIN pg_class AS c ON c.relnamespace = n.oid "
                             "WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' "
                             "AND (n.nspname <> 'public' OR c.oid IS NOT NULL)")
        self.assertEqual(rows, [], "the target was changed")

    def assert_no_file(self, *paths):
        """Neither an archive nor a part of one was left."""
        for path in paths:
            left = [file.name for file in path.parent.glob(path.name + "*")]
            self.assertEqual(left, [], "a file was left")

    def assert_no_sessions(self, server, application, seconds=5):
        """The server has no session of pghaul's any more; they are told apart by PGAPPNAME."""
        query = f"SELECT count(*) FROM pg_stat_activity WHERE application_name = {literal(application)}"
        wait_until(lambda: value(server, query) == "0", "sessions of pghaul remain on the server", seconds)

    def schema_of(self, conninfo):
        """What pg_dump says, without the lines that name versions and one-time keys. None where there is no pg_dump."""
        peers = os.environ.get("PGHAUL_TEST_PEERS")
        if not peers:
            return None
        done = subprocess.run([f"{peers}/pg_dump", "--schema-only", "-d", conninfo], capture_output=True, env=environment(), timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr.decode(errors="replace"))
        lines = done.stdout.decode("utf-8", "surrogateescape").splitlines()
        return [line for line in lines if not re.match(r"-- Dumped |\\(un)?restrict ", line)]

    def same_schema(self, source, target):
        ours, theirs = self.schema_of(source), self.schema_of(target)
        self.assertEqual(ours, theirs)


def main():
    """One class a process: exit code 77 when all of it was skipped."""
    program = unittest.main(module="__main__", exit=False, verbosity=2)
    result = program.result
    if not result.wasSuccessful():
        raise SystemExit(1)
    if result.testsRun == len(result.skipped):
        raise SystemExit(77)

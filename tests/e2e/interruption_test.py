"""Ctrl-C, kill -9, lost connections and DDL in the midst of it: what is said, what is left, and that nothing is taken for done.

What has to be slow is made slow by something that waits: a pipe that nobody reads, a lock, a CHECK or an index with pg_sleep.
"""
import contextlib
import os
import select
import signal

from harness import DONE, FAILED, Case, literal, main, sql, unique, value, wait_until

NOISE = """CREATE UNLOGGED TABLE noise AS SELECT i, (SELECT string_agg(sha512((i * 40 + n)::text::bytea), '') FROM generate_series(1, 20) n) AS a
             FROM generate_series(1, {rows}) i"""
# Quick on the source, slow on 17.
SLOW = """CREATE FUNCTION slow(i int) RETURNS int IMMUTABLE STRICT LANGUAGE plpgsql AS $$
            BEGIN IF current_setting('server_version_num')::int >= 170000 THEN PERFORM pg_catalog.pg_sleep(0.02); END IF; RETURN i; END $$"""


class _Interrupted(Case):
    def setUp(self):
        self.name = unique("e2e_app")
        self.env = {"PGAPPNAME": self.name}

    def run_pghaul(self, *arguments, **how):
        return self.start(*arguments, env=self.env, **how)

    def sessions(self, server, condition):
        return [int(row[0]) for row in sql(server, f"SELECT pid FROM pg_stat_activity WHERE application_name = {literal(self.name)} AND {condition}")]

    def when(self, server, condition, what):
        return wait_until(lambda: self.sessions(server, condition), what)

    def stopped(self, process, says, seconds=10):
        process.kill(signal.SIGINT)
        result = process.wait(seconds)
        self.assertEqual(result.code, FAILED, result)
        self.says(result, ["stopped: ", *([says] if isinstance(says, str) else says)])
        return result


class DumpInterrupted(_Interrupted):
    def setUp(self):
        super().setUp()
        self.source = self.database(16, NOISE.format(rows=40_000), "CREATE TABLE small AS SELECT generate_series(1, 10) AS a")  # 50 MB
        self.archive = self.folder / "a.pghaul"

    @contextlib.contextmanager
    def into_a_pipe(self, *options):
        """A dump whose reader waits: (process, function that reads it to the end into the archive)."""
        read, write = os.pipe()
        process = self.run_pghaul("dump", *options, "-d", self.source, "-f", "-", stdout=write)
        os.close(write)

        def drain():
            with self.archive.open("wb") as file:
                while piece := os.read(read, 1 << 20):
                    file.write(piece)
        try:
            self.when(self.source, "query LIKE 'COPY public.%' AND wait_event = 'ClientWrite'", "a worker waits for the pipe")
            yield process, drain
        finally:
            os.close(read)

    def test_while_it_waits_for_a_lock(self):
        with self.locked(self.source, "small"):
            process = self.run_pghaul("dump", "-d", self.source, "-f", self.archive)
            self.when(self.source, "wait_event_type = 'Lock'", "the dump waits")
            self.stopped(process, "no archive was written", 5)
            self.assert_no_sessions(self.server(16), self.name)
        self.assert_no_file(self.archive)

    def test_while_it_reads_rows(self):
        process = self.run_pghaul("dump", "-Z", "19", "-d", self.source, "-f", self.archive)
        partial = self.archive.with_name(self.archive.name + ".partial")
        wait_until(lambda: partial.exists() and partial.stat().st_size > 1 << 20, "some chunks are written")
        self.stopped(process, "no archive was written")
        self.assert_no_sessions(self.server(16), self.name)
        self.assert_no_file(self.archive)

    def test_terminate_is_as_interrupt(self):
        with self.locked(self.source, "small"):
            process = self.run_pghaul("dump", "-d", self.source, "-f", self.archive)
            self.when(self.source, "wait_event_type = 'Lock'", "the dump waits")
            process.kill(signal.SIGTERM)
            self.says(process.wait(5), "no archive was written")
        self.assert_no_file(self.archive)

    def test_second_interrupt_ends_at_once(self):
        with self.into_a_pipe() as (process, _):
            process.kill(signal.SIGINT), process.kill(signal.SIGINT)
            wait_until(lambda: not process.running() or process.kill(signal.SIGINT), "the second one ends it", 5)
            self.assertEqual(process.wait(5).code, FAILED)
        self.assert_no_sessions(self.server(16), self.name)

    def test_killed(self):
        process = self.run_pghaul("dump", "-Z", "19", "-d", self.source, "-f", self.archive)
        partial = self.archive.with_name(self.archive.name + ".partial")
        wait_until(lambda: partial.exists() and partial.stat().st_size > 1 << 20, "some chunks are written")
        process.kill()
        process.wait()
        self.assertFalse(self.archive.exists())
        self.refused("verify", partial, says="incomplete", code=5)
        self.assert_no_sessions(self.server(16), self.name)
        self.pghaul("dump", "-q", "-d", self.source, "-f", self.archive)
        self.pghaul("verify", "-q", self.archive, "-d", self.source)
        self.assertFalse(partial.exists())

    def test_worker_loses_its_connection(self):
        """It connects again, and the archive is as if nothing had been."""
        with self.into_a_pipe("-j", "2") as (process, drain):
            for pid in self.sessions(self.source, "query LIKE 'COPY public.%'"):
                sql(self.source, f"SELECT pg_terminate_backend({pid})")
            drain()
            result = process.wait()
        self.assertEqual(result.code, DONE, result)
        self.assertIn("connecting again", result.err)
        self.assertIn("TABLE DATA public.noise", result.err)
        self.pghaul("verify", "-q", self.archive)
        self.pghaul("verify", "-q", self.archive, "-d", self.source)

    def test_keeper_loses_its_connection(self):
        """Without it nothing holds the tables as they were: the dump fails, however much it had read."""
        with self.into_a_pipe("-j", "1") as (process, drain):
            for pid in self.sessions(self.source, "query NOT LIKE 'COPY public.%'"):
                sql(self.source, f"SELECT pg_terminate_backend({pid})")
            drain()
            result = process.wait()
        self.assertEqual(result.code, FAILED, result)
        self.says(result, ["holds the snapshot", "terminat"], hint="server")
        self.refused("verify", self.archive, says="incomplete", code=5)

    def test_everything_loses_its_connection(self):
        with self.into_a_pipe("-j", "2") as (process, drain):
            sql(self.source, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = {literal(self.name)}")
            drain()
            result = process.wait()
        self.assertEqual(result.code, FAILED, result)
        self.says(result, ["snapshot", "noise"], hint="snapshot is gone")
        self.refused("verify", self.archive, says="incomplete", code=5)

    def test_tables_that_come_and_go(self):
        """DDL beside the dump: what it locks and reads is of one moment, whole, and restores."""
        churn = """DO $$BEGIN FOR i IN 1..1000000 LOOP
                     EXECUTE format('CREATE TABLE churn_%s (a int PRIMARY KEY); INSERT INTO churn_%s VALUES (%s)', i % 5, i % 5, i); COMMIT;
                     EXECUTE format('ALTER TABLE churn_%s ADD b text DEFAULT ''x''', i % 5); COMMIT;
                     IF i > 2 THEN EXECUTE format('DROP TABLE churn_%s', (i + 3) % 5); COMMIT; END IF;
                   END LOOP; END$$"""
        sql(self.source, "DROP TABLE noise")
        with self.session(self.source, churn):
            wait_until(lambda: value(self.source, "SELECT count(*) FROM pg_class WHERE relname LIKE 'churn%'") != "0", "tables come and go")
            archives = [self.dump(self.source, "-s") for _ in range(6)]
        for archive in archives[:2]:
            target = self.database(17)
            self.pghaul("restore", "-q", "-d", target, archive)
            self.pghaul("verify", "-q", "-s", archive, "-d", target)

    def test_tables_that_come_without_pause(self):
        """Something new at each look, gone at the next: the locking ends all the same."""
        sql(self.source, "DROP TABLE noise")
        with self.session(self.source, "DO $$BEGIN FOR i IN 1..1000000 LOOP EXECUTE format('CREATE TABLE comes_%s (a int)', i); COMMIT; "
                                       "EXECUTE format('DROP TABLE comes_%s', i); COMMIT; END LOOP; END$$"):
            wait_until(lambda: value(self.source, "SELECT count(*) FROM pg_class WHERE relname LIKE 'comes%'") != "0", "tables come and go")
            for _ in range(6):
                archive = self.dump(self.source, seconds=30)
        self.pghaul("verify", "-q", archive)

    def test_tables_that_others_wait_for_while_they_are_read(self):
        """Who wants to alter a table waits for the dump; the dump's workers do not wait behind him for ever."""
        sql(self.source, "DROP TABLE noise")
        with self.session(self.source, "DO $$BEGIN FOR i IN 1..1000000 LOOP EXECUTE 'ALTER TABLE small ALTER a SET DEFAULT ' || i; "
                                       "COMMIT; END LOOP; END$$"):
            for _ in range(3):
                archive = self.dump(self.source, seconds=30)
        self.pghaul("verify", "-q", "-a", archive, "-d", self.source)

    def test_tables_that_come(self):
        sql(self.source, "DROP TABLE noise")
        with self.session(self.source, "DO $$BEGIN FOR i IN 1..300 LOOP EXECUTE format('CREATE TABLE new_%s AS SELECT %s AS a', i, i); COMMIT; "
                                       "PERFORM pg_sleep(0.01); END LOOP; END$$"):
            wait_until(lambda: value(self.source, "SELECT count(*) FROM pg_class WHERE relname LIKE 'new%'") != "0", "tables come")
            archives = [self.dump(self.source) for _ in range(4)]
        for archive in archives:
            tables = [table for table in self.pghaul("inspect", "--json", archive).json["tables"] if table["name"] != "small"]
            self.assertEqual({table["rows"] for table in tables}, {1})


class RestoreInterrupted(_Interrupted):
    def setUp(self):
        super().setUp()
        self.source = self.database(16, SLOW, "CREATE TABLE quick AS SELECT generate_series(1, 10) AS a", "CREATE TABLE t (a int)",
                                    "INSERT INTO t SELECT generate_series(1, 300)")
        self.target = self.database(17)

    def slow_rows(self):
        sql(self.source, "ALTER TABLE t ADD CONSTRAINT slow CHECK (slow(a) > 0)")
        return self.dump(self.source)

    def slow_index(self):
        sql(self.source, "CREATE INDEX slow_index ON t (slow(a))")
        return self.dump(self.source)

    def left_behind(self):
        return "holds a part of the archive"

    def test_while_it_loads_rows(self):
        process = self.run_pghaul("restore", "-d", self.target, self.slow_rows())
        self.when(self.target, "query LIKE 'COPY public.t%'", "rows are loaded")
        self.stopped(process, self.left_behind(), 5)
        self.assert_no_sessions(self.server(17), self.name)
        self.assertEqual(value(self.target, "SELECT count(*) FROM t"), "0")

    def test_while_it_builds_an_index(self):
        process = self.run_pghaul("restore", "-d", self.target, self.slow_index())
        self.when(self.target, "query LIKE 'CREATE INDEX%'", "the index is built")
        result = self.stopped(process, [self.left_behind(), "310 rows"], 5)
        self.assertNotIn("restored", result.out.decode())
        self.assert_no_sessions(self.server(17), self.name)

    def test_from_standard_input_that_waits(self):
        read, write = os.pipe()
        content = self.dump(self.source).read_bytes()
        for size, says in ((300, "nothing was changed"), (len(content) - 100, self.left_behind())):
            process = self.run_pghaul("restore", "-d", self.target, "-", stdin=read)
            os.write(write, content[:size])
            wait_until(lambda: not select.select([read], [], [], 0)[0], "it has read what there is")
            if size > 300:
                self.when(self.target, "state = 'idle' AND query LIKE 'COPY public.%'", "rows are loaded")
            self.stopped(process, says, 5)
        os.close(read), os.close(write)

    def test_a_run_after_it_is_refused(self):
        """What is left is not taken for an empty database."""
        archive = self.slow_index()
        process = self.run_pghaul("restore", "-d", self.target, archive)
        self.when(self.target, "query LIKE 'CREATE INDEX%'", "the index is built")
        self.stopped(process, self.left_behind(), 5)
        self.refused("restore", "-d", self.target, archive, says=["not empty", "public.t"])

    def test_loader_loses_its_connection(self):
        process = self.run_pghaul("restore", "-d", self.target, self.slow_rows())
        pid, *_ = self.when(self.target, "query LIKE 'COPY public.t%'", "rows are loaded")
        sql(self.target, f"SELECT pg_terminate_backend({pid})")
        result = process.wait(20)
        self.assertEqual(result.code, FAILED, result)
        self.says(result, ["TABLE DATA public.t", "terminating connection", self.left_behind()], hint="server's log", state="57P01")
        self.assertNotIn("restored", result.out.decode())

    def test_builder_loses_its_connection(self):
        process = self.run_pghaul("restore", "--json", "-d", self.target, self.slow_index())
        pid, *_ = self.when(self.target, "query LIKE 'CREATE INDEX%'", "the index is built")
        sql(self.target, f"SELECT pg_terminate_backend({pid})")
        result = process.wait(20)
        self.assertEqual(result.code, FAILED, result)
        self.says(result, ["INDEX public.slow_index", self.left_behind()], hint="server's log", state="57P01")
        self.assertEqual(result.json["ok"], False)

    def test_server_shuts_out_the_main_connection(self):
        """The one that waits while others load."""
        process = self.run_pghaul("restore", "-j", "1", "-d", self.target, self.slow_rows())
        loading = self.when(self.target, "query LIKE 'COPY public.t%'", "rows are loaded")
        waiting = [pid for pid in self.sessions(self.target, "true") if pid not in loading]
        sql(self.target, *(f"SELECT pg_terminate_backend({pid})" for pid in waiting))
        result = process.wait(60)
        self.assertEqual(result.code, FAILED, result)
        self.says(result, self.left_behind(), hint="")


class Deadlocks(Case):
    TABLES = ["CREATE TABLE t (a int) PARTITION BY LIST (a)", "CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1)"]

    def test_rows_that_lose_a_deadlock_are_loaded_again(self):
        """COPY locks a partition, then its parent; somebody else takes the two the other way round, and is more patient."""
        archive = self.dump(self.database(16, *self.TABLES, "INSERT INTO t SELECT 1 FROM generate_series(1, 10)"))
        target = self.database(17, *self.TABLES)
        waits = "SELECT FROM pg_locks WHERE relation = 't'::regclass AND NOT granted"
        with self.session(target, "SET deadlock_timeout = '1h'",
                          "BEGIN; LOCK TABLE ONLY t; "
                          f"DO $$BEGIN WHILE NOT EXISTS ({waits}) LOOP PERFORM pg_sleep(0.01); END LOOP; END$$; LOCK TABLE ONLY t1; COMMIT") as other:
            wait_until(lambda: sql(target, "SELECT FROM pg_locks WHERE relation = 't'::regclass AND mode = 'AccessExclusiveLock'"), "it is locked")
            self.pghaul("restore", "-q", "-a", "--no-analyze", "-d", target, archive, seconds=30)
            self.assertEqual(other.wait(10), 0)
        self.assertEqual(value(target, "SELECT count(*) FROM t"), "10")


class CopyInterrupted(_Interrupted):
    def setUp(self):
        super().setUp()
        self.source = self.database(16, SLOW, "CREATE TABLE t (a int)", "INSERT INTO t SELECT generate_series(1, 300)",
                                    "ALTER TABLE t ADD CONSTRAINT slow CHECK (slow(a) > 0)")
        self.target = self.database(17)

    def loading(self, *options):
        process = self.run_pghaul("copy", *options, "--from", self.source, "--to", self.target)
        return process, self.when(self.target, "query LIKE 'COPY public.t%'", "rows are loaded")

    def test_while_it_copies(self):
        process, _ = self.loading()
        self.stopped(process, "holds a part", 5)
        for major in (16, 17):
            self.assert_no_sessions(self.server(major), self.name)

    def test_while_it_waits_for_the_source(self):
        with self.locked(self.source, "t"):
            process = self.run_pghaul("copy", "--from", self.source, "--to", self.target, "--archive", self.folder / "a")
            self.when(self.source, "wait_event_type = 'Lock'", "it waits for the lock")
            self.stopped(process, "nothing was changed", 5)
        self.assert_no_file(self.folder / "a")
        self.assert_empty(self.target)

    def test_target_is_lost(self):
        process, loaders = self.loading()
        sql(self.target, *(f"SELECT pg_terminate_backend({pid})" for pid in loaders))
        result = process.wait(20)
        self.assertEqual(result.code, FAILED, result)
        self.says(result, ["TABLE DATA public.t", "holds a part"], state="57P01")


if __name__ == "__main__":
    main()

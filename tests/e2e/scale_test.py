"""What must not grow with the size of a database."""
import contextlib
import os
import re
import socket
import struct
import threading
import time

from harness import Case, main


class Listener:
    """Stands between a client and a server's socket, and keeps the statements that pass; far: what answers take on their way, seconds."""

    def __init__(self, folder, server, far=0):
        self.statements, self.server, self.far = [], server, far
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(str(folder / ".s.PGSQL.5432"))
        self.socket.listen()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, server = self.socket.accept()[0], socket.socket(socket.AF_UNIX)
                server.connect(self.server)
                threading.Thread(target=self.pass_on, args=(client, server, self.messages()), daemon=True).start()
                threading.Thread(target=self.pass_on, args=(server, client, None), daemon=True).start()

    def pass_on(self, here, there, reader):
        with contextlib.suppress(OSError):
            if reader:
                next(reader)
            while data := here.recv(1 << 16):
                if reader:
                    reader.send(data)
                elif self.far:
                    time.sleep(self.far)
                there.sendall(data)
        with contextlib.suppress(OSError):
            there.shutdown(socket.SHUT_WR)

    def messages(self):
        """Takes bytes of the protocol: a first message without a type, then type, length, body; Q and P bring statements."""
        have, types = b"", 0
        while True:
            while len(have) >= types + 4 and len(have) >= types + (length := struct.unpack_from(">I", have, types)[0]):
                if types and have[:1] in b"QP":
                    body = have[5:types + length] if have[:1] == b"Q" else have[5:types + length].split(b"\0", 1)[1]
                    self.statements.append(body.split(b"\0", 1)[0].decode(errors="replace"))
                have, types = have[types + length:], 1
            have += yield


class _Heard(Case):
    def listen(self, major, database, far=0):
        """A listener, and the database through it."""
        folder = self.folder / database.split("dbname=")[-1].strip("'")
        folder.mkdir()
        directory = re.search(r"host=(\S+)", self.server(major)).group(1)
        port = re.search(r"port=(\d+)", self.server(major))
        listener = Listener(folder, os.path.join(directory, f".s.PGSQL.{port.group(1) if port else 5432}"), far)
        self.addCleanup(listener.socket.close)
        return listener, re.sub(r"port=\d+", "", database.replace(f"host={directory}", f"host={folder}")) + " port=5432"


class ManyTables(_Heard):
    def statements_of_a_dump(self, tables):
        source = self.database(16, f"""DO $$BEGIN FOR i IN 1..{tables} LOOP
            EXECUTE format('CREATE TABLE t%s (id int PRIMARY KEY, a text DEFAULT ''x'', b int CHECK (b > 0))', i);
            EXECUTE format('CREATE INDEX ON t%s (a)', i); EXECUTE format('COMMENT ON TABLE t%s IS ''table %s''', i, i);
            EXECUTE format('GRANT SELECT ON t%s TO PUBLIC', i); END LOOP; END$$""")
        listener, through = self.listen(16, source)
        self.pghaul("dump", "-q", "-s", "-d", through, "-f", self.folder / f"{tables}.pghaul")
        listener.socket.close()
        return listener.statements

    def test_the_catalog_is_read_by_as_many_queries(self):
        """By two sessions, which share them out as it comes; each snapshot has a name of its own."""
        few, many = (sorted(text[:80] for text in self.statements_of_a_dump(tables) if not text.startswith(("LOCK ", "SET TRANSACTION SNAPSHOT ")))
                     for tables in (100, 1000))
        self.assertGreater(len(few), 20)
        self.assertEqual(few, many)


class BigTable(_Heard):
    ROWS = """CREATE TABLE fact (id bigint NOT NULL, code text NOT NULL, at timestamptz, note text,
                                 CONSTRAINT "fact's key" PRIMARY KEY (id) WITH (fillfactor = 80),
                                 CONSTRAINT fact_code UNIQUE (code) INCLUDE (at) DEFERRABLE INITIALLY DEFERRED);
              COMMENT ON CONSTRAINT fact_code ON fact IS 'built beside the others';
              INSERT INTO fact SELECT i, md5(i::text), timestamptz '2024-01-01' + i * interval '1 min', repeat(chr(65 + i % 26), 60)
              FROM generate_series(1, 250000) AS i;
              CREATE INDEX fact_at ON fact (at); CREATE INDEX fact_note ON fact (note);
              CREATE TABLE part (id bigint PRIMARY KEY REFERENCES fact);
              INSERT INTO part SELECT generate_series(1, 100); ANALYZE"""

    def test_keys_are_built_beside_other_indexes(self):
        source = self.database(16, self.ROWS)
        target = self.database(17)
        listener, through = self.listen(17, target)
        self.pghaul("copy", "-q", "-j2", "--from", source, "--to", through)
        built = sum(text.count(" USING INDEX ") for text in listener.statements)
        self.assertEqual(built, 2, "both keys take over an index that was built first")
        self.equal(source, target)
        self.same_schema(source, target)

    def test_chunks_share_a_copy_where_the_server_is_far_away(self):
        source = self.database(16, self.ROWS)
        def copies(*options, **where):
            target = self.database(17)
            listener, through = self.listen(17, target, **where)
            told = self.pghaul("copy", "--json", "-j2", *options, "--from", source, "--to", through).json
            listener.socket.close()
            self.equal(source, target)
            return told["chunks"], sum(" FROM STDIN" in text for text in listener.statements)
        chunks, there = copies(far=0.05)
        self.assertGreater(chunks, 5)
        self.assertLess(there, chunks)
        chunks, there = copies("--max-memory", "45", far=0.05)
        self.assertEqual(there, chunks, "each has a COPY of its own where memory is short")

    def test_memory_and_rate_keep_to_their_limits(self):
        source = self.database(16, self.ROWS)
        target = self.database(17)
        limited = self.pghaul("copy", "-q", "-j2", "--max-memory", "45", "--rate-limit", "20", "--from", source, "--to", target)
        self.equal(source, target)
        self.assertLess(limited.peak, 45_000_000)
        self.assertGreater(limited.seconds, 1.0, "about 30 MB of rows at 20 MB a second")
        archive = self.dump(source)
        target = self.database(17)
        limited = self.pghaul("restore", "-q", "-j2", "--max-memory", "60", "--rate-limit", "20", "-d", target, archive)
        self.equal(source, target)
        self.assertLess(limited.peak, 60_000_000)
        self.assertGreater(limited.seconds, 1.0)
        self.refused("restore", "-j8", "--max-memory", "40", "-d", target, archive, says="--max-memory", hint="fewer jobs", code=2)

    def test_index_builds_take_the_memory_and_workers_that_are_asked_for(self):
        source = self.database(16, self.ROWS + "; CREATE INDEX fact_letters ON fact USING gin (string_to_array(code, 'a'))")
        def built_with(*options):
            listener, through = self.listen(17, self.database(17))
            self.pghaul("copy", "-q", "-j1", *options, "--from", source, "--to", through)
            listener.socket.close()
            return {text for text in listener.statements if "SET maintenance_work_mem" in text}
        self.assertEqual(built_with("--maintenance-work-mem", "12MB", "--parallel-maintenance-workers", "0"),
                         {"SET maintenance_work_mem = '12MB'", "SET max_parallel_maintenance_workers = 0; SET maintenance_work_mem = '12MB'"})
        self.assertEqual(built_with(), {"SET max_parallel_maintenance_workers = 0; SET maintenance_work_mem = '8192kB'",    # sorts
                                        "SET max_parallel_maintenance_workers = 0; SET maintenance_work_mem = '65536kB'"})  # the GIN
        self.refused("copy", "-q", "--maintenance-work-mem", "much", "--from", source, "--to", self.database(17),
                     says=["--maintenance-work-mem", "maintenance_work_mem"], state="22023")


if __name__ == "__main__":
    main()

"""What must not grow with the size of a database."""
import contextlib
import os
import re
import socket
import struct
import threading

from harness import Case, main


class Listener:
    """Stands between a client and a server's socket, and keeps the statements that pass."""

    def __init__(self, folder, server):
        self.statements, self.server = [], server
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


class ManyTables(Case):
    def statements_of_a_dump(self, tables):
        source = self.database(16, f"""DO $$BEGIN FOR i IN 1..{tables} LOOP
            EXECUTE format('CREATE TABLE t%s (id int PRIMARY KEY, a text DEFAULT ''x'', b int CHECK (b > 0))', i);
            EXECUTE format('CREATE INDEX ON t%s (a)', i); EXECUTE format('COMMENT ON TABLE t%s IS ''table %s''', i, i);
            EXECUTE format('GRANT SELECT ON t%s TO PUBLIC', i); END LOOP; END$$""")
        folder = self.folder / str(tables)
        folder.mkdir()
        directory = re.search(r"host=(\S+)", self.server(16)).group(1)
        port = re.search(r"port=(\d+)", self.server(16))
        listener = Listener(folder, os.path.join(directory, f".s.PGSQL.{port.group(1) if port else 5432}"))
        through = re.sub(r"port=\d+", "", source.replace(f"host={directory}", f"host={folder}"))
        self.pghaul("dump", "-q", "-s", "-d", f"{through} port=5432", "-f", folder / "archive")
        listener.socket.close()
        return listener.statements

    def test_the_catalog_is_read_by_as_many_queries(self):
        few, many = ([text for text in self.statements_of_a_dump(tables) if not text.startswith("LOCK ")] for tables in (100, 1000))
        self.assertGreater(len(few), 20)
        self.assertEqual([text[:80] for text in few], [text[:80] for text in many])


if __name__ == "__main__":
    main()

"""Connections that fail, and secrets that must not show."""
import os
import pathlib
import subprocess
import tempfile
import unittest

from fake_server import fake_server
from harness import SQLRUN, Case, environment, ident, in_conninfo, literal, main, sql, value, wait_until


class WrongConnection(Case):
    """Every command that connects says what was wrong and what to check; nothing is left behind."""

    def everywhere(self, conninfo, says, hint):
        archive = self.folder / "a.pghaul"
        good = self.database(16, "CREATE TABLE t (a int)")
        whole = self.dump(good)
        for command in (["dump", "-d", conninfo, "-f", archive], ["restore", "-d", conninfo, whole],
                        ["copy", "--from", conninfo, "--to", good], ["copy", "--from", good, "--to", conninfo],
                        ["verify", whole, "-d", conninfo], ["verify", "--from", good, "--to", conninfo]):
            self.refused(*command, says=says, hint=hint, seconds=30)
        self.assert_no_file(archive)

    def test_port(self):
        self.everywhere("host=127.0.0.1 port=1 dbname=shop", ["127.0.0.1", "port 1", "Connection refused"], "port")

    def test_socket_directory(self):
        self.everywhere("host=/nonexistent dbname=shop", ["/nonexistent", "No such file"], "socket")

    def test_database(self):
        self.everywhere(self.in_database(16, "no such database"), ['database "no such database" does not exist'], "name")

    def test_role(self):
        self.everywhere(self.server(16) + " user=nobody_here", ['role "nobody_here" does not exist'], "-U")

    def test_host_name(self):
        self.refused("dump", "-d", "host=no-such-host.invalid dbname=shop", "-f", self.folder / "a", says="no-such-host.invalid", hint="host",
                     seconds=60)

    def test_malformed_connection_string(self):
        for conninfo in ("postgres://[::1/shop", "host=x nonsense=1", "host=x port=many", "postgres://h/d?nonsense=1"):
            self.refused("dump", "-d", conninfo, "-f", self.folder / "a", says="cannot connect", hint="")

    def test_options_go_over_the_connection_string(self):
        self.refused("dump", "-d", "host=/nonexistent dbname=shop", "-h", "127.0.0.1", "-p", "1", "-f", self.folder / "a",
                     says=["127.0.0.1", "port 1"])

    def test_environment_names_the_server(self):
        self.refused("dump", "-d", "shop", "-f", self.folder / "a", says=["127.0.0.1", "port 1"],
                     env={"PGHOST": "127.0.0.1", "PGPORT": "1"})

    def test_server_full(self):
        with fake_server(refusal=("53300", "sorry, too many clients already")) as port:
            self.refused("dump", "-d", f"host=127.0.0.1 port={port} user=u dbname=d", "-f", self.folder / "a", says="too many clients",
                         hint="-j")


class OneConnection(Case):
    """A role that may connect only once: enough for a schema, which is otherwise read by two sessions, and not for rows."""

    def test_reads_a_schema(self):
        role = self.role(16, options="LOGIN CONNECTION LIMIT 1 IN ROLE pg_read_all_data")
        source = self.database(16, "CREATE TABLE t (a int PRIMARY KEY)", "INSERT INTO t VALUES (1)") + f" user={role}"
        archive = self.dump(source, "-s")
        self.assertIn(b" TABLE public t ", self.pghaul("restore", "-l", archive).out)
        self.refused("dump", "-d", source, "-f", self.folder / "b", says="too many connections for role")


class OldServer(Case):
    def test_as_source(self):
        for version in ("9.6.24", "12.22"):
            with fake_server(version) as port:
                conninfo = f"host=127.0.0.1 port={port} user=u dbname=d"
                self.refused("dump", "-d", conninfo, "-f", self.folder / "a", says=[version.rsplit(".", 1)[0], "13 and later"], hint="upgrade")
                self.assert_no_file(self.folder / "a")

    def test_as_target(self):
        archive = self.dump(self.database(16, "CREATE TABLE t (a int)"))
        with fake_server("12.22") as port:
            conninfo = f"host=127.0.0.1 port={port} user=u dbname=d"
            self.refused("restore", "-d", conninfo, archive, says=["12.22", "13 and later"], hint="supported")


class Passwords(Case):
    """A role that needs its password, on a server of its own: pg_hba.conf is a whole server's."""

    SECRET = "s3cr:t'&x%41"
    TABLE = "CREATE TABLE t AS SELECT generate_series(1, 100000) AS a"

    @classmethod
    def setUpClass(cls):
        if "PGHAUL_TEST_PG16" not in os.environ:
            raise unittest.SkipTest("PGHAUL_TEST_PG16 is not set")
        cls.servers = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "postgres"
        cls.home = tempfile.TemporaryDirectory(prefix="pghaul-e2e.")
        os.chmod(cls.home.name, 0o755)
        started = subprocess.run([cls.servers, "start", "16", f"{cls.home.name}/s"], capture_output=True, text=True)
        if started.returncode:
            cls.home.cleanup()
            raise unittest.SkipTest(f"no server of its own: {started.stderr}")
        cls.addClassCleanup(lambda: (subprocess.run([cls.servers, "stop", f"{cls.home.name}/s"], check=True), cls.home.cleanup()))
        cls.trusted, cls.name, cls.user = started.stdout.strip(), "shop", "keeper of secrets"
        sql(cls.trusted, f"CREATE ROLE {ident(cls.user)} LOGIN SUPERUSER PASSWORD {literal(cls.SECRET)}", f"CREATE DATABASE {cls.name}")
        sql(f"{cls.trusted} dbname={cls.name}", cls.TABLE)
        rules = pathlib.Path(cls.home.name) / "s" / "data" / "pg_hba.conf"
        rules.write_text(f'local all "{cls.user}" scram-sha-256\n' + rules.read_text())
        sql(cls.trusted, "SELECT pg_reload_conf()")
        cls.source = f"{cls.trusted} dbname={cls.name} user={in_conninfo(cls.user)}"
        wait_until(lambda: value(cls.trusted, "SELECT count(*) FROM pg_hba_file_rules WHERE auth_method = 'scram-sha-256' AND type = 'local'") == "1"
                   and subprocess.run([SQLRUN, cls.source, "-c", "SELECT"], capture_output=True, env=environment()).returncode, "the rule is in force")
        cls.fields = dict(word.split("=", 1) for word in cls.trusted.split())

    def with_password(self, password):
        return f"{self.source} password={in_conninfo(password)}"

    def as_url(self):
        quote = lambda text: "".join(f"%{byte:02X}" for byte in text.encode())
        place = f"host={quote(self.fields['host'])}&port={self.fields['port']}"
        return f"postgresql://{quote(self.user)}:{quote(self.SECRET)}@/{self.name}?{place}", quote(self.SECRET)

    def test_wrong_password(self):
        result = self.refused("dump", "-d", self.with_password("wr0ng"), "-f", self.folder / "a", says=["password authentication failed", self.user],
                              hint="PGPASSWORD")
        self.assertNotIn("wr0ng", result.err)

    def test_no_password(self):
        self.refused("dump", "-w", "-d", self.source, "-f", self.folder / "a", says="no password supplied", hint=".pgpass")

    def test_every_way_to_give_it(self):
        passfile = self.folder / "pgpass"
        passfile.write_text(f"*:*:*:{self.user}:" + self.SECRET.replace("\\", "\\\\").replace(":", "\\:") + "\n")
        passfile.chmod(0o600)
        service = self.folder / "services"
        service.write_text(f"[shop]\nhost={self.fields['host']}\nport={self.fields['port']}\nuser={self.user}\ndbname={self.name}\n"
                           f"password={self.SECRET}\n")
        for conninfo, env in ((self.with_password(self.SECRET), {}), (self.as_url()[0], {}), (self.source, {"PGPASSWORD": self.SECRET}),
                              (self.source, {"PGPASSFILE": str(passfile)}), ("service=shop", {"PGSERVICEFILE": str(service)})):
            archive = self.dump(conninfo, env=env)
            self.assertEqual(self.pghaul("inspect", "--json", archive).json["rows"], 100000)

    def test_it_shows_nowhere(self):
        """Not in what is printed, verbose or failing; not in the archive; not in the process's title."""
        url, quoted = self.as_url()
        for number, (conninfo, secret) in enumerate(((self.with_password(self.SECRET), in_conninfo(self.SECRET)[1:-1]), (url, quoted))):
            archive = self.folder / f"{number}.pghaul"
            with self.locked(f"{self.trusted} dbname={self.name}", "t"):
                process = self.start("dump", "-v", "--json", "-d", conninfo, "-f", archive)
                wait_until(lambda: value(self.trusted, f"SELECT count(*) FROM pg_stat_activity WHERE usename = '{self.user}' "
                                         "AND wait_event_type = 'Lock'") == "1", "the dump waits for the lock")
                title = pathlib.Path(f"/proc/{process.pid}/cmdline").read_bytes().decode(errors="replace")
            result = process.wait()
            self.assertEqual(result.code, 0, result)
            self.assertIn(self.name, title)
            for text in (title, result.out.decode(), result.err, archive.read_bytes().decode("latin-1")):
                self.assertNotIn(secret, text)
                self.assertNotIn(self.SECRET, text)

    def test_it_shows_in_no_error(self):
        for conninfo in (f"host=x password={in_conninfo(self.SECRET)} nonsense=1", "host=x password=two s3cret=words", "password='s3cret",
                         "postgres://u:s3cret%zz@h/d", "postgres://u:s3cret@[::1/d", "postgres://u:s3cret@h:notaport/d",
                         "mysql://u:s3cret@h/d", "host=/nonexistent password=s3cret"):
            for arguments in (["dump", "--json", "-d", conninfo, "-f", self.folder / "a"],
                              ["verify", "--json", "--from", conninfo, "--to", conninfo]):
                result = self.pghaul(*arguments, code=1)
                for text in (result.err, result.out.decode()):
                    self.assertNotIn("s3cret", text)
                    self.assertNotIn("s3cr:t", text)
        result = self.pghaul("dump", "-d", "x", "-f", "y", "postgres://u:s3cret@h/d", code=2)
        self.assertNotIn("s3cret", result.err)


if __name__ == "__main__":
    main()

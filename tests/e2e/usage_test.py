"""The command line itself: what it refuses, how it helps, and what goes to which stream."""
import json

from harness import DAMAGED, USAGE, Case, main, script


class UsageErrors(Case):
    def usage(self, *arguments, says):
        result = self.refused(*arguments, says=says, code=USAGE)
        self.assertEqual(result.out, b"")

    def test_unknown_command(self):
        self.usage("dunp", says="'dunp'")

    def test_unknown_option(self):
        self.usage("dump", "--fast", says="--fast")
        self.usage("verify", "--force", "x", says="--force")

    def test_abbreviated_option_is_not_guessed(self):
        self.usage("dump", "--comp", "3", "-f", "x", says="--comp")

    def test_option_without_its_value(self):
        self.usage("dump", "-d", "x", "-f", says="file")

    def test_no_archive_named(self):
        self.usage("dump", "-d", "x", says="no archive named")
        self.usage("restore", "-d", "x", says="no archive named")
        self.usage("verify", says="no archive named")
        self.usage("inspect", says="no archive named")

    def test_too_many_operands(self):
        self.usage("restore", "-d", "x", "a.pghaul", "b.pghaul", says="b.pghaul")
        self.usage("dump", "-d", "x", "-f", "a", "orders", says="'orders'")
        self.usage("copy", "--from", "a", "--to", "b", "c.pghaul", says="c.pghaul")

    def test_copy_needs_both_ends(self):
        self.usage("copy", "--from", "x", says="--to")
        self.usage("copy", "--to", "x", says="--from")
        self.usage("verify", "--from", "x", says="--to")

    def test_schema_only_and_data_only(self):
        self.usage("dump", "-s", "-a", "-d", "x", "-f", "y", says="exclude each other")

    def test_bad_numbers(self):
        for jobs in ("0", "-1", "two", "1.5", "65", "", "99999999999999999999"):
            self.usage("dump", "-d", "x", "-f", "y", f"--jobs={jobs}", says="--jobs")
        self.usage("dump", "-d", "x", "-f", "y", "-Z", "20", says=["--compress", "19"])
        self.usage("dump", "-d", "x", "-f", "y", "--lock-wait-timeout", "soon", says="--lock-wait-timeout")

    def test_bad_copy_format(self):
        self.usage("dump", "-d", "x", "-f", "y", "--copy-format", "csv", says=["--copy-format", "csv"])

    def test_password_without_terminal(self):
        import os
        self.refused("dump", "-d", "x", "-f", "y", "-W", says="no terminal", hint=".pgpass", code=USAGE, prepare=os.setsid)

    def test_json_tells_usage_errors_too(self):
        result = self.refused("dump", "--json", "-d", "x", says="no archive named", code=USAGE)
        self.assertEqual(result.json["ok"], False)
        self.assertIn("no archive named", result.json["error"]["message"])


class Help(Case):
    def test_each_command_explains_itself(self):
        overview = self.pghaul("--help").out.decode()
        self.assertEqual(overview, self.pghaul("help").out.decode())
        for command in ("dump", "restore", "copy", "verify", "inspect"):
            self.assertIn(f"  {command} ", overview)
            text = self.pghaul(command, "--help").out.decode()
            self.assertIn(f"pghaul {command} ", text)
            self.assertIn("Examples:", text)
            self.assertIn("--json", text)

    def test_version(self):
        self.assertRegex(self.pghaul("--version").out.decode(), r"^pghaul \d+\.\d+\.\d+\n$")

    def test_without_arguments_it_helps(self):
        self.assertIn(b"pghaul dump", self.pghaul().out)


class Streams(Case):
    """Summaries and JSON on standard output, everything else on standard error."""

    def setUp(self):
        self.source = self.database(16, "CREATE TABLE t (a int)", "INSERT INTO t SELECT generate_series(1, 1000)",
                                    "CREATE TABLE empty ()", 'CREATE TABLE "odd ""name" (a text)')

    def test_dump_json(self):
        result = self.pghaul("dump", "--json", "-d", self.source, "-f", self.folder / "a.pghaul")
        told = result.json
        self.assertEqual(len(result.out.splitlines()), 1)
        self.assertEqual((told["command"], told["ok"], told["rows"]), ("dump", True, 1000))
        tables = {table["name"]: table for table in told["tables"]}
        self.assertEqual(tables["t"]["rows"], 1000)
        self.assertRegex(tables["t"]["digest"], r"^[0-9a-f]{32}$")
        self.assertEqual(tables["empty"]["rows"], 0)
        self.assertIn('odd "name', tables)

    def test_every_command_tells_the_same_rows(self):
        archive, target = self.folder / "a.pghaul", self.database(17)
        dumped = self.pghaul("dump", "--json", "-d", self.source, "-f", archive).json
        restored = self.pghaul("restore", "--json", "-d", target, archive).json
        copied = self.pghaul("copy", "--json", "--from", self.source, "--to", self.database(17)).json
        verified = self.pghaul("verify", "--json", archive).json
        compared = self.pghaul("verify", "--json", "--from", self.source, "--to", target).json
        inspected = self.pghaul("inspect", "--json", archive).json
        rows = lambda told: sorted((table["schema"], table["name"], table["rows"], table["digest"]) for table in told["tables"])
        for told in (restored, copied, verified, compared, inspected):
            self.assertEqual(told["ok"], True)
            self.assertEqual(told["rows"], 1000)
            self.assertEqual(rows(told), rows(dumped))
        for told, command in ((restored, "restore"), (copied, "copy"), (verified, "verify"), (inspected, "inspect")):
            self.assertEqual(told["command"], command)
            self.assertGreaterEqual(told["seconds"], 0)

    def test_json_when_the_archive_goes_to_standard_output(self):
        """The archive has standard output for itself; the object comes as the last line of standard error."""
        result = self.pghaul("dump", "-q", "--json", "-d", self.source, "-f", "-")
        self.assertEqual(json.loads(result.err.splitlines()[-1])["rows"], 1000)
        (self.folder / "a.pghaul").write_bytes(result.out)
        self.pghaul("verify", "-q", self.folder / "a.pghaul")

    def test_errors_are_json_too(self):
        result = self.pghaul("restore", "--json", "-d", self.source, self.folder / "none.pghaul", code=1)
        self.assertEqual(result.json["ok"], False)
        self.assertIn("none.pghaul", result.json["error"]["message"])
        self.assertTrue(result.json["error"]["hint"])

    def test_quiet_is_silent(self):
        archive, target = self.folder / "a.pghaul", self.database(17)
        for arguments in (["dump", "-d", self.source, "-f", archive], ["restore", "-d", target, archive], ["verify", archive],
                          ["verify", archive, "-d", target], ["copy", "--from", self.source, "--to", self.database(17)]):
            result = self.pghaul(*arguments, "-q")
            self.assertEqual((result.out, result.err), (b"", ""), arguments)

    def test_summary_and_progress(self):
        result = self.pghaul("dump", "-d", self.source, "-f", self.folder / "a.pghaul")
        self.assertIn("rows      1,000 in 3 tables", result.out.decode())
        self.assertNotIn("\x1b", result.err)

    def test_inspect(self):
        archive = self.dump(self.source)
        text = self.pghaul("inspect", archive).out.decode()
        for words in ("PostgreSQL 16", "3 tables", "1,000", "public.t", 'odd "name'):
            self.assertIn(words, text)
        schema = self.pghaul("inspect", "--sql", archive).out.decode()
        self.assertIn('CREATE TABLE public."odd ""name"', schema)

    def test_inspect_tells_an_incomplete_archive(self):
        archive = self.dump(self.source)
        archive.write_bytes(archive.read_bytes()[:-30])
        self.assertIn(b"INCOMPLETE", self.pghaul("inspect", archive, code=DAMAGED).out)

    def test_schema_as_sql_runs(self):
        archive, target = self.dump(self.source), self.database(17)
        (self.folder / "schema.sql").write_bytes(self.pghaul("inspect", "--sql", archive).out)
        script(target, self.folder / "schema.sql")
        self.equal(self.source, target, "-s")


if __name__ == "__main__":
    main()

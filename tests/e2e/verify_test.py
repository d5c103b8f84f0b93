"""What was changed by hand on a target is named, from an archive and from the source; exit code 4."""
from harness import DIFFERS, USAGE, Case, ident, main, sql, unique


class Differences(Case):
    SOURCE = ["CREATE TABLE orders (id int PRIMARY KEY, total numeric, note text)",
              "INSERT INTO orders SELECT i, i * 1.5, 'note ' || i FROM generate_series(1, 2000) i",
              "CREATE INDEX orders_total ON orders (total)", "CREATE TABLE log (line text)",
              "INSERT INTO log SELECT 'line ' || i FROM generate_series(1, 500) i", "CREATE SEQUENCE numbers", "SELECT nextval('numbers')",
              "CREATE VIEW totals AS SELECT sum(total) FROM orders", "SELECT lo_from_bytea(20001, 'the old content')",
              "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0)",
              "CREATE TABLE parted (k int, v text) PARTITION BY LIST (k)", "CREATE TABLE part_1 PARTITION OF parted FOR VALUES IN (1)",
              "CREATE TABLE part_2 PARTITION OF parted FOR VALUES IN (2)", "INSERT INTO parted SELECT 1 + i % 2, 'v' || i FROM generate_series(1, 100) i"]

    def setUp(self):
        self.source = self.database(16, *self.SOURCE)
        self.target, self.archive = self.database(17), self.dump(self.source)
        self.pghaul("restore", "-q", "-d", self.target, self.archive)

    def differs(self, *changes, names, what):
        """Each change on the target is what both ways of verifying name, and nothing else."""
        sql(self.target, *changes)
        for sides in ([self.archive, "-d", self.target], ["--from", self.source, "--to", self.target]):
            told = self.pghaul("verify", "--json", *sides, code=DIFFERS).json
            self.assertEqual(told["ok"], False)
            self.assertEqual([(one["object"], one["what"]) for one in told["differences"]], [(names, what)])
        result = self.pghaul("verify", self.archive, "-d", self.target, code=DIFFERS)
        self.assertIn(f"DIFFERS  {names}: {what}", result.out.decode())
        self.assertIn("NOT EQUAL: 1 difference(s)", result.out.decode())
        return told["differences"][0]

    def test_row_changed(self):
        one = self.differs("UPDATE orders SET note = 'Note 7' WHERE id = 7", names="TABLE public.orders", what="rows")
        self.assertIn("2000 rows", one["expected"])
        self.assertIn("2000 rows", one["found"])

    def test_row_changed_in_one_value_only(self):
        self.differs("UPDATE orders SET total = 10.50 WHERE id = 7", names="TABLE public.orders", what="rows")

    def test_row_doubled(self):
        one = self.differs("INSERT INTO log SELECT line FROM log WHERE line = 'line 7'", names="TABLE public.log", what="rows")
        self.assertIn("501 rows", one["found"])

    def test_row_lost(self):
        self.differs("DELETE FROM orders WHERE id = 2000", names="TABLE public.orders", what="rows")

    def test_row_swapped_for_another_twice(self):
        """A sum of digests, not their exclusive or: two equal rows do not cancel each other."""
        self.differs("DELETE FROM log WHERE line IN ('line 1', 'line 2')", "INSERT INTO log SELECT line FROM log WHERE line = 'line 3'",
                     "INSERT INTO log SELECT line FROM log WHERE line = 'line 3' LIMIT 1", names="TABLE public.log", what="rows")

    def test_row_in_another_partition(self):
        sql(self.target, "ALTER TABLE parted DETACH PARTITION part_1", "ALTER TABLE parted DETACH PARTITION part_2",
            "WITH gone AS (DELETE FROM part_1 RETURNING *) INSERT INTO part_2 SELECT 2, v FROM gone",
            "ALTER TABLE parted ATTACH PARTITION part_1 FOR VALUES IN (1)", "ALTER TABLE parted ATTACH PARTITION part_2 FOR VALUES IN (2)")
        told = self.pghaul("verify", "--json", self.archive, "-d", self.target, code=DIFFERS).json
        self.assertEqual({one["object"] for one in told["differences"]}, {"TABLE public.part_1", "TABLE public.part_2"})

    def test_index_dropped(self):
        self.differs("DROP INDEX orders_total", names="INDEX public.orders_total", what="missing")

    def test_constraint_dropped(self):
        self.differs("ALTER TABLE orders DROP CONSTRAINT positive", "ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > -1)",
                     names="TABLE public.orders", what="definition")

    def test_sequence_moved(self):
        self.differs("SELECT setval('numbers', 42)", names="SEQUENCE SET public.numbers", what="sequence")

    def test_large_object_changed(self):
        self.differs("SELECT lo_put(20001, 4, 'new')", names="LARGE OBJECT DATA large objects", what="rows")

    def test_large_object_lost(self):
        sql(self.target, "SELECT lo_unlink(20001)")
        told = self.pghaul("verify", "--json", self.archive, "-d", self.target, code=DIFFERS).json
        self.assertIn(("LARGE OBJECT 20001", "missing"), [(one["object"], one["what"]) for one in told["differences"]])

    def test_view_and_function_changed(self):
        sql(self.target, "CREATE OR REPLACE VIEW totals AS SELECT sum(total) + 0 AS sum FROM orders",
            "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2'")
        told = self.pghaul("verify", "--json", self.archive, "-d", self.target, code=DIFFERS).json
        self.assertEqual({(one["object"], one["what"]) for one in told["differences"]},
                         {("VIEW public.totals", "definition"), ("FUNCTION public.f()", "definition")})

    def test_more_than_there_should_be(self):
        sql(self.target, "CREATE TABLE stranger (a int)", "CREATE INDEX ON log (line)", "COMMENT ON TABLE log IS 'new'", "GRANT SELECT ON log TO PUBLIC")
        told = self.pghaul("verify", "--json", self.archive, "-d", self.target, code=DIFFERS).json
        self.assertEqual({(one["object"], one["what"]) for one in told["differences"]},
                         {("TABLE public.stranger", "extra"), ("INDEX public.log_line_idx", "extra"), ("TABLE public.log", "comment"),
                          ("TABLE public.log", "privileges")})

    def test_table_lost(self):
        sql(self.target, "DROP TABLE log")
        told = self.pghaul("verify", "--json", "--from", self.source, "--to", self.target, code=DIFFERS).json
        self.assertEqual([(one["object"], one["what"]) for one in told["differences"]], [("TABLE public.log", "missing")])

    def test_parts_can_be_compared_alone(self):
        sql(self.target, "DROP INDEX orders_total", "DELETE FROM log WHERE line = 'line 1'")
        told = self.pghaul("verify", "-s", "--json", self.archive, "-d", self.target, code=DIFFERS).json
        self.assertEqual([one["object"] for one in told["differences"]], ["INDEX public.orders_total"])
        told = self.pghaul("verify", "-a", "--json", self.archive, "-d", self.target, code=DIFFERS).json
        self.assertEqual([(one["object"], one["what"]) for one in told["differences"]], [("TABLE public.log", "rows")])

    def test_rows_alone_that_are_nowhere(self):
        sql(self.target, "DROP TABLE log", "CREATE TABLE stranger (a int)")
        told = self.pghaul("verify", "-a", "--json", self.archive, "-d", self.target, code=DIFFERS).json
        self.assertEqual({(one["object"], one["what"]) for one in told["differences"]},
                         {("TABLE public.log", "missing"), ("TABLE public.stranger", "extra")})


class SameOptions(Case):
    """What was restored or copied with options is equal to verify with the same options, and only with them."""

    def setUp(self):
        self.owner, self.other = self.role(16, 17), self.role(16, 17)
        self.space, self.new_space = unique("e2e_space"), unique("e2e_space")
        for major, space in ((16, self.space), (17, self.new_space)):
            server = self.server(major)
            sql(server, "SET allow_in_place_tablespaces = on", f"CREATE TABLESPACE {space} LOCATION ''")
            self.addCleanup(lambda server=server, space=space: sql(server, f"DROP TABLESPACE {space}"))
        self.source = self.database(
            16, "CREATE ACCESS METHOD pile TYPE TABLE HANDLER heap_tableam_handler", "CREATE EXTENSION hstore",
            "CREATE SCHEMA shop", "CREATE TABLE shop.item (id serial PRIMARY KEY, name text COMPRESSION pglz)", "INSERT INTO shop.item (name) VALUES ('a'), ('b')",
            "CREATE TABLE shop.sale (item int REFERENCES shop.item, at date) PARTITION BY RANGE (at)",
            "CREATE TABLE shop.sale_1 PARTITION OF shop.sale FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
            "INSERT INTO shop.sale VALUES (1, '2026-02-03'), (2, '2026-05-06')", "CREATE TABLE piled (a int) USING pile",
            f"CREATE TABLE placed (a int) TABLESPACE {self.space}", "CREATE UNLOGGED TABLE brief AS SELECT 1 AS a",
            f"CREATE TABLE owned (a int); ALTER TABLE owned OWNER TO {ident(self.owner)}; GRANT SELECT ON owned TO {ident(self.other)}",
            "COMMENT ON TABLE owned IS 'a comment'", "ALTER TABLE owned ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON owned USING (a > 1)",
            "CREATE PUBLICATION pub FOR TABLE owned", "CREATE SUBSCRIPTION sub CONNECTION '' PUBLICATION none WITH (connect = false, slot_name = NONE)",
            "SELECT lo_from_bytea(20002, 'large')")

    def check(self, *options, whole_differs=True, tablespaces=False):
        if not tablespaces:  # the target's server has not got the source's
            options += ("--no-tablespaces",)
        archive = self.dump(self.source)
        target = self.database(17)
        with self.subTest(options=options, by="archive"):
            self.pghaul("restore", "-q", "-d", target, *options, archive)
            self.pghaul("verify", "-q", *options, archive, "-d", target)
            if whole_differs:
                self.pghaul("verify", "-q", "--no-tablespaces", archive, "-d", target, code=DIFFERS)
        with self.subTest(options=options, by="copy"):
            target = self.database(17)
            self.pghaul("copy", "-q", "--from", self.source, "--to", target, *options)
            self.equal(self.source, target, *options)

    def test_selections(self):
        (self.folder / "filter").write_text("include schema shop\nexclude table_data shop.sale_1\n")
        for options in (["-n", "shop"], ["-N", "shop"], ["-t", "shop.item", "--with-dependencies"], ["-T", "brief"], ["--table-and-children", "shop.sal*", "--with-dependencies"],
                        ["--exclude-table-and-children", "shop.sale"], ["--exclude-table-data", "brief"],
                        ["--exclude-table-data-and-children", "shop.sale"], ["-e", "hstore", "--no-table-access-method"], ["--exclude-extension", "hstore"],
                        ["--filter", self.folder / "filter"], ["-s"], ["-s", "--sequence-data"], ["--section", "pre-data", "--section", "data"],
                        ["-n", "shop", "-b"], ["-B"], ["--strict-names", "-t", "owned"]):
            self.check(*options)

    def test_properties(self):
        for options in (["-O"], ["-x"], ["--no-comments"], ["--no-policies"], ["--no-publications"], ["--no-subscriptions"],
                        ["--no-table-access-method"], ["--no-toast-compression"], ["--no-unlogged-table-data"]):
            self.check(*options)
        for options in (["--no-security-labels"], ["--no-acl", "--no-owner"]):
            self.check(*options, whole_differs=False)

    def test_other_names(self):
        new = self.role(17)
        self.check("--map-role", f"{self.owner}={new}")
        self.check("--map-tablespace", f"{self.space}={self.new_space}", tablespaces=True, whole_differs=False)

    def test_list(self):
        archive, target = self.dump(self.source), self.database(17)
        lines = self.pghaul("restore", "-l", archive).out.decode().splitlines()
        (self.folder / "list").write_text("\n".join(line for line in lines if " shop" in line and "sale" not in line))
        self.pghaul("restore", "-q", "-d", target, "-L", self.folder / "list", archive)
        self.pghaul("verify", "-q", "-L", self.folder / "list", archive, "-d", target)
        sql(target, "DELETE FROM shop.item WHERE id = 1")
        self.pghaul("verify", "-q", "-L", self.folder / "list", archive, "-d", target, code=DIFFERS)
        self.refused("verify", "-L", self.folder / "list", "--from", self.source, "--to", target, says="--use-list", code=USAGE)

    def test_some_rows(self):
        target, where = self.database(17), ["--where", "shop.sale_1=item = 2", "--no-tablespaces"]
        self.pghaul("copy", "-q", "--from", self.source, "--to", target, *where)
        self.equal(self.source, target, *where)
        self.pghaul("verify", "-q", "--no-tablespaces", "--from", self.source, "--to", target, code=DIFFERS)


if __name__ == "__main__":
    main()

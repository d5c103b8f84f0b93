"""What a target or a source does not allow is found before anything is changed, and told all at once."""
from harness import DIFFERS, SKIPPED, Case, ident, main, sql, unique, value


class NotEmpty(Case):
    def setUp(self):
        self.archive = self.dump(self.database(16, "CREATE TABLE orders (a int)", "INSERT INTO orders VALUES (1), (2)"))

    def test_everything_in_the_way_is_listed(self):
        target = self.database(17, "CREATE TABLE orders (b text)", "INSERT INTO orders VALUES ('mine')", "CREATE SCHEMA \"Old Stuff\"",
                               "CREATE SEQUENCE \"Old Stuff\".s", "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                               "CREATE TYPE mood AS ENUM ('ok')", "SELECT lo_create(4711)", "CREATE PUBLICATION p")
        before = self.schema_of(target)
        self.refused("restore", "-d", target, self.archive, hint="--create",
                     says=["not empty", "nothing was changed", "TABLE public.orders", 'SCHEMA "Old Stuff"', 'SEQUENCE "Old Stuff".s',
                           "FUNCTION public.f", "TYPE public.mood", "LARGE OBJECT", "4711", "PUBLICATION p"])
        self.assertEqual(self.schema_of(target), before)
        self.assertEqual(sql(target, "SELECT b FROM orders"), [["mine"]])

    def test_long_lists_are_cut(self):
        target = self.database(17, "DO $$BEGIN FOR i IN 1..100 LOOP EXECUTE format('CREATE TABLE t%s ()', i); END LOOP; END$$")
        result = self.refused("restore", "-d", target, self.archive, says=["not empty", "and 80 more"])
        self.assertLess(len(result.err.splitlines()), 40)

    def test_copy_checks_too(self):
        source, target = self.database(16, "CREATE TABLE orders ()"), self.database(17, "CREATE TABLE orders ()")
        self.refused("copy", "--from", source, "--to", target, "--archive", self.folder / "c.pghaul", says=["not empty", "TABLE public.orders"])
        if (self.folder / "c.pghaul").exists():  # so short that the source was through before the target refused: then it is whole
            self.pghaul("verify", "-q", self.folder / "c.pghaul")
        self.assert_no_file(self.folder / "c.pghaul.partial")

    def test_create_refuses_an_existing_database(self):
        existing = unique()
        source = self.database(16, name=existing)
        archive = self.dump(source)
        target = self.database(17, "CREATE TABLE t ()", name=existing)
        self.refused("restore", "--create", "-d", self.server(17), archive, says=[f'database "{existing}" already exists'], state="42P04",
                     hint="drop it")
        self.assertEqual(value(target, "SELECT count(*) FROM t"), "0")

    def test_extensions_do_not_count(self):
        target = self.database(17, "CREATE EXTENSION hstore")
        self.pghaul("restore", "-q", "-d", target, self.archive)


class Lacking(Case):
    """The source has things that the target's server lacks, of each kind at once."""

    def setUp(self):
        server = self.server(16)
        self.owner, self.reader, self.member = (self.role(16, name=f"e2e {kind} {unique()}") for kind in ("owner", "reader", "member"))
        self.tablespace = unique("e2e_space")
        sql(server, "SET allow_in_place_tablespaces = on", f"CREATE TABLESPACE {self.tablespace} LOCATION ''")
        self.addCleanup(lambda: sql(server, f"DROP TABLESPACE {self.tablespace}"))
        self.source = self.database(
            16, f"CREATE TABLE owned (a int); ALTER TABLE owned OWNER TO {ident(self.owner)}",
            f"CREATE TABLE shown (a int); GRANT SELECT ON shown TO {ident(self.reader)}",
            f"CREATE TABLE guarded (a int); CREATE POLICY p ON guarded TO {ident(self.member)} USING (true)",
            "CREATE EXTENSION adminpack",  # 17 has none
            "CREATE LANGUAGE martian HANDLER plpgsql_call_handler; ALTER EXTENSION adminpack ADD LANGUAGE martian",
            "CREATE FUNCTION greet() RETURNS int LANGUAGE martian AS 'greetings'",
            f"CREATE TABLE placed (a int PRIMARY KEY USING INDEX TABLESPACE {self.tablespace}) TABLESPACE {self.tablespace}",
            "CREATE COLLATION faraway (LOCALE = 'C'); CREATE TABLE collated (a text COLLATE faraway)",
            "SET allow_system_table_mods = on",
            "UPDATE pg_collation SET collcollate = 'xx_FAR.utf8', collctype = 'xx_FAR.utf8' WHERE collname = 'faraway'")
        self.target = self.database(17)

    def test_one_list_with_what_solves_each(self):
        archive = self.dump(self.source)
        lacking = [f'role "{self.owner}"', f'role "{self.reader}"', f'role "{self.member}"', "extension adminpack",
                   f"tablespace {self.tablespace}", "locale xx_FAR.utf8"]
        for command in (["restore", "-d", self.target, archive], ["copy", "--from", self.source, "--to", self.target]):
            result = self.refused(*command, says=["nothing was changed", "needed by TABLE public.owned", *lacking], hint="--no-owner")
            hint = next(line for line in result.err.splitlines() if "hint:" in line)
            for way in ("create the missing roles", "--no-privileges", "--no-tablespaces", "install the locale", "install the extension"):
                self.assertIn(way, hint)
            self.assert_empty(self.target)
        self.refused("restore", "--create", "-d", self.server(17), archive, says=["nothing was changed", *lacking])

    def test_the_options_solve_what_they_promise(self):
        sql(self.source, "DROP COLLATION faraway CASCADE", "DROP EXTENSION adminpack CASCADE", "DROP POLICY p ON guarded")
        archive = self.dump(self.source)
        self.pghaul("restore", "-q", "-d", self.target, "--no-owner", "--no-privileges", "--no-tablespaces", archive)
        told = self.pghaul("verify", "--json", "--no-owner", "--no-privileges", "--from", self.source, "--to", self.target, code=DIFFERS).json
        self.assertEqual({(one["object"].split()[-1], one["expected"]) for one in told["differences"]},
                         {(name, f"TABLESPACE {self.tablespace}") for name in ("public.placed", "placed_pkey")})

    def test_each_option_leaves_the_others_in_the_list(self):
        archive = self.dump(self.source)
        result = self.refused("restore", "-d", self.target, "--no-owner", archive, says=self.reader)
        self.assertNotIn(self.owner, result.err)
        result = self.refused("restore", "-d", self.target, "--no-privileges", "--no-tablespaces", archive, says=self.owner)
        for solved in (self.reader, self.tablespace):
            self.assertNotIn(solved, result.err)


class KeepGoing(Case):
    """What the target lacks costs no more than what needs it."""

    def test_extension_that_the_target_does_not_have(self):
        source = self.database(16, "CREATE EXTENSION adminpack", "CREATE TABLE t AS SELECT 7 AS a", "CREATE VIEW v AS SELECT a FROM t")
        archive, target = self.dump(source), self.database(17)
        self.refused("restore", "-d", target, archive, says="extension adminpack", hint="--exclude-extension")
        result = self.pghaul("restore", "--keep-going", "--json", "-d", target, archive, code=SKIPPED)
        self.assertIn("extension adminpack", result.err)
        self.assertEqual([one["entry"].split(" (")[0] for one in result.json["skipped"]], ["EXTENSION adminpack"])
        self.assertEqual(value(target, "SELECT a FROM v"), "7")
        self.pghaul("verify", "-q", "--exclude-extension", "adminpack", "--from", source, "--to", target)

    def test_refused_facet_leaves_the_object(self):
        """An ordinary user can give nothing away, yet gets everything."""
        user, other = self.role(17, options="LOGIN"), self.role(16, 17)
        source = self.database(16, "CREATE TABLE t (a int PRIMARY KEY)", "INSERT INTO t VALUES (1), (2)", f"ALTER TABLE t OWNER TO {other}",
                               "COMMENT ON TABLE t IS 'kept'", "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", f"ALTER FUNCTION f() OWNER TO {other}")
        name = unique()
        target = self.database(17, options=f"TEMPLATE template0 OWNER {user}", name=name)
        told = self.pghaul("restore", "--keep-going", "--json", "-d", f"{target} user={user}", self.dump(source), code=SKIPPED).json
        left_out = sorted((one["entry"].split(" (")[0], one["reason"].split(": ")[1]) for one in told["skipped"] if "OWNER TO " + other in one["reason"])
        self.assertEqual(left_out, [("FUNCTION public.f()", f"ALTER FUNCTION public.f() OWNER TO {other}"),
                                    ("TABLE public.t", f"ALTER TABLE public.t OWNER TO {other}")])
        self.pghaul("verify", "-q", "--no-owner", "--no-privileges", "--from", source, "--to", target)

    def test_privileges_on_a_member_that_the_newer_version_dropped(self):
        """16's pg_stat_statements_reset has three arguments, 17's has four."""
        reader = self.role(16, 17)
        source = self.database(16, "CREATE EXTENSION pg_stat_statements", f"GRANT SELECT ON pg_stat_statements TO {reader}",
                               f"GRANT EXECUTE ON FUNCTION pg_stat_statements_reset(oid, oid, bigint) TO {reader}", "CREATE TABLE t ()",
                               f"GRANT SELECT ON t TO {reader}")
        target = self.database(17)
        result = self.pghaul("restore", "-d", target, self.dump(source))
        self.assertIn("privileges on FUNCTION public.pg_stat_statements_reset(oid, oid, bigint) are left out", result.err)
        self.assertEqual(value(target, f"SELECT has_table_privilege('{reader}', 't', 'SELECT')"), "t")


class LackingLanguage(Case):
    def test_language_dropped_on_the_target(self):
        source = self.database(16, "CREATE TABLE t ()", "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'")
        target = self.database(17, "DROP EXTENSION plpgsql")
        archive = self.dump(source)
        for command in (["restore", "-d", target, archive], ["copy", "--from", source, "--to", target]):
            self.refused(*command, says=["nothing was changed", "language plpgsql (needed by FUNCTION public.f())"], hint="CREATE EXTENSION")
            self.assert_empty(target)
        sql(target, "CREATE EXTENSION plpgsql")
        self.pghaul("restore", "-q", "-d", target, archive)
        self.assertEqual(value(target, "SELECT f()"), "1")

    def test_privileges_of_a_language_dropped_on_the_target(self):
        source = self.database(16, "REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC")
        target = self.database(17, "DROP EXTENSION plpgsql")
        self.refused("restore", "-d", target, self.dump(source), says=["nothing was changed", "language plpgsql"], hint="CREATE EXTENSION")

    def test_a_new_database_has_its_own(self):
        name = unique()
        source = self.database(16, "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'", name=name)
        self.drops(17, name)
        self.pghaul("restore", "-q", "--create", "-d", self.database(17, "DROP EXTENSION plpgsql"), self.dump(source))
        self.assertEqual(value(self.in_database(17, name), "SELECT f()"), "1")

    def test_language_made_by_hand(self):
        source = self.database(16, "CREATE LANGUAGE martian HANDLER plpgsql_call_handler",
                               "CREATE FUNCTION f() RETURNS int LANGUAGE martian AS 'BEGIN RETURN 2; END'")
        target = self.database(17)
        self.pghaul("restore", "-q", "-d", target, self.dump(source))
        self.assertEqual(value(target, "SELECT f()"), "2")


class OlderTarget(Case):
    """A feature that the target's version lacks is told by name."""

    def test_features(self):
        source = self.database(18, "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a + 1) VIRTUAL)")
        archive = self.dump(source)
        target = self.database(17)
        self.refused("restore", "-d", target, archive, says=["nothing was changed", "virtual generated column b", "18 and later", "TABLE public.t"])
        self.assert_empty(target)

    def test_what_only_18_has_can_be_left_out(self):
        source = self.database(
            18, "CREATE TABLE kept (a int CONSTRAINT its_name NOT NULL)", "CREATE TABLE span (at daterange, at2 daterange, PRIMARY KEY (at, at2 WITHOUT OVERLAPS))",
            "CREATE TABLE loose (a int CONSTRAINT positive CHECK (a > 0) NOT ENFORCED)", "INSERT INTO loose VALUES (-1)",
            "CREATE TABLE seen (a int, b int GENERATED ALWAYS AS (a + 1))")
        archive, target = self.dump(source), self.database(17)
        self.refused("restore", "-d", target, archive, hint="restore into a server that has the feature",
                     says=["nothing was changed", "WITHOUT OVERLAPS of CONSTRAINT span_pkey", "NOT ENFORCED of constraint positive of table public.loose",
                           "virtual generated column b of table public.seen"])
        self.assert_empty(target)
        told = self.pghaul("restore", "--keep-going", "--json", "-d", target, archive, code=SKIPPED).json
        self.assertEqual(sorted(one["entry"].split(" (entry")[0] for one in told["skipped"]),
                         ["CHECK CONSTRAINT public.loose positive", "CONSTRAINT public.span span_pkey", "TABLE DATA public.seen", "TABLE public.seen"])
        self.assertEqual(sql(target, "SELECT a FROM loose"), [["-1"]])

    def test_maintain(self):
        reader = self.role(16, 17)
        source = self.database(17, f"CREATE TABLE t (a int); GRANT SELECT ON t TO {reader}", f"CREATE TABLE u (a int); GRANT ALL ON u TO {reader}")
        sql(source, f"ALTER DEFAULT PRIVILEGES GRANT MAINTAIN ON TABLES TO {reader}")
        self.refused("copy", "--from", source, "--to", self.database(16), says=["nothing was changed", "default privileges with MAINTAIN"])
        sql(source, f"GRANT MAINTAIN ON t TO {reader}", f"ALTER DEFAULT PRIVILEGES REVOKE MAINTAIN ON TABLES FROM {reader}")
        self.refused("copy", "--from", source, "--to", self.database(16), says=["nothing was changed", "MAINTAIN", "TABLE public.t"], hint="--keep-going")

    def test_nulls_not_distinct(self):
        source = self.database(16, "CREATE TABLE t (a int UNIQUE NULLS NOT DISTINCT)")
        archive = self.dump(source)
        target = self.database(13)
        self.refused("restore", "-d", target, archive, says=["nothing was changed", "15 and later"])
        self.assert_empty(target)


class UnknownRows(Case):
    def test_what_no_version_knows_is_named(self):
        for major in (13, 17):
            source = self.database(major, "CREATE TABLE \"odd\nname\" (a int)", "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
                                   "CREATE TABLE t (a int CHECK (a > 0))", "CREATE TYPE mood AS ENUM ('ok')",
                                   "UPDATE pg_class SET relkind = 'z' WHERE relname LIKE 'odd%'", "UPDATE pg_proc SET provolatile = 'q' WHERE proname = 'f'",
                                   "UPDATE pg_attribute SET attgenerated = 'w' WHERE attrelid = 't'::regclass AND attname = 'a'",
                                   "UPDATE pg_constraint SET contype = 'y' WHERE conname = 't_a_check'", "UPDATE pg_type SET typtype = 'k' WHERE typname = 'mood'")
            self.refused("dump", "-d", source, "-f", self.folder / "a.pghaul", hint="damaged",
                         says=["relkind 'z'", "odd\\nname", "function public.f(integer): provolatile 'q'", "column public.t.a: attgenerated 'w'",
                               "constraint t_a_check: contype 'y'", "type public.mood: typtype 'k'"])
            self.assert_no_file(self.folder / "a.pghaul")


class SourcePrivileges(Case):
    def test_tables_that_may_not_be_read(self):
        user = self.role(16, options="LOGIN")
        source = self.database(16, "CREATE TABLE open (a int)", "CREATE TABLE \"Secret Plans\" (a int)", "CREATE SCHEMA hidden",
                               "CREATE TABLE hidden.away (a int)", f"GRANT SELECT ON open, hidden.away TO {user}")
        archive = self.folder / "a.pghaul"
        result = self.refused("dump", "-d", f"{source} user={user}", "-f", archive, state="42501", hint="pg_read_all_data",
                              says=["2 table(s)", 'public."Secret Plans"', "hidden.away"])
        self.assertNotIn("public.open", result.err)
        self.assert_no_file(archive)
        sql(self.server(16), f"GRANT pg_read_all_data TO {user}")
        self.pghaul("dump", "-q", "-d", f"{source} user={user}", "-f", archive)

    def test_row_security_never_hides_rows(self):
        """A role that policies apply to cannot dump half a table without noticing."""
        user = self.role(16, options="LOGIN")
        source = self.database(16, "CREATE TABLE t AS SELECT generate_series(1, 10) AS a", "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
                               f"CREATE POLICY p ON t TO {user} USING (a < 5)", f"GRANT SELECT ON t TO {user}")
        self.refused("dump", "-d", f"{source} user={user}", "-f", self.folder / "a", says=["row-level security", "t"], state="42501", hint="")
        self.assert_no_file(self.folder / "a")

    def test_sequence_that_may_not_be_read(self):
        user = self.role(16, options="LOGIN")
        source = self.database(16, "CREATE TABLE t (a serial)", f"GRANT SELECT ON t TO {user}")
        self.refused("dump", "-d", f"{source} user={user}", "-f", self.folder / "a", says="t_a_seq", hint="")
        self.assert_no_file(self.folder / "a")

    def test_role_is_taken_and_checked(self):
        source = self.database(16, "CREATE TABLE t (a int)")
        reader = self.role(16, options="NOLOGIN")
        sql(self.server(16), f"GRANT pg_read_all_data TO {reader}")
        self.pghaul("dump", "-q", "-d", source, "--role", reader, "-f", self.folder / "a")
        self.refused("dump", "-d", source, "--role", "no such role", "-f", self.folder / "b", says='"no such role"', hint="--role")

    def test_locked_table(self):
        source = self.database(16, "CREATE TABLE t (a int)")
        with self.locked(source, "t"):
            self.refused("dump", "-d", source, "-f", self.folder / "a", "--lock-wait-timeout", "100", says="lock", state="55P03",
                         hint="--lock-wait-timeout", seconds=20)
        self.assert_no_file(self.folder / "a")


class TargetPrivileges(Case):
    def test_no_right_to_create(self):
        user = self.role(17, options="LOGIN")
        archive = self.dump(self.database(16, "CREATE TABLE t (a int)"))
        target = self.database(17)
        self.refused("restore", "-O", "-d", f"{target} user={user}", archive, says=["permission denied", "TABLE public.t"], state="42501", hint="")
        self.assert_empty(target)

    def test_restore_as_an_ordinary_owner(self):
        user = self.role(17, options="LOGIN")
        source = self.database(16, "CREATE TABLE t (a int PRIMARY KEY, b text)", "INSERT INTO t VALUES (1, 'x')",
                               "CREATE VIEW v AS SELECT * FROM t", "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'")
        name = unique()
        target = self.database(17, options=f"TEMPLATE template0 OWNER {user}", name=name)
        self.pghaul("restore", "-q", "-O", "-d", f"{target} user={user}", self.dump(source))
        self.equal(source, target, "--no-owner", "--no-privileges")

    def test_failed_entry_is_named(self):
        """What only the target can know comes as the entry's own error; --keep-going skips it with what needs it."""
        source = self.database(16, "CREATE TABLE good (a int)", "INSERT INTO good VALUES (1)", "CREATE TABLE t (a int)",
                               "ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 0)", "INSERT INTO t VALUES (1)",
                               "SET session_replication_role = replica", "SET allow_system_table_mods = on",
                               "CREATE TABLE parent (a int PRIMARY KEY)", "CREATE TABLE child (a int REFERENCES parent)",
                               "INSERT INTO child VALUES (7)")  # an orphan, as a damaged source has it
        archive, target = self.dump(source), self.database(17)
        self.refused("restore", "-d", target, archive, says=["child_a_fkey", "(entry "], state="23503", hint="")
        target = self.database(17)
        result = self.pghaul("restore", "--keep-going", "--json", "-d", target, archive, code=SKIPPED)
        told = result.json
        self.assertEqual((told["ok"], len(told["skipped"])), (False, 1))
        self.assertIn("child_a_fkey", told["skipped"][0]["entry"])
        self.assertEqual(sql(target, "SELECT a FROM child"), [["7"]])


if __name__ == "__main__":
    main()

"""Parts of a database, and other names on the target: what the options of selection and policy do, seen from outside."""
import fcntl
import re

from harness import FAILED, SKIPPED, USAGE, Case, main, sql, unique, value, wait_until

SHOP = """
CREATE SCHEMA app;
CREATE TYPE app.mood AS ENUM ('good', 'bad');
CREATE TABLE app.customer (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, mood app.mood, name text);
CREATE TABLE app.orders (id int PRIMARY KEY, customer int REFERENCES app.customer, total numeric);
CREATE INDEX orders_total ON app.orders (total);
CREATE VIEW app.big AS SELECT * FROM app.orders WHERE total > 50;
CREATE TABLE public.log (id serial PRIMARY KEY, line text);
CREATE FUNCTION app.note() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN INSERT INTO public.log (line) VALUES (TG_OP); RETURN NEW; END $$;
CREATE TRIGGER note AFTER INSERT ON app.orders FOR EACH ROW EXECUTE FUNCTION app.note();
INSERT INTO app.customer (mood, name) SELECT 'good', 'c' || n FROM generate_series(1, 50) AS n;
ALTER TABLE app.orders DISABLE TRIGGER note;
INSERT INTO app.orders SELECT n, 1 + n % 50, n FROM generate_series(1, 200) AS n;
ALTER TABLE app.orders ENABLE TRIGGER note
"""


class Selected(Case):
    def setUp(self):
        self.source = self.database(16, SHOP)
        self.target = self.database(17)
        self.archive = self.folder / "a.pghaul"
        self.pghaul("dump", "-q", "-d", self.source, "-f", self.archive)

    def tables(self, conninfo=None):
        return [row[0] for row in sql(conninfo or self.target, "SELECT n.nspname || '.' || c.relname FROM pg_class AS c JOIN pg_namespace AS n "
                                      "ON n.oid = c.relnamespace WHERE relkind = 'r' AND nspname IN ('app', 'public', 'other') ORDER BY 1")]

    def test_missing_dependencies_are_named_before_anything_changes(self):
        self.refused("restore", "-d", self.target, "-t", "app.orders", self.archive, says=["relation app.customer", "schema app", "FK CONSTRAINT"],
                     hint="--with-dependencies")
        self.assert_empty(self.target)

    def test_dependencies_are_taken_along(self):
        self.pghaul("restore", "-q", "-d", self.target, "-t", "app.orders", "--with-dependencies", self.archive)
        self.assertEqual(self.tables(), ["app.customer", "app.orders", "public.log"][:len(self.tables())])
        self.assertIn("app.customer", self.tables())
        self.pghaul("verify", "-q", self.archive, "-d", self.target, "-t", "app.orders", "--with-dependencies")

    def test_dump_of_a_part_names_what_it_lacks(self):
        part = self.folder / "part.pghaul"
        result = self.pghaul("dump", "-d", self.source, "-t", "app.customer", "-f", part)
        self.assertIn("app.mood (needed by TABLE app.customer)", result.err)
        self.refused("restore", "-d", self.target, part, says=["type app.mood", "nothing was changed"])
        sql(self.target, "CREATE SCHEMA app; CREATE TYPE app.mood AS ENUM ('good', 'bad'); CREATE TABLE app.here (a int)")
        self.pghaul("restore", "-q", "-d", self.target, part)
        self.assertEqual(self.tables(), ["app.customer", "app.here"])
        self.pghaul("verify", "-q", part, "-d", self.target, "-t", "app.customer")

    def test_part_of_a_database_joins_what_is_there_but_replaces_nothing(self):
        sql(self.target, "CREATE TABLE public.mine (a int); CREATE TABLE public.log (b int)")
        self.refused("restore", "-d", self.target, "-t", "public.log", self.archive, says=["TABLE public.log", "In the way"], hint="--clean")
        sql(self.target, "DROP TABLE public.log")
        self.pghaul("restore", "-q", "-d", self.target, "-t", "public.log", self.archive)
        self.assertEqual(self.tables(), ["public.log", "public.mine"])

    def test_clean_replaces(self):
        self.pghaul("restore", "-q", "-d", self.target, self.archive)
        sql(self.target, "DELETE FROM app.orders; ALTER TABLE app.customer ADD COLUMN more int; CREATE TABLE public.mine (a int)")
        self.pghaul("restore", "-q", "-d", self.target, "--clean", self.archive)
        self.assertEqual(value(self.target, "SELECT count(*) FROM app.orders"), "200")
        sql(self.target, "DROP TABLE public.mine, public.log")
        self.refused("restore", "-d", self.target, "--clean", self.archive, says='"public.log" does not exist', hint="--if-exists", state="42P01")
        self.pghaul("restore", "-q", "-d", self.target, "--clean", "--if-exists", self.archive)
        self.equal(self.source, self.target)

    def test_rows_alone_come_in_the_order_of_foreign_keys(self):
        self.pghaul("restore", "-q", "-d", self.target, "-s", self.archive)
        self.pghaul("restore", "-q", "-d", self.target, "-a", "-t", "app.*", self.archive)
        self.assertEqual(value(self.target, "SELECT count(*) FROM public.log"), "200")  # the trigger fired

    def test_rows_alone_with_silent_triggers(self):
        sql(self.source, "ALTER TABLE app.orders ENABLE ALWAYS TRIGGER note")
        self.pghaul("dump", "-q", "--force", "-d", self.source, "-f", self.archive)
        self.pghaul("restore", "-q", "-d", self.target, "-s", self.archive)
        self.pghaul("restore", "-q", "-d", self.target, "-a", "--disable-triggers", self.archive)
        self.equal(self.source, self.target)

    def test_sections_one_after_another(self):
        for section in ("pre-data", "data", "post-data"):
            self.pghaul("restore", "-q", "-d", self.target, f"--section={section}", self.archive)
        self.equal(self.source, self.target)

    def test_only_some_rows(self):
        self.pghaul("copy", "-q", "--from", self.source, "--to", self.target, "--where", "app.orders=total <= 20 OR id = 100",
                    "--where", "public.log=false")
        self.assertEqual(value(self.target, "SELECT count(*) FROM app.orders"), "21")
        self.pghaul("verify", "-q", "--from", self.source, "--to", self.target, "--where", "app.orders=total <= 20 OR id = 100")
        self.refused("dump", "-d", self.source, "-f", self.folder / "x", "--where", "app.none=true", says="no matching tables")
        self.refused("dump", "-d", self.source, "-f", self.folder / "x", "--where", "app.orders=nothing = 1", says="nothing", state="42703")
        self.assert_no_file(self.folder / "x")

    def test_list_edited(self):
        text = self.pghaul("restore", "-l", self.archive).out.decode()
        self.assertRegex(text, r"(?m)^\d+; TABLE app orders \w+$")
        lines = [line for line in text.splitlines() if not re.search(r"TRIGGER|VIEW|FK CONSTRAINT|INDEX|public log", line)]
        (self.folder / "list").write_text("\n".join([line for line in reversed(lines)] + ["; 12; a remark", ""]))
        self.pghaul("restore", "-q", "-d", self.target, "-L", self.folder / "list", self.archive)
        self.assertEqual(self.tables(), ["app.customer", "app.orders"])
        (self.folder / "list").write_text("12345; TABLE\n")
        self.refused("restore", "-d", self.target, "-L", self.folder / "list", self.archive, says="names entry 12345", code=USAGE)

    def test_filter_file(self):
        (self.folder / "filter").write_text("# comment\ninclude table \"app\".cust* # more\n\nexclude table_data app.customer\n")
        sql(self.target, "CREATE SCHEMA app; CREATE TYPE app.mood AS ENUM ('good', 'bad')")
        self.pghaul("restore", "-q", "-d", self.target, "--filter", self.folder / "filter", self.archive)
        self.assertEqual((self.tables(), value(self.target, "SELECT count(*) FROM app.customer")), (["app.customer"], "0"))
        (self.folder / "filter").write_text("include tables x\n")
        self.refused("restore", "-d", self.target, "--filter", self.folder / "filter", self.archive, says=["unsupported filter", "line 1"], code=USAGE)

    def test_unreadable_tables_do_not_matter_when_they_are_left_out(self):
        role = self.role(16, options="LOGIN")
        source = self.database(16, SHOP, f'GRANT USAGE ON SCHEMA app TO "{role}"',
                               f'GRANT SELECT ON app.customer, app.customer_id_seq TO "{role}"')
        as_role = re.sub(r"user=\S+", "", source) + f" user={role}"
        self.refused("dump", "-d", as_role, "-f", self.folder / "x", says=["app.orders", "public.log_id_seq"], state="42501")
        self.pghaul("dump", "-q", "-d", as_role, "-t", "app.customer", "-f", self.folder / "x")

    def test_strict_names(self):
        options = ["-t", "public.log", "-t", "public.none"]
        self.pghaul("restore", "-q", "-d", self.target, *options, self.archive)
        self.refused("restore", "-d", self.target, "--strict-names", *options, self.archive, says='pattern "public.none"')
        self.refused("restore", "-d", self.target, "-n", "none", self.archive, says="no matching schemas")


class Renamed(Case):
    def test_roles_tablespaces_and_schemas(self):
        old, new, other = self.role(16), unique("e2e_new"), self.role(17)
        source = self.database(16, SHOP, f'ALTER TABLE app.orders OWNER TO "{old}"; GRANT SELECT ON app.customer TO "{old}"',
                               f'CREATE POLICY p ON app.customer TO "{old}" USING (true)',
                               f'ALTER DEFAULT PRIVILEGES FOR ROLE "{old}" IN SCHEMA app GRANT SELECT ON TABLES TO PUBLIC')
        target = self.database(17)
        self.refused("copy", "--from", source, "--to", target, says=f"role {old}", hint="--map-role")
        self.pghaul("copy", "-q", "--from", source, "--to", target, "--map-role", f"{old}={other}", "--map-schema", "app=shop")
        self.assertEqual(value(target, "SELECT relowner::regrole FROM pg_class WHERE oid = 'shop.orders'::regclass"), other)
        self.assertEqual(value(target, "SELECT polroles::regrole[] FROM pg_policy"), "{" + other + "}")
        self.assertEqual(value(target, "SELECT defaclrole::regrole FROM pg_default_acl"), other)
        self.assertEqual(value(target, "SELECT count(*) FROM shop.big"), "150")
        self.refused("copy", "--from", source, "--to", self.database(17), "--map-schema", "public=x", "--map-role", f"{old}={other}", says="public")
        self.addCleanup(lambda: sql(self.server(17), f'DROP ROLE IF EXISTS "{new}"'))
        target = self.database(17)
        self.pghaul("copy", "-q", "--from", source, "--to", target, "--create-roles", "--map-role", f"{old}={new}")
        self.assertEqual(value(target, f"SELECT rolcanlogin FROM pg_roles WHERE rolname = '{new}'"), "f")
        self.pghaul("verify", "--from", source, "--to", target, "--map-role", f"{old}={new}")

    def test_globals(self):
        group, member = self.role(16, name=unique("e2e_group")), self.role(16, name=unique("e2e_member"), options="LOGIN CREATEDB PASSWORD 'secret'")
        sql(self.server(16), f'GRANT "{group}" TO "{member}" WITH ADMIN TRUE, INHERIT FALSE', f'ALTER ROLE "{member}" SET work_mem = \'7MB\'',
            f"COMMENT ON ROLE \"{group}\" IS 'those'")
        source, target = self.database(16, "CREATE TABLE t (a int)"), self.database(17)
        archive = self.folder / "a.pghaul"
        self.pghaul("dump", "-q", "--globals", "-d", source, "-f", archive)
        wanted = f"ROLE (MEMBERSHIP |SETTING |)\\S* ?.*({group}|{member})"
        lines = self.pghaul("restore", "-l", archive).out.decode().splitlines()
        keep = [line for line in lines if re.search(wanted, line) or " TABLE " in line]
        self.assertGreaterEqual(len(keep), 4)
        self.assertNotIn(b"SCRAM", self.pghaul("inspect", "--sql", archive).out)
        (self.folder / "list").write_text("\n".join(keep) + "\n")
        for role in (member, group):
            self.addCleanup(lambda role=role: sql(self.server(17), f'DROP ROLE IF EXISTS "{role}"'))
        self.pghaul("restore", "-q", "-d", target, "-L", self.folder / "list", archive)
        self.assertEqual(sql(target, f"SELECT rolcreatedb, rolcanlogin, rolconfig FROM pg_roles WHERE rolname = '{member}'"), [["t", "t", "{work_mem=7MB}"]])
        self.assertEqual(sql(target, f"SELECT admin_option, inherit_option FROM pg_auth_members WHERE roleid = '{group}'::regrole"), [["t", "f"]])
        result = self.pghaul("restore", "-d", target, "-L", self.folder / "list", "--clean", archive)
        self.assertIn("left as they are there", result.err)
        self.pghaul("verify", "-q", archive, "-d", target)


class Partitions(Case):
    def test_rows_through_the_root(self):
        source = self.database(16, "CREATE TABLE p (a int, b text) PARTITION BY HASH (a)",
                               *(f"CREATE TABLE p{n} PARTITION OF p FOR VALUES WITH (MODULUS 3, REMAINDER {n})" for n in range(3)),
                               "INSERT INTO p SELECT n, 'x' FROM generate_series(1, 1000) AS n", "CREATE INDEX ON p (a)")
        target = self.database(17)
        self.pghaul("copy", "-q", "--load-via-partition-root", "--from", source, "--to", target)
        self.equal(source, target)

    def test_one_partition_needs_its_parent(self):
        source = self.database(16, "CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)",
                               "INSERT INTO p VALUES (1)")
        target = self.database(17)
        self.refused("copy", "--from", source, "--to", target, "-t", "p1", says="relation public.p (needed by TABLE ATTACH")
        result = self.pghaul("copy", "--keep-going", "--from", source, "--to", target, "-t", "p1", code=SKIPPED)
        self.assertIn(b"skipped   TABLE ATTACH public.p1", result.out)
        self.assertEqual(value(target, "SELECT count(*) FROM p1"), "1")


class ReadAndWritten(Case):
    """How the source is read, and as whom the target is written."""

    def test_snapshot_of_another_session(self):
        source, target = self.database(16, "CREATE TABLE t AS SELECT 1 AS a"), self.database(17)
        with self.session(source, "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT pg_export_snapshot(); SELECT pg_sleep(60)"):
            # A snapshot is named after the virtual transaction that exported it.
            name, = wait_until(lambda: sql(source, """SELECT name FROM pg_ls_dir('pg_snapshots') AS name, pg_locks AS l JOIN pg_stat_activity AS a USING (pid)
                WHERE l.locktype = 'virtualxid' AND a.datname = current_database() AND a.query ~ '^BEGIN.*pg_export_snapshot'
                  AND name ~ format('^%s-%s-', lpad(upper(to_hex(split_part(l.virtualtransaction, '/', 1)::int)), 8, '0'),
                                               lpad(upper(to_hex(split_part(l.virtualtransaction, '/', 2)::int)), 8, '0'))"""), "it is exported")
            sql(source, "INSERT INTO t VALUES (2)")
            self.pghaul("copy", "-q", "--from", source, "--to", target, "--snapshot", name[0])
        self.assertEqual(sql(target, "SELECT a FROM t"), [["1"]])
        self.refused("copy", "--from", source, "--to", self.database(17), "--snapshot", "00000003-0000001B-1", says="snapshot", hint="")

    def test_serializable_deferrable(self):
        source, target = self.database(16, "CREATE TABLE t AS SELECT 1 AS a"), self.database(17)
        self.pghaul("copy", "-q", "--from", source, "--to", target, "--serializable-deferrable")
        self.equal(source, target)

    def test_rows_that_policies_show(self):
        user = self.role(16, 17, options="LOGIN")
        source = self.database(16, "CREATE TABLE t AS SELECT generate_series(1, 10) AS a", "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
                               f"CREATE POLICY p ON t TO {user} USING (a < 5)", f"GRANT SELECT ON t TO {user}")
        archive, target = self.folder / "a", self.database(17)
        self.pghaul("dump", "-q", "--enable-row-security", "-d", f"{source} user={user}", "-f", archive)
        self.pghaul("restore", "-q", "-d", target, archive)
        self.assertEqual(value(target, "SELECT count(*) FROM t"), "4")

    def test_rows_of_foreign_tables(self):
        directory = re.search(r"host=(\S+)", self.server(17)).group(1)
        far = unique()
        self.database(17, "CREATE TABLE kept (a int); INSERT INTO kept VALUES (1), (2)", name=far)
        away = self.database(17, "CREATE EXTENSION postgres_fdw", f"CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '{directory}', "
                             f"dbname '{far}')", "CREATE USER MAPPING FOR PUBLIC SERVER far OPTIONS (user 'postgres')",
                             "CREATE FOREIGN TABLE kept (a int) SERVER far", "CREATE TABLE near (a int)")
        self.assertEqual(self.pghaul("dump", "--json", "-d", away, "-f", self.folder / "a").json["rows"], 0)
        told = self.pghaul("dump", "--json", "--include-foreign-data", "fa*", "-d", away, "-f", self.folder / "b").json
        self.assertEqual(told["rows"], 2)
        self.pghaul("restore", "-q", "-d", self.database(17), self.folder / "b")
        self.assertEqual(value(self.in_database(17, far), "SELECT count(*) FROM kept"), "4")  # both went to the same place
        self.refused("dump", "-d", away, "-f", self.folder / "c", "--include-foreign-data", "none", says="no matching foreign servers")
        self.refused("dump", "-s", "-d", away, "-f", self.folder / "c", "--include-foreign-data", "far", says="--schema-only", code=USAGE)

    def test_restored_as_another_role(self):
        owner, name = self.role(17), unique()
        target = self.database(17, options=f"TEMPLATE template0 OWNER {owner}", name=name)
        archive = self.dump(self.database(16, "CREATE TABLE t (a int)"))
        self.pghaul("restore", "-q", "-O", "--role", owner, "-d", target, archive)
        self.assertEqual(value(target, "SELECT relowner::regrole FROM pg_class WHERE relname = 't'"), owner)
        self.refused("restore", "--role", "no such role", "-d", self.database(17), archive, says='"no such role"', hint="--role")

    def test_what_is_cut_off_can_be_listed(self):
        archive, part = self.dump(self.database(16, "CREATE TABLE a (a int); INSERT INTO a VALUES (1)")), self.folder / "part"
        part.write_bytes(archive.read_bytes()[:-10])
        for options in ([], ["-a"]):
            self.assertIn(b" TABLE DATA public a ", self.pghaul("restore", "-l", *options, part).out)
        self.refused("restore", "-a", "-d", self.database(17, "CREATE TABLE a (a int)"), part, says="incomplete", code=5)

    def test_filter_from_standard_input(self):
        source = self.database(16, "CREATE TABLE a (a int); CREATE TABLE b (a int)")
        (self.folder / "filter").write_text("exclude table b\n")
        with open(self.folder / "filter", "rb") as given:
            self.pghaul("dump", "-q", "-d", source, "--filter", "-", "-f", self.folder / "x", stdin=given)
        listed = self.pghaul("restore", "-l", self.folder / "x").out
        self.assertIn(b" TABLE public a ", listed)
        self.assertNotIn(b" TABLE public b ", listed)


class WhatOthersOwn(Case):
    def test_a_subscription_is_disabled_and_connects_to_nothing(self):
        name = unique()
        for major in (13, 16):
            source = self.database(major, "CREATE TABLE t (a int)",
                                   f"CREATE SUBSCRIPTION {name} CONNECTION 'host=127.0.0.1 port=1 dbname=nowhere' PUBLICATION p WITH (connect = false)")
            archive = self.dump(source)
            sql(source, f"ALTER SUBSCRIPTION {name} SET (slot_name = NONE)", f"DROP SUBSCRIPTION {name}")
            target = self.database(17)
            self.pghaul("restore", "-q", "-d", target, archive)
            self.assertEqual(sql(target, f"SELECT subenabled, subconninfo ~ 'nowhere' FROM pg_subscription WHERE subname = '{name}'"), [["f", "t"]])
            self.assertEqual(value(target, "SELECT count(*) FROM pg_stat_activity WHERE backend_type LIKE 'logical%worker' AND datname = current_database()"), "0")
            sql(target, f"ALTER SUBSCRIPTION {name} SET (slot_name = NONE)", f"DROP SUBSCRIPTION {name}")

    def test_configuration_of_extensions(self):
        # As pg_extension_config_dump() leaves it; that function runs within an extension's script only.
        configured = ["CREATE EXTENSION hstore", "CREATE TABLE conf (a int, own bool); CREATE TABLE plain (a int)",
                      "ALTER EXTENSION hstore ADD TABLE conf", "ALTER EXTENSION hstore ADD TABLE plain"]
        for major in (13, 16, 17):
            source = self.database(major, *configured, "INSERT INTO conf VALUES (1, true), (2, false), (3, true)", "INSERT INTO plain VALUES (1)",
                                   "UPDATE pg_extension SET extconfig = ARRAY['conf'::regclass]::oid[], extcondition = ARRAY['WHERE own'] WHERE extname = 'hstore'")
            archive, target = self.dump(source), self.database(17, *configured)
            rows = [line for line in self.pghaul("restore", "-l", archive).out.splitlines() if b"TABLE DATA" in line]
            self.assertEqual(len(rows), 1, rows)
            self.assertFalse([line for line in self.pghaul("restore", "-l", archive).out.splitlines() if b" TABLE public " in line])
            self.pghaul("restore", "-q", "-a", "-d", target, archive)
            self.assertEqual(sql(target, "SELECT a FROM conf ORDER BY a"), [["1"], ["3"]])
            self.assertEqual(value(target, "SELECT count(*) FROM plain"), "0")


class OptionsThatDoNotFit(Case):
    def test_usage_errors(self):
        for arguments, says in [(["dump", "-d", "x", "-f", "y", "--clean"], "clean"), (["restore", "-d", "x", "y", "--where", "a=b"], "where"),
                                (["restore", "-d", "x", "y", "--if-exists"], "--clean"), (["inspect", "y", "-t", "a"], "t"),
                                (["dump", "-d", "x", "-f", "y", "-l"], "l"), (["restore", "-d", "x", "y", "-a", "-c"], "--data-only"),
                                (["dump", "-d", "x", "-f", "y", "--role-passwords"], "--globals"),
                                (["dump", "-d", "x", "-f", "y", "--section", "middle"], "middle"),
                                (["dump", "-d", "x", "-f", "y", "-t", "a.b.c.d"], "too many dotted names"),
                                (["dump", "-d", "x", "-f", "y", "--where", "t"], "TABLE=CONDITION"),
                                (["restore", "-d", "x", "y", "--map-role", "a"], "OLD=NEW")]:
            self.refused(*arguments, says=says, code=USAGE)

    def test_usage_is_judged_before_a_file_is_touched(self):
        archive, partial = self.folder / "a", self.folder / "a.partial"
        archive.write_bytes(b"of somebody else")
        partial.write_bytes(b"of another pghaul")
        with open(partial) as of_another:
            fcntl.flock(of_another, fcntl.LOCK_EX)
            for unfit in (["--where", "t"], ["-t", "a.b.c.d"], ["--section", "middle"], ["-Z", "20"], ["-j", "0"]):
                self.refused("dump", "-d", "x", "--force", "-f", archive, *unfit, says=unfit[1], code=USAGE)
                self.assertEqual((archive.read_bytes(), partial.read_bytes()), (b"of somebody else", b"of another pghaul"))
        for unfit in (["--section", "middle"], ["-t", "a.b.c.d"], ["-L", self.folder / "none"], ["--map-role", "a"]):
            self.refused("restore", "-d", "x", self.folder / "none", *unfit, says=str(unfit[1]), code=USAGE)

    def test_a_pattern_for_another_database(self):
        source = self.database(16, "CREATE TABLE a (b int)")
        self.dump(source, "-t", f"{value(source, 'SELECT current_database()')}.public.a")
        self.refused("dump", "-d", source, "-f", self.folder / "b", "-t", "elsewhere.public.a", says="names another database", code=USAGE)

    def test_help_fits_the_terminal(self):
        for command in ("dump", "restore", "copy", "verify", "inspect"):
            for line in self.pghaul(command, "--help").out.decode().splitlines():
                self.assertLessEqual(len(line), 80 if line.startswith("  -") or line.startswith("      ") else 120, line)


if __name__ == "__main__":
    main()

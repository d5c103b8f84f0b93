"""Whole databases from server to server: samples, pipes, copies, options, versions."""
import os
import threading

from harness import SAMPLES, Case, ident, literal, main, script, sql, unique, value

ROLES = SAMPLES / "shop-roles.sql"


class _Moves(Case):
    def shop(self, major, scale="0.002", *targets):
        for server in (major, *targets):
            script(self.server(server), ROLES)
        source = self.database(major)
        script(source, SAMPLES / "shop.sql", scale=scale)
        return source

    def chinook(self, major):
        source = self.database(major)
        script(source, SAMPLES / "chinook.sql")
        return source

    def by_archive(self, source, major):
        target = self.database(major)
        archive = self.dump(source, "-j", "2")
        self.pghaul("restore", "-q", "-j", "2", "-d", target, archive)
        self.pghaul("verify", "-q", archive)
        self.pghaul("verify", "-q", archive, "-d", target)
        self.equal(source, target)
        return target

    def by_copy(self, source, major):
        target = self.database(major)
        self.pghaul("copy", "-q", "-j", "2", "--from", source, "--to", target)
        self.equal(source, target)
        return target


class Samples(_Moves):
    """16 to 17: pg_dump --schema-only of both sides is the same, verify says equal."""

    def test_chinook_by_archive(self):
        source = self.chinook(16)
        self.same_schema(source, self.by_archive(source, 17))

    def test_chinook_by_copy(self):
        source = self.chinook(16)
        self.same_schema(source, self.by_copy(source, 17))

    def test_shop_by_archive(self):
        source = self.shop(16, "0.002", 17)
        self.same_schema(source, self.by_archive(source, 17))

    def test_shop_by_copy(self):
        source = self.shop(16, "0.002", 17)
        self.same_schema(source, self.by_copy(source, 17))


class Sources(_Moves):
    """Other versions into 17."""

    def moves(self, major):
        source = self.shop(major, "0.001", 17)
        self.by_archive(source, 17)
        source = self.chinook(major)
        self.same_schema(source, self.by_copy(source, 17))

    def test_13(self):
        self.moves(13)

    def test_15(self):
        self.moves(15)

    def test_18(self):
        source = self.chinook(18)
        self.by_copy(source, 17)


class Targets(_Moves):
    """16 into other versions."""

    def moves(self, major):
        source = self.shop(16, "0.001", major)
        self.by_archive(source, major)

    def test_15(self):
        self.moves(15)

    def test_16(self):
        self.moves(16)

    def test_18(self):
        self.moves(18)


class Pipes(_Moves):
    def test_dump_into_restore(self):
        """Neither end takes memory for what goes through: 200 MB here."""
        source, target = self.database(16, "CREATE TABLE t AS SELECT i, repeat(md5(i::text), 30) AS a FROM generate_series(1, 200000) i",
                                       "ALTER TABLE t ADD PRIMARY KEY (i)"), self.database(17)
        read, write = os.pipe()
        dump = self.start("dump", "-q", "-d", source, "-f", "-", stdout=write)
        restore = self.start("restore", "-q", "-d", target, "-", stdin=read)
        os.close(read), os.close(write)
        for process in (dump, restore):
            result = process.wait()
            self.assertEqual((result.code, result.err), (0, ""))
            self.assertLess(result.peak, 300e6)
        self.equal(source, target)

    def test_archive_from_a_pipe_is_the_same(self):
        source, target = self.chinook(16), self.database(17)
        archive = self.folder / "c.pghaul"
        with archive.open("wb") as file:
            self.pghaul("dump", "-q", "-d", source, "-f", "-", stdout=file)
        self.pghaul("verify", "-q", archive)
        with archive.open("rb") as file:
            self.pghaul("restore", "-q", "-d", target, "-", stdin=file)
        self.equal(source, target)


class Copies(_Moves):
    def test_archive_beside_the_copy(self):
        source, target, archive = self.chinook(16), self.database(17), self.folder / "tee.pghaul"
        copied = self.pghaul("copy", "--json", "--from", source, "--to", target, "--archive", archive).json
        self.pghaul("verify", "-q", archive)
        self.pghaul("verify", "-q", archive, "-d", target)
        dumped = self.pghaul("dump", "--json", "-d", source, "-f", self.folder / "dump.pghaul").json
        rows = lambda told: sorted((table["name"], table["rows"], table["digest"]) for table in told["tables"])
        self.assertEqual(rows(copied), rows(dumped))
        again = self.database(17)
        self.pghaul("restore", "-q", "-d", again, archive)
        self.equal(source, again)

    def test_failing_target_fails_the_copy_and_its_archive(self):
        source = self.database(16, "CREATE TABLE t (a text)", "INSERT INTO t VALUES ('日本')")
        target = self.database(17, options="TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
        self.refused("copy", "--from", source, "--to", target, "--archive", self.folder / "a", says=["no equivalent", "public.t"], state="22P05")
        if (self.folder / "a").exists():  # so short that the source was through before the target refused: then it is whole
            self.pghaul("verify", "-q", self.folder / "a")
        self.assert_no_file(self.folder / "a.partial")

    def test_failing_source_fails_the_copy(self):
        """A view's column that cannot be computed is no failure; a table that cannot be read is, and it is the cause that is told."""
        user = self.role(16, options="LOGIN")
        source = self.database(16, "CREATE TABLE t (a int)")
        target = self.database(17)
        self.refused("copy", "--from", f"{source} user={user}", "--to", target, says=["no privilege", "public.t"], state="42501", seconds=30)
        self.assert_empty(target)

    def test_copy_makes_the_database(self):
        name = unique()
        source = self.database(16, "CREATE TABLE t (a int)", name=name)
        self.drops(17, name)
        self.pghaul("copy", "-q", "--create", "--from", source, "--to", self.server(17))
        self.equal(source, self.in_database(17, name))


class Create(_Moves):
    def setUp(self):
        self.owner = self.role(16, 17)
        self.name = unique()
        self.source = self.database(16, "CREATE TABLE t AS SELECT 1 AS a", name=self.name,
                                    options=f"TEMPLATE template0 ENCODING 'LATIN9' LOCALE 'C' OWNER {self.owner} CONNECTION LIMIT 7")
        quoted = ident(self.name)
        sql(self.source, f"ALTER DATABASE {quoted} SET work_mem = '7MB'", f"ALTER DATABASE {quoted} SET search_path = \"a b\", public",
            f"ALTER DATABASE {quoted} SET datestyle = 'SQL, DMY'", f"ALTER DATABASE {quoted} SET my.setting = 'it''s'",
            f"ALTER ROLE {self.owner} IN DATABASE {quoted} SET statement_timeout = '9s'", f"COMMENT ON DATABASE {quoted} IS 'a \"comment\"'",
            f"GRANT TEMPORARY ON DATABASE {quoted} TO {self.owner}", f"REVOKE CONNECT ON DATABASE {quoted} FROM PUBLIC")
        self.archive = self.dump(self.source)

    def properties(self, server, name):
        return sql(server, f"SELECT pg_encoding_to_char(encoding), datcollate, datctype, datconnlimit, datdba::regrole, datacl, "
                           f"shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = {literal(name)}",
                   f"SELECT setrole::regrole, unnest(setconfig) FROM pg_db_role_setting JOIN pg_database d ON d.oid = setdatabase WHERE datname = {literal(name)} ORDER BY 1, 2")

    def test_under_its_own_name(self):
        self.drops(17, self.name)
        told = self.pghaul("restore", "--json", "--create", "-d", self.server(17), self.archive).json
        self.assertEqual(told["database"], self.name)
        self.assertEqual(self.properties(self.server(17), self.name), self.properties(self.server(16), self.name))
        self.equal(self.source, self.in_database(17, self.name))

    def test_under_the_name_that_was_asked_for(self):
        other = f'other "{unique()}"'
        self.drops(17, other)
        self.pghaul("restore", "-q", "--create", "-d", self.in_database(17, other), self.archive)
        self.assertEqual(self.properties(self.server(17), other), self.properties(self.server(16), self.name))
        self.equal(self.source, self.in_database(17, other))

    def test_without_owner_and_privileges(self):
        self.drops(17, self.name)
        self.pghaul("restore", "-q", "--create", "-O", "-x", "-d", self.server(17), self.archive)
        properties = self.properties(self.server(17), self.name)[0]
        self.assertEqual(properties[:2] + properties[4:6], ["LATIN9", "C", "postgres", ""])

    def test_nothing_is_made_when_the_target_lacks_something(self):
        sql(self.server(17), f"DROP ROLE {self.owner}")
        self.refused("restore", "--create", "-d", self.server(17), self.archive, says=[self.owner, "nothing was changed"], hint="--no-owner")
        self.assertEqual(value(self.server(17), f"SELECT count(*) FROM pg_database WHERE datname = {literal(self.name)}"), "0")

    def test_no_right_to_create_a_database(self):
        user = self.role(17, options="LOGIN")
        self.refused("restore", "--create", "-O", "-x", "-d", f"{self.server(17)} user={user}", self.archive,
                     says=["creating database", "permission denied"], state="42501", hint="")


class Parts(_Moves):
    TABLES = ["CREATE TABLE t (a serial PRIMARY KEY, b text UNIQUE)", "INSERT INTO t (b) SELECT 'row ' || i FROM generate_series(1, 5000) i",
              "CREATE TABLE child (a int REFERENCES t)", "INSERT INTO child SELECT generate_series(1, 5000)",
              "CREATE MATERIALIZED VIEW mv AS SELECT count(*) FROM t", "SELECT lo_from_bytea(4711, 'content')"]

    def setUp(self):
        self.source = self.database(16, *self.TABLES)

    def test_schema_only(self):
        for archive, options in ((self.dump(self.source, "-s"), []), (self.dump(self.source), ["-s"])):
            target = self.database(17)
            self.pghaul("restore", "-q", *options, "-d", target, archive)
            self.same_schema(self.source, target)
            self.assertEqual(sql(target, "SELECT count(*) FROM t", "SELECT last_value, is_called FROM t_a_seq"), [["0"], ["1", "f"]])
            self.equal(self.source, target, "-s")

    def test_data_only_into_a_schema_that_is_there(self):
        schema, data, target = self.dump(self.source, "-s"), self.dump(self.source, "-a"), self.database(17)
        self.pghaul("restore", "-q", "-d", target, schema)
        sql(target, "ALTER TABLE child DISABLE TRIGGER ALL")
        self.pghaul("restore", "-q", "-a", "-d", target, data)
        sql(target, "ALTER TABLE child ENABLE TRIGGER ALL", "REFRESH MATERIALIZED VIEW mv")
        self.equal(self.source, target)

    def test_data_of_a_whole_archive(self):
        whole, pipe = self.dump(self.source), self.folder / "pipe"
        os.mkfifo(pipe)
        for archive in (whole, pipe):
            target = self.database(17)
            self.pghaul("restore", "-q", "-s", "-d", target, whole)
            sql(target, "ALTER TABLE child DROP CONSTRAINT child_a_fkey")
            writer = threading.Thread(target=lambda: pipe.write_bytes(whole.read_bytes()), daemon=True)
            if archive is pipe:
                writer.start()
            self.pghaul("restore", "-q", "-a", "-d", target, archive)
            self.assertEqual(sql(target, "SELECT count(*), sum(a) FROM child", "SELECT last_value FROM t_a_seq"), [["5000", "12502500"], ["5000"]])

    def test_data_only_where_a_table_is_missing(self):
        target = self.database(17, "CREATE TABLE t (a int, b text)")
        self.refused("restore", "-a", "-d", target, self.dump(self.source), says=["public.child", "nothing was changed"], hint="")

    def test_without_large_objects(self):
        target = self.database(17)
        self.pghaul("restore", "-q", "-d", target, self.dump(self.source, "-B"))
        self.assertEqual(value(target, "SELECT count(*) FROM pg_largeobject_metadata"), "0")

    def test_without_owners_and_privileges(self):
        owner = self.role(16)
        self.source = self.database(16, *self.TABLES)
        sql(self.source, f"ALTER TABLE t OWNER TO {owner}; ALTER TABLE child OWNER TO {owner}; GRANT SELECT ON t TO PUBLIC; ALTER LARGE OBJECT 4711 OWNER TO {owner}")
        archive, target = self.dump(self.source), self.database(17)
        self.pghaul("restore", "-q", "-O", "-x", "-d", target, archive)
        self.assertEqual(sql(target, "SELECT relowner::regrole, relacl FROM pg_class WHERE relname = 't'"), [["postgres", ""]])
        self.equal(self.source, target, "-O", "-x")
        self.pghaul("verify", "-q", "--from", self.source, "--to", target, code=4)


if __name__ == "__main__":
    main()

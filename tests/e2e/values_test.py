"""Every shape of table, name, encoding and value goes over and is the same on the other side."""
from harness import DIFFERS, Case, ident, main, sql, unique, value


class _Moving(Case):
    def moves(self, source, *options, target=None, same_schema=True):
        """By dump and restore; equal to verify, to the archive, and to pg_dump. Returns the target."""
        target = target or self.database(17)
        archive = self.dump(source, *options)
        self.pghaul("restore", "-q", "-d", target, archive)
        self.equal(source, target)
        self.pghaul("verify", "-q", archive, "-d", target)
        if same_schema:
            self.same_schema(source, target)
        return target


class Shapes(_Moving):
    def test_no_columns_no_rows(self):
        source = self.database(16, "CREATE TABLE nothing ()", "CREATE TABLE rows_without_columns ()",
                               "INSERT INTO rows_without_columns SELECT FROM generate_series(1, 5)", "CREATE TABLE empty (a int, b text)",
                               "CREATE TABLE generated_only (a int GENERATED ALWAYS AS (1 + 1) STORED)",
                               "INSERT INTO generated_only SELECT FROM generate_series(1, 3)")
        target = self.moves(source)
        self.assertEqual(value(target, "SELECT count(*) FROM rows_without_columns"), "5")
        self.assertEqual(sql(target, "SELECT DISTINCT a, count(*) FROM generated_only GROUP BY a"), [["2", "3"]])

    def test_empty_database(self):
        self.moves(self.database(16))

    def test_1600_columns(self):
        names = [f"c{i}" for i in range(1600)]
        source = self.database(16, f"CREATE TABLE wide ({', '.join(name + ' bool' for name in names)})",
                               f"INSERT INTO wide VALUES ({', '.join('NULL' if i % 7 else 'true' for i in range(1600))})",
                               "INSERT INTO wide DEFAULT VALUES")
        target = self.moves(source)
        self.assertEqual(sql(target, "SELECT count(*), count(c0), count(c1), count(c1596) FROM wide"), [["2", "1", "0", "1"]])

    def test_dropped_columns(self):
        source = self.database(16, "CREATE TABLE t (a int, b text, c int, d text)", "INSERT INTO t VALUES (1, 'x', 2, 'y')", "ALTER TABLE t DROP a",
                               "ALTER TABLE t DROP c", "ALTER TABLE t ADD e int DEFAULT 5", "INSERT INTO t VALUES ('z', NULL, NULL)",
                               "CREATE TABLE parent (a int, b int)", "CREATE TABLE child (z int, b int, a int)",
                               "ALTER TABLE child DROP z", "ALTER TABLE child INHERIT parent", "INSERT INTO child VALUES (20, 10)",
                               "CREATE TABLE parted (x int, k int, y text) PARTITION BY LIST (k)", "ALTER TABLE parted DROP x",
                               "CREATE TABLE part (y text, gone int, k int)", "ALTER TABLE part DROP gone",
                               "ALTER TABLE parted ATTACH PARTITION part FOR VALUES IN (1)", "INSERT INTO parted VALUES (1, 'one')")
        target = self.moves(source)
        self.assertEqual(sql(target, "SELECT b, d, e FROM t ORDER BY b"), [["x", "y", "5"], ["z", "", ""]])
        self.assertEqual(sql(target, "SELECT a, b FROM parent"), [["10", "20"]])
        self.assertEqual(sql(target, "SELECT k, y FROM parted"), [["1", "one"]])

    def test_unlogged(self):
        source = self.database(16, "CREATE UNLOGGED TABLE t AS SELECT generate_series(1, 50000) AS a", "CREATE UNLOGGED SEQUENCE s", "SELECT nextval('s')")
        target = self.moves(source)
        self.assertEqual(sql(target, "SELECT relname, relpersistence FROM pg_class WHERE relname IN ('s', 't') ORDER BY 1"), [["s", "u"], ["t", "u"]])

    def test_names(self):
        names = ['quote"inside', "apostrophe's", "new\nline", "dot.ted", "UPPER", "žluťoučký kůň 🐎", "x" * 63, "back\\slash", "select", " blanks ",
                 "$1", "-- comment", "/* not", "%s{}", "tab\tbed", "-rf", "é" * 20]
        source = self.database(16)
        for name in names:
            quoted = ident(name)
            sql(source, f"CREATE SCHEMA {quoted}; CREATE TYPE {quoted}.{quoted} AS ENUM ({', '.join(chr(39) + label.replace(chr(39), chr(39) * 2) + chr(39) for label in (name, 'b'))})",
                f"CREATE TABLE {quoted}.{ident(name[:60] + '_t')} ({quoted} int, {ident(name[:40] + ' 2')} {quoted}.{quoted} DEFAULT 'b', "
                f"CONSTRAINT {ident(name[:50] + ' pk')} PRIMARY KEY ({quoted}))",
                f"INSERT INTO {quoted}.{ident(name[:60] + '_t')} VALUES (1), (2)",
                f"CREATE INDEX {ident(name[:50] + ' ix')} ON {quoted}.{ident(name[:60] + '_t')} (({quoted} + 1))",
                f"CREATE VIEW {quoted}.{ident(name[:60] + '_v')} AS SELECT {quoted} FROM {quoted}.{ident(name[:60] + '_t')}",
                f"CREATE FUNCTION {quoted}.{ident(name[:60] + '_f')}({quoted} int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
                f"COMMENT ON TABLE {quoted}.{ident(name[:60] + '_t')} IS {chr(39) + name.replace(chr(39), chr(39) * 2) + chr(39)}")
        target = self.moves(source)
        self.assertEqual(sorted(sql(target, "SELECT quote_ident(nspname) FROM pg_namespace WHERE oid > 16384")),
                         sorted(sql(source, "SELECT quote_ident(nspname) FROM pg_namespace WHERE oid > 16384")))
        inspected = self.pghaul("inspect", self.dump(source)).out
        self.assertNotIn(b"\nline", inspected)

    def test_names_of_databases(self):
        for name in ['it\'s "a" db', "Ünï \\ code", "x" * 63, "a=b c", "postgres://h/d"]:
            with self.subTest(name=name):
                source = self.database(16, "CREATE TABLE t AS SELECT 1 AS a", name=name)
                archive = self.dump(source)
                self.drops(17, name)
                self.pghaul("restore", "-q", "--create", "-d", self.server(17), archive)
                self.equal(source, self.in_database(17, name))
                self.assertEqual(self.pghaul("inspect", "--json", archive).json["source"]["database"], name)

    def test_roles_with_odd_names(self):
        role = self.role(16, 17, name=f'{unique()} "x\' ,=/')
        source = self.database(16, "CREATE TABLE t (a int, b int)", f"ALTER TABLE t OWNER TO {ident(role)}", "CREATE TABLE u (a int)",
                               f"GRANT SELECT, INSERT ON u TO {ident(role)} WITH GRANT OPTION", f"GRANT UPDATE (b) ON t TO {ident(role)}")
        target = self.moves(source)
        sql(target, "DROP TABLE t, u")


class Values(_Moving):
    EDGES = """
      CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
      CREATE TYPE pair AS (a int, b text);
      CREATE DOMAIN positive AS int CHECK (VALUE > 0);
      CREATE TABLE edges (
        n numeric, f8 float8, f4 float4, d date, ts timestamp, tz timestamptz, iv interval, tm time, ttz timetz,
        i int[], t text[], b bytea, bits bit varying, u uuid, j json, jb jsonb, m money, ip inet, c cidr, mac macaddr, mac8 macaddr8,
        e mood, p pair, dom positive, r int4range, mr nummultirange, x xml, tsv tsvector, tsq tsquery, pt point, pg polygon, cir circle,
        lsn pg_lsn, xid xid8, o oid, reg regclass, regt regtype, regp regprocedure, em mood[], pa pair[], doma positive[], ch char(5),
        vc varchar(3), q "char", nm name, snap pg_snapshot, jp jsonpath, ov oidvector, iv2 int2vector, l line, bx box, path path, s lseg);
      INSERT INTO edges (n) SELECT unnest(ARRAY['NaN', 'Infinity', '-Infinity', '0', '-0.000', '1e-16383', '9' || repeat('0', 1000), '1.10']::numeric[]);
      INSERT INTO edges (f8, f4) SELECT unnest(ARRAY['NaN', 'Infinity', '-Infinity', '-0', '1e-323', '1.7976931348623157e308', '0.1']::float8[]),
                                        unnest(ARRAY['NaN', 'Infinity', '-Infinity', '-0', '1e-45', '3.4028235e38', '0.1']::float4[]);
      INSERT INTO edges (d, ts, tz) SELECT unnest(ARRAY['infinity', '-infinity', '4713-01-01 BC', '5874897-12-31', '0001-01-01']::date[]),
        unnest(ARRAY['infinity', '-infinity', '4713-01-01 BC', '294276-12-31 23:59:59.999999', '2000-02-29']::timestamp[]),
        unnest(ARRAY['infinity', '-infinity', '4713-01-01 00:00:00+00 BC', '294276-12-31 23:59:59.999999+00', '1883-11-18 12:03:58-08']::timestamptz[]);
      INSERT INTO edges (iv, tm, ttz) VALUES ('-178000000 years', '24:00', '24:00-15:59:59'), ('1 year -1 day +0.000001 s', '00:00', '00:00+15:59:59');
      INSERT INTO edges (i, t) VALUES ('{}', '{}'), ('{NULL}', '{NULL,"NULL","","a,b","c\\"d"," x "}'),
        ('[-2:-1][5:6]={{1,2},{3,NULL}}', '{{{"\\\\"}}}'), (array_fill(7, ARRAY[2,2,2]), ARRAY[E'\\t', E'\\n', E'\\r', E'\\b\\f\\v', '\\N', '\\.']);
      INSERT INTO edges (b) SELECT decode(string_agg(lpad(to_hex(n), 2, '0'), ''), 'hex') FROM generate_series(0, 255) n;
      INSERT INTO edges (b, t) VALUES ('', '{""}'), ('\\x00', NULL), ('\\x5c2e0a', '{"\\\\."}');
      INSERT INTO edges (bits, u) VALUES ('', 'ffffffff-ffff-ffff-ffff-ffffffffffff'), ('10110', gen_random_uuid());
      INSERT INTO edges (j, jb) VALUES ('{"a" :  1, "a": 2}', '{"a": 1e400, "b": [], "c": {"\\u00e9": null}}'), ('null', 'null'), ('""', '"\\u2028"');
      INSERT INTO edges (m, ip, c, mac, mac8) VALUES ('-1234.56', '::1/0', '10/8', '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05');
      INSERT INTO edges (e, p, dom, em, pa, doma) VALUES ('happy', (NULL, E'x"y\\n'), 7, '{sad,NULL,ok}', ARRAY[(1, 'a'), NULL]::pair[], '{1,2}');
      INSERT INTO edges (r, mr) VALUES ('empty', '{}'), ('(,5]', '{[1,2),(7,]}');
      INSERT INTO edges (x, tsv, tsq) VALUES ('<a b="c">é</a>', $$'it''s' x:1A,2B$$, $$'a' & !'b':* <2> c$$);
      INSERT INTO edges (pt, pg, cir, l, bx, path, s) VALUES ('(NaN,-Infinity)', '((0,0),(1,1),(1,0))', '<(0,0),5>', '{1,-1,0}', '(1,1),(0,0)', '[(0,0),(1,1)]', '[(0,0),(1,1)]');
      INSERT INTO edges (lsn, xid, o, reg, regt, regp) VALUES ('FF/FFFFFFFF', '18446744073709551615', 4294967295, 'edges', 'mood', 'pg_catalog.now()');
      INSERT INTO edges (ch, vc, q, nm, snap, jp, ov, iv2) VALUES ('a', 'žlu', 'x', 'name', '10:20:10,14', '$.a[*] ? (@ > 1)', '1 2 3', '4 5');
      INSERT INTO edges DEFAULT VALUES;"""

    def test_values_at_the_edge(self):
        self.moves(self.database(16, self.EDGES))

    def test_values_as_text(self):
        self.moves(self.database(16, self.EDGES), "--copy-format", "text")

    def test_types_choose_the_format(self):
        """Binary where every type allows it, text where one does not: OIDs in a value would mean other things on the target."""
        source = self.database(16, "CREATE TYPE mood AS ENUM ('sad', 'ok')", "CREATE TYPE pair AS (a int, b mood)",
                               *(f"CREATE TABLE binary_{i} (a {kind})" for i, kind in enumerate(
                                   ["int", "numeric", "text", "bytea", "uuid", "timestamptz", "jsonb", "inet", "bit(3)", "mood", "int[]", "text[]", "int4range"])),
                               *(f"CREATE TABLE text_{i} (a {kind})" for i, kind in enumerate(
                                   ["regclass", "regtype", "tsvector", "tsquery", "mood[]", "pair", "pair[]", "aclitem"])))
        tables = self.pghaul("inspect", "--json", self.dump(source)).json["tables"]
        self.assertGreater(len(tables), 20)
        for table in tables:
            self.assertEqual(table["format"], table["name"].split("_")[0], table["name"])
        tables = self.pghaul("inspect", "--json", self.dump(source, "--copy-format", "text")).json["tables"]
        self.assertEqual({table["format"] for table in tables}, {"text"})

    def test_binary_asked_for(self):
        self.moves(self.database(16, "CREATE TABLE t AS SELECT i, i::text AS t, now() AS at FROM generate_series(1, 1000) i"), "--copy-format", "binary")
        source = self.database(16, "CREATE TABLE fine (a int)", "CREATE TABLE odd (a regclass)")
        archive = self.folder / "x.pghaul"
        self.refused("dump", "-d", source, "--copy-format", "binary", "-f", archive, says=["public.odd", "not portable"], hint="--copy-format auto")
        self.assert_no_file(archive)

    def test_large_objects(self):
        source = self.database(16, "SELECT lo_create(100)", "SELECT lo_from_bytea(20000, '\\x00ff')",
                               "SELECT lo_from_bytea(300, decode(repeat('00112233445566778899aabbccddeeff', 100000), 'hex'))",
                               "SELECT lo_create(400)", "SELECT lo_put(400, 5000000, 'sparse')", "COMMENT ON LARGE OBJECT 20000 IS 'two'")
        target = self.moves(source)
        self.assertEqual(sql(target, "SELECT oid, md5(lo_get(oid)) FROM pg_largeobject_metadata ORDER BY 1"),
                         sql(source, "SELECT oid, md5(lo_get(oid)) FROM pg_largeobject_metadata ORDER BY 1"))


class Large(_Moving):
    """Values of hundreds of MB, and memory that is bounded by the largest row, not by the table."""

    def peaks(self, create, largest_row):
        source, target = self.database(16, *create), self.database(17)
        archive = self.folder / "a.pghaul"
        dumped = self.pghaul("dump", "-q", "-j", "1", "-d", source, "-f", archive)
        restored = self.pghaul("restore", "-q", "-j", "1", "-d", target, archive)
        self.pghaul("verify", "-q", "-j", "1", archive, "-d", target)
        for what, result in (("dump", dumped), ("restore", restored)):
            self.assertLess(result.peak, 150e6 + 5 * largest_row, f"{what} took {result.peak / 1e6:.0f} MB")

    def test_bytea_of_300_mb(self):
        self.peaks(["CREATE TABLE t (a bytea)", "ALTER TABLE t ALTER a SET STORAGE EXTERNAL",
                    "INSERT INTO t SELECT convert_to(repeat('0123456789abcdef', 300000000 / 16), 'UTF8')"], 300e6)

    def test_text_of_100_mb(self):
        self.peaks(["CREATE TABLE t (a text)", "INSERT INTO t SELECT repeat('žluť\n\t\\', 10000000)"], 130e6)

    def test_many_large_rows(self):
        """24 rows of 10 MB through two workers: memory for some chunks, not for the table."""
        source, target = self.database(16, "CREATE TABLE t AS SELECT i, repeat(md5(i::text), 320000) AS a FROM generate_series(1, 24) i"), self.database(17)
        copied = self.pghaul("copy", "-q", "-j", "2", "--from", source, "--to", target)
        self.assertLess(copied.peak, 400e6)
        self.equal(source, target)


class Encodings(_Moving):
    def latin1(self, major, name=None):
        return self.database(major, options="TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'", name=name)

    def test_latin1_to_utf8(self):
        source = self.latin1(16)
        sql(source, "CREATE TABLE \"tëst\" (a text)", "INSERT INTO \"tëst\" VALUES ('Grüße, ½'), ('ÿ')", "COMMENT ON TABLE \"tëst\" IS 'é'")
        target, archive = self.database(17), self.dump(source)
        self.pghaul("restore", "-q", "-d", target, archive)
        for sides in (["--from", source, "--to", target], [archive, "-d", target]):  # the rows are the same, the databases' encodings are not
            told = self.pghaul("verify", "--json", *sides, code=DIFFERS).json
            self.assertEqual([(one["object"], one["expected"], one["found"]) for one in told["differences"]],
                             [("the database's encoding", "LATIN1", "UTF8")])
            self.assertEqual({table["equal"] for table in told["tables"]}, {True})
        self.assertEqual(sql(target, "SELECT a, octet_length(a) FROM \"tëst\" ORDER BY a COLLATE \"C\""), [["Grüße, ½", "11"], ["ÿ", "2"]])

    def test_latin1_stays_latin1_with_create(self):
        name = unique()
        source = self.latin1(16, name)
        sql(source, "CREATE TABLE t (a text)", "INSERT INTO t VALUES ('é')")
        self.drops(17, name)
        self.pghaul("restore", "-q", "--create", "-d", self.server(17), self.dump(source))
        target = self.in_database(17, name)
        self.assertEqual(sql(target, "SHOW server_encoding", "SELECT octet_length(a) FROM t"), [["LATIN1"], ["1"]])
        self.equal(source, target)

    def test_sql_ascii(self):
        """Bytes that are no text in any one encoding stay the same bytes."""
        source = self.database(16, "CREATE TABLE t (id int, a text)", options="TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'")
        sql(source, "INSERT INTO t VALUES (1, 'é'), (2, convert_from('\\xe9ff80', 'SQL_ASCII'))")
        target = self.database(17, options="TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'")
        self.moves(source, target=target)
        self.assertEqual(sql(target, "SELECT a::bytea FROM t ORDER BY id"), [["\\xc3a9"], ["\\xe9ff80"]])

    def test_sql_ascii_that_is_no_utf8(self):
        source = self.database(16, "CREATE TABLE fine (a text); INSERT INTO fine VALUES ('ok')", "CREATE TABLE broken (a text)",
                               options="TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'")
        sql(source, "INSERT INTO broken VALUES (convert_from('\\xe9ff80', 'SQL_ASCII'))")
        target = self.database(17)
        self.refused("restore", "-d", target, self.dump(source), says=["invalid byte sequence", "public.broken"], state="22021", hint="encoding")

    def test_characters_that_the_target_lacks(self):
        source = self.database(16, "CREATE TABLE t (a text)", "INSERT INTO t VALUES ('日本')")
        target = self.latin1(17)
        self.refused("restore", "-d", target, self.dump(source), says=["no equivalent in encoding", "public.t"], state="22P05", hint="encoding")

    def test_latin1_error_messages_are_readable(self):
        source = self.latin1(16)
        sql(source, "CREATE TABLE \"é\" (a int)")
        user = self.role(16, options="LOGIN")
        self.refused("dump", "-d", f"{source} user={user}", "-f", self.folder / "a", says="no privilege", hint="")


if __name__ == "__main__":
    main()

"""Random schemas: generate(seed) gives the statements that make one, the same for the same seed.

Everything lives in schemas, and under cluster-free names, that carry the seed, so that many seeds share a database. A statement
may fail (a random choice that the server refuses); then what needs it fails too, and the rest is still a schema. Expressions are
such that the server prints them again as it printed them first: otherwise no dump could be a fixed point."""
import random

ROLES = ["pghaul_random_a", "pghaul random B", 'pghaul"random\'ç']

WORDS = ["order", "Select", "user", "a b", 'quo"te', "apo'strophe", "ünïcödé", "日本語", "back\\slash", "semi;colon", "new\nline", "tab\there",
         "dollar$tag$", "%s%d", "--dash", "/*star", "plain", "lower_case", "UPPER", "1digit", "table", "column", "percent%", "dot.ted", " lead", "trail ",
         "x" * 63, "é" * 31, "$1", "none", "public", "e'", "\"", "{brace}", "a,b", "NaN", "true", "\x7f", "😀"]

COLUMN_TYPES = [("integer", "7", "{c} > 0"), ("bigint", "'-9'::bigint", "{c} <> 3"), ("smallint", None, None), ("text", "'it''s'::text", "length({c}) < 99"),
                ("character varying(20)", "'v'::character varying", None), ("character(3)", None, None), ("numeric(10,2)", "1.50", "{c} >= 0.5"),
                ("numeric", None, None), ("boolean", "true", "{c} IS NOT NULL"), ("timestamp with time zone", "now()", None), ("timestamp(3) without time zone", None, None),
                ("date", "CURRENT_DATE", None), ("interval day to second(3)", None, None), ("uuid", "gen_random_uuid()", None), ("jsonb", "'{}'::jsonb", None),
                ("json", None, None), ("bytea", "'\\x00'::bytea", None), ("inet", None, None), ("cidr", None, None), ("bit(5)", None, None), ("bit varying(8)", None, None),
                ("integer[]", "'{1,2}'::integer[]", None), ("text[]", None, None), ("numeric(5,1)[]", None, None), ("int4range", None, None), ("double precision", "0.1", None),
                ("real", None, None), ("xml", None, None), ("tsvector", None, None), ("point", None, None), ("name", None, None), ("money", None, None), ("\"char\"", None, None),
                ("time(2) with time zone", None, None), ("oid", None, None), ("regclass", None, None), ("macaddr", None, None), ("pg_lsn", None, None), ("int4multirange", None, None)]


def quote(name):
    return '"' + name.replace('"', '""') + '"'


def literal(text):
    # Escape form where a backslash is in it, so that no setting of the session matters.
    body = text.replace("'", "''")
    return "E'" + body.replace("\\", "\\\\") + "'" if "\\" in text else "'" + body + "'"


class Table:
    def __init__(self, name, columns, key=None, partitioned=False):
        self.name, self.columns, self.key, self.partitioned = name, columns, key, partitioned  # columns: [(name, type)]

    def of_type(self, *types):
        return [name for name, kind in self.columns if kind in types]


class Generator:
    def __init__(self, seed):
        self.seed, self.random, self.statements, self.used = seed, random.Random(seed), [], set()
        self.schemas, self.tables, self.views, self.matviews, self.sequences = [], [], [], [], []
        self.enums, self.domains, self.composites, self.functions, self.trigger_functions = [], [], [], [], []

    # ---- small tools ----
    def chance(self, share):
        return self.random.random() < share

    def pick(self, values):
        return self.random.choice(values)

    def some(self, values, most=None):
        values = list(values)
        return self.random.sample(values, self.random.randint(1, min(len(values), most or len(values)))) if values else []

    def word(self, taken=None):
        taken = self.used if taken is None else taken
        while True:
            name = self.pick(WORDS)
            if self.chance(0.6) or name in taken:
                name = name[:20] + str(self.random.randint(0, 9999))
            name = name.encode()[:63].decode(errors="ignore")
            if name not in taken:
                taken.add(name)
                return name

    def name(self):
        return quote(self.pick(self.schemas)) + "." + quote(self.word())

    def add(self, statement):
        self.statements.append(statement)

    def facets(self, phrase, grant=None, owner=True):
        if self.chance(0.25):
            self.add(f"COMMENT ON {phrase} IS {literal(self.pick(WORDS) + ' ' + self.pick(WORDS))}")
        if owner and self.chance(0.25):
            self.add(f"ALTER {phrase} OWNER TO {quote(self.pick(ROLES))}")
        if grant and self.chance(0.3):
            what, privileges = grant
            for role in self.some([quote(r) for r in ROLES] + ["PUBLIC"], 2):
                option = " WITH GRANT OPTION" if role != "PUBLIC" and self.chance(0.3) else ""
                self.add(f"GRANT {', '.join(self.some(privileges))} ON {what} TO {role}{option}")
            if self.chance(0.3):
                self.add(f"REVOKE {self.pick(privileges)} ON {what} FROM {self.pick(['PUBLIC', 'CURRENT_USER'])}")

    # ---- kinds ----
    def make_schemas(self):
        for number in range(self.random.randint(1, 3)):
            name = f"s{self.seed}_{number} {self.pick(WORDS)}".encode()[:63].decode(errors="ignore")
            self.schemas.append(name)
            self.add(f"CREATE SCHEMA {quote(name)}")
            self.facets(f"SCHEMA {quote(name)}", (f"SCHEMA {quote(name)}", ["USAGE", "CREATE"]))
            if self.chance(0.3):
                self.add(f"ALTER DEFAULT PRIVILEGES {self.pick(['', 'FOR ROLE ' + quote(self.pick(ROLES))])} IN SCHEMA {quote(name)} GRANT "
                         + self.pick(["SELECT, UPDATE ON TABLES", "USAGE ON SEQUENCES", "EXECUTE ON FUNCTIONS", "USAGE ON TYPES"]) + f" TO {quote(self.pick(ROLES))}")

    def make_types(self):
        for _ in range(self.random.randint(0, 2)):
            name = self.name()
            self.add(f"CREATE TYPE {name} AS ENUM ({', '.join(literal(w[:30]) for w in self.some(WORDS, 5))})")
            self.enums.append(name)
            self.facets(f"TYPE {name}", (f"TYPE {name}", ["USAGE"]))
        for _ in range(self.random.randint(0, 2)):
            name = self.name()
            kind, default, check = self.pick([t for t in COLUMN_TYPES if t[1] and t[2]])
            clause = f" DEFAULT {default}" if self.chance(0.5) else ""
            clause += " NOT NULL" if self.chance(0.2) else ""
            clause += f" CONSTRAINT {quote(self.word(set()))} CHECK ({check.format(c='VALUE')})" if self.chance(0.6) else ""
            self.add(f"CREATE DOMAIN {name} AS {kind}{clause}")
            self.domains.append(name)
            self.facets(f"DOMAIN {name}", (f"DOMAIN {name}", ["USAGE"]))
        for _ in range(self.random.randint(0, 2)):
            name, taken = self.name(), set()
            fields = [f"{quote(self.word(taken))} {self.column_type()[0]}" for _ in range(self.random.randint(1, 4))]
            self.add(f"CREATE TYPE {name} AS ({', '.join(fields)})")
            self.composites.append(name)
            self.facets(f"TYPE {name}", (f"TYPE {name}", ["USAGE"]))
        if self.chance(0.3):
            name = self.name()
            self.add(f"CREATE TYPE {name} AS RANGE (SUBTYPE = {self.pick(['text', 'double precision', 'date', 'inet'])}, MULTIRANGE_TYPE_NAME = {self.name()})")
        if self.chance(0.3):
            name = self.name()
            self.add(f"CREATE COLLATION {name} FROM \"C\"")
            self.facets(f"COLLATION {name}")

    def column_type(self):
        own = [(n, None, None) for n in self.enums + self.domains + self.composites]
        own += [(n + "[]", None, None) for n in self.enums + self.composites]
        return self.pick(own) if own and self.chance(0.2) else self.pick(COLUMN_TYPES)

    def make_sequences(self):
        for _ in range(self.random.randint(0, 2)):
            name = self.name()
            kind = self.pick(["smallint", "integer", "bigint"])
            self.add(f"CREATE {self.pick(['', 'UNLOGGED '])}SEQUENCE {name} AS {kind} INCREMENT BY {self.pick([1, 5, -2])} CACHE {self.pick([1, 7])}{self.pick(['', ' CYCLE'])}")
            if self.chance(0.5):
                self.add(f"SELECT nextval({literal(name)}::regclass)")
            self.sequences.append(name)
            self.facets(f"SEQUENCE {name}", (f"SEQUENCE {name}", ["USAGE", "SELECT", "UPDATE"]))

    def make_functions(self):
        for _ in range(self.random.randint(0, 3)):
            name, taken = self.name(), set()
            kinds = self.some(["integer", "text", "numeric", "boolean", "bigint[]"], 3)
            arguments = ", ".join(f"{quote(self.word(taken)) + ' ' if self.chance(0.7) else ''}{k}" for k in kinds)
            body = self.pick(["$$ SELECT 1 $$", literal("SELECT 1 -- ' \\ "), "$b$ SELECT $$x$$::text IS NOT NULL; SELECT 2 $b$"])
            traits = self.pick(["IMMUTABLE", "STABLE", "VOLATILE"]) + self.pick(["", " STRICT"]) + self.pick(["", " SECURITY DEFINER"]) + self.pick(["", " COST 17"]) \
                + self.pick(["", " PARALLEL SAFE"]) + self.pick(["", " SET work_mem TO '4MB'", " SET search_path TO 'a b', \"$user\", public"])
            if self.chance(0.2):
                self.add(f"CREATE FUNCTION {name}({arguments}) RETURNS integer LANGUAGE sql RETURN 1")
            else:
                self.add(f"CREATE FUNCTION {name}({arguments}) RETURNS integer LANGUAGE sql {traits} AS {body}")
            signature = f"{name}({', '.join(kinds)})"
            self.functions.append((name, kinds, "IMMUTABLE" in traits))
            self.facets(f"FUNCTION {signature}", (f"FUNCTION {signature}", ["EXECUTE"]))
        if self.chance(0.5):
            name = self.name()
            self.add(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$")
            self.trigger_functions.append(name)
        if self.chance(0.3):
            name = self.name()
            self.add(f"CREATE PROCEDURE {name}(INOUT a integer DEFAULT 3, VARIADIC b text[] DEFAULT '{{}}') LANGUAGE plpgsql AS $$ BEGIN NULL; END $$")
            self.facets(f"PROCEDURE {name}(integer, text[])", (f"PROCEDURE {name}(integer, text[])", ["EXECUTE"]))
        if self.chance(0.25):
            name = self.name()
            self.add(f"CREATE AGGREGATE {name}(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0', PARALLEL = safe)")
            self.facets(f"AGGREGATE {name}(integer)", (f"FUNCTION {name}(integer)", ["EXECUTE"]))

    def column(self, name, kind, default, check, plain):
        text = f"{quote(name)} {kind}"
        if plain:
            return text
        if kind in ("text", "character varying(20)") and self.chance(0.3):
            text += ' COLLATE "C"'
        if kind in ("integer", "bigint", "smallint") and self.chance(0.15):
            return text + f" GENERATED {self.pick(['ALWAYS', 'BY DEFAULT'])} AS IDENTITY" + self.pick(["", " (START WITH 5 INCREMENT BY 2 CACHE 3)"])
        constant = [f for f, kinds, _ in self.functions if kinds == ["integer"]]
        if kind == "integer" and constant and self.chance(0.3):
            text += f" DEFAULT {self.pick(constant)}(4)"
        elif kind == "bigint" and self.sequences and self.chance(0.3):
            text += f" DEFAULT nextval({literal(self.pick(self.sequences))}::regclass)"
        elif default and self.chance(0.4):
            text += f" DEFAULT {default}"
        if check and self.chance(0.3):
            text += f" CONSTRAINT {quote(self.word(set()))} CHECK ({check.format(c=quote(name))})"
        return text + (" NOT NULL" if self.chance(0.25) else "")

    def make_table(self):
        name, taken, columns, clauses = self.name(), set(), [], []
        partitioned = self.chance(0.2)
        for _ in range(self.random.randint(0 if not partitioned else 1, 7)):
            kind, default, check = self.column_type()
            column = self.word(taken)
            columns.append((column, kind))
            clauses.append(self.column(column, kind, default, check, False))
        key = None
        if self.chance(0.6):
            column = self.word(taken)
            columns.append((column, "integer"))
            clauses.append(f"{quote(column)} integer NOT NULL")
            key = column
        table = Table(name, columns, None, partitioned)
        integers = table.of_type("integer")
        if partitioned and not integers:
            partitioned = table.partitioned = False
        if integers and self.chance(0.2) and not partitioned:
            generated = self.word(taken)
            clauses.append(f"{quote(generated)} integer GENERATED ALWAYS AS ({quote(integers[0])} + 1) STORED")
        tail = ""
        if partitioned:
            by = key or integers[0]
            tail = f" PARTITION BY {self.pick(['RANGE', 'LIST', 'HASH'])} ({quote(by)})"
            table.by, table.how = by, tail.split()[2]
        elif self.chance(0.2):
            tail = self.pick([" WITH (fillfactor='70', autovacuum_enabled='off')", " WITH (toast.autovacuum_enabled='false')", " WITH (parallel_workers='2')"])
        unlogged = "UNLOGGED " if not partitioned and self.chance(0.1) else ""
        self.add(f"CREATE {unlogged}TABLE {name} ({', '.join(clauses)}){tail}")
        self.tables.append(table)
        # (A dropped column can leave a TOAST table behind that nothing asks for any more, and its options with it.)
        if self.chance(0.15) and not partitioned and columns and "toast." not in tail:
            extra = self.pick(columns)
            self.add(f"ALTER TABLE {name} DROP COLUMN {quote(extra[0])}")
            columns.remove(extra)
            key = None if extra[0] == key else key
        if key and not (partitioned and key != table.by):
            self.add(f"ALTER TABLE {name} ADD CONSTRAINT {quote(self.word())} PRIMARY KEY ({quote(key)}){self.pick(['', ' DEFERRABLE INITIALLY DEFERRED']) if not partitioned else ''}")
            table.key = key if "DEFERRABLE" not in self.statements[-1] else None
        self.change_columns(table)
        self.facets(f"TABLE {name}", (f"TABLE {name}", ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"]))
        for column, _ in self.some(columns, 1) if self.chance(0.3) else []:
            self.add(f"GRANT SELECT ({quote(column)}), UPDATE ({quote(column)}) ON TABLE {name} TO {quote(self.pick(ROLES))}")
            self.add(f"COMMENT ON COLUMN {name}.{quote(column)} IS {literal(self.pick(WORDS))}")
        return table

    def change_columns(self, table):
        for column, kind in table.columns:
            alter = f"ALTER TABLE ONLY {table.name} ALTER COLUMN {quote(column)}"
            if kind in ("text", "bytea", "jsonb") and self.chance(0.2):
                self.add(f"{alter} SET STORAGE {self.pick(['EXTERNAL', 'MAIN', 'PLAIN'])}")
            if kind == "text" and self.chance(0.1):
                self.add(f"{alter} SET COMPRESSION pglz")
            if self.chance(0.08):
                self.add(f"{alter} SET STATISTICS {self.pick([0, 50, 1000])}")
            if self.chance(0.05):
                self.add(f"{alter} SET (n_distinct=-0.5)")
        if self.chance(0.1):
            self.add(f"ALTER TABLE {table.name} REPLICA IDENTITY {self.pick(['FULL', 'NOTHING'])}")

    def make_partitions(self, table):
        bounds = {"RANGE": ["FROM (0) TO (10)", "FROM (10) TO (MAXVALUE)"], "LIST": ["IN (1, 2)", "IN (NULL)" if not table.key else "IN (4)"],
                  "HASH": ["WITH (modulus 2, remainder 0)", "WITH (modulus 2, remainder 1)"]}[table.how]
        for bound in bounds:
            name = self.name()
            if self.chance(0.5):
                self.add(f"CREATE TABLE {name} PARTITION OF {table.name} FOR VALUES {bound}")
            else:
                columns = list(table.columns)
                self.random.shuffle(columns)
                self.add(f"CREATE TABLE {name} (LIKE {table.name} INCLUDING ALL)" if self.chance(0.3) else
                         f"CREATE TABLE {name} ({', '.join(quote(c) + ' ' + k + (' NOT NULL' if c == table.key else '') for c, k in columns)})")
                self.add(f"ALTER TABLE {table.name} ATTACH PARTITION {name} FOR VALUES {bound}")
            self.facets(f"TABLE {name}", (f"TABLE {name}", ["SELECT", "INSERT"]))
        if table.how != "HASH" and self.chance(0.5):
            self.add(f"CREATE TABLE {self.name()} PARTITION OF {table.name} DEFAULT")

    def make_children(self):
        parents = [t for t in self.tables if not t.partitioned and t.columns]
        if not parents or not self.chance(0.4):
            return
        if self.chance(0.3):  # brought together afterwards
            parent, child = self.pick(parents), self.name()
            self.add(f"CREATE TABLE {child} (LIKE {parent.name} INCLUDING {self.pick(['GENERATED', 'DEFAULTS', 'STORAGE INCLUDING GENERATED'])})")
            self.add(f"ALTER TABLE {child} INHERIT {parent.name}")
        chosen = self.some(parents, 2)
        name, column = self.name(), self.word(set())
        self.add(f"CREATE TABLE {name} ({quote(column)} integer DEFAULT 5) INHERITS ({', '.join(t.name for t in chosen)})")
        if self.chance(0.5):
            self.add(f"ALTER TABLE {name} ALTER COLUMN {quote(chosen[0].columns[0][0])} {self.pick(['SET NOT NULL', 'DROP DEFAULT'])}")
        if self.chance(0.3):
            later = self.word(set())
            self.add(f"ALTER TABLE {chosen[0].name} ADD COLUMN {quote(later)} text DEFAULT 'later'")
            chosen[0].columns.append((later, "text"))
        if self.chance(0.4):
            self.add(f"ALTER TABLE {chosen[0].name} ADD CONSTRAINT {quote(self.word())} CHECK ({quote(chosen[0].columns[0][0])} IS NOT NULL){self.pick(['', ' NOT VALID'])}")

    def make_indexes(self, table):
        sortable = table.of_type("integer", "bigint", "text", "date", "numeric", "uuid", "boolean", "inet", "smallint")
        for _ in range(self.random.randint(0, 2)):
            if not sortable:
                break
            unique = "UNIQUE " if not table.partitioned and self.chance(0.3) else ""
            parts = [quote(c) + self.pick(["", " DESC", " NULLS FIRST", " DESC NULLS LAST"]) for c in self.some(sortable, 3)]
            texts = table.of_type("text")
            if texts and self.chance(0.3):
                parts.append(self.pick([f"lower({quote(texts[0])})", f"{quote(texts[0])} text_pattern_ops", f"{quote(texts[0])} COLLATE \"C\""]))
            tail = self.pick(["", f" INCLUDE ({quote(self.pick(sortable))})", " WITH (fillfactor='50')", f" WHERE ({quote(sortable[0])} IS NOT NULL)",
                              " NULLS NOT DISTINCT" if unique else ""])
            index = quote(self.word())
            self.add(f"CREATE {unique}INDEX {index} ON {table.name} USING btree ({', '.join(parts)}){tail}")
            schema = table.name[:table.name.index('"."') + 1]
            if self.chance(0.2):
                self.add(f"COMMENT ON INDEX {schema}.{index} IS {literal(self.pick(WORDS))}")
            if self.chance(0.1) and not table.partitioned:
                self.add(f"ALTER TABLE {table.name} CLUSTER ON {index}")
        for kind, method in (("jsonb", "gin"), ("tsvector", "gin"), ("int4range", "gist"), ("integer[]", "gin"), ("integer", "brin"), ("text", "hash"), ("point", "gist")):
            for column in table.of_type(kind)[:1]:
                if self.chance(0.3):
                    self.add(f"CREATE INDEX {quote(self.word())} ON {table.name} USING {method} ({quote(column)})")
        ranges = table.of_type("int4range")
        if ranges and not table.partitioned and self.chance(0.5):
            self.add(f"ALTER TABLE {table.name} ADD CONSTRAINT {quote(self.word())} EXCLUDE USING gist ({quote(ranges[0])} WITH &&)")
        if len(sortable) > 1 and self.chance(0.2):
            self.add(f"CREATE STATISTICS {self.name()} {self.pick(['', '(ndistinct)', '(dependencies, mcv)'])} ON {quote(sortable[0])}, {quote(sortable[1])} FROM {table.name}")

    def make_foreign_keys(self):
        targets = [t for t in self.tables if t.key]
        for table in self.tables:
            integers = table.of_type("integer")
            if targets and integers and self.chance(0.4):
                target = self.pick(targets)
                action = self.pick(["", " ON DELETE CASCADE", " ON UPDATE SET NULL ON DELETE RESTRICT", f" ON DELETE SET NULL ({quote(integers[0])})", " DEFERRABLE INITIALLY DEFERRED",
                                    " MATCH FULL", " NOT VALID" if not table.partitioned else ""])
                self.add(f"ALTER TABLE {table.name} ADD CONSTRAINT {quote(self.word())} FOREIGN KEY ({quote(integers[0])}) REFERENCES {target.name}({quote(target.key)}){action}")

    def make_views(self):
        for _ in range(self.random.randint(0, 3)):
            sources = self.tables + self.views
            if not sources:
                return
            source, name = self.pick(sources), self.name()
            if not source.columns:
                continue
            columns = self.some(source.columns, 4)
            parts = [quote(c) for c, _ in columns]
            called = [(f, kinds) for f, kinds, _ in self.functions if kinds == ["integer"]]
            integers = [c for c, k in source.columns if k == "integer"]
            if called and integers and self.chance(0.5):
                parts.append(f"{self.pick(called)[0]}({quote(integers[0])}) AS \"computed one\"")
            where = f" WHERE {quote(integers[0])} > 3" if integers and self.chance(0.5) else ""
            if self.chance(0.25):
                # With rows it is refreshed by its owner, who must be allowed to read everything below it.
                filled = source in self.tables and self.chance(0.5)
                self.add(f"CREATE MATERIALIZED VIEW {name} AS SELECT {', '.join(parts)} FROM {source.name}{where}{'' if filled else ' WITH NO DATA'}")
                self.facets(f"MATERIALIZED VIEW {name}", (f"TABLE {name}", ["SELECT"]), owner=not filled)
                if self.chance(0.5):
                    self.add(f"CREATE INDEX {quote(self.word())} ON {name} ({parts[0]})")
            else:
                options = self.pick(["", " WITH (security_barrier='true')", " WITH (security_invoker='true')"])
                check = " WITH LOCAL CHECK OPTION" if where and source in self.tables and len(parts) == len(columns) and self.chance(0.3) else ""
                self.add(f"CREATE VIEW {name}{options} AS SELECT {', '.join(parts)} FROM {source.name}{where}{check}")
                self.views.append(Table(name, columns))
                self.facets(f"VIEW {name}", (f"TABLE {name}", ["SELECT", "INSERT"]))
                if self.chance(0.15):
                    self.add(f"ALTER VIEW {name} ALTER COLUMN {parts[0]} SET DEFAULT NULL")

    def make_programs(self, table):
        if self.trigger_functions and self.chance(0.3):
            function, trigger = self.pick(self.trigger_functions), quote(self.word())
            when = self.pick(["BEFORE INSERT OR UPDATE", "AFTER DELETE", "AFTER UPDATE"])
            self.add(f"CREATE TRIGGER {trigger} {when} ON {table.name} FOR EACH ROW EXECUTE FUNCTION {function}({literal(self.pick(WORDS))})")
            if self.chance(0.4):
                self.add(f"ALTER TABLE {table.name} {self.pick(['DISABLE', 'ENABLE ALWAYS', 'ENABLE REPLICA'])} TRIGGER {trigger}")
            if self.chance(0.3):
                self.add(f"COMMENT ON TRIGGER {trigger} ON {table.name} IS {literal(self.pick(WORDS))}")
        integers = table.of_type("integer")
        if integers and self.chance(0.2):
            policy = quote(self.word())
            self.add(f"CREATE POLICY {policy} ON {table.name} AS {self.pick(['PERMISSIVE', 'RESTRICTIVE'])} FOR {self.pick(['ALL', 'SELECT', 'UPDATE'])} "
                     f"TO {self.pick(['PUBLIC', quote(self.pick(ROLES))])} USING ({quote(integers[0])} = 7)")
            self.add(f"ALTER TABLE {table.name} {self.pick(['ENABLE', 'FORCE'])} ROW LEVEL SECURITY")
        if not table.partitioned and self.chance(0.1):
            self.add(f"CREATE RULE {quote(self.word())} AS ON {self.pick(['INSERT', 'UPDATE', 'DELETE'])} TO {table.name} DO {self.pick(['INSTEAD', 'ALSO'])} NOTHING")

    def make_rows(self):
        for table in self.tables:
            integers = table.of_type("integer")
            if integers and self.chance(0.4):
                self.add(f"INSERT INTO {table.name} ({', '.join(quote(c) for c in integers)}) SELECT {', '.join('g' for _ in integers)} FROM generate_series(1, 3) AS g")

    def make_rest(self):
        tables = [t for t in self.tables if not t.partitioned]
        if tables and self.chance(0.3):
            name = quote(f"pub{self.seed} {self.pick(WORDS)}"[:40])
            self.add(f"CREATE PUBLICATION {name} FOR TABLE {', '.join(t.name for t in self.some(tables, 2))} WITH (publish = 'insert, delete')")
            self.facets(f"PUBLICATION {name}")
        if self.chance(0.2):
            self.add(f"CREATE PUBLICATION {quote(f'pubs{self.seed}')} FOR TABLES IN SCHEMA {quote(self.pick(self.schemas))}")
        if self.chance(0.2):
            wrapper, server = quote(f"fdw{self.seed} {self.pick(WORDS)}"[:40]), quote(f"srv{self.seed} {self.pick(WORDS)}"[:40])
            self.add(f"CREATE FOREIGN DATA WRAPPER {wrapper} OPTIONS (debug 'true')")
            self.add(f"CREATE SERVER {server} TYPE 't' VERSION '1' FOREIGN DATA WRAPPER {wrapper} OPTIONS (host {literal(self.pick(WORDS))}, \"Odd Key\" 'x')")
            self.facets(f"SERVER {server}", (f"FOREIGN SERVER {server}", ["USAGE"]))
            self.add(f"CREATE USER MAPPING FOR {self.pick(['PUBLIC', quote(self.pick(ROLES))])} SERVER {server} OPTIONS (\"user\" 'u', password {literal(self.pick(WORDS))})")
            self.add(f"CREATE FOREIGN TABLE {self.name()} ({quote(self.word(set()))} integer OPTIONS (n 'v') NOT NULL, b text DEFAULT 'd') SERVER {server} OPTIONS (tab 'x')")
        if self.enums and self.functions and self.chance(0.2):
            self.add(f"CREATE CAST ({self.enums[0]} AS integer) WITH INOUT AS ASSIGNMENT")
        if self.chance(0.2):
            name = self.name()
            self.add(f"CREATE TEXT SEARCH DICTIONARY {name} (TEMPLATE = simple, stopwords = 'english', accept = 'false')")
            configuration = self.name()
            self.add(f"CREATE TEXT SEARCH CONFIGURATION {configuration} (COPY = pg_catalog.simple)")
            self.add(f"ALTER TEXT SEARCH CONFIGURATION {configuration} ALTER MAPPING FOR word, asciiword WITH {name}, simple")
            self.facets(f"TEXT SEARCH CONFIGURATION {configuration}")
        if self.sequences and self.tables and self.chance(0.3):
            table = self.pick(self.tables)
            if table.columns:
                self.add(f"ALTER SEQUENCE {self.sequences[0]} OWNED BY {table.name}.{quote(table.columns[0][0])}")

    def generate(self):
        self.make_schemas()
        self.make_types()
        self.make_sequences()
        self.make_functions()
        for _ in range(self.random.randint(1, 5)):
            table = self.make_table()
            if table.partitioned:
                self.make_partitions(table)
        for table in self.tables:
            self.make_indexes(table)
        self.make_children()
        self.make_rows()
        self.make_foreign_keys()
        self.make_views()
        for table in self.tables:
            self.make_programs(table)
        self.make_rest()
        return self.statements


def generate(seed):
    return Generator(seed).generate()

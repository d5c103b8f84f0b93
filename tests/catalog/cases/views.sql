-- Views: options, column defaults, over each other, over keys, circular ones; rules and triggers on them.
DO $$ BEGIN CREATE ROLE kinds_reader; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
CREATE TABLE base (id integer PRIMARY KEY, name text COLLATE "C", n numeric(10, 2), active boolean DEFAULT true);
INSERT INTO base (id, name, n) VALUES (1, 'a', 1.5), (2, 'b', 2.5);

CREATE VIEW plain AS SELECT id, name FROM base;
CREATE VIEW barrier WITH (security_barrier) AS SELECT * FROM base WHERE active;
CREATE VIEW checked AS SELECT * FROM base WHERE n > 0 WITH LOCAL CHECK OPTION;
CREATE VIEW cascaded WITH (check_option = cascaded, security_barrier = true) AS SELECT * FROM checked WHERE id > 0;
CREATE VIEW with_defaults AS SELECT id, name, n FROM base;
ALTER VIEW with_defaults ALTER name SET DEFAULT 'from the view', ALTER n SET DEFAULT 1 + 2;
CREATE VIEW "Odd ""View""" ("select", "A b") AS SELECT id, name || E'\n;--"' FROM base;
COMMENT ON VIEW "Odd ""View""" IS 'odd';
COMMENT ON COLUMN "Odd ""View"""."A b" IS 'odd column';
GRANT SELECT ON plain TO kinds_reader;
GRANT UPDATE (name) ON plain TO kinds_reader;
CREATE VIEW no_columns AS SELECT FROM base;
CREATE VIEW over_views AS SELECT p.id, b.n FROM plain p JOIN barrier b USING (id);
CREATE VIEW grouped AS SELECT id, name, count(*) FROM base GROUP BY id;
CREATE VIEW over_grouped AS SELECT count FROM grouped;
CREATE FUNCTION over_view() RETURNS SETOF plain LANGUAGE sql STABLE AS 'SELECT * FROM plain';
CREATE VIEW over_function AS SELECT * FROM over_view();
CREATE VIEW recursive_one AS WITH RECURSIVE r(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r WHERE n < 5) SELECT n FROM r;
CREATE VIEW renamed AS SELECT id, name FROM base;
ALTER TABLE renamed RENAME COLUMN name TO new_name;
ALTER TABLE base RENAME COLUMN active TO is_active;
CREATE VIEW with_types AS SELECT 'x'::varchar(5) AS v, NULL::numeric(5, 1) AS n, ARRAY['a'] AS a, ROW(1, 2) IS NULL AS r,
  'z' COLLATE "C" AS c, interval '1 day' AS i;

-- Two views over each other.
CREATE VIEW circle_a AS SELECT 1 AS x, 'a'::text COLLATE "C" AS t;
CREATE VIEW circle_b WITH (security_barrier) AS SELECT x, t FROM circle_a;
CREATE OR REPLACE VIEW circle_a AS SELECT NULL::integer AS x, 'a'::text COLLATE "C" AS t WHERE false UNION ALL SELECT x, t FROM circle_b;
-- A view in a circle with a function that takes its rows.
CREATE VIEW circle_f AS SELECT 1 AS x;
CREATE FUNCTION of_row(circle_f) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE OR REPLACE VIEW circle_f AS SELECT of_row(NULL) AS x;

CREATE RULE into_plain AS ON INSERT TO plain DO INSTEAD INSERT INTO base (id, name) VALUES (new.id, new.name) RETURNING id, name;
CREATE FUNCTION instead() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER instead_of INSTEAD OF INSERT OR UPDATE ON over_views FOR EACH ROW EXECUTE FUNCTION instead();

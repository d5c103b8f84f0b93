-- Indexes of every method and property, with what follows them.
CREATE SCHEMA "Idx";
CREATE TABLE t (id integer, a text, b text, c integer[], d point, e tsvector, f jsonb, g int4range, h timestamptz) WITH (fillfactor = 90);
INSERT INTO t SELECT g, 'a' || g, 'b' || g % 7, ARRAY[g], point(g, g), to_tsvector('simple', 'word' || g), jsonb_build_object('k', g), int4range(g, g + 2),
  now() FROM generate_series(1, 200) AS g;
CREATE INDEX t_plain ON t (id);
CREATE UNIQUE INDEX t_unique ON t (id, a);
CREATE INDEX "t Odd ""I""" ON t (a DESC NULLS LAST, b COLLATE "C" text_pattern_ops, id ASC NULLS FIRST);
CREATE INDEX t_expression ON t (lower(a), (id + 1), (b || 'x'));
ALTER INDEX t_expression ALTER COLUMN 2 SET STATISTICS 700;
ALTER INDEX t_expression ALTER COLUMN 3 SET STATISTICS 0;
CREATE INDEX t_partial ON t (a) WHERE id > 10 AND b LIKE 'b%';
CREATE INDEX t_include ON t (id) INCLUDE (a, b);
CREATE INDEX t_hash ON t USING hash (a);
CREATE INDEX t_gin ON t USING gin (c) WITH (fastupdate = off, gin_pending_list_limit = 128);
CREATE INDEX t_gin_json ON t USING gin (f jsonb_path_ops);
CREATE INDEX t_gist ON t USING gist (d);
CREATE INDEX t_gist_options ON t USING gist (e tsvector_ops (siglen = 100));
CREATE INDEX t_spgist ON t USING spgist (d);
CREATE INDEX t_brin ON t USING brin (h) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX t_fill ON t (b) WITH (fillfactor = 60, deduplicate_items = off);
COMMENT ON INDEX "t Odd ""I""" IS 'odd';
ALTER TABLE t CLUSTER ON t_plain;

CREATE TABLE "Idx"."T.2" ("select" integer NOT NULL, "A" text NOT NULL);
CREATE UNIQUE INDEX "R.I" ON "Idx"."T.2" ("A", "select");
ALTER TABLE "Idx"."T.2" REPLICA IDENTITY USING INDEX "R.I";
CREATE FUNCTION twice(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2';
CREATE INDEX uses_function ON "Idx"."T.2" (twice("select")) WHERE twice("select") > 5;
INSERT INTO "Idx"."T.2" VALUES (1, 'x'), (5, 'y');

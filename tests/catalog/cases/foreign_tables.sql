-- Foreign tables: options of the table and its columns, defaults and checks, inherited and partitions.
CREATE FOREIGN DATA WRAPPER nowhere;
CREATE SERVER "No Where" FOREIGN DATA WRAPPER nowhere;
CREATE FOREIGN TABLE plain (a integer OPTIONS ("Remote Name" 'it''s a', x 'y') NOT NULL, b text COLLATE "C" DEFAULT 'b', c integer GENERATED ALWAYS AS (a + 1) STORED,
  CONSTRAINT positive CHECK (a > 0)) SERVER "No Where" OPTIONS (table_name 't"1', "select" '');
CREATE FOREIGN TABLE bare () SERVER "No Where";
ALTER FOREIGN TABLE plain ALTER a SET STATISTICS 20, ALTER b SET STORAGE MAIN, ALTER a SET (n_distinct = 9);
COMMENT ON FOREIGN TABLE plain IS 'far away';
COMMENT ON COLUMN plain.a IS 'far away too';
GRANT SELECT (a) ON plain TO PUBLIC;
CREATE TABLE parent (id integer NOT NULL, name text DEFAULT 'n', CONSTRAINT ok CHECK (id > 0));
CREATE FOREIGN TABLE child (own integer) INHERITS (parent) SERVER "No Where";
ALTER FOREIGN TABLE child ALTER id OPTIONS (col 'ID'), ALTER name SET DEFAULT 'child';
CREATE TABLE parted (k integer, v text) PARTITION BY LIST (k);
CREATE FOREIGN TABLE part_1 PARTITION OF parted FOR VALUES IN (1) SERVER "No Where" OPTIONS (x '1');
CREATE TABLE part_2 PARTITION OF parted FOR VALUES IN (2);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER on_far BEFORE INSERT ON plain FOR EACH ROW EXECUTE FUNCTION f();
ALTER FOREIGN TABLE plain DISABLE TRIGGER on_far;
CREATE VIEW over_far AS SELECT a FROM plain;

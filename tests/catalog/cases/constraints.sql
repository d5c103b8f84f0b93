-- Primary keys, unique and exclusion constraints with all their properties.
CREATE TABLE p (id integer, CONSTRAINT "P.K" PRIMARY KEY (id));
CREATE TABLE several (a integer, b integer, c text, d integer,
  PRIMARY KEY (a, b) INCLUDE (c), UNIQUE (c) DEFERRABLE, CONSTRAINT later UNIQUE (d) DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE with_options (a integer, b integer, c integer,
  PRIMARY KEY (a) WITH (fillfactor = 50), CONSTRAINT on_b UNIQUE (b) WITH (fillfactor = 60, deduplicate_items = off) DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE excluded (during tsrange, room circle, n integer,
  CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&) WHERE (n > 0),
  CONSTRAINT no_touch EXCLUDE USING gist (room WITH &&, during WITH &&) WITH (fillfactor = 70) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT as_unique EXCLUDE USING btree (n WITH =, (n + 1) WITH =));
INSERT INTO p VALUES (1), (2);
INSERT INTO several VALUES (1, 2, 'c', 4), (1, 3, 'd', 5);
INSERT INTO excluded VALUES ('[2020-01-01,2020-02-01)', '<(0,0),1>', 1), ('[2020-02-01,2020-03-01)', '<(9,9),1>', 2);
COMMENT ON CONSTRAINT "P.K" ON p IS 'the key';
COMMENT ON INDEX "P.K" IS 'the index of the key';
ALTER TABLE several REPLICA IDENTITY USING INDEX several_pkey;
ALTER TABLE with_options CLUSTER ON with_options_pkey;
-- Made from an index, and renamed since.
CREATE TABLE from_index (a integer NOT NULL);
CREATE UNIQUE INDEX from_index_i ON from_index (a);
ALTER TABLE from_index ADD CONSTRAINT made PRIMARY KEY USING INDEX from_index_i;
ALTER INDEX made RENAME TO "Made, renamed";
CREATE TABLE parent_key (id integer PRIMARY KEY);
CREATE TABLE child_key (PRIMARY KEY (id)) INHERITS (parent_key);
-- A view that rests on a key.
CREATE VIEW grouped AS SELECT a, b, c, d, count(*) FROM several GROUP BY a, b;

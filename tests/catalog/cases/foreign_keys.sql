-- Foreign keys with all their properties, circular ones, and such that are not valid.
CREATE SCHEMA "Other";
CREATE TABLE a (id integer PRIMARY KEY, x integer, y integer, UNIQUE (x, y));
CREATE TABLE "Other"."B" ("I d" integer PRIMARY KEY, a_id integer);
INSERT INTO a VALUES (1, 1, 1), (2, 2, 2);
INSERT INTO "Other"."B" VALUES (1, 2);
ALTER TABLE "Other"."B" ADD CONSTRAINT "to ""a""" FOREIGN KEY (a_id) REFERENCES a ON DELETE CASCADE ON UPDATE SET NULL;
ALTER TABLE a ADD COLUMN b_id integer, ADD CONSTRAINT to_b FOREIGN KEY (b_id) REFERENCES "Other"."B" DEFERRABLE INITIALLY DEFERRED;
UPDATE a SET b_id = 1 WHERE id = 2;
CREATE TABLE several (p integer, q integer DEFAULT 1, r integer,
  FOREIGN KEY (p, q) REFERENCES a (x, y) MATCH FULL ON UPDATE RESTRICT, FOREIGN KEY (q, p) REFERENCES a (y, x) ON DELETE SET DEFAULT,
  CONSTRAINT can_wait FOREIGN KEY (r) REFERENCES a DEFERRABLE);
INSERT INTO several VALUES (1, 1, 2);
CREATE TABLE not_valid (a_id integer);
INSERT INTO not_valid VALUES (99);
ALTER TABLE not_valid ADD CONSTRAINT later FOREIGN KEY (a_id) REFERENCES a NOT VALID;
COMMENT ON CONSTRAINT later ON not_valid IS 'not checked';
CREATE TABLE tree (id integer PRIMARY KEY, parent integer REFERENCES tree);
INSERT INTO tree VALUES (2, NULL), (1, 2);
-- References an index that is no constraint.
CREATE TABLE indexed (id integer);
CREATE UNIQUE INDEX indexed_id ON indexed (id);
CREATE TABLE to_index (id integer REFERENCES indexed (id));
-- A foreign key only on the child of an inheritance parent.
CREATE TABLE parent (id integer REFERENCES a);
CREATE TABLE child () INHERITS (parent);

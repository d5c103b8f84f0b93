-- Generated columns of children, with their parents' expressions.
CREATE TABLE parent (a integer NOT NULL, b integer GENERATED ALWAYS AS (a * 2) STORED, c text);
CREATE TABLE inherits (d integer) INHERITS (parent);
INSERT INTO inherits (a, d) VALUES (1, 2);

-- Brought together afterwards, without and with a column that came later.
CREATE TABLE same (a integer NOT NULL, b integer GENERATED ALWAYS AS (a * 2) STORED, c text);
ALTER TABLE same INHERIT parent;
INSERT INTO same VALUES (2);
CREATE TABLE growing (a integer NOT NULL, b integer GENERATED ALWAYS AS (a * 2) STORED);
CREATE TABLE grown (a integer NOT NULL, b integer GENERATED ALWAYS AS (a * 2) STORED);
ALTER TABLE grown INHERIT growing;
ALTER TABLE growing ADD COLUMN e integer DEFAULT 5;
INSERT INTO grown VALUES (6);

CREATE TABLE parts (a integer, b integer GENERATED ALWAYS AS (a * 2) STORED) PARTITION BY LIST (a);
CREATE TABLE part PARTITION OF parts FOR VALUES IN (1);
CREATE TABLE attached (b integer GENERATED ALWAYS AS (a * 2) STORED, a integer);
ALTER TABLE parts ATTACH PARTITION attached FOR VALUES IN (2);
INSERT INTO parts VALUES (1), (2);

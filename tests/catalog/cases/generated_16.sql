-- needs: 16
-- Generated columns of children that have an expression of their own, and one whose columns stand in another order.
CREATE TABLE parent (a integer NOT NULL, b integer GENERATED ALWAYS AS (a * 2) STORED);
CREATE TABLE own (b integer GENERATED ALWAYS AS (a * 3) STORED, d text) INHERITS (parent);
INSERT INTO own (a) VALUES (1);
CREATE TABLE second_parent (b integer GENERATED ALWAYS AS (a * 7) STORED, a integer NOT NULL);
CREATE TABLE of_two (b integer GENERATED ALWAYS AS (a * 9) STORED) INHERITS (parent, second_parent);
INSERT INTO of_two (a) VALUES (2);
CREATE TABLE other (a integer NOT NULL, b integer GENERATED ALWAYS AS (a * 3) STORED);
ALTER TABLE other INHERIT parent;
INSERT INTO other VALUES (3);
CREATE TABLE turned (b integer GENERATED ALWAYS AS (a * 2) STORED, a integer NOT NULL);
ALTER TABLE turned INHERIT parent;
INSERT INTO turned VALUES (DEFAULT, 4);

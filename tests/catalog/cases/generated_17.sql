-- needs: 17
-- An expression changed in a child alone: pg_dump writes that of the parent.
CREATE TABLE parent (a integer NOT NULL, b integer GENERATED ALWAYS AS (a * 2) STORED);
CREATE TABLE child () INHERITS (parent);
CREATE TABLE grandchild () INHERITS (child);
ALTER TABLE child ALTER b SET EXPRESSION AS (a * 3);
ALTER TABLE grandchild ALTER b SET EXPRESSION AS (a * 4);
INSERT INTO child VALUES (1);
INSERT INTO grandchild VALUES (2);

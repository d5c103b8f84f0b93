-- needs: 16
-- What pg_dump loses when it replays a source (and so cannot be an oracle for older ones), and pghaul keeps.
CREATE TABLE parent (id integer NOT NULL, name text DEFAULT 'parent', n integer, CONSTRAINT small CHECK (n < 100));

-- Storage that children inherit, and one that took it back.
CREATE TABLE stored_parent (a text, b text);
ALTER TABLE stored_parent ALTER a SET STORAGE EXTERNAL;
CREATE TABLE stored_child () INHERITS (stored_parent);
CREATE TABLE stored_back () INHERITS (stored_parent);
ALTER TABLE stored_back ALTER a SET STORAGE EXTENDED;

-- Brought together afterwards, with columns in another order.
CREATE TABLE grown (z integer, n integer CONSTRAINT small CHECK (n < 100), name text, id integer NOT NULL);
ALTER TABLE grown INHERIT parent;
INSERT INTO grown VALUES (1, 2, 'three', 4);

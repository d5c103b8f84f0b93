-- needs: 14
-- SQL-standard bodies, alone and in cycles; procedures with OUT arguments.
CREATE TABLE items (id integer PRIMARY KEY, label text);
CREATE FUNCTION atomic(a integer, b text DEFAULT 'x') RETURNS integer LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
  SELECT a + 1;
  SELECT a + 2 WHERE b <> 'it''s \';
END;
CREATE FUNCTION returned(a integer) RETURNS integer RETURN a * 2;
CREATE FUNCTION reads() RETURNS SETOF items BEGIN ATOMIC SELECT id, label FROM items WHERE returned(id) > 1; END;
CREATE PROCEDURE writes(a integer) BEGIN ATOMIC INSERT INTO items VALUES (a, 'x'); DELETE FROM items WHERE id = a; END;
CREATE PROCEDURE gives(IN a integer, OUT b integer, OUT c text) LANGUAGE plpgsql AS 'BEGIN b := a; END';
CREATE PROCEDURE gives(OUT b text) LANGUAGE plpgsql AS 'BEGIN b := 1; END';
COMMENT ON PROCEDURE gives(integer, OUT integer, OUT text) IS 'gives';
COMMENT ON FUNCTION returned(integer) IS 'RETURN';
GRANT EXECUTE ON PROCEDURE gives(OUT text) TO PUBLIC;
REVOKE EXECUTE ON FUNCTION returned(integer) FROM PUBLIC;
-- a function over a view over that function
CREATE FUNCTION first_of(integer) RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint';
CREATE VIEW over_function AS SELECT id, first_of(id) AS n FROM items;
CREATE OR REPLACE FUNCTION first_of(integer) RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM over_function; END;
COMMENT ON FUNCTION first_of(integer) IS 'in a cycle';
-- a body that depends on a primary key, through GROUP BY
CREATE FUNCTION grouped() RETURNS SETOF text BEGIN ATOMIC SELECT label FROM items GROUP BY id; END;
CREATE VIEW uses_grouped AS SELECT count(*) AS n FROM grouped() AS g;

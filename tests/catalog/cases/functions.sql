-- Functions and procedures: arguments of every mode, options, settings, languages, odd names, overloads, privileges.
DO $$
DECLARE role text;
BEGIN
  FOREACH role IN ARRAY ARRAY['case_owner', 'case_reader', 'case Writer "x"', 'case_grantor'] LOOP
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = role) THEN
      EXECUTE format('CREATE ROLE %I', role);
    END IF;
  END LOOP;
END $$;

CREATE SCHEMA "Odd Schema";
CREATE TYPE pair AS (a integer, b text);
CREATE TABLE items (id integer PRIMARY KEY, label text NOT NULL, at timestamp DEFAULT now());
CREATE FUNCTION f() RETURNS void LANGUAGE sql AS '';
CREATE FUNCTION f(integer) RETURNS integer LANGUAGE sql IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE COST 7 AS 'SELECT $1';
CREATE FUNCTION f(integer, text DEFAULT 'it''s \ here', c numeric(10,2) = 1.5) RETURNS text LANGUAGE sql STABLE AS 'SELECT $2';
CREATE FUNCTION f(VARIADIC numbers integer[]) RETURNS bigint LANGUAGE sql AS 'SELECT sum(n) FROM unnest(numbers) AS n';
CREATE FUNCTION out_args(IN a integer, OUT b integer, INOUT c text, OUT "Odd ""d""" pair) LANGUAGE plpgsql AS $$
BEGIN
  b := a; c := c || E'\n\t\\'; -- $function$ in a comment
END $$;
CREATE FUNCTION returns_table(lim integer DEFAULT 10) RETURNS TABLE (id integer, "select" text) LANGUAGE sql ROWS 42 STABLE
  AS 'SELECT id, label FROM public.items LIMIT lim';
CREATE FUNCTION returns_set() RETURNS SETOF items LANGUAGE sql AS 'SELECT * FROM public.items';
CREATE FUNCTION takes_row(items) RETURNS text LANGUAGE sql AS 'SELECT $1.label';
CREATE FUNCTION takes_many(items[], pair, anyelement, anyarray) RETURNS anyelement LANGUAGE sql AS 'SELECT $3';
CREATE FUNCTION "Odd Schema"."Odd (name)"("Arg ""x""" integer, "select" text) RETURNS record LANGUAGE plpgsql AS
$body$ BEGIN RETURN ROW(1, 'newline
in it ünï'); END $body$;
CREATE FUNCTION "Odd Schema"."select"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = "Odd Schema", pg_temp SET work_mem = '8MB' SET datestyle TO 'ISO, DMY' SET "my.Custom" TO 'a ''quoted'' value'
  AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION restricted() RETURNS integer LANGUAGE sql VOLATILE PARALLEL RESTRICTED CALLED ON NULL INPUT COST 0.5 AS 'SELECT 1';
CREATE FUNCTION windowed(integer) RETURNS bigint LANGUAGE internal WINDOW AS 'window_row_number';
CREATE FUNCTION supported(text, text) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT SUPPORT pg_catalog.textlike_support AS 'textlike';
CREATE FUNCTION by_label(mode text DEFAULT CASE WHEN restricted() > 0 THEN 'x' END) RETURNS text LANGUAGE sql AS 'SELECT mode';
CREATE FUNCTION event_function() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE PROCEDURE p() LANGUAGE sql AS 'DELETE FROM public.items';
CREATE PROCEDURE p(VARIADIC "Odd ""names""" integer[]) LANGUAGE sql AS 'DELETE FROM public.items WHERE id = ANY ($1)';
CREATE PROCEDURE p(INOUT a integer, b text DEFAULT 'x') LANGUAGE plpgsql SECURITY DEFINER SET lock_timeout = '1s' AS $$BEGIN a := 1; COMMIT; END$$;
CREATE FUNCTION long_body() RETURNS text LANGUAGE sql AS $x$SELECT $function$ $function$ || '$procedure$'$x$;
COMMENT ON FUNCTION f(integer) IS 'one''s own
\! comment';
COMMENT ON PROCEDURE p(integer, text) IS 'a procedure';
COMMENT ON FUNCTION "Odd Schema"."Odd (name)"(integer, text) IS 'odd';
ALTER FUNCTION f(integer) OWNER TO case_owner;
ALTER PROCEDURE p() OWNER TO case_owner;
REVOKE ALL ON FUNCTION f(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION f(integer) TO case_grantor WITH GRANT OPTION;
SET SESSION AUTHORIZATION case_grantor;
GRANT EXECUTE ON FUNCTION f(integer) TO case_reader;
RESET SESSION AUTHORIZATION;
REVOKE ALL ON FUNCTION out_args(integer, text) FROM postgres;
GRANT EXECUTE ON PROCEDURE p(integer, text) TO "case Writer ""x""";
REVOKE ALL ON FUNCTION f(integer[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION f(integer[]) FROM postgres;
-- A default of a table that calls a function which takes the table's rows.
CREATE TABLE self_made (id integer, n integer);
CREATE FUNCTION count_self(self_made) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION next_n() RETURNS integer LANGUAGE sql AS 'SELECT count(*)::integer FROM public.self_made';
ALTER TABLE self_made ALTER n SET DEFAULT next_n();

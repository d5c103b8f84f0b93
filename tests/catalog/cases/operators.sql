-- Operators with commutators and negators, families with loose members, classes, casts, conversions.
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
CREATE TYPE pair AS (a integer, b integer);
CREATE FUNCTION lt(pair, pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.a < $2.a';
CREATE FUNCTION le(pair, pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.a <= $2.a';
CREATE FUNCTION eq(pair, pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.a = $2.a';
CREATE FUNCTION ne(pair, pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.a <> $2.a';
CREATE FUNCTION ge(pair, pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.a >= $2.a';
CREATE FUNCTION gt(pair, pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.a > $2.a';
CREATE FUNCTION compare(pair, pair) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1.a - $2.a';
CREATE FUNCTION hash(pair) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1.a';
CREATE FUNCTION lt_int(pair, integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1.a < $2';
CREATE FUNCTION compare_int(pair, integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1.a - $2';
CREATE FUNCTION "Odd Schema"."not"(pair) RETURNS pair LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE OPERATOR < (FUNCTION = lt, LEFTARG = pair, RIGHTARG = pair, COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
CREATE OPERATOR <= (FUNCTION = le, LEFTARG = pair, RIGHTARG = pair, COMMUTATOR = >=, NEGATOR = >, RESTRICT = scalarlesel, JOIN = scalarlejoinsel);
CREATE OPERATOR = (FUNCTION = eq, LEFTARG = pair, RIGHTARG = pair, COMMUTATOR = =, NEGATOR = <>, RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
CREATE OPERATOR <> (FUNCTION = ne, LEFTARG = pair, RIGHTARG = pair, COMMUTATOR = <>, NEGATOR = =, RESTRICT = neqsel, JOIN = neqjoinsel);
CREATE OPERATOR >= (FUNCTION = ge, LEFTARG = pair, RIGHTARG = pair, COMMUTATOR = <=, NEGATOR = <);
CREATE OPERATOR > (FUNCTION = gt, LEFTARG = pair, RIGHTARG = pair, COMMUTATOR = <, NEGATOR = <=);
CREATE OPERATOR "Odd Schema".!@#~ (FUNCTION = "Odd Schema"."not", RIGHTARG = pair);
CREATE OPERATOR < (FUNCTION = lt_int, LEFTARG = pair, RIGHTARG = integer);
CREATE OPERATOR "Odd Schema".<< (FUNCTION = lt, LEFTARG = pair, RIGHTARG = pair, COMMUTATOR = OPERATOR(public.>>));
CREATE OPERATOR |> (FUNCTION = gt, LEFTARG = pair, RIGHTARG = pair, COMMUTATOR = <|);
COMMENT ON OPERATOR < (pair, pair) IS 'less; it''s
less';
COMMENT ON OPERATOR "Odd Schema".!@#~ (NONE, pair) IS 'prefix';
ALTER OPERATOR <> (pair, pair) OWNER TO case_owner;

CREATE OPERATOR FAMILY pair_ops USING btree;
CREATE OPERATOR CLASS pair_ops DEFAULT FOR TYPE pair USING btree FAMILY pair_ops AS
  OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 compare(pair, pair);
ALTER OPERATOR FAMILY pair_ops USING btree ADD OPERATOR 1 < (pair, integer), FUNCTION 1 (pair, integer) compare_int(pair, integer);
CREATE OPERATOR CLASS "Odd Schema"."Hash Ops" FOR TYPE pair USING hash AS OPERATOR 1 =, FUNCTION 1 hash(pair);
CREATE OPERATOR FAMILY "Odd Schema"."Empty ""family""" USING gist;
CREATE OPERATOR FAMILY pair_ops USING hash;
CREATE OPERATOR CLASS nothing FOR TYPE text USING hash FAMILY text_ops AS STORAGE text;
COMMENT ON OPERATOR FAMILY pair_ops USING btree IS 'a family';
COMMENT ON OPERATOR CLASS pair_ops USING btree IS 'a class''s comment';
ALTER OPERATOR FAMILY pair_ops USING btree OWNER TO case_owner;
ALTER OPERATOR CLASS pair_ops USING btree OWNER TO case_owner;
CREATE TABLE pairs (p pair, q pair);
CREATE INDEX ON pairs (p, q pair_ops DESC);
CREATE INDEX ON pairs USING hash (p "Odd Schema"."Hash Ops");
CREATE VIEW compared AS SELECT p FROM pairs WHERE p < q AND p OPERATOR(public.=) q;

CREATE TYPE wrapped AS (n integer);
CREATE TYPE "Odd Schema"."Enum" AS ENUM ('a', 'b');
CREATE FUNCTION unwrap(wrapped) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1.n';
CREATE FUNCTION wrap(integer, integer, boolean) RETURNS wrapped LANGUAGE sql IMMUTABLE AS 'SELECT ROW($1)::public.wrapped';
CREATE CAST (wrapped AS integer) WITH FUNCTION unwrap(wrapped) AS ASSIGNMENT;
CREATE CAST (integer AS wrapped) WITH FUNCTION wrap(integer, integer, boolean);
CREATE CAST ("Odd Schema"."Enum" AS text) WITH INOUT AS IMPLICIT;
CREATE CAST (text AS "Odd Schema"."Enum") WITH INOUT AS ASSIGNMENT;
CREATE CAST (wrapped AS text) WITH INOUT;
CREATE CAST (text AS money) WITH INOUT;
COMMENT ON CAST (wrapped AS integer) IS 'unwraps
it';
CREATE CONVERSION my_conversion FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE DEFAULT CONVERSION "Odd Schema"."Odd Conversion" FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;
ALTER CONVERSION my_conversion OWNER TO case_owner;
COMMENT ON CONVERSION my_conversion IS 'converts';

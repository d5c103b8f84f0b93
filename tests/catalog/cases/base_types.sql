-- Base types with their shell types and functions; shell types never completed; a range type with a canonical function.
CREATE SCHEMA "Odd Schema";
CREATE TYPE never_completed;
COMMENT ON TYPE never_completed IS 'a shell';
CREATE TYPE complex_int;
CREATE FUNCTION complex_int_in(cstring) RETURNS complex_int LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION complex_int_out(complex_int) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE FUNCTION complex_int_recv(internal) RETURNS complex_int LANGUAGE internal IMMUTABLE STRICT AS 'int4recv';
CREATE FUNCTION complex_int_send(complex_int) RETURNS bytea LANGUAGE internal IMMUTABLE STRICT AS 'int4send';
CREATE TYPE complex_int (INPUT = complex_int_in, OUTPUT = complex_int_out, RECEIVE = complex_int_recv, SEND = complex_int_send,
  INTERNALLENGTH = 4, PASSEDBYVALUE, ALIGNMENT = int4, CATEGORY = 'N', PREFERRED = false, DEFAULT = '42', DELIMITER = ';');
COMMENT ON TYPE complex_int IS 'a base type';
COMMENT ON FUNCTION complex_int_in(cstring) IS 'its input';

CREATE TYPE "Odd Schema"."My Text";
CREATE FUNCTION "Odd Schema"."in Put"(cstring) RETURNS "Odd Schema"."My Text" LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION "Odd Schema"."out Put"("Odd Schema"."My Text") RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE "Odd Schema"."My Text" (INPUT = "Odd Schema"."in Put", OUTPUT = "Odd Schema"."out Put", STORAGE = extended, CATEGORY = 'S',
  COLLATABLE = true, ALIGNMENT = int4);
-- varchar's modifier functions, and a type made like another one
CREATE TYPE limited;
CREATE FUNCTION limited_in(cstring, oid, integer) RETURNS limited LANGUAGE internal IMMUTABLE STRICT AS 'varcharin';
CREATE FUNCTION limited_out(limited) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'varcharout';
CREATE TYPE limited (INPUT = limited_in, OUTPUT = limited_out, TYPMOD_IN = varchartypmodin, TYPMOD_OUT = varchartypmodout, LIKE = varchar);
CREATE TYPE points;
CREATE FUNCTION points_in(cstring) RETURNS points LANGUAGE internal IMMUTABLE STRICT AS 'point_in';
CREATE FUNCTION points_out(points) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'point_out';
CREATE TYPE points (INPUT = points_in, OUTPUT = points_out, INTERNALLENGTH = 16, ALIGNMENT = double, ELEMENT = float8);
CREATE TABLE uses_base (a complex_int, b complex_int[], c "Odd Schema"."My Text", d limited(5), e points);
CREATE FUNCTION plus(complex_int, complex_int) RETURNS complex_int LANGUAGE internal IMMUTABLE STRICT AS 'int4pl';
CREATE DOMAIN over_base AS complex_int DEFAULT '7';

CREATE TYPE stepped;
CREATE FUNCTION stepped_canonical(stepped) RETURNS stepped LANGUAGE internal IMMUTABLE STRICT AS 'int4range_canonical';
CREATE TYPE stepped AS RANGE (SUBTYPE = integer, CANONICAL = stepped_canonical, SUBTYPE_DIFF = int4range_subdiff);
CREATE TABLE uses_stepped (s stepped, many stepped[]);

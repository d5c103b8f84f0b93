-- Procedural languages and access methods made by hand, transforms, text search objects.
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
CREATE FUNCTION own_handler() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE FUNCTION "Odd Schema"."inline"(internal) RETURNS void LANGUAGE c STRICT AS '$libdir/plpgsql', 'plpgsql_inline_handler';
CREATE FUNCTION own_validator(oid) RETURNS void LANGUAGE c STRICT AS '$libdir/plpgsql', 'plpgsql_validator';
CREATE TRUSTED LANGUAGE "My Lang" HANDLER own_handler INLINE "Odd Schema"."inline" VALIDATOR own_validator;
CREATE LANGUAGE untrusted HANDLER own_handler;
COMMENT ON LANGUAGE "My Lang" IS 'my
language''s';
ALTER LANGUAGE "My Lang" OWNER TO case_owner;
REVOKE USAGE ON LANGUAGE "My Lang" FROM PUBLIC;
GRANT USAGE ON LANGUAGE "My Lang" TO "case Writer ""x""" WITH GRANT OPTION;
CREATE FUNCTION in_my_language() RETURNS integer LANGUAGE "My Lang" AS 'BEGIN RETURN 1; END';

CREATE ACCESS METHOD "My Index" TYPE INDEX HANDLER bthandler;
CREATE ACCESS METHOD my_heap TYPE TABLE HANDLER heap_tableam_handler;
COMMENT ON ACCESS METHOD "My Index" IS 'a second btree';
CREATE OPERATOR CLASS my_int DEFAULT FOR TYPE integer USING "My Index" AS
  OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(integer, integer);
CREATE TABLE in_my_heap (a integer) USING my_heap;

CREATE TYPE wrapped AS (n integer);
CREATE FUNCTION to_sql(internal) RETURNS wrapped LANGUAGE internal IMMUTABLE AS 'point_recv';
CREATE FUNCTION from_sql(internal) RETURNS internal LANGUAGE internal IMMUTABLE AS 'prsd_lextype';
CREATE TRANSFORM FOR wrapped LANGUAGE "My Lang" (FROM SQL WITH FUNCTION from_sql(internal), TO SQL WITH FUNCTION to_sql(internal));
CREATE TRANSFORM FOR integer LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal));
COMMENT ON TRANSFORM FOR wrapped LANGUAGE "My Lang" IS 'transforms';
CREATE FUNCTION transformed(wrapped) RETURNS integer LANGUAGE "My Lang" TRANSFORM FOR TYPE wrapped AS 'BEGIN RETURN 1; END';

CREATE TEXT SEARCH PARSER "Odd Schema"."My Parser" (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype,
  HEADLINE = prsd_headline);
CREATE TEXT SEARCH PARSER bare (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end, LEXTYPES = prsd_lextype);
CREATE TEXT SEARCH TEMPLATE "My Template" (INIT = dsimple_init, LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH TEMPLATE no_init (LEXIZE = dsimple_lexize);
CREATE TEXT SEARCH DICTIONARY "Odd Schema"."My Dict" (TEMPLATE = "My Template", ACCEPT = 'false');
CREATE TEXT SEARCH DICTIONARY english_stem2 (TEMPLATE = snowball, LANGUAGE = english, STOPWORDS = 'english');
CREATE TEXT SEARCH CONFIGURATION "My Config" (PARSER = "Odd Schema"."My Parser");
CREATE TEXT SEARCH CONFIGURATION copied (COPY = pg_catalog.german);
ALTER TEXT SEARCH CONFIGURATION "My Config" ADD MAPPING FOR asciiword, word, hword WITH "Odd Schema"."My Dict", english_stem2, simple;
ALTER TEXT SEARCH CONFIGURATION copied ALTER MAPPING REPLACE simple WITH english_stem2;
ALTER TEXT SEARCH CONFIGURATION copied DROP MAPPING FOR url, email;
ALTER TEXT SEARCH CONFIGURATION copied OWNER TO case_owner;
ALTER TEXT SEARCH DICTIONARY english_stem2 OWNER TO case_owner;
COMMENT ON TEXT SEARCH PARSER bare IS 'a parser';
COMMENT ON TEXT SEARCH TEMPLATE "My Template" IS 'a template''s';
COMMENT ON TEXT SEARCH DICTIONARY "Odd Schema"."My Dict" IS 'a
dictionary';
COMMENT ON TEXT SEARCH CONFIGURATION copied IS 'a configuration';
CREATE TABLE documents (body text);
CREATE INDEX ON documents USING gin (to_tsvector('public.copied', body));

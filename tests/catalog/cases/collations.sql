-- Collations of libc and ICU.
CREATE SCHEMA "Odd Schema";
CREATE COLLATION from_c FROM "C";
CREATE COLLATION posix (LOCALE = 'POSIX');
CREATE COLLATION "Odd Schema"."Mixed ""c""" (LC_COLLATE = 'C', LC_CTYPE = 'POSIX');
CREATE COLLATION german (PROVIDER = icu, LOCALE = 'de-u-co-phonebk');
CREATE COLLATION ignore_case (PROVIDER = icu, LOCALE = 'und-u-ks-level2', DETERMINISTIC = false);
COMMENT ON COLLATION german IS 'as in a
phone book''s';
CREATE TABLE sorted (a text COLLATE german, b text COLLATE ignore_case, c text COLLATE "Odd Schema"."Mixed ""c""");
CREATE INDEX ON sorted (a COLLATE "C", b);
CREATE DOMAIN collated AS text COLLATE german CHECK (VALUE <> 'x' COLLATE ignore_case);
CREATE TYPE collated_pair AS (a text COLLATE ignore_case);
CREATE TYPE german_range AS RANGE (SUBTYPE = text, COLLATION = german);

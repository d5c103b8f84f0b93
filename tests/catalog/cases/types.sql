-- Enum, composite, range types and domains, with odd names, collations, owners, privileges and each other.
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
CREATE TYPE mood AS ENUM ('sad', 'ok', 'it''s "great"', 'back\slash', 'ünï', 'new
line', 'ok,comma');
ALTER TYPE mood ADD VALUE 'between' BEFORE 'ok';
CREATE TYPE nothing AS ENUM ();
CREATE TYPE "Odd Schema"."Enum ""x""" AS ENUM ('a');
ALTER TYPE "Odd Schema"."Enum ""x""" OWNER TO case_owner;
COMMENT ON TYPE mood IS 'how it
feels; \! ''quoted''';
REVOKE ALL ON TYPE mood FROM PUBLIC;
GRANT USAGE ON TYPE mood TO case_reader;

CREATE TYPE empty AS ();
CREATE TYPE "Odd Schema"."Composite" AS (
  "Order" integer, "select" text COLLATE "C", moods mood[], price numeric(12,4), "qu""ote" varchar(10)[],
  ts timestamp(3) with time zone, inner_one empty, bits bit varying(5), iv interval day to second(2));
ALTER TYPE "Odd Schema"."Composite" DROP ATTRIBUTE ts;
ALTER TYPE "Odd Schema"."Composite" ADD ATTRIBUTE late "Odd Schema"."Enum ""x""";
COMMENT ON TYPE "Odd Schema"."Composite" IS 'a composite';
COMMENT ON COLUMN "Odd Schema"."Composite"."Order" IS 'a column''s
comment';
COMMENT ON COLUMN "Odd Schema"."Composite".late IS 'the last';
CREATE TYPE uses_composite AS (c "Odd Schema"."Composite", many "Odd Schema"."Composite"[]);
GRANT USAGE ON TYPE uses_composite TO case_reader WITH GRANT OPTION;

CREATE TYPE time_range AS RANGE (SUBTYPE = time);
CREATE FUNCTION time_difference(time, time) RETURNS double precision LANGUAGE sql IMMUTABLE STRICT
  AS 'SELECT extract(epoch FROM ($1 - $2))::double precision';
CREATE TYPE "Time Range" AS RANGE (SUBTYPE = time, SUBTYPE_DIFF = time_difference);
CREATE TYPE text_range AS RANGE (SUBTYPE = text, SUBTYPE_OPCLASS = text_pattern_ops, COLLATION = "C");
CREATE TYPE int_pair_range AS RANGE (SUBTYPE = bigint, SUBTYPE_OPCLASS = int8_ops);
CREATE TYPE enum_range AS RANGE (SUBTYPE = mood);
ALTER TYPE enum_range OWNER TO case_owner;
COMMENT ON TYPE text_range IS 'a range';
CREATE FUNCTION takes_range(text_range, enum_range[]) RETURNS int LANGUAGE sql AS 'SELECT 1';

CREATE DOMAIN plain_domain AS integer;
CREATE DOMAIN posint AS integer DEFAULT 1 CHECK (VALUE > 0) CONSTRAINT "not Too big" CHECK (VALUE < 1000);
CREATE DOMAIN required AS text COLLATE "C" NOT NULL DEFAULT 'it''s \ here';
CREATE DOMAIN code AS char(5)[] CHECK (array_length(VALUE, 1) < 3);
CREATE DOMAIN over_domain AS posint CHECK (VALUE <> 7);
CREATE DOMAIN "Odd Schema"."Domain ""d""" AS mood DEFAULT 'ok'::mood;
CREATE DOMAIN price AS numeric(10,2);
ALTER DOMAIN price ADD CONSTRAINT later CHECK (VALUE >= 0) NOT VALID;
ALTER DOMAIN price ADD CONSTRAINT earlier CHECK (VALUE < 1e6);
COMMENT ON DOMAIN posint IS 'positive';
COMMENT ON CONSTRAINT "not Too big" ON DOMAIN posint IS 'not too
big''s comment';
COMMENT ON CONSTRAINT later ON DOMAIN price IS 'not valid';
ALTER DOMAIN price OWNER TO case_owner;
GRANT USAGE ON TYPE price TO "case Writer ""x""";
REVOKE USAGE ON TYPE price FROM PUBLIC;
-- A function that the domain's own constraint calls, and that takes the domain.
CREATE DOMAIN checked AS integer;
CREATE FUNCTION is_good(checked) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 > 0';
ALTER DOMAIN checked ADD CONSTRAINT is_good CHECK (is_good(VALUE));
CREATE FUNCTION default_value() RETURNS integer LANGUAGE sql AS 'SELECT 4';
CREATE DOMAIN with_default AS integer DEFAULT default_value();
CREATE TYPE of_domains AS (a posint, b required, c code, d "Odd Schema"."Domain ""d""");

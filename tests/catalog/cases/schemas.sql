-- Schemas: names that need quotes, owners, privileges, comments; the schema public with privileges of its own.
DO $$
DECLARE role text;
BEGIN
  FOREACH role IN ARRAY ARRAY['case_owner', 'case_reader', 'case Writer "x"', 'case_grantor'] LOOP
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = role) THEN
      EXECUTE format('CREATE ROLE %I', role);
    END IF;
  END LOOP;
END $$;

CREATE SCHEMA plain;
CREATE SCHEMA "Upper Case";
CREATE SCHEMA "we""ird.dot";
CREATE SCHEMA "select";
CREATE SCHEMA "größe";
CREATE SCHEMA "new
line";
CREATE SCHEMA abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk;
CREATE SCHEMA owned AUTHORIZATION case_owner;
CREATE SCHEMA "odd owner" AUTHORIZATION "case Writer ""x""";
COMMENT ON SCHEMA plain IS 'it''s a
comment with \backslash, "quotes", \! and ünïcode';
COMMENT ON SCHEMA "we""ird.dot" IS '-- no end; DROP SCHEMA plain;';
GRANT USAGE ON SCHEMA plain TO PUBLIC;
GRANT USAGE ON SCHEMA plain TO case_reader;
GRANT CREATE ON SCHEMA plain TO case_reader WITH GRANT OPTION;
REVOKE CREATE ON SCHEMA owned FROM case_owner;
GRANT ALL ON SCHEMA owned TO "case Writer ""x""";
GRANT USAGE ON SCHEMA "Upper Case" TO case_grantor WITH GRANT OPTION;
SET SESSION AUTHORIZATION case_grantor;
GRANT USAGE ON SCHEMA "Upper Case" TO case_reader;
RESET SESSION AUTHORIZATION;
REVOKE ALL ON SCHEMA "select" FROM postgres;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT ALL ON SCHEMA public TO case_owner;
GRANT USAGE ON SCHEMA public TO case_reader;

-- Foreign data wrappers, servers, user mappings, with options and privileges.
DO $$
DECLARE role text;
BEGIN
  FOREACH role IN ARRAY ARRAY['case_owner', 'case_reader', 'case Writer "x"', 'case_grantor'] LOOP
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = role) THEN
      EXECUTE format('CREATE ROLE %I', role);
    END IF;
  END LOOP;
END $$;

CREATE FOREIGN DATA WRAPPER plain;
CREATE FOREIGN DATA WRAPPER "My Wrapper" VALIDATOR postgresql_fdw_validator;
CREATE FOREIGN DATA WRAPPER options OPTIONS (a '1', "Odd ""k""" 'it''s = \ here', "select" '');
CREATE SERVER plain FOREIGN DATA WRAPPER plain;
CREATE SERVER "My Server" TYPE 'some ''type''' VERSION '1.0 \beta' FOREIGN DATA WRAPPER options OPTIONS (host 'a.example', "Port" '5432');
CREATE USER MAPPING FOR PUBLIC SERVER "My Server" OPTIONS (x 'y');
CREATE USER MAPPING FOR case_reader SERVER "My Server" OPTIONS ("user" 'u', password 'secret''s "word"=\ ');
CREATE USER MAPPING FOR "case Writer ""x""" SERVER plain;
CREATE FOREIGN TABLE far (a integer OPTIONS (col 'A'), b text) SERVER "My Server" OPTIONS ("table" 'x');
COMMENT ON FOREIGN DATA WRAPPER options IS 'with options';
COMMENT ON SERVER "My Server" IS 'a server''s
comment';
GRANT USAGE ON FOREIGN DATA WRAPPER plain TO case_reader WITH GRANT OPTION;
GRANT USAGE ON FOREIGN SERVER "My Server" TO case_reader, PUBLIC;
REVOKE ALL ON FOREIGN SERVER plain FROM postgres;
ALTER SERVER "My Server" OWNER TO postgres;

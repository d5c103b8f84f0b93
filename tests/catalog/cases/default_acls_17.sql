-- needs: 17
-- Default privileges that take from the owner: before 17 there is no letter for MAINTAIN, and pg_dump 17 itself shows a difference.
DO $$
DECLARE role text;
BEGIN
  FOREACH role IN ARRAY ARRAY['case_owner', 'case_reader', 'case Writer "x"', 'case_grantor'] LOOP
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = role) THEN
      EXECUTE format('CREATE ROLE %I', role);
    END IF;
  END LOOP;
END $$;

ALTER DEFAULT PRIVILEGES FOR ROLE case_owner REVOKE INSERT, DELETE ON TABLES FROM case_owner;
ALTER DEFAULT PRIVILEGES FOR ROLE case_owner GRANT MAINTAIN ON TABLES TO case_reader;
CREATE TABLE kept (a integer, b integer);
GRANT MAINTAIN ON kept TO case_reader WITH GRANT OPTION;
REVOKE MAINTAIN ON kept FROM postgres;
CREATE TABLE all_of_it (a integer);
GRANT ALL ON all_of_it TO case_reader;

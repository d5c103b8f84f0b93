-- The schema public with another owner and without its comment.
DO $$
DECLARE role text;
BEGIN
  FOREACH role IN ARRAY ARRAY['case_owner', 'case_reader', 'case Writer "x"', 'case_grantor'] LOOP
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = role) THEN
      EXECUTE format('CREATE ROLE %I', role);
    END IF;
  END LOOP;
END $$;

ALTER SCHEMA public OWNER TO case_owner;
COMMENT ON SCHEMA public IS NULL;
GRANT CREATE ON SCHEMA public TO PUBLIC;

-- Extensions, what uses their members, and privileges changed on members and on the system's own objects.
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
CREATE EXTENSION hstore SCHEMA "Odd Schema";
CREATE EXTENSION citext;
CREATE EXTENSION pg_stat_statements;
COMMENT ON EXTENSION citext IS 'another comment';
CREATE TABLE uses (a citext, b "Odd Schema".hstore, c "Odd Schema".hstore[]);
CREATE DOMAIN short AS citext CHECK (VALUE <> '');
CREATE INDEX ON uses USING gin (b "Odd Schema".gin_hstore_ops);
REVOKE EXECUTE ON FUNCTION citext_eq(citext, citext) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION "Odd Schema".akeys("Odd Schema".hstore) TO case_reader;
REVOKE SELECT ON pg_stat_statements FROM PUBLIC;
GRANT SELECT (query) ON pg_stat_statements TO case_reader;
REVOKE USAGE ON TYPE citext FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pg_catalog.pg_ls_dir(text) TO case_reader;
REVOKE EXECUTE ON FUNCTION pg_catalog.now() FROM PUBLIC;
GRANT SELECT ON pg_catalog.pg_authid TO case_reader;
GRANT SELECT (rolname) ON pg_catalog.pg_authid TO "case Writer ""x""";
REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC;
GRANT USAGE ON LANGUAGE sql TO case_reader;
GRANT CREATE ON SCHEMA pg_catalog TO case_owner;
REVOKE USAGE ON TYPE pg_catalog.xml FROM PUBLIC;

-- The roles that own and use the sample shop. Roles belong to a server, not to a database, so they are made on the
-- source and on the target before the shop arrives there. Running this twice changes nothing.
DO $$
DECLARE
  statement text;
BEGIN
  FOREACH statement IN ARRAY ARRAY[
    'CREATE ROLE shop_owner NOLOGIN',
    'CREATE ROLE shop_reader NOLOGIN',
    'CREATE ROLE shop_writer NOLOGIN',
    'CREATE ROLE "Shop Audit" NOLOGIN',
    'GRANT shop_reader TO shop_writer',
    'GRANT shop_reader TO "Shop Audit"']
  LOOP
    BEGIN
      EXECUTE statement;
    EXCEPTION WHEN duplicate_object OR unique_violation OR internal_error THEN
      NULL;  -- it is there, or another session has just made it
    END;
  END LOOP;
END
$$;

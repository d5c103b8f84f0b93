-- Aggregates: plain, moving, parallel, ordered-set, hypothetical-set, variadic, with a sort operator.
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
CREATE FUNCTION add(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 + $2';
CREATE FUNCTION take(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 - $2';
CREATE FUNCTION done(integer) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1::text';
CREATE FUNCTION done_extra(integer, integer) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1::text';
CREATE FUNCTION "Odd Schema"."Add It"(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1 || $2';
CREATE AGGREGATE total(integer) (SFUNC = add, STYPE = integer, INITCOND = '0');
CREATE AGGREGATE moving(integer) (SFUNC = add, STYPE = integer, SSPACE = 64, FINALFUNC = done, MSFUNC = add, MINVFUNC = take, MSTYPE = integer,
  MSSPACE = 32, MFINALFUNC = done, MINITCOND = '0', INITCOND = '0');
CREATE AGGREGATE extra(integer) (SFUNC = add, STYPE = integer, FINALFUNC = done_extra, FINALFUNC_EXTRA, FINALFUNC_MODIFY = SHAREABLE);
CREATE AGGREGATE modifies(integer) (SFUNC = add, STYPE = integer, FINALFUNC = done, FINALFUNC_MODIFY = READ_WRITE, PARALLEL = RESTRICTED);
CREATE AGGREGATE parallel(integer) (SFUNC = add, STYPE = integer, COMBINEFUNC = add, PARALLEL = SAFE);
CREATE AGGREGATE serial(numeric) (SFUNC = numeric_avg_accum, STYPE = internal, FINALFUNC = numeric_avg, COMBINEFUNC = numeric_avg_combine,
  SERIALFUNC = numeric_avg_serialize, DESERIALFUNC = numeric_avg_deserialize, PARALLEL = SAFE);
CREATE AGGREGATE counted(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0');
CREATE AGGREGATE "Odd Schema"."Odd ""agg"""("Arg x" text) (SFUNC = "Odd Schema"."Add It", STYPE = text, INITCOND = 'it''s \ here');
CREATE AGGREGATE largest(integer) (SFUNC = int4larger, STYPE = integer, SORTOP = >);
CREATE AGGREGATE percentile(double precision ORDER BY double precision) (SFUNC = ordered_set_transition, STYPE = internal,
  FINALFUNC = percentile_cont_float8_final);
CREATE AGGREGATE my_rank(VARIADIC "any" ORDER BY VARIADIC "any") (SFUNC = ordered_set_transition_multi, STYPE = internal, FINALFUNC = rank_final,
  FINALFUNC_EXTRA, HYPOTHETICAL);
CREATE AGGREGATE my_mode(ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = mode_final, FINALFUNC_EXTRA,
  FINALFUNC_MODIFY = SHAREABLE);
CREATE FUNCTION joined(text, VARIADIC text[]) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE AGGREGATE variadic_one(VARIADIC text[]) (SFUNC = joined, STYPE = text);
COMMENT ON AGGREGATE total(integer) IS 'the total''s
comment';
COMMENT ON AGGREGATE counted(*) IS 'counts';
COMMENT ON AGGREGATE percentile(double precision ORDER BY double precision) IS 'ordered';
COMMENT ON AGGREGATE my_rank(VARIADIC "any" ORDER BY VARIADIC "any") IS 'hypothetical';
ALTER AGGREGATE total(integer) OWNER TO case_owner;
ALTER AGGREGATE my_rank(VARIADIC "any" ORDER BY VARIADIC "any") OWNER TO case_owner;
REVOKE ALL ON FUNCTION total(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION counted() TO case_reader;
REVOKE ALL ON FUNCTION percentile(double precision, double precision) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION my_rank("any") TO case_reader WITH GRANT OPTION;
CREATE TABLE numbers (n integer);
CREATE VIEW totals AS SELECT total(n) AS t, percentile(0.5) WITHIN GROUP (ORDER BY n::double precision) AS p FROM numbers;

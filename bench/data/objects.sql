-- objects: 200,000 large objects of 100 to 3,000 bytes and four of 100 MB at scale 2, and the table that refers to them.

CREATE TABLE attachment (id bigint PRIMARY KEY, content oid NOT NULL, name text NOT NULL);
INSERT INTO attachment
SELECT i, lo_from_bytea(0, bench_help.noise(i, 100 + (bench_help.pick(i, 1, 2900)))), 'attachment ' || i
FROM generate_series(1, bench_help.n(100000)) i;

-- Each from pieces of 1 MB: half of them noise, half of them prose.
DO $$
DECLARE
  large oid;
  piece bytea;
  pieces int := least(100, bench_help.n(100));
BEGIN
  FOR o IN 1 .. least(8, bench_help.n(2)) LOOP
    large := lo_create(0);
    INSERT INTO attachment VALUES (-o, large, 'large ' || o);
    FOR p IN 0 .. pieces - 1 LOOP
      piece := CASE WHEN p % 2 = 0 THEN bench_help.noise(o * 1000 + p, 1048576)
                    ELSE rpad(bench_help.prose(o * 1000 + p, 800), 1048576, bench_help.prose(-p, 700))::bytea END;
      PERFORM lo_put(large, p * 1048576::bigint, piece);
    END LOOP;
  END LOOP;
END
$$;

-- tables: 20,000 tables of ten rows at scale 2, each with a primary key, every second one with an index, every fifth one with
-- a foreign key, in ten schemas. What is measured is the cost of a table, not of its rows.

DO $$
DECLARE
  tables int := bench_help.n(10000);
  place text;
BEGIN
  FOR s IN 0 .. 9 LOOP
    EXECUTE format('CREATE SCHEMA part_%s', s);
  END LOOP;
  FOR t IN 1 .. tables LOOP
    place := format('part_%s.item_%s', t % 10, t);
    EXECUTE format('CREATE TABLE %s (id int PRIMARY KEY, parent int, name text NOT NULL, price numeric(9, 2) DEFAULT 0, '
                   'made timestamptz DEFAULT now())', place);
    EXECUTE format('INSERT INTO %s SELECT i, (i + 1) / 2, %L || i, i * 1.25, timestamptz ''2024-01-01'' + i * interval ''1 day'' '
                   'FROM generate_series(1, 10) i', place, 'item ' || t || '.');
    IF t % 2 = 0 THEN
      EXECUTE format('CREATE INDEX ON %s (name)', place);
    END IF;
    IF t % 5 = 0 THEN
      EXECUTE format('ALTER TABLE %s ADD FOREIGN KEY (parent) REFERENCES part_%s.item_%s (id)', place, (t - 1) % 10, t - 1);
    END IF;
    IF t % 20 = 0 THEN
      EXECUTE format('COMMENT ON TABLE %s IS %L', place, 'what stands in table ' || t);
    END IF;
  END LOOP;
END
$$;

-- Materialized views: populated or not, over each other and over views, with indexes and storage of their own.
DO $$ BEGIN CREATE ROLE kinds_reader; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
CREATE TABLE base (id integer PRIMARY KEY, name text, n numeric);
INSERT INTO base SELECT g, 'name ' || g, g FROM generate_series(1, 100) AS g;
CREATE MATERIALIZED VIEW z_first WITH (fillfactor = 50, toast.autovacuum_enabled = false) AS SELECT id, name, n FROM base;
CREATE VIEW between_them AS SELECT id, n FROM z_first;
CREATE MATERIALIZED VIEW a_second AS SELECT sum(n) AS total FROM between_them;
CREATE MATERIALIZED VIEW "Empty One" AS SELECT * FROM base WITH NO DATA;
CREATE MATERIALIZED VIEW grouped AS SELECT id, name, count(*) FROM base GROUP BY id;
CREATE UNIQUE INDEX z_first_id ON z_first (id);
CREATE INDEX z_first_name ON z_first (lower(name));
ALTER MATERIALIZED VIEW z_first CLUSTER ON z_first_id;
ALTER MATERIALIZED VIEW z_first ALTER name SET STORAGE EXTERNAL, ALTER n SET STATISTICS 50, ALTER id SET (n_distinct = 100);
COMMENT ON MATERIALIZED VIEW z_first IS 'first';
COMMENT ON COLUMN z_first.name IS 'its name';
GRANT SELECT ON z_first TO kinds_reader;
GRANT SELECT (total) ON a_second TO kinds_reader;
CREATE FUNCTION over_it() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM z_first';

-- Partitioned tables of every method, several levels deep, with partitions that differ from their parents.
CREATE TABLE by_range (id integer NOT NULL, at date NOT NULL, note text DEFAULT 'n', CONSTRAINT ok CHECK (id > 0)) PARTITION BY RANGE (at);
CREATE TABLE by_range_1 PARTITION OF by_range FOR VALUES FROM (MINVALUE) TO ('2020-01-01');
CREATE TABLE by_range_2 PARTITION OF by_range FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE by_range_rest PARTITION OF by_range DEFAULT;
INSERT INTO by_range SELECT g, '2019-06-01'::date + g * 30 FROM generate_series(1, 50) AS g;

CREATE TABLE by_list (region text COLLATE "C", v integer) PARTITION BY LIST (region);
CREATE TABLE by_list_a PARTITION OF by_list FOR VALUES IN ('a', 'it''s', NULL);
CREATE TABLE by_list_sub PARTITION OF by_list FOR VALUES IN ('b') PARTITION BY RANGE (v);
CREATE TABLE by_list_sub_1 PARTITION OF by_list_sub FOR VALUES FROM (0) TO (10);
CREATE TABLE by_list_sub_2 PARTITION OF by_list_sub FOR VALUES FROM (10) TO (MAXVALUE);
INSERT INTO by_list VALUES ('a', 1), (NULL, 2), ('b', 3), ('b', 30), ('it''s', 4);

CREATE TABLE by_hash (id bigint, t text) PARTITION BY HASH (id);
CREATE TABLE by_hash_0 PARTITION OF by_hash FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE by_hash_1 PARTITION OF by_hash FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO by_hash SELECT g, 't' || g FROM generate_series(1, 20) AS g;

CREATE FUNCTION month_of(date) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS 'SELECT extract(month FROM $1)::integer';
CREATE TABLE by_expression (d date, a text, b integer) PARTITION BY RANGE (month_of(d), lower(a) COLLATE "C", b int4_ops);
CREATE TABLE by_expression_1 PARTITION OF by_expression FOR VALUES FROM (1, 'a', 0) TO (7, 'm', MAXVALUE);
INSERT INTO by_expression VALUES ('2024-02-03', 'Bc', 5);

-- A partition with its own column order, defaults, dropped columns, constraints and storage.
CREATE TABLE own_ways (a integer, b text DEFAULT 'parent', c integer CHECK (c > 0)) PARTITION BY RANGE (a);
CREATE TABLE own_ways_1 (gone integer, c integer NOT NULL DEFAULT 9, b text DEFAULT 'own', gone_too text, a integer,
  CONSTRAINT own_ways_c_check CHECK (c > 0), CONSTRAINT mine CHECK (a < 1000));
ALTER TABLE own_ways_1 DROP COLUMN gone, DROP COLUMN gone_too;
ALTER TABLE own_ways ATTACH PARTITION own_ways_1 FOR VALUES FROM (0) TO (100);
CREATE TABLE own_ways_2 PARTITION OF own_ways (b NOT NULL DEFAULT 'two', CONSTRAINT extra CHECK (a <> 150)) FOR VALUES FROM (100) TO (200)
  WITH (fillfactor = 50);
ALTER TABLE own_ways_2 ALTER b SET STORAGE EXTERNAL, ALTER a SET STATISTICS 33;
INSERT INTO own_ways (a, c) VALUES (1, 1), (150 + 1, 2);
COMMENT ON TABLE own_ways_1 IS 'attached';
COMMENT ON COLUMN own_ways.a IS 'the key';

-- Generated columns and a serial below a partitioned table; no partition at all; a detached one.
CREATE TABLE computed (a integer, g integer GENERATED ALWAYS AS (a + 1) STORED, s serial) PARTITION BY LIST (a);
CREATE TABLE computed_1 PARTITION OF computed FOR VALUES IN (1);
INSERT INTO computed (a) VALUES (1), (1);
CREATE TABLE bare (a integer) PARTITION BY RANGE (a);
CREATE TABLE detached_1 PARTITION OF bare FOR VALUES FROM (1) TO (2);
ALTER TABLE bare DETACH PARTITION detached_1;

-- Keys and indexes: of the whole, attached, of one partition only, and one that is not there on all of them.
CREATE TABLE keyed (id integer, at integer, v text, PRIMARY KEY (id, at), CONSTRAINT keyed_v UNIQUE (v, at)) PARTITION BY RANGE (at);
CREATE TABLE keyed_1 PARTITION OF keyed FOR VALUES FROM (0) TO (10);
CREATE TABLE keyed_2 (at integer NOT NULL, id integer NOT NULL, v text, CONSTRAINT "Own name" PRIMARY KEY (id, at));
ALTER TABLE keyed ATTACH PARTITION keyed_2 FOR VALUES FROM (10) TO (20);
CREATE TABLE keyed_sub PARTITION OF keyed FOR VALUES FROM (20) TO (40) PARTITION BY RANGE (at);
CREATE TABLE keyed_sub_1 PARTITION OF keyed_sub FOR VALUES FROM (20) TO (30);
CREATE INDEX keyed_idx ON keyed (v DESC) INCLUDE (id) WHERE id > 0;
CREATE INDEX keyed_1_own ON keyed_1 (at);
CREATE INDEX keyed_only ON ONLY keyed (at);
CREATE INDEX keyed_2_at ON keyed_2 (at);
ALTER INDEX keyed_only ATTACH PARTITION keyed_2_at;
COMMENT ON INDEX keyed_idx IS 'of all';
COMMENT ON INDEX keyed_pkey IS 'of a constraint';
ALTER TABLE keyed_1 REPLICA IDENTITY USING INDEX keyed_1_pkey;
ALTER TABLE keyed REPLICA IDENTITY USING INDEX keyed_pkey;
ALTER TABLE keyed_1 CLUSTER ON keyed_1_own;
INSERT INTO keyed VALUES (1, 1, 'a'), (1, 11, 'b'), (1, 21, 'c');

-- Foreign keys from and to them.
CREATE TABLE refers (id integer, at integer, CONSTRAINT to_whole FOREIGN KEY (id, at) REFERENCES keyed ON DELETE CASCADE);
CREATE TABLE refers_parted (id integer, at integer, w integer, FOREIGN KEY (id, at) REFERENCES keyed) PARTITION BY LIST (w);
CREATE TABLE refers_parted_1 PARTITION OF refers_parted FOR VALUES IN (1);
CREATE TABLE refers_parted_2 (w integer, at integer, id integer, CONSTRAINT own_fk FOREIGN KEY (id, at) REFERENCES keyed);
ALTER TABLE refers_parted ATTACH PARTITION refers_parted_2 FOR VALUES IN (2);
CREATE TABLE refers_one (id integer, at integer, FOREIGN KEY (id, at) REFERENCES keyed_1 (id, at));
INSERT INTO refers VALUES (1, 11);
INSERT INTO refers_parted VALUES (1, 21, 1), (1, 1, 2);

-- Triggers: one for all, one state of their own.
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER on_all AFTER INSERT ON keyed FOR EACH ROW EXECUTE FUNCTION note();
CREATE TRIGGER on_statement AFTER UPDATE ON keyed FOR EACH STATEMENT EXECUTE FUNCTION note();
CREATE TRIGGER on_one BEFORE INSERT ON keyed_1 FOR EACH ROW EXECUTE FUNCTION note();
ALTER TABLE keyed_1 DISABLE TRIGGER on_all;
ALTER TABLE keyed_2 ENABLE ALWAYS TRIGGER on_all;

-- Partitions by the hash of an enum: on another cluster the rows belong elsewhere.
CREATE TYPE channel AS ENUM ('web', 'phone', 'shop', 'mail', 'fax');
CREATE TABLE by_channel (c channel, n integer, g integer GENERATED ALWAYS AS (n + 1) STORED, PRIMARY KEY (c, n)) PARTITION BY HASH (c);
CREATE TABLE by_channel_0 PARTITION OF by_channel FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE by_channel_1 PARTITION OF by_channel FOR VALUES WITH (MODULUS 3, REMAINDER 1) PARTITION BY RANGE (n);
CREATE TABLE by_channel_1a PARTITION OF by_channel_1 FOR VALUES FROM (0) TO (MAXVALUE);
CREATE TABLE by_channel_2 PARTITION OF by_channel FOR VALUES WITH (MODULUS 3, REMAINDER 2);
INSERT INTO by_channel SELECT c, g FROM unnest(enum_range(NULL::channel)) AS c, generate_series(1, 10) AS g;
CREATE TABLE refers_to_channel (c channel, n integer, FOREIGN KEY (c, n) REFERENCES by_channel);
INSERT INTO refers_to_channel VALUES ('fax', 3);

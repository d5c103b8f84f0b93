-- Publications: all tables, some, none; what they publish.
CREATE TABLE t (id integer PRIMARY KEY, a text);
CREATE TABLE "T ""2" (id integer PRIMARY KEY);
CREATE TABLE parted (id integer PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (10);
CREATE PUBLICATION nothing;
CREATE PUBLICATION everything FOR ALL TABLES;
CREATE PUBLICATION "Some ""P""" FOR TABLE t, "T ""2" WITH (publish = 'insert, truncate');
CREATE PUBLICATION by_root FOR TABLE parted WITH (publish_via_partition_root = true);
CREATE PUBLICATION silent FOR TABLE ONLY t WITH (publish = '');
COMMENT ON PUBLICATION "Some ""P""" IS 'some';

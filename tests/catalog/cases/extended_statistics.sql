-- Extended statistics of each kind, with targets, owners, comments.
CREATE SCHEMA "St";
CREATE TABLE t (a integer, b integer, c text);
INSERT INTO t SELECT g % 5, g % 7, 'x' || g % 3 FROM generate_series(1, 100) AS g;
CREATE STATISTICS all_kinds ON a, b, c FROM t;
CREATE STATISTICS "St"."n ""d""" (ndistinct) ON a, b FROM t;
CREATE STATISTICS deps (dependencies, mcv) ON b, c FROM t;
ALTER STATISTICS deps SET STATISTICS 250;
ALTER STATISTICS all_kinds SET STATISTICS 0;
COMMENT ON STATISTICS deps IS 'depends';

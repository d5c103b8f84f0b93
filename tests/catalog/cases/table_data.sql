-- Rows of types of every sort: some portable in binary form, some not; nothing lost either way.
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE DOMAIN word AS varchar(10) CHECK (VALUE <> 'no');
CREATE DOMAIN words AS word[];
CREATE DOMAIN numbers AS integer[];
CREATE TYPE pair AS (a integer, b text);
CREATE TYPE span AS RANGE (subtype = float8);
CREATE TABLE portable (
  a boolean, b smallint, c integer, d bigint, e real, f double precision, g numeric, h text, i varchar(5), j char(5), k bytea, l uuid,
  m date, n time, o timetz, p timestamp, q timestamptz, r interval, s json, t jsonb, u inet, v cidr, w macaddr, x bit(3), y varbit,
  z mood, aa integer[], ab text[][], ac int4range, ad daterange, ae word, af numbers, ag "char", ah name, ai oid, aj span, ak int4range[]);
INSERT INTO portable VALUES
  (true, -32768, 2147483647, -9223372036854775808, 'NaN', '-Infinity', 'NaN', E'\\ \t\n', 'äöü', 'x', '\x00ff5c0a', '00000000-0000-0000-0000-000000000001',
   'infinity', '24:00', '12:00+05:30', '-infinity', '4713-01-01 BC', '-1 year 2 days -3.5 s', '{"a" : 1 }', '{"b": [1, null]}', '::1/64', '10.0.0.0/8',
   '08:00:2b:01:02:03', '101', '', 'b', '{}', '{{a,NULL},{"",b}}', 'empty', '[2020-01-01,)', 'yes', '{1,2}', 'x', 'name', 4294967295, '[1.5,2.5)',
   ARRAY['[1,2)'::int4range, 'empty']),
  (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
   NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
CREATE TABLE text_only (a regclass, b regtype, c pair, d pair[], e mood[], f tsvector, g tsquery, h money, i xml, j words, k point, l int2vector, m tid, n span[]);
INSERT INTO text_only VALUES ('portable', 'integer', ROW(1, E'x,"y"'), ARRAY[ROW(1, NULL)::pair], '{a,b}', 'a:1 b', 'a & b', '12.34', NULL,
  '{x,y}', '(1,2)', '1 2 3', '(0,1)', ARRAY['[1,2]'::span]);
CREATE TABLE empty_one (a integer);
CREATE TABLE long_rows (a text, b bytea);
INSERT INTO long_rows SELECT repeat('0123456789', 50000), decode(repeat('00ff5c', 100000), 'hex') FROM generate_series(1, 3);
CREATE TABLE "Back\slash 'n' ""q""" ("a\b" text);
INSERT INTO "Back\slash 'n' ""q""" VALUES ('\N'), (NULL), ('\.'), (E'\r\n');

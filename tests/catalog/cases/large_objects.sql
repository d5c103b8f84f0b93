-- Large objects: empty, small, larger than a piece, with holes; owners, privileges, comments.
DO $$ BEGIN CREATE ROLE kinds_reader; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
SELECT lo_create(50000);
SELECT lo_from_bytea(50001, '\x00010203');
SELECT lo_from_bytea(50002, decode(repeat('deadbeef00', 120000), 'hex'));
SELECT lo_from_bytea(50003, decode(repeat('ab', 262144), 'hex'));
SELECT lo_create(50004);
SELECT lo_put(50004, 1000000, 'after a hole');
SELECT lo_from_bytea(50005, 'with a comment'), lo_from_bytea(50006, 'of another owner'), lo_from_bytea(50007, 'and another');
COMMENT ON LARGE OBJECT 50005 IS 'one''s comment';
ALTER LARGE OBJECT 50006 OWNER TO kinds_reader;
ALTER LARGE OBJECT 50007 OWNER TO kinds_reader;
GRANT SELECT ON LARGE OBJECT 50000, 50001 TO PUBLIC;
GRANT UPDATE ON LARGE OBJECT 50002 TO kinds_reader WITH GRANT OPTION;
SELECT lo_from_bytea(60000 + g, convert_to(repeat('x', g), 'UTF8')) FROM generate_series(0, 2500) AS g;

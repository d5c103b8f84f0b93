-- Sequences: all options, called or not, owned by columns of tables here and in other schemas.
DO $$ BEGIN CREATE ROLE kinds_reader; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
CREATE SCHEMA elsewhere;
CREATE SEQUENCE plain;
CREATE SEQUENCE called;
SELECT nextval('called'), nextval('called');
CREATE SEQUENCE "Odd ""Seq"".x" AS smallint START 5 INCREMENT 3 MINVALUE -10 MAXVALUE 1000 CACHE 7 CYCLE;
SELECT nextval('"Odd ""Seq"".x"');
CREATE SEQUENCE downwards AS integer INCREMENT -1;
SELECT nextval('downwards'), nextval('downwards');
CREATE SEQUENCE set_not_called;
SELECT setval('set_not_called', 42, false);
CREATE SEQUENCE at_its_end MAXVALUE 2;
SELECT nextval('at_its_end'), nextval('at_its_end');
CREATE SEQUENCE restarted START 10;
ALTER SEQUENCE restarted RESTART 3;
COMMENT ON SEQUENCE called IS 'called twice';
GRANT USAGE, SELECT ON SEQUENCE called TO kinds_reader;

CREATE TABLE owner (id integer, other integer DEFAULT nextval('plain'));
CREATE SEQUENCE elsewhere.of_other_schema OWNED BY owner.id;
ALTER TABLE owner ALTER id SET DEFAULT nextval('elsewhere.of_other_schema');
INSERT INTO owner DEFAULT VALUES;
CREATE TABLE serials (a serial, b smallserial, c bigserial);
INSERT INTO serials DEFAULT VALUES;
ALTER SEQUENCE serials_a_seq INCREMENT 10 CACHE 2;
ALTER SEQUENCE serials_b_seq OWNED BY NONE;
CREATE TABLE uses_twice (a integer DEFAULT nextval('called'), b integer DEFAULT nextval('called') + 1);

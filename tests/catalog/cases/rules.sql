-- Rules of every event, with several statements, and their states.
CREATE TABLE t (id integer, a text);
CREATE TABLE log (what text, id integer, at timestamptz DEFAULT now());
INSERT INTO t VALUES (1, 'one');
CREATE RULE logged AS ON UPDATE TO t DO ALSO (INSERT INTO log (what, id) VALUES (E'upd;ate\\ "x"', old.id); NOTIFY changed; DELETE FROM log WHERE id < 0);
CREATE RULE "Never ""D""" AS ON DELETE TO t WHERE old.id = 1 DO INSTEAD NOTHING;
CREATE RULE on_insert AS ON INSERT TO t DO INSTEAD NOTHING;
CREATE RULE disabled AS ON INSERT TO log DO ALSO NOTHING;
CREATE RULE replica AS ON UPDATE TO log DO ALSO NOTHING;
CREATE RULE always AS ON DELETE TO log DO ALSO NOTHING;
ALTER TABLE log DISABLE RULE disabled;
ALTER TABLE log ENABLE REPLICA RULE replica;
ALTER TABLE log ENABLE ALWAYS RULE always;
COMMENT ON RULE "Never ""D""" ON t IS 'never';
CREATE VIEW v AS SELECT id, a FROM t;
CREATE RULE through AS ON DELETE TO v DO INSTEAD DELETE FROM t WHERE t.id = old.id RETURNING t.id, t.a;

-- Event triggers in every state.
CREATE SCHEMA "Odd Schema";
CREATE FUNCTION "Odd Schema"."React!"() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER at_start ON ddl_command_start EXECUTE FUNCTION "Odd Schema"."React!"();
CREATE EVENT TRIGGER "At ""End""" ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'DROP TABLE') EXECUTE FUNCTION "Odd Schema"."React!"();
CREATE EVENT TRIGGER dropped ON sql_drop EXECUTE FUNCTION "Odd Schema"."React!"();
CREATE EVENT TRIGGER rewritten ON table_rewrite WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION "Odd Schema"."React!"();
CREATE EVENT TRIGGER never ON ddl_command_end EXECUTE FUNCTION "Odd Schema"."React!"();
ALTER EVENT TRIGGER at_start DISABLE;
ALTER EVENT TRIGGER dropped ENABLE REPLICA;
ALTER EVENT TRIGGER rewritten ENABLE ALWAYS;
ALTER EVENT TRIGGER never DISABLE;
COMMENT ON EVENT TRIGGER dropped IS 'when dropped;
it''s so';

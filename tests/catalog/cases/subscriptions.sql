-- Subscriptions, none of them connected.
CREATE SUBSCRIPTION one CONNECTION 'host=/nowhere dbname=x' PUBLICATION p WITH (connect = false);
CREATE SUBSCRIPTION "Two ""S""" CONNECTION 'host=/nowhere application_name=''a b''' PUBLICATION p, "Q ""2" WITH (connect = false, slot_name = 'other', synchronous_commit = 'local');
CREATE SUBSCRIPTION no_slot CONNECTION 'dbname=y' PUBLICATION p WITH (connect = false, slot_name = NONE);
COMMENT ON SUBSCRIPTION one IS 'one';

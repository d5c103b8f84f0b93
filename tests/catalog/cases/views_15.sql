-- needs: 15
CREATE TABLE base (id integer, t text);
CREATE VIEW as_caller WITH (security_invoker) AS SELECT * FROM base;
CREATE VIEW as_owner WITH (security_invoker = false, check_option = local) AS SELECT * FROM base WHERE id > 0;

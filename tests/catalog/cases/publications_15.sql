-- needs: 15
CREATE SCHEMA "Sch ""1";
CREATE TABLE t (id integer PRIMARY KEY, a text, b text);
CREATE TABLE "Sch ""1".u (id integer);
CREATE PUBLICATION filtered FOR TABLE t (id, b) WHERE (id > 5 AND id < 100);
CREATE PUBLICATION of_schema FOR TABLES IN SCHEMA "Sch ""1", public;
CREATE PUBLICATION mixed FOR TABLES IN SCHEMA "Sch ""1", TABLE t WHERE (id <> 0);
CREATE PUBLICATION one_column FOR TABLE t (id), "Sch ""1".u;

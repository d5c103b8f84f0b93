-- needs: 14
CREATE TABLE t (a integer, b integer, c text);
CREATE STATISTICS one ON (a + b) FROM t;
CREATE STATISTICS several (ndistinct, mcv) ON (lower(c)), a, (b % 10) FROM t;

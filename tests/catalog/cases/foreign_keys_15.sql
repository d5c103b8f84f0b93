-- needs: 15
CREATE TABLE a (x integer, y integer, PRIMARY KEY (x, y));
CREATE TABLE b (x integer, y integer, FOREIGN KEY (x, y) REFERENCES a ON DELETE SET NULL (y));
CREATE TABLE c (x integer, y integer DEFAULT 1, FOREIGN KEY (x, y) REFERENCES a ON DELETE SET DEFAULT (y));

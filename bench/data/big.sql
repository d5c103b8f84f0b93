-- big: one table of pghaul.scale GB with four indexes, and nothing beside it that could keep a second worker busy.

CREATE TABLE fact (
  id bigint NOT NULL,
  customer int NOT NULL,
  at timestamptz NOT NULL,
  amount numeric(12, 2) NOT NULL,
  rate double precision,
  code text NOT NULL,
  flags int[],
  note text
);
INSERT INTO fact
SELECT i, bench_help.pick(i, 1, 250000), timestamptz '2020-01-01' + i * interval '9 seconds', bench_help.pick(i, 2, 100000000) / 100.0,
       bench_help.pick(i, 3, 1000000) / 733.0, substr(md5(i::text), 1, 14), ARRAY[i % 7, i % 31],
       s.words
FROM generate_series(1, bench_help.n(5100000)) i JOIN bench_help.sentence s ON s.id = bench_help.pick(i, 4, 32768);

ALTER TABLE fact ADD PRIMARY KEY (id);
CREATE INDEX fact_customer ON fact (customer, at);
CREATE INDEX fact_at ON fact (at);
CREATE INDEX fact_code ON fact (code);

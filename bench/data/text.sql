-- text: rows that are mostly text of 100 to 4,000 characters, with line ends, tabs, backslashes and letters beyond ASCII, which
-- COPY's text form must escape. Heap and TOAST together are about pghaul.scale GB.

CREATE TABLE message (
  id bigint NOT NULL,
  thread int NOT NULL,
  sender text NOT NULL,
  subject text NOT NULL,
  body text NOT NULL,
  raw_headers text,
  sent timestamptz NOT NULL
);
INSERT INTO message
SELECT i, bench_help.pick(i, 1, 200000), 'sender' || bench_help.pick(i, 2, 40000) || '@example.org',
       (SELECT left(words, 60) FROM bench_help.sentence WHERE id = bench_help.pick(i, 3, 32768)),
       bench_help.prose(i, 1 + bench_help.pick(i, 4, 18)) || E'\n\n-- \n' || bench_help.prose(-i, 1),
       E'Received:\tfrom ' || md5(i::text) || E'\n\tpath C:\\mail\\' || i || E'\nX-Größe: ' || bench_help.pick(i, 5, 90000),
       timestamptz '2018-01-01' + i * interval '61 seconds'
FROM generate_series(1, bench_help.n(900000)) i;

CREATE TABLE log_line (at timestamptz NOT NULL, level text NOT NULL, line text NOT NULL);
INSERT INTO log_line
SELECT timestamptz '2023-01-01' + i * interval '0.35 seconds', (ARRAY['debug', 'info', 'info', 'warning', 'error'])[1 + i % 5],
       '[' || left(md5(i::text), 8) || '] ' || s.words
FROM generate_series(1, bench_help.n(1000000)) i JOIN bench_help.sentence s ON s.id = bench_help.pick(i, 1, 32768);

ALTER TABLE message ADD PRIMARY KEY (id);
CREATE INDEX message_thread ON message (thread, sent);
CREATE INDEX message_subject ON message (subject);
CREATE INDEX log_line_at ON log_line (at);

-- What the data sets share: bytes and sentences that are the same each time, made from a seed. It is dropped with its schema
-- once a set is built (bench/compare does so), so that nothing of it is measured.
--
-- The setting pghaul.scale is the size in GB that a set is asked for.

SET client_min_messages = warning;
SET jit = off;
SET max_parallel_workers_per_gather = 0;
SET maintenance_work_mem = '512MB';
SET work_mem = '128MB';
SET timezone = 'UTC';

CREATE SCHEMA bench_help;

-- So many of a thing at this scale, and at least one.
CREATE FUNCTION bench_help.n(for_one_gb numeric) RETURNS int LANGUAGE sql STABLE AS
  $$ SELECT greatest(1, round(for_one_gb * current_setting('pghaul.scale')::numeric))::int $$;

-- A number from 0 to below `below`, decided by seed and salt alone.
CREATE FUNCTION bench_help.pick(seed bigint, salt int, below int) RETURNS int LANGUAGE sql IMMUTABLE AS
  $$ SELECT ((hashint8extended(seed, salt) & 9223372036854775807) % below)::int $$;

-- Photo-like bytes: they do not compress.
CREATE FUNCTION bench_help.noise(seed bigint, bytes int) RETURNS bytea LANGUAGE sql IMMUTABLE AS
  $$ SELECT substr(string_agg(sha512(int8send(seed * 1000003 + i)), ''::bytea ORDER BY i), 1, bytes)
     FROM generate_series(1, (bytes + 63) / 64) i $$;

-- Sentences of about 80 characters: few words are frequent, a number stands in each, some have letters beyond ASCII.
CREATE TABLE bench_help.sentence AS
  SELECT s AS id, initcap(string_agg(w.word, ' ' ORDER BY g)) || ' ' || bench_help.pick(s, 99, 100000) || '. ' AS words
  FROM generate_series(0, 32767) s, generate_series(1, 12) g,
       (SELECT string_to_array('the and of to a in is for with it on this that you are as be or from at by your we not price colour very '
          'well made light good size cover box small large new old time day use easy set each two side hand water table home work when '
          'can more than has its will also one all but our which they after first best great wood metal glass soft strong warm cold '
          'fresh clean order delivery quality amber anchor antique arched autumn balcony bamboo basalt beech birch blanket bracket '
          'brass bronze cabinet canvas carved cedar ceramic charcoal cherry chrome cobalt copper cotton crimson crystal cushion '
          'drawer ebony enamel felt flannel forged garnet gilded granite hammered harbour hazel hearth indigo ivory jade jasper '
          'kettle lacquer lantern larch lavender leather linen maple marble meadow mirror müde naïve nickel oak ochre olive onyx '
          'orchard paddle pear pewter pine plum porcelain pottery quartz quilt rattan ribbon rivet rosewood saffron sage sandstone '
          'scarlet shelf silk silver slate spruce stoneware suede teak terracotta thistle timber topaz tulip tweed umber velvet '
          'violet walnut wax wicker willow woven zinc', ' ') AS list) l,
       LATERAL (SELECT list[1 + (bench_help.pick(s, g, 1024)::numeric * bench_help.pick(s, g + 40, 1024) / 1048576
                                 * cardinality(list))::int % cardinality(list)] AS word) w
  GROUP BY s;
ALTER TABLE bench_help.sentence ADD PRIMARY KEY (id);
ANALYZE bench_help.sentence;

-- So many sentences after each other. A lookup a sentence: a join would read them all, once a call.
CREATE FUNCTION bench_help.prose(seed bigint, sentences int) RETURNS text LANGUAGE sql STABLE AS
  $$ SELECT string_agg((SELECT s.words FROM bench_help.sentence s WHERE s.id = bench_help.pick(seed, g, 32768)), '' ORDER BY g)
     FROM generate_series(1, sentences) g $$;

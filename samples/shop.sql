-- The sample shop: a realistic database that holds about every kind of thing a PostgreSQL database can hold.
-- Plain SQL for an empty UTF8 database on PostgreSQL 13 to 18, run by a superuser after shop-roles.sql.
-- What a server is too old for is left out there.
--
-- The setting pghaul.scale says how much data: 1 is about 1 GB (the default is 0.01). The data is the same each time.

SET client_min_messages = warning;
SET jit = off;
SET max_parallel_workers_per_gather = 0;
SET timezone = 'UTC';
SET search_path = pg_catalog;

-- ---------------------------------------------------------------------------------------------------------------
-- Helpers of this script, gone with its session.

CREATE FUNCTION pg_temp.n(base numeric) RETURNS int LANGUAGE sql STABLE AS
  $$ SELECT greatest(1, round(base * coalesce(nullif(current_setting('pghaul.scale', true), ''), '0.01')::numeric))::int $$;

CREATE FUNCTION pg_temp.since(version int) RETURNS boolean LANGUAGE sql STABLE AS
  $$ SELECT current_setting('server_version_num')::int >= version * 10000 $$;

-- A number from 0 to below `limit`, decided by seed and salt alone.
CREATE FUNCTION pg_temp.pick(seed bigint, salt int, below int) RETURNS int LANGUAGE sql IMMUTABLE AS
  $$ SELECT ((hashint8extended(seed, salt) & 9223372036854775807) % below)::int $$;

CREATE FUNCTION pg_temp.one_of(seed bigint, salt int, choices text[]) RETURNS text LANGUAGE sql IMMUTABLE AS
  $$ SELECT choices[1 + ((hashint8extended(seed, salt) & 9223372036854775807) % cardinality(choices))::int] $$;

-- Photo-like bytes: they do not compress.
CREATE FUNCTION pg_temp.noise(seed bigint, bytes int) RETURNS bytea LANGUAGE sql IMMUTABLE AS
  $$ SELECT substr(string_agg(sha512(int8send(seed * 100003 + i)), ''::bytea ORDER BY i), 1, bytes)
     FROM generate_series(1, (bytes + 63) / 64) i $$;

-- Sentences: a few words are frequent, most are rare, and numbers stand between them.
DO $do$
DECLARE
  frequent text[] := string_to_array('the and of to a in is for with it on this that you are as be or from at by your we not', ' ');
  common text[] := string_to_array(
    'price colour very well made light good size cover box small large new old time day use easy set each two side hand '
    'water table home work made when can more than has its will also one all but our which they after first best great '
    'color wood metal glass soft strong warm cold fresh clean order delivery quality', ' ');
  rare text[] := string_to_array(
    'abrasive alder amber anchor antique apron arched ash atlas autumn balcony bamboo barrel basalt beech bellows birch '
    'blade blanket bolt bracket brass bristle bronze buckle burnished cabinet candle canvas carafe carved cedar ceramic '
    'charcoal cherry chrome cistern clamp clasp cobalt copper cork cotton crate crimson crystal cushion dowel drawer '
    'dusk ebony edge ember enamel engraved felt fern flannel flask fluted forged fringe gable garnet gilded ginger granite '
    'grove hammered handle harbour hazel hearth hemp hinge hollow indigo ink iron ivory jade jasper juniper kettle lacquer '
    'ladle lamp lantern larch latch lattice lavender leather linen lining lichen loom maple marble marine matte meadow '
    'mesh mill mint mirror moss mulberry nickel notch nutmeg oak oat ochre olive onyx opal orchard oxide paddle pear pebble '
    'pewter pine pitcher plum porcelain poplar pottery quartz quilt rattan reed resin ribbon rivet rosewood rubber rustic '
    'saddle saffron sage sandstone satin scarlet shale shelf shutter silk silver slate sleeve spruce stoneware stitch '
    'straw suede sumac tallow teak terracotta thistle thread tile timber tin topaz trestle tulip turned tweed umber '
    'valley varnish velvet vine violet walnut wax weave wedge wicker willow woven wrought yarrow zinc', ' ');
  slots text[];
BEGIN
  SELECT array_agg(word ORDER BY hashtext(word || copy)) INTO slots FROM (
    SELECT word, copy FROM unnest(frequent) word, generate_series(1, 8) copy UNION ALL
    SELECT word, copy FROM unnest(common) word, generate_series(1, 2) copy UNION ALL
    SELECT word, 1 FROM unnest(rare) word) every_slot;
  slots := (slots || slots)[1:512];
  EXECUTE format($function$
    CREATE FUNCTION pg_temp.prose(seed bigint, words int) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $body$
    DECLARE
      w text[] := %L;
      s text := '';
      h bigint;
    BEGIN
      FOR i IN 1 .. (words + 6) / 7 LOOP
        h := hashint8extended(seed, i);
        s := s || initcap(w[1 + (h & 511)]) || ' ' || w[1 + ((h >> 9) & 511)] || ' ' || w[1 + ((h >> 18) & 511)] || ' '
          || w[1 + ((h >> 27) & 511)] || ' ' || w[1 + ((h >> 36) & 511)] || ' ' || w[1 + ((h >> 45) & 511)]
          || CASE WHEN h & 7 = 0 THEN ' ' || (h >> 40 & 1023)::text ELSE '' END || '. ';
      END LOOP;
      RETURN rtrim(s);
    END $body$ $function$, slots);
END
$do$;

CREATE FUNCTION pg_temp.book(seed bigint, paragraphs int) RETURNS text LANGUAGE sql IMMUTABLE AS
  $$ SELECT string_agg(pg_temp.prose(seed * 1009 + p, 280), chr(10) || chr(10) ORDER BY p) FROM generate_series(1, paragraphs) p $$;

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'Shop Audit') THEN
    RAISE EXCEPTION 'the roles of the shop are missing' USING HINT = 'Run shop-roles.sql first.';
  END IF;
END
$$;

-- ---------------------------------------------------------------------------------------------------------------
-- Schemas and extensions.

CREATE SCHEMA ext;
CREATE EXTENSION citext SCHEMA ext;
CREATE EXTENSION hstore SCHEMA ext;
CREATE EXTENSION pg_trgm SCHEMA ext;
CREATE EXTENSION btree_gist SCHEMA ext;
COMMENT ON EXTENSION hstore IS 'preferences of customers';
GRANT USAGE ON SCHEMA ext TO PUBLIC;

CREATE SCHEMA shop AUTHORIZATION shop_owner;
CREATE SCHEMA sales AUTHORIZATION shop_owner;
CREATE SCHEMA stock AUTHORIZATION shop_owner;
CREATE SCHEMA audit AUTHORIZATION "Shop Audit";
CREATE SCHEMA "Büro & Co." AUTHORIZATION shop_owner;
COMMENT ON SCHEMA shop IS 'Products, customers and what they say';
COMMENT ON SCHEMA "Büro & Co." IS E'Names that need quoting; it''s a \\ backslash,\na second line and a "quote"';
GRANT USAGE ON SCHEMA public TO shop_reader;
GRANT USAGE ON SCHEMA shop, sales, stock TO shop_reader;
GRANT USAGE, CREATE ON SCHEMA stock TO shop_writer WITH GRANT OPTION;
GRANT USAGE ON SCHEMA audit TO shop_owner;

DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET shop.currency = %L', current_database(), 'EUR'); END $$;

ALTER DEFAULT PRIVILEGES FOR ROLE shop_owner GRANT SELECT ON TABLES TO shop_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE shop_owner IN SCHEMA sales GRANT INSERT, UPDATE ON TABLES TO shop_writer;
ALTER DEFAULT PRIVILEGES FOR ROLE shop_owner IN SCHEMA sales GRANT USAGE ON SEQUENCES TO shop_writer WITH GRANT OPTION;
ALTER DEFAULT PRIVILEGES FOR ROLE shop_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE shop_owner GRANT EXECUTE ON FUNCTIONS TO shop_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE shop_owner GRANT USAGE ON TYPES TO shop_writer;

SET ROLE shop_owner;

-- ---------------------------------------------------------------------------------------------------------------
-- Types.

CREATE TYPE shop.loyalty AS ENUM ('none', 'bronze', 'silver', 'Gold "plus"');
CREATE TYPE sales.channel AS ENUM ('web', 'phone', 'store', 'Fax – für Ämter');
CREATE TYPE sales.order_state AS ENUM ('cart', 'placed', 'paid', 'packed', 'sent', 'returned');
COMMENT ON TYPE sales.order_state IS 'In the order of an order''s life';

CREATE DOMAIN shop.email AS ext.citext CONSTRAINT looks_like_email CHECK (VALUE OPERATOR(ext.~) '^[^@\s]+@[^@\s]+$');
CREATE DOMAIN shop.phone AS text DEFAULT '+00 0' CHECK (VALUE ~ '^\+[0-9 ]+$');
CREATE DOMAIN sales.amount AS numeric(12, 2) NOT NULL DEFAULT 0;
CREATE DOMAIN sales.positive_amount AS sales.amount CONSTRAINT positive CHECK (VALUE > 0);
CREATE DOMAIN shop.tags AS text[] CONSTRAINT few CHECK (cardinality(VALUE) <= 12);
COMMENT ON DOMAIN shop.email IS 'Compared without regard to case';
COMMENT ON CONSTRAINT looks_like_email ON DOMAIN shop.email IS 'A cheap check, not the whole truth';

CREATE TYPE shop.address AS (street text, city text COLLATE "C", zip varchar(12), country char(2));
CREATE TYPE shop.contact AS (name text, home shop.address, phones text[]);
COMMENT ON COLUMN shop.address.zip IS 'Letters occur';

CREATE FUNCTION stock.time_diff(a time, b time) RETURNS float8 LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS 'SELECT extract(epoch FROM (a - b))::float8';
CREATE TYPE stock.hours AS RANGE (subtype = time, subtype_diff = stock.time_diff);
CREATE TYPE sales.price_band AS RANGE (subtype = numeric, subtype_diff = numrange_subdiff);

-- ---------------------------------------------------------------------------------------------------------------
-- Sequences and the functions that tables need.

CREATE SEQUENCE sales.invoice_no INCREMENT 10 MINVALUE 100 START 1000 CACHE 20;
CREATE SEQUENCE sales.ticket AS smallint MAXVALUE 9999 CYCLE;
CREATE SEQUENCE stock.countdown INCREMENT -1 MINVALUE -1000000 MAXVALUE -1 START -1;
COMMENT ON SEQUENCE sales.invoice_no IS 'Gaps are allowed, going back is not';
SELECT nextval('sales.invoice_no'), nextval('sales.ticket'), setval('stock.countdown', -42, false);

CREATE FUNCTION shop.full_name(first_name text, last_name text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 1
  AS $$ SELECT coalesce(first_name || ' ', '') || coalesce(last_name, '') $$;
COMMENT ON FUNCTION shop.full_name(text, text) IS 'A generated column and an index stand on it';

CREATE FUNCTION shop.slug(title text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog
  AS $_$
BEGIN
  RETURN trim(BOTH '-' FROM regexp_replace(lower(title), '[^a-z0-9]+', '-', 'g'));
END
$_$;

CREATE FUNCTION sales.next_invoice() RETURNS text LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, sales
  AS $$ SELECT 'INV-' || lpad(nextval('sales.invoice_no')::text, 9, '0') $$;

-- ---------------------------------------------------------------------------------------------------------------
-- Tables: the shop.

CREATE TABLE shop.country (
  code char(2) PRIMARY KEY,
  name text NOT NULL UNIQUE,
  region text NOT NULL CHECK (region IN ('eu', 'us', 'other')),
  vat numeric(4, 1) NOT NULL DEFAULT 20.0
) WITH (fillfactor = 100, autovacuum_enabled = off);

CREATE TABLE shop.customer (
  customer_id bigint GENERATED ALWAYS AS IDENTITY (START WITH 100 INCREMENT BY 1),
  first_name text,
  last_name text NOT NULL,
  a_dropped_column int DEFAULT 1,
  full_name text GENERATED ALWAYS AS (shop.full_name(first_name, last_name)) STORED,
  email shop.email NOT NULL,
  phone shop.phone,
  home shop.address,
  loyalty shop.loyalty NOT NULL DEFAULT 'none',
  birthday date,
  preferences ext.hstore,
  profile jsonb NOT NULL DEFAULT '{}',
  last_ip inet,
  balance sales.amount,
  token uuid,
  created_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 90, toast.autovacuum_enabled = off);
ALTER TABLE shop.customer DROP COLUMN a_dropped_column;

CREATE TABLE shop.category (
  category_id smallint GENERATED BY DEFAULT AS IDENTITY (START 10 INCREMENT 10 MAXVALUE 9990 CACHE 5) PRIMARY KEY,
  parent_id smallint REFERENCES shop.category,
  name text COLLATE "C" NOT NULL,
  UNIQUE (parent_id, name)
);

CREATE TABLE shop.product (
  product_id serial,
  category_id smallint NOT NULL,
  title text NOT NULL,
  price numeric(10, 2) NOT NULL,
  weight real,
  rating double precision,
  tags shop.tags NOT NULL DEFAULT '{}',
  attributes jsonb,
  raw_attributes json,
  description text,
  search tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', left(description, 200)), 'B')) STORED,
  sold_within daterange,
  band sales.price_band,
  active bool NOT NULL DEFAULT true,
  changed_at timestamp(3) NOT NULL DEFAULT '2024-01-01'
);
ALTER TABLE shop.product ALTER COLUMN title SET STATISTICS 500, ALTER COLUMN description SET STORAGE MAIN,
  ALTER COLUMN tags SET (n_distinct = -0.3);
DO $$ BEGIN IF pg_temp.since(14) THEN EXECUTE 'ALTER TABLE shop.product ALTER COLUMN attributes SET COMPRESSION pglz'; END IF; END $$;

CREATE TABLE shop.photo (
  photo_id int GENERATED ALWAYS AS IDENTITY,
  product_id int NOT NULL,
  caption varchar(200),
  pixels bytea NOT NULL,
  checksum bit(16),
  flags bit varying(8)
);
ALTER TABLE shop.photo ALTER COLUMN pixels SET STORAGE EXTERNAL;

CREATE TABLE shop.manual (
  product_id int NOT NULL,
  language char(2) NOT NULL,
  body text NOT NULL,
  chapters text[] NOT NULL,
  PRIMARY KEY (product_id, language) INCLUDE (chapters)
);

CREATE TABLE shop.review (
  review_id bigint NOT NULL,
  product_id int NOT NULL,
  customer_id bigint NOT NULL,
  stars smallint NOT NULL,
  written_at timestamptz NOT NULL,
  body text
);

CREATE TABLE shop.price_history (
  product_id int NOT NULL,
  valid tstzrange NOT NULL,
  price numeric(10, 2) NOT NULL,
  reason text
);

CREATE TABLE shop.opening (
  weekday smallint PRIMARY KEY,
  hours stock.hours NOT NULL,
  breaks stock.hours[] DEFAULT '{}',
  staff shop.contact,
  doors point,
  area box
);

-- ---------------------------------------------------------------------------------------------------------------
-- Tables: sales, partitioned every way.

CREATE TABLE sales.orders (
  order_id bigint NOT NULL,
  placed_at timestamptz NOT NULL,
  customer_id bigint NOT NULL,
  region text NOT NULL DEFAULT 'eu',
  channel sales.channel NOT NULL DEFAULT 'web',
  state sales.order_state NOT NULL DEFAULT 'placed',
  ship_to shop.address,
  note text,
  total numeric(12, 2) NOT NULL DEFAULT 0,
  CONSTRAINT total_not_negative CHECK (total >= 0)
) PARTITION BY RANGE (placed_at);

-- Grown apart and attached later: other column order, and a hole where a column was.
CREATE TABLE sales.orders_2022 (
  order_id bigint NOT NULL,
  customer_id bigint NOT NULL,
  legacy_code text,
  placed_at timestamptz NOT NULL,
  state sales.order_state NOT NULL DEFAULT 'paid',
  total numeric(12, 2) NOT NULL DEFAULT 0,
  note text,
  region text NOT NULL DEFAULT 'eu',
  ship_to shop.address,
  channel sales.channel NOT NULL DEFAULT 'store',
  CONSTRAINT total_not_negative CHECK (total >= 0)
);
ALTER TABLE sales.orders_2022 DROP COLUMN legacy_code;
ALTER TABLE sales.orders ATTACH PARTITION sales.orders_2022 FOR VALUES FROM ('2022-01-01 00:00+00') TO ('2023-01-01 00:00+00');
CREATE TABLE sales.orders_2023 PARTITION OF sales.orders FOR VALUES FROM ('2023-01-01 00:00+00') TO ('2024-01-01 00:00+00')
  WITH (fillfactor = 95);
CREATE TABLE sales.orders_2024 PARTITION OF sales.orders FOR VALUES FROM ('2024-01-01 00:00+00') TO ('2025-01-01 00:00+00')
  PARTITION BY LIST (region);
CREATE TABLE sales.orders_2024_eu PARTITION OF sales.orders_2024 FOR VALUES IN ('eu');
CREATE TABLE sales.orders_2024_us PARTITION OF sales.orders_2024 (note DEFAULT 'overseas') FOR VALUES IN ('us', NULL);
CREATE TABLE sales.orders_2024_rest PARTITION OF sales.orders_2024 DEFAULT;
CREATE TABLE sales.orders_2025 PARTITION OF sales.orders FOR VALUES FROM ('2025-01-01 00:00+00') TO (MAXVALUE);
CREATE TABLE sales.orders_before PARTITION OF sales.orders DEFAULT;

CREATE TABLE sales.order_line (
  order_id bigint NOT NULL,
  placed_at timestamptz NOT NULL,
  region text NOT NULL,
  line_no smallint NOT NULL,
  product_id int NOT NULL,
  quantity smallint NOT NULL,
  unit_price numeric(10, 2) NOT NULL,
  discount real NOT NULL DEFAULT 0,
  total numeric GENERATED ALWAYS AS (quantity * unit_price) STORED
) PARTITION BY HASH (order_id);
CREATE TABLE sales.order_line_0 PARTITION OF sales.order_line FOR VALUES WITH (MODULUS 4, REMAINDER 0);
CREATE TABLE sales.order_line_1 PARTITION OF sales.order_line FOR VALUES WITH (MODULUS 4, REMAINDER 1);
CREATE TABLE sales.order_line_2 PARTITION OF sales.order_line FOR VALUES WITH (MODULUS 4, REMAINDER 2);
CREATE TABLE sales.order_line_3 PARTITION OF sales.order_line FOR VALUES WITH (MODULUS 4, REMAINDER 3);

CREATE TABLE sales.payment (
  payment_id bigint GENERATED BY DEFAULT AS IDENTITY,
  method text NOT NULL,
  order_id bigint NOT NULL,
  amount sales.positive_amount,
  paid_at timestamp NOT NULL,
  details jsonb
) PARTITION BY LIST (method);
CREATE TABLE sales.payment_card PARTITION OF sales.payment FOR VALUES IN ('card');
CREATE TABLE sales.payment_bank PARTITION OF sales.payment FOR VALUES IN ('bank', 'giro');
CREATE TABLE sales.payment_other PARTITION OF sales.payment DEFAULT;

-- Hashed by an enum: the hash is of the label's OID, so its rows land elsewhere in another database.
CREATE TABLE sales.channel_day (
  channel sales.channel NOT NULL,
  day date NOT NULL,
  orders int NOT NULL,
  PRIMARY KEY (channel, day)
) PARTITION BY HASH (channel);
CREATE TABLE sales.channel_day_0 PARTITION OF sales.channel_day FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE sales.channel_day_1 PARTITION OF sales.channel_day FOR VALUES WITH (MODULUS 2, REMAINDER 1);

-- A partitioned table without partitions, by expression and several columns.
CREATE TABLE sales.forecast (
  year int NOT NULL,
  title text COLLATE "C" NOT NULL,
  amount money
) PARTITION BY RANGE (year, (lower(title)) COLLATE "C" text_pattern_ops);

CREATE UNLOGGED TABLE sales.cart (
  cart_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer_id bigint,
  lines jsonb,
  touched_at timestamptz DEFAULT now()
);

CREATE TABLE sales.invoice (
  invoice_no text DEFAULT sales.next_invoice() PRIMARY KEY,
  order_id bigint,
  replaces text,
  issued date NOT NULL DEFAULT CURRENT_DATE,
  ticket smallint DEFAULT nextval('sales.ticket')
);
ALTER SEQUENCE sales.ticket OWNED BY sales.invoice.ticket;

CREATE TABLE sales.voucher (
  code text NOT NULL,
  customer_id bigint,
  percent smallint NOT NULL,
  valid daterange NOT NULL
);

-- ---------------------------------------------------------------------------------------------------------------
-- Tables: stock, with inheritance; audit; and names that need care.

CREATE TABLE stock.place (
  place_id int PRIMARY KEY,
  name text NOT NULL,
  network cidr,
  mac macaddr,
  position point
);

CREATE TABLE stock.movement (
  movement_id bigint NOT NULL,
  product_id int NOT NULL,
  place_id smallint NOT NULL,
  delta smallint NOT NULL,
  at timestamp NOT NULL,
  temperature real
);

CREATE TABLE stock.item (
  item_id int NOT NULL,
  name text NOT NULL DEFAULT 'an item',
  bought date,
  CONSTRAINT has_name CHECK (name <> ''),
  CONSTRAINT only_here CHECK (item_id > 0) NO INHERIT
);
CREATE TABLE stock.machine (
  volts int CHECK (volts > 0),
  name text NOT NULL DEFAULT 'a machine'
) INHERITS (stock.item);
CREATE TABLE stock.leased (lease_ends date, monthly numeric(8, 2));
CREATE TABLE stock.leased_machine (serial_no text) INHERITS (stock.machine, stock.leased);
ALTER TABLE stock.leased_machine ALTER COLUMN bought SET DEFAULT '2020-02-29';

CREATE TABLE stock.marker ();
CREATE TABLE stock.empty_shelf (LIKE stock.item INCLUDING ALL);
CREATE TABLE stock.a_table_whose_name_is_exactly_sixty_three_bytes_long_not_one_mo (id int PRIMARY KEY);

CREATE TABLE "Büro & Co."."Sonder.Fälle ""7""" (
  "Nr." int NOT NULL,
  "select" text,
  "Größe" numeric,
  "naïve.float" float8,
  "When?" timestamptz,
  "Tag" date,
  "bytes" bytea,
  "list" int[],
  "matrix" text[],
  "UPPER" interval,
  " leading space" char(4),
  CONSTRAINT "Primär.Schlüssel" PRIMARY KEY ("Nr.")
);

RESET ROLE;
CREATE TABLE audit.event (
  event_id bigint GENERATED ALWAYS AS IDENTITY,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor name NOT NULL DEFAULT CURRENT_USER,
  relation regclass,
  action "char" NOT NULL,
  before jsonb,
  after jsonb
);
CREATE TABLE audit.event_archive (CONSTRAINT old CHECK (at < '2030-01-01')) INHERITS (audit.event);
ALTER TABLE audit.event OWNER TO "Shop Audit";
ALTER TABLE audit.event_archive OWNER TO "Shop Audit";

-- ---------------------------------------------------------------------------------------------------------------
-- Data.

INSERT INTO shop.country VALUES
  ('DE', 'Deutschland', 'eu', 19), ('FR', 'France', 'eu', 20), ('ES', 'España', 'eu', 21), ('PL', 'Polska', 'eu', 23),
  ('GR', 'Ελλάδα', 'eu', 24), ('US', 'United States', 'us', 0), ('JP', '日本', 'other', 10), ('CI', 'Côte d''Ivoire', 'other', 18);

INSERT INTO shop.customer (first_name, last_name, email, phone, home, loyalty, birthday, preferences, profile, last_ip, balance, token, created_at)
SELECT CASE WHEN i % 17 = 0 THEN NULL ELSE
         pg_temp.one_of(i, 1, '{Anna,Ben,Chloé,Dmitri,Élodie,Farid,Grete,Hiro,Ines,José,Kaja,Łukasz,Mira,Noor,Ólafur,Petra}') END,
       pg_temp.one_of(i, 2, '{Abel,Brandt,Castro,Dupont,Eriksen,Fischer,Gómez,Hoffmann,Ito,Janssen,Kowalski,Lefèvre,Müller,Novák,O''Brien,Papadopoulos}')
         || CASE WHEN i % 5 = 0 THEN '-' || pg_temp.one_of(i, 3, '{Berg,Lund,Roth,Stein,Wolf}') ELSE '' END,
       'Customer.' || i || '@' || pg_temp.one_of(i, 4, '{example.com,example.org,mail.example.net}'),
       CASE WHEN i % 3 > 0 THEN '+' || 30 + pg_temp.pick(i, 5, 60) || ' ' || 1000000 + pg_temp.pick(i, 6, 8999999) END,
       CASE WHEN i % 11 > 0 THEN ROW(initcap(pg_temp.one_of(i, 7, '{mill,church,garden,"long, narrow","old \"king\"s"}')) || ' Street ' || pg_temp.pick(i, 8, 200),
         pg_temp.one_of(i, 9, '{Berlin,Lyon,Sevilla,Kraków,Αθήνα,Boston,京都,Abidjan}'), 10000 + pg_temp.pick(i, 10, 89999),
         pg_temp.one_of(i, 9, '{DE,FR,ES,PL,GR,US,JP,CI}'))::shop.address END,
       (enum_range(NULL::shop.loyalty))[1 + pg_temp.pick(i, 11, 4)],
       '1940-01-01'::date + pg_temp.pick(i, 12, 24000),
       CASE WHEN i % 4 > 0 THEN ext.hstore(ARRAY['newsletter', (i % 2)::text, 'theme', pg_temp.one_of(i, 13, '{dark,light}'), 'font', NULL]) END,
       jsonb_build_object('visits', pg_temp.pick(i, 14, 5000), 'score', round((pg_temp.pick(i, 15, 100000) / 997.0)::numeric, 4),
         'devices', jsonb_build_array(pg_temp.one_of(i, 16, '{phone,tablet,desktop}'), pg_temp.one_of(i, 17, '{phone,tablet,desktop}')),
         'interests', to_jsonb(string_to_array(lower(pg_temp.prose(i, 7)), ' ')), 'vip', i % 100 = 0, 'nick', NULL),
       ('10.' || pg_temp.pick(i, 18, 255) || '.' || pg_temp.pick(i, 19, 255) || '.' || pg_temp.pick(i, 20, 255))::inet,
       (pg_temp.pick(i, 21, 2000000) - 200000) / 100.0,
       md5('customer ' || i)::uuid,
       '2019-01-01 00:00+00'::timestamptz + pg_temp.pick(i, 22, 220000000) * interval '1 second' + pg_temp.pick(i, 23, 1000000) * interval '1 microsecond'
FROM generate_series(1, pg_temp.n(170000)) i;

INSERT INTO shop.category (category_id, parent_id, name) VALUES (1, NULL, 'Everything');
INSERT INTO shop.category (parent_id, name) SELECT 1, name FROM unnest('{Kitchen,Garden,Office,"Toys & Games",Büro}'::text[]) name;

INSERT INTO shop.product (category_id, title, price, weight, rating, tags, attributes, raw_attributes, description, sold_within, band, active, changed_at)
SELECT 10 * (1 + i % 5),
       initcap(left(pg_temp.prose(i * 31, 7), 20 + pg_temp.pick(i, 1, 25))) || ' ' || i,
       (1 + pg_temp.pick(i, 2, 50000)) / 100.0,
       CASE WHEN i % 7 > 0 THEN pg_temp.pick(i, 3, 100000) / 1000.0 END,
       1 + pg_temp.pick(i, 4, 4000) / 1000.0::float8,
       (SELECT coalesce(array_agg(DISTINCT pg_temp.one_of(i * 10 + t, 5, '{sale,new,wood,metal,gift,garden,"two words",eco,handmade}')), '{}')
        FROM generate_series(1, pg_temp.pick(i, 6, 5)) t),
       jsonb_build_object('sku', 'SKU-' || lpad(i::text, 8, '0'), 'ean', 4000000000000 + pg_temp.pick(i, 7, 2000000000),
         'size', jsonb_build_object('w', pg_temp.pick(i, 8, 300), 'h', pg_temp.pick(i, 9, 300), 'd', pg_temp.pick(i, 10, 900) / 10.0),
         'colours', to_jsonb(ARRAY[pg_temp.one_of(i, 11, '{red,green,blue,black}'), pg_temp.one_of(i, 12, '{white,grey,teal}')])),
       CASE WHEN i % 9 = 0 THEN json_build_object('keeps',  'its  spaces', 'n', i) END,
       pg_temp.prose(i, 40 + pg_temp.pick(i, 13, 500)),
       daterange('2020-01-01'::date + pg_temp.pick(i, 14, 1000), CASE WHEN i % 4 = 0 THEN '2024-01-01'::date + pg_temp.pick(i, 15, 700) END),
       CASE WHEN i % 6 = 0 THEN 'empty' ELSE sales.price_band(pg_temp.pick(i, 16, 100), 100 + pg_temp.pick(i, 17, 400), '[]') END,
       i % 13 > 0,
       '2024-01-01'::timestamp + pg_temp.pick(i, 18, 30000000) * interval '1 second'
FROM generate_series(1, pg_temp.n(40000)) i;

INSERT INTO shop.photo (product_id, caption, pixels, checksum, flags)
SELECT 1 + i % pg_temp.n(40000), left(pg_temp.prose(i, 12), 60), pg_temp.noise(i, 4000 + pg_temp.pick(i, 1, 70000)),
       pg_temp.pick(i, 2, 65536)::bit(16), left(pg_temp.pick(i, 3, 256)::bit(8)::text, i % 9)::varbit
FROM generate_series(1, pg_temp.n(5000)) i;

INSERT INTO shop.manual
SELECT i, pg_temp.one_of(i, 1, '{de,en,fr}'), pg_temp.book(i, 30 + pg_temp.pick(i, 2, 70)),
       ARRAY['Safety', 'Assembly — step by step', pg_temp.prose(i, 4)]
FROM generate_series(1, pg_temp.n(700)) i;

INSERT INTO shop.review
SELECT i, 1 + pg_temp.pick(i, 1, pg_temp.n(40000)), 100 + pg_temp.pick(i, 2, pg_temp.n(170000)), 1 + pg_temp.pick(i, 3, 5),
       '2021-01-01 00:00+00'::timestamptz + pg_temp.pick(i, 4, 150000000) * interval '1 second',
       CASE WHEN i % 10 > 0 THEN pg_temp.prose(i, 10 + pg_temp.pick(i, 5, 160)) END
FROM generate_series(1, pg_temp.n(250000)) i;

INSERT INTO shop.price_history
SELECT i, tstzrange('2020-01-01 00:00+00'::timestamptz + y * interval '1 year', '2020-01-01 00:00+00'::timestamptz + (y + 1) * interval '1 year'),
       (100 + pg_temp.pick(i * 8 + y, 1, 40000)) / 100.0, CASE WHEN y = 3 THEN pg_temp.prose(i, 5) END
FROM generate_series(1, pg_temp.n(20000)) i, generate_series(0, 4) y;

INSERT INTO shop.opening
SELECT d, stock.hours('08:00', time '17:00' + d * interval '15 minutes'), ARRAY[stock.hours('12:00', '12:45'), 'empty'],
       ROW('Desk ' || d, ROW('Main "Street", 1', 'Berlin', '10115', 'DE')::shop.address, ARRAY['+49 30 1', NULL])::shop.contact, point(d, -d / 3.0), box(point(0, 0), point(d, 1e-7))
FROM generate_series(1, 7) d;

INSERT INTO sales.orders
SELECT i,
       '2021-12-20 00:00+00'::timestamptz + (i::float8 / pg_temp.n(650000)) * interval '1400 days' + pg_temp.pick(i, 1, 1000000) * interval '1 microsecond',
       100 + pg_temp.pick(i, 2, pg_temp.n(170000)),
       pg_temp.one_of(i, 3, '{eu,eu,eu,us,asia,africa}'),
       (enum_range(NULL::sales.channel))[1 + pg_temp.pick(i, 4, 4)],
       (enum_range(NULL::sales.order_state))[1 + pg_temp.pick(i, 5, 6)],
       CASE WHEN i % 2 = 0 THEN ROW('Road ' || pg_temp.pick(i, 6, 3000), pg_temp.one_of(i, 7, '{Berlin,Lyon,Sevilla,Kraków,Boston}'), 10000 + pg_temp.pick(i, 8, 89999), 'DE')::shop.address END,
       CASE WHEN i % 4 = 0 THEN pg_temp.prose(i, 7 + pg_temp.pick(i, 9, 28)) END,
       pg_temp.pick(i, 10, 500000) / 100.0
FROM generate_series(1, pg_temp.n(650000)) i;

INSERT INTO sales.order_line (order_id, placed_at, region, line_no, product_id, quantity, unit_price, discount)
SELECT order_id, placed_at, region, line, 1 + pg_temp.pick(order_id * 16 + line, 1, pg_temp.n(40000)), 1 + pg_temp.pick(order_id, line, 9),
       (1 + pg_temp.pick(order_id, 20 + line, 50000)) / 100.0, (pg_temp.pick(order_id, 40 + line, 40) / 100.0)::real
FROM sales.orders, generate_series(1, 1 + pg_temp.pick(order_id, 12, 7)) line;

INSERT INTO sales.payment (method, order_id, amount, paid_at, details)
SELECT pg_temp.one_of(i, 1, '{card,card,card,bank,giro,cash,crypto}'), i, (1 + pg_temp.pick(i, 2, 500000)) / 100.0,
       '2022-01-01'::timestamp + pg_temp.pick(i, 3, 120000000) * interval '1 second',
       CASE WHEN i % 3 = 0 THEN jsonb_build_object('auth', left(md5(i::text), 12), 'tries', 1 + pg_temp.pick(i, 4, 3)) END
FROM generate_series(1, pg_temp.n(350000)) i;

INSERT INTO sales.channel_day
SELECT channel, '2024-01-01'::date + d, pg_temp.pick(d, 1, 300)
FROM unnest(enum_range(NULL::sales.channel)) channel, generate_series(0, pg_temp.n(700)) d;

INSERT INTO sales.cart (customer_id, lines, touched_at)
SELECT 100 + i, jsonb_build_array(i, pg_temp.pick(i, 1, 9)), '2025-01-01 00:00+00'::timestamptz + i * interval '1 minute'
FROM generate_series(1, pg_temp.n(3000)) i;

INSERT INTO sales.invoice (order_id, issued)
SELECT i, '2022-01-01'::date + i % 1200 FROM generate_series(1, least(900, pg_temp.n(9000))) i;

INSERT INTO sales.voucher
SELECT upper(left(md5(i::text), 8)), CASE WHEN i % 3 > 0 THEN 100 + i END, 5 * (1 + i % 6), daterange('2024-01-01', '2024-02-01'::date + i % 300)
FROM generate_series(1, pg_temp.n(4000)) i;

INSERT INTO stock.place
SELECT i, 'Hall ' || i, ('10.' || i || '.0.0/16')::cidr, ('08:00:2b:01:02:' || lpad(to_hex(i), 2, '0'))::macaddr, point(i / 7.0, -i)
FROM generate_series(1, 24) i;

INSERT INTO stock.movement
SELECT i, 1 + pg_temp.pick(i, 1, pg_temp.n(40000)), 1 + pg_temp.pick(i, 2, 24), pg_temp.pick(i, 3, 200) - 100,
       '2022-01-01'::timestamp + i * interval '61 seconds', CASE WHEN i % 20 > 0 THEN (pg_temp.pick(i, 4, 400) - 100) / 10.0 END
FROM generate_series(1, pg_temp.n(1900000)) i;

INSERT INTO stock.item SELECT i, 'Shelf ' || i, '2019-01-01'::date + i FROM generate_series(1, 20) i;
INSERT INTO stock.machine (item_id, bought, volts) SELECT i, '2021-01-01'::date + i, 230 FROM generate_series(21, 30) i;
INSERT INTO stock.leased_machine (item_id, name, volts, lease_ends, monthly, serial_no)
SELECT i, 'Forklift', 400, '2026-12-31', 99.95, 'S/N ' || i FROM generate_series(31, 35) i;
INSERT INTO stock.marker DEFAULT VALUES;
INSERT INTO stock.marker DEFAULT VALUES;
INSERT INTO stock.marker DEFAULT VALUES;

INSERT INTO "Büro & Co."."Sonder.Fälle ""7""" VALUES
  (1, NULL, 'NaN', 'NaN', 'infinity', '-infinity', '', '{}', '{{a,NULL},{"",b}}', '-1 mon +3 days -04:05:06.789', 'a'),
  (2, '', 0, '-Infinity', '-infinity', 'infinity', NULL, '{NULL,1}', NULL, '178000000 years', ''),
  (3, E'tab\there, newline\nhere, return\rhere, \\N and \\. and ''quotes'' "too"', 1e-30, '-0', '4713-01-01 00:00+00 BC', '5874897-12-31',
   (SELECT string_agg(set_byte('\x00', 0, b), '' ORDER BY b) FROM generate_series(0, 255) b), '[-2:0]={1,2,3}', '{}', '0', 'abcd'),
  (4, '\.', 123456789012345678901234567890.123456789, 5e-324, '2024-02-29 23:59:59.999999+14', '0001-01-01', '\x00', '{2147483647,-2147483648}', '{NULL,"NULL","nu\"ll",","}', '1 year', 'ä€😀'),
  (5, E'\u200b zero width, e\u0301 combining, 𝄞 wide', -0.00, 1.7976931348623157e308, 'epoch', '2000-01-01', decode(repeat('ff', 3000), 'hex'), '{{1,2},{3,4}}', '{" "}', '-00:00:00.000001', '    ');

INSERT INTO audit.event (at, actor, relation, action, before, after)
SELECT '2023-01-01 00:00+00'::timestamptz + i * interval '7 minutes', pg_temp.one_of(i, 1, '{shop_owner,shop_writer,"Shop Audit"}'),
       CASE WHEN i % 50 = 0 THEN 'shop.product'::regclass END, pg_temp.one_of(i, 2, '{I,U,U,D}')::"char",
       jsonb_build_object('id', i, 'price', pg_temp.pick(i, 3, 10000) / 100.0, 'text', pg_temp.prose(i, 14)),
       CASE WHEN i % 3 > 0 THEN jsonb_build_object('id', i, 'price', pg_temp.pick(i, 4, 10000) / 100.0, 'text', pg_temp.prose(i, 21), 'tags', '["a", "b"]'::jsonb) END
FROM generate_series(1, pg_temp.n(160000)) i;
INSERT INTO audit.event_archive (event_id, at, action, after) SELECT -i, '2019-01-01 00:00+00'::timestamptz + i * interval '1 day', 'I', to_jsonb(i) FROM generate_series(1, 50) i;

-- ---------------------------------------------------------------------------------------------------------------
-- Large objects.

DO $$
DECLARE
  i int;
BEGIN
  PERFORM lo_from_bytea(900001, '\x');
  PERFORM lo_from_bytea(900002, '\x00ff5c2e0a');
  PERFORM lo_from_bytea(900003, pg_temp.noise(3, 100000));
  PERFORM lo_create(900004);
  PERFORM lo_put(900004, 50000, 'after a hole'::bytea);
  FOR i IN 1 .. pg_temp.n(60) LOOP
    PERFORM lo_from_bytea(910000 + i::oid::int, convert_to(pg_temp.book(i, 70), 'UTF8'));
    EXECUTE format('ALTER LARGE OBJECT %s OWNER TO shop_owner', 910000 + i);
  END LOOP;
END
$$;
ALTER LARGE OBJECT 900003 OWNER TO shop_owner;
GRANT SELECT ON LARGE OBJECT 900003 TO shop_reader;
GRANT SELECT, UPDATE ON LARGE OBJECT 900002 TO shop_writer WITH GRANT OPTION;
COMMENT ON LARGE OBJECT 900003 IS 'The shop''s sign, 1:1';

-- ---------------------------------------------------------------------------------------------------------------
-- Keys, constraints, indexes.

SET ROLE shop_owner;

ALTER TABLE shop.customer ADD PRIMARY KEY (customer_id), ADD CONSTRAINT customer_email_key UNIQUE (email) WITH (fillfactor = 80);
ALTER TABLE shop.product ADD PRIMARY KEY (product_id),
  ADD CONSTRAINT price_or_inactive CHECK (price > 0 OR NOT active),
  ADD CONSTRAINT product_category FOREIGN KEY (category_id) REFERENCES shop.category ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE shop.photo ADD PRIMARY KEY (photo_id),
  ADD FOREIGN KEY (product_id) REFERENCES shop.product ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE shop.manual ADD FOREIGN KEY (product_id) REFERENCES shop.product MATCH FULL DEFERRABLE;
ALTER TABLE shop.review ADD CONSTRAINT review_pkey PRIMARY KEY (review_id),
  ADD CONSTRAINT stars_in_range CHECK (stars BETWEEN 1 AND 5),
  ADD FOREIGN KEY (product_id) REFERENCES shop.product, ADD FOREIGN KEY (customer_id) REFERENCES shop.customer ON DELETE SET NULL;
ALTER TABLE shop.price_history ADD CONSTRAINT one_price_at_a_time
  EXCLUDE USING gist (product_id WITH =, valid WITH &&) WITH (fillfactor = 85) WHERE (price > 0) DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE sales.voucher ADD CONSTRAINT small_discount CHECK (percent < 30) NOT VALID,  -- older vouchers break it
  ADD CONSTRAINT known_customer FOREIGN KEY (customer_id) REFERENCES shop.customer NOT VALID;  -- and some were deleted

ALTER TABLE sales.orders ADD PRIMARY KEY (order_id, placed_at, region);
ALTER TABLE sales.orders ADD FOREIGN KEY (customer_id) REFERENCES shop.customer;
ALTER TABLE sales.order_line ADD CONSTRAINT order_line_pkey PRIMARY KEY (order_id, placed_at, line_no);
ALTER TABLE sales.order_line ADD CONSTRAINT order_line_order FOREIGN KEY (order_id, placed_at, region) REFERENCES sales.orders ON DELETE CASCADE;
ALTER TABLE sales.order_line ADD CONSTRAINT order_line_product FOREIGN KEY (product_id) REFERENCES shop.product;
ALTER TABLE sales.payment ADD UNIQUE (payment_id, method);
ALTER TABLE sales.invoice ADD FOREIGN KEY (replaces) REFERENCES sales.invoice DEFERRABLE INITIALLY DEFERRED;
CREATE UNIQUE INDEX movement_key ON stock.movement (movement_id);
ALTER TABLE stock.movement ADD CONSTRAINT movement_pkey PRIMARY KEY USING INDEX movement_key;

CREATE INDEX customer_name ON shop.customer (last_name COLLATE "C" DESC NULLS LAST, first_name text_pattern_ops) INCLUDE (email);
CREATE INDEX customer_full_name ON shop.customer (lower(shop.full_name(first_name, last_name)));
CREATE INDEX customer_token ON shop.customer USING hash (token) WITH (fillfactor = 70);
CREATE INDEX customer_ip ON shop.customer USING spgist (last_ip);
CREATE INDEX customer_preferences ON shop.customer USING gist (preferences ext.gist_hstore_ops (siglen = 32));
CREATE INDEX customer_gold ON shop.customer (created_at) WHERE loyalty = 'Gold "plus"' AND balance > 0;
ALTER INDEX shop.customer_full_name ALTER COLUMN 1 SET STATISTICS 300;
CREATE INDEX product_title_trgm ON shop.product USING gin (title ext.gin_trgm_ops);
CREATE INDEX product_title_near ON shop.product USING gist (title ext.gist_trgm_ops (siglen = 48));
CREATE INDEX product_attributes ON shop.product USING gin (attributes jsonb_path_ops) WITH (fastupdate = off);
CREATE INDEX product_search ON shop.product USING gin (search);
CREATE INDEX product_tags ON shop.product USING gin (tags) WITH (gin_pending_list_limit = 512);
CREATE INDEX product_sold ON shop.product USING gist (sold_within);
CREATE INDEX product_slug ON shop.product USING spgist (shop.slug(title));
CREATE UNIQUE INDEX product_sku ON shop.product ((attributes ->> 'sku'), active);
CREATE INDEX review_product ON shop.review (product_id, stars) WITH (deduplicate_items = off);
CREATE INDEX review_written ON shop.review USING brin (written_at timestamptz_minmax_ops) WITH (pages_per_range = 64, autosummarize = on);
CREATE INDEX orders_customer ON sales.orders (customer_id, placed_at DESC);
CREATE INDEX orders_2023_open ON sales.orders_2023 (order_id) WHERE state IN ('placed', 'paid');
CREATE INDEX orders_note ON ONLY sales.orders USING hash (note);  -- on one partition only, so it stays invalid
CREATE INDEX orders_2023_note ON sales.orders_2023 USING hash (note);
ALTER INDEX sales.orders_note ATTACH PARTITION sales.orders_2023_note;
CREATE INDEX order_line_product ON sales.order_line (product_id);
CREATE INDEX movement_at ON stock.movement USING brin (at, movement_id) WITH (pages_per_range = 32);
CREATE UNIQUE INDEX place_name ON stock.place (name);
CREATE INDEX place_network ON stock.place USING gist (network inet_ops);
CREATE INDEX "Index.mit ""Punkt""" ON "Büro & Co."."Sonder.Fälle ""7""" ("Größe", "select" COLLATE "POSIX");
DO $$
BEGIN
  IF pg_temp.since(14) THEN
    CREATE INDEX movement_multi ON stock.movement USING brin (product_id int4_minmax_multi_ops (values_per_range = 16));
    CREATE INDEX movement_bloom ON stock.movement USING brin (place_id int2_bloom_ops (false_positive_rate = 0.05));
  END IF;
  IF pg_temp.since(15) THEN
    EXECUTE 'ALTER TABLE sales.voucher ADD CONSTRAINT one_code UNIQUE NULLS NOT DISTINCT (code, customer_id)';
    EXECUTE 'CREATE UNIQUE INDEX voucher_percent ON sales.voucher (customer_id, percent) NULLS NOT DISTINCT WHERE percent > 90';
    EXECUTE 'ALTER TABLE sales.cart ADD FOREIGN KEY (customer_id) REFERENCES shop.customer ON DELETE SET NULL (customer_id) NOT VALID';
  END IF;
END
$$;

ALTER TABLE stock.place REPLICA IDENTITY USING INDEX place_name;
ALTER TABLE shop.review REPLICA IDENTITY FULL;
ALTER TABLE stock.marker REPLICA IDENTITY NOTHING;
ALTER TABLE shop.review CLUSTER ON review_product;
ALTER TABLE shop.customer CLUSTER ON customer_pkey;

CREATE STATISTICS shop.product_facts (ndistinct, dependencies) ON category_id, active, price FROM shop.product;
CREATE STATISTICS sales.order_facts (mcv) ON region, channel FROM sales.orders_2023;
ALTER STATISTICS sales.order_facts SET STATISTICS 250;
COMMENT ON STATISTICS shop.product_facts IS 'The planner overrated the garden';
DO $$ BEGIN IF pg_temp.since(14) THEN
  EXECUTE 'CREATE STATISTICS shop.product_words ON lower(title), (price * 2) FROM shop.product'; END IF; END $$;

-- ---------------------------------------------------------------------------------------------------------------
-- Functions, procedures, aggregates.

CREATE FUNCTION shop.vat(amount numeric, rate numeric DEFAULT 20.0, OUT net numeric, OUT tax numeric)
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT round(amount / (1 + rate / 100), 2), amount - round(amount / (1 + rate / 100), 2) $$;

CREATE FUNCTION shop.products_of(category text, VARIADIC tags text[] DEFAULT '{}')
  RETURNS TABLE (product_id int, title text, price numeric) LANGUAGE sql STABLE ROWS 50 COST 200
  AS $$ SELECT p.product_id, p.title, p.price FROM shop.product p JOIN shop.category c USING (category_id)
        WHERE c.name = category AND p.tags::text[] @> tags $$;

CREATE FUNCTION shop.first_of(anyarray) RETURNS anyelement LANGUAGE sql IMMUTABLE AS 'SELECT $1[1]';
CREATE FUNCTION shop.describe(c shop.customer) RETURNS text LANGUAGE sql STABLE
  AS $$ SELECT c.full_name || ' <' || c.email || '>' $$;
CREATE FUNCTION shop.describe(p shop.product) RETURNS text LANGUAGE sql STABLE AS $$ SELECT p.title || ': ' || p.price $$;
CREATE FUNCTION "Büro & Co."."Fu""nk.tion"("Größe" int, INOUT "select" text DEFAULT E'it''s\n') LANGUAGE plpgsql AS $body$
BEGIN
  "select" := "select" || "Größe"::text || $$ nested $quotes$ $$;
END $body$;

CREATE PROCEDURE sales.close_month(month date, INOUT closed int DEFAULT 0) LANGUAGE plpgsql AS $$
BEGIN
  UPDATE sales.orders SET state = 'sent'
  WHERE placed_at >= month AND placed_at < month + interval '1 month' AND state = 'packed';
  GET DIAGNOSTICS closed = ROW_COUNT;
END
$$;
COMMENT ON PROCEDURE sales.close_month(date, int) IS 'Run on the first of the next';

CREATE FUNCTION shop.geo_step(state float8[], value float8) RETURNS float8[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT CASE WHEN value > 0 THEN ARRAY[state[1] + ln(value), state[2] + 1] ELSE state END $$;
CREATE FUNCTION shop.geo_merge(a float8[], b float8[]) RETURNS float8[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT ARRAY[a[1] + b[1], a[2] + b[2]] $$;
CREATE FUNCTION shop.geo_end(state float8[]) RETURNS float8 LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT CASE WHEN state[2] > 0 THEN exp(state[1] / state[2]) END $$;
CREATE AGGREGATE shop.geometric_mean(float8) (
  SFUNC = shop.geo_step, STYPE = float8[], INITCOND = '{0,0}', COMBINEFUNC = shop.geo_merge, FINALFUNC = shop.geo_end, PARALLEL = SAFE);
CREATE AGGREGATE shop.lowest(numeric) (SFUNC = numeric_smaller, STYPE = numeric, SORTOP = OPERATOR(pg_catalog.<));
CREATE AGGREGATE shop.moving_total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0',
  MSFUNC = int4pl, MINVFUNC = int4mi, MSTYPE = int, MINITCOND = '0');
COMMENT ON AGGREGATE shop.geometric_mean(float8) IS 'Of the positive values';
DO $do$
BEGIN
  IF pg_temp.since(14) THEN
    EXECUTE $q$
      CREATE FUNCTION sales.total_of(wanted bigint) RETURNS numeric LANGUAGE sql STABLE
      BEGIN ATOMIC
        SELECT coalesce(sum(l.total * (1 - l.discount)::numeric), 0) FROM sales.order_line l WHERE l.order_id = wanted;
      END $q$;
    EXECUTE $q$
      CREATE PROCEDURE sales.add_order(customer bigint, OUT made bigint) LANGUAGE sql
      BEGIN ATOMIC
        INSERT INTO sales.orders (order_id, placed_at, customer_id)
          SELECT 1 + max(o.order_id), now(), customer FROM sales.orders o RETURNING order_id;
      END $q$;
    EXECUTE 'CREATE FUNCTION shop.whole(amount numeric) RETURNS bigint LANGUAGE sql IMMUTABLE RETURN round(amount)::bigint';
  END IF;
END
$do$;

-- ---------------------------------------------------------------------------------------------------------------
-- Views and materialized views.

CREATE VIEW shop.active_product WITH (security_barrier = true) AS
  SELECT product_id, category_id, title, price, tags, active FROM shop.product WHERE active WITH LOCAL CHECK OPTION;
CREATE VIEW shop.cheap_product AS SELECT * FROM shop.active_product WHERE price < 50 WITH CASCADED CHECK OPTION;
ALTER VIEW shop.cheap_product ALTER COLUMN price SET DEFAULT 9.99;
ALTER VIEW shop.cheap_product ALTER COLUMN active SET DEFAULT true;
COMMENT ON VIEW shop.cheap_product IS 'Below fifty';
COMMENT ON COLUMN shop.cheap_product.price IS 'With tax';

-- Grouped by the key alone, so it stands on the primary key.
CREATE VIEW shop.product_stars AS
  SELECT p.product_id, p.title, p.price, count(r.review_id) AS reviews, avg(r.stars)::numeric(3, 2) AS stars
  FROM shop.product p LEFT JOIN shop.review r USING (product_id) GROUP BY p.product_id;

CREATE VIEW sales.order_summary ("Order", placed, customer, vat) AS
  SELECT o.order_id, o.placed_at AT TIME ZONE 'Europe/Berlin', shop.describe(c), (shop.vat(o.total)).tax
  FROM sales.orders o JOIN shop.customer c ON c.customer_id = o.customer_id;
CREATE VIEW shop.category_path AS
  WITH RECURSIVE path AS (
    SELECT category_id, name COLLATE "C" AS path, 1 AS depth FROM shop.category WHERE parent_id IS NULL
    UNION ALL
    SELECT c.category_id, (p.path || ' > ' || c.name) COLLATE "C", p.depth + 1 FROM shop.category c JOIN path p ON p.category_id = c.parent_id)
  SELECT * FROM path;
CREATE VIEW stock.level AS
  SELECT product_id, sum(delta) OVER w AS level, at, max(temperature) FILTER (WHERE delta > 0) OVER w AS warmest
  FROM stock.movement WINDOW w AS (PARTITION BY product_id ORDER BY at ROWS BETWEEN 10 PRECEDING AND CURRENT ROW);
DO $$ BEGIN IF pg_temp.since(15) THEN
  EXECUTE 'CREATE VIEW sales.my_vouchers WITH (security_invoker = true, security_barrier = false) AS SELECT code, percent, valid FROM sales.voucher';
END IF; END $$;

-- Two views that stand on each other, and a view with a function that stands on its row type.
CREATE VIEW shop.left_hand AS SELECT 1 AS finger;
CREATE VIEW shop.right_hand AS SELECT finger FROM shop.left_hand;
CREATE OR REPLACE VIEW shop.left_hand AS SELECT finger FROM shop.right_hand;
CREATE VIEW shop.labelled AS SELECT product_id, title, NULL::text AS label FROM shop.product;
CREATE FUNCTION shop.label_of(row_in shop.labelled) RETURNS text LANGUAGE sql STABLE AS $$ SELECT row_in.product_id || '/' || row_in.title $$;
CREATE OR REPLACE VIEW shop.labelled AS
  SELECT product_id, title, shop.label_of(ROW(product_id, title, NULL)::shop.labelled) AS label FROM shop.product;

CREATE MATERIALIZED VIEW shop.best_product WITH (fillfactor = 95) AS
  SELECT product_id, title, stars, reviews FROM shop.product_stars WHERE stars >= 3.5;
CREATE UNIQUE INDEX best_product_id ON shop.best_product (product_id);
CREATE INDEX best_product_stars ON shop.best_product (stars DESC);
ALTER MATERIALIZED VIEW shop.best_product CLUSTER ON best_product_id;
CREATE MATERIALIZED VIEW shop.best_by_letter AS SELECT left(title, 1) AS letter, count(*) AS products FROM shop.best_product GROUP BY 1;
CREATE MATERIALIZED VIEW sales.revenue AS
  SELECT date_trunc('month', placed_at AT TIME ZONE 'UTC') AS month, channel, sum(total) AS revenue, shop.geometric_mean(total::float8) AS typical
  FROM sales.orders GROUP BY 1, 2 WITH NO DATA;
CREATE INDEX revenue_month ON sales.revenue (month);
COMMENT ON MATERIALIZED VIEW sales.revenue IS 'Never filled yet';

-- ---------------------------------------------------------------------------------------------------------------
-- Triggers, rules, policies.

CREATE FUNCTION shop.touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.changed_at := now();
  RETURN NEW;
END
$$;
CREATE TRIGGER touch BEFORE INSERT OR UPDATE OF title, price ON shop.product
  FOR EACH ROW WHEN (NEW.active) EXECUTE FUNCTION shop.touch('one', 'it''s "two"');
CREATE FUNCTION shop.reviews_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM count(*) FROM gone;
  RETURN NULL;
END
$$;
CREATE TRIGGER reviews_gone AFTER DELETE ON shop.review REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION shop.reviews_changed();
CREATE FUNCTION sales.check_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.total > 1000000 THEN
    RAISE EXCEPTION 'order % is too large', NEW.order_id;
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER check_order BEFORE INSERT OR UPDATE ON sales.orders FOR EACH ROW EXECUTE FUNCTION sales.check_order();
CREATE TRIGGER check_late AFTER UPDATE ON sales.orders FOR EACH ROW WHEN (OLD.total IS DISTINCT FROM NEW.total) EXECUTE FUNCTION sales.check_order();
ALTER TABLE sales.orders_2023 DISABLE TRIGGER check_late;
CREATE CONSTRAINT TRIGGER invoice_has_order AFTER INSERT ON sales.invoice FROM sales.orders_2022
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION sales.check_order();
ALTER TABLE sales.invoice DISABLE TRIGGER invoice_has_order;
CREATE TRIGGER always_on BEFORE TRUNCATE ON shop.photo FOR EACH STATEMENT EXECUTE FUNCTION shop.touch();
ALTER TABLE shop.photo ENABLE ALWAYS TRIGGER always_on;
CREATE TRIGGER "On Replica.Only" AFTER INSERT ON shop.manual FOR EACH ROW EXECUTE FUNCTION shop.touch();
ALTER TABLE shop.manual ENABLE REPLICA TRIGGER "On Replica.Only";
CREATE FUNCTION shop.add_cheap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER add_summary INSTEAD OF INSERT OR UPDATE ON sales.order_summary FOR EACH ROW EXECUTE FUNCTION shop.add_cheap();
COMMENT ON TRIGGER touch ON shop.product IS 'Keeps changed_at';

CREATE RULE keep_codes AS ON DELETE TO sales.voucher WHERE OLD.percent > 50 DO INSTEAD NOTHING;
CREATE RULE note_change AS ON UPDATE TO stock.place WHERE NEW.name <> OLD.name
  DO ALSO (INSERT INTO stock.item (item_id, name) VALUES (1000 + NEW.place_id, NEW.name); UPDATE stock.machine SET volts = volts + 1 WHERE name = OLD.name);
CREATE RULE tell AS ON UPDATE TO stock.place DO ALSO NOTIFY place_changed;
ALTER TABLE stock.place DISABLE RULE note_change;
CREATE RULE stars_are_read_only AS ON UPDATE TO shop.product_stars DO INSTEAD NOTHING;
COMMENT ON RULE keep_codes ON sales.voucher IS 'Half price was a promise';

ALTER TABLE shop.customer ENABLE ROW LEVEL SECURITY;
ALTER TABLE sales.voucher ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY see_all ON shop.customer FOR SELECT TO shop_reader, shop_owner USING (true);
CREATE POLICY own_row ON shop.customer AS RESTRICTIVE FOR UPDATE TO shop_writer
  USING (email = current_setting('shop.user', true)::shop.email) WITH CHECK (loyalty <> 'Gold "plus"');
CREATE POLICY "Only Valid" ON sales.voucher USING (valid @> CURRENT_DATE AND EXISTS (SELECT FROM shop.customer c WHERE c.customer_id = voucher.customer_id));
COMMENT ON POLICY own_row ON shop.customer IS 'And no promotion by oneself';

RESET ROLE;
-- Plans its own partitions' triggers: fires on every server role, so it belongs to the superuser.
CREATE FUNCTION audit.log() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, audit SET work_mem = '8MB' AS $$
BEGIN
  INSERT INTO audit.event (actor, relation, action, before, after)
  VALUES (session_user, TG_RELID, left(TG_OP, 1)::"char",
          CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END, CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END);
  RETURN NULL;
END
$$;
ALTER FUNCTION audit.log() OWNER TO "Shop Audit";
CREATE TRIGGER audit_customer AFTER INSERT OR UPDATE OR DELETE ON shop.customer FOR EACH ROW EXECUTE FUNCTION audit.log();

ALTER TABLE audit.event ADD PRIMARY KEY (event_id);
CREATE INDEX event_after ON audit.event USING gin (after);
CREATE INDEX event_at ON audit.event USING brin (at);
CREATE AGGREGATE public.nth_value_of(float8 ORDER BY anyelement) (
  SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
CREATE TABLE public.notes (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text, written timestamptz DEFAULT now());
INSERT INTO public.notes (note, written) VALUES ('first', '2024-05-01 12:00+00'), (E'second\n', '2024-05-02 12:00+00');
SELECT setval('public.notes_id_seq', 500);

-- ---------------------------------------------------------------------------------------------------------------
-- Privileges beyond the defaults.

GRANT SELECT, INSERT ON shop.review TO shop_writer WITH GRANT OPTION;
SET ROLE shop_writer;
GRANT SELECT ON shop.review TO "Shop Audit";
SET ROLE shop_owner;
GRANT SELECT (customer_id, full_name), UPDATE (phone, preferences) ON shop.customer TO shop_writer;
GRANT ALL ON shop.country TO PUBLIC;
REVOKE UPDATE ON sales.invoice FROM shop_writer;
GRANT EXECUTE ON FUNCTION shop.vat(numeric, numeric) TO PUBLIC;
REVOKE EXECUTE ON FUNCTION sales.next_invoice() FROM shop_reader;
GRANT EXECUTE ON PROCEDURE sales.close_month(date, int) TO shop_writer WITH GRANT OPTION;
GRANT USAGE, UPDATE ON SEQUENCE stock.countdown TO shop_writer;
REVOKE USAGE ON TYPE sales.channel FROM PUBLIC;
GRANT USAGE ON TYPE shop.email TO "Shop Audit";
RESET ROLE;
GRANT SELECT ON audit.event TO shop_reader;
GRANT INSERT (at, actor), REFERENCES ON audit.event TO shop_writer;
GRANT EXECUTE ON FUNCTION audit.log() TO shop_owner;
REVOKE EXECUTE ON FUNCTION audit.log() FROM PUBLIC;

COMMENT ON TABLE shop.product IS 'What is for sale';
COMMENT ON COLUMN shop.product.band IS E'A price band;\n\tnot the price';
COMMENT ON INDEX shop.product_sku IS 'One SKU per state';
COMMENT ON CONSTRAINT stars_in_range ON shop.review IS 'One to five';
COMMENT ON COLUMN "Büro & Co."."Sonder.Fälle ""7"""."naïve.float" IS '$$ not a quote $$';
COMMENT ON FUNCTION "Büro & Co."."Fu""nk.tion"(int, text) IS 'öäü';

-- Last, for a new label cannot be used in the transaction that adds it. Its place is not the end.
ALTER TYPE sales.order_state ADD VALUE 'lost' BEFORE 'returned';

ANALYZE;

-- needs: 17
-- Named NOT NULL constraints of domains; the builtin collation provider.
CREATE DOMAIN usual AS integer NOT NULL;
CREATE DOMAIN named AS integer CONSTRAINT "my Own" NOT NULL;
COMMENT ON CONSTRAINT "my Own" ON DOMAIN named IS 'on a not-null constraint';
COMMENT ON CONSTRAINT usual_not_null ON DOMAIN usual IS 'on an unnamed one';
CREATE DOMAIN two AS integer CONSTRAINT c CHECK (VALUE > 0) NOT NULL;
CREATE COLLATION builtin_c (PROVIDER = builtin, LOCALE = 'C');
CREATE COLLATION builtin_utf8 (PROVIDER = builtin, LOCALE = 'C.UTF-8');
CREATE DOMAIN collated AS text COLLATE builtin_utf8;

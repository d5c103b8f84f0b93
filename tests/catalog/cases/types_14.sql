-- needs: 14
-- Range types with multirange names; a canonical function over a shell type.
CREATE SCHEMA elsewhere;
CREATE TYPE span AS RANGE (SUBTYPE = integer, MULTIRANGE_TYPE_NAME = spans);
CREATE TYPE "Odd Range" AS RANGE (SUBTYPE = date, MULTIRANGE_TYPE_NAME = elsewhere."Odd Ranges");
CREATE FUNCTION takes_multirange(spans, elsewhere."Odd Ranges"[]) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TABLE ranges (a span, b spans, c elsewhere."Odd Ranges"[]);

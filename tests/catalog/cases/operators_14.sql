-- needs: 14
-- An operator class with optional members, which belong to the family since 14; operators that order.
CREATE SCHEMA "Odd Schema";
CREATE OPERATOR CLASS stored FOR TYPE polygon USING gist AS
  OPERATOR 1 <<, OPERATOR 15 <-> (polygon, point) FOR ORDER BY float_ops,
  FUNCTION 1 gist_poly_consistent(internal, polygon, smallint, oid, internal), FUNCTION 2 gist_box_union(internal, internal),
  FUNCTION 3 gist_poly_compress(internal), FUNCTION 5 gist_box_penalty(internal, internal, internal),
  FUNCTION 6 gist_box_picksplit(internal, internal), FUNCTION 7 gist_box_same(box, box, internal), STORAGE box;
CREATE OPERATOR CLASS "Odd Schema"."Gin Ops" FOR TYPE integer[] USING gin AS
  OPERATOR 1 && (anyarray, anyarray), OPERATOR 2 @> (anyarray, anyarray),
  FUNCTION 1 btint4cmp(integer, integer), FUNCTION 2 ginarrayextract(anyarray, internal, internal),
  FUNCTION 3 ginqueryarrayextract(anyarray, internal, smallint, internal, internal, internal, internal),
  FUNCTION 4 ginarrayconsistent(internal, smallint, anyarray, integer, internal, internal, internal, internal), STORAGE integer;
CREATE TABLE shapes (p polygon, a integer[]);
CREATE INDEX ON shapes USING gist (p stored);
CREATE INDEX ON shapes USING gin (a "Odd Schema"."Gin Ops");

-- Names and texts with quotes, backslashes, newlines, format and escape characters, in every kind.
create schema "a""; drop table x; --";
set search_path = "a""; drop table x; --", public;
create type "t'\
$$" as enum ('x''\', '$$', '%s %n', e'\x1b[31m');
create type "c'\
$$" as ("col""'\
" "t'\
$$"[]);
create domain "d""'.\%" as "t'\
$$" constraint "k""'\!" check (value::text <> e'\\\n''');
create function "f""'(\%,"("arg""'
,)" "d""'.\%", b text default e'\\\n''$$') returns text language sql as $q$ select null /* $$ $function$ */ $q$;
comment on function "f""'(\%,"("d""'.\%", text) is e'\\! \n$$ \x1b[0m ''"';
create function tcat(text, text) returns text language sql as 'select $1||$2';
create aggregate "agg'"" "("arg x'" text) (sfunc = tcat, stype = text, initcond = e'\\''\n$$');
create cast ("c'\
$$" as text) with inout;
create text search dictionary "dict'"" \" (template = simple, stopwords = 'english');
create text search configuration "conf'"" \" (parser = default);
alter text search configuration "conf'"" \" add mapping for word with "dict'"" \";
create collation "coll'"" \" (locale = 'C');
create type "r'"" \" as range (subtype = text, collation = "coll'"" \");
create foreign data wrapper "w'"" \" options ("o'"" \" e'v\\''"\n=');
create server "s'"" \" type e't\\''' foreign data wrapper "w'"" \";
create user mapping for public server "s'"" \" options ("o'"" \" 'x');

-- integers
SELECT 0, 1, 0042, 2147483648, 99999999999999999999 FROM projects;
-- integers in other bases
SELECT 0x1F, 0XfF, 0o17, 0O7, 0b101, 0B1 FROM projects;
-- underscores in numbers
SELECT 1_000, 0x_ff, 1_0.0_1, 1e1_0, 0b1_0, 0o_7 FROM projects;
-- decimals
SELECT 1.5, .5, 5., 1e10, 1.5E-3, .5e+2, 5.e3 FROM projects;
-- decimal in front of a label
SELECT 1. a, 1.5 b, .5 e FROM projects;
-- plain strings
SELECT '', 'a', 'it''s', '''', 'a "quoted" word', 'two
lines' FROM projects;
-- strings that look like code
SELECT '-- no comment', '/* neither', 'FROM tasks', '; DELETE FROM projects', '$1', '$$', ')' FROM projects;
-- continued string
SELECT 'a'
'b'
    'c' FROM projects;
-- continued string over a comment
SELECT 'a' -- first half
'b' FROM projects;
-- backslash in a plain string
SELECT 'a\b', '\', 'c:\dir\' FROM projects;
-- escape strings
SELECT E'a\'b', e'\\', E'\n\t\x41\101\u00e9\U0001F600', E'it''s', E'\\''' FROM projects;
-- escape string that hides a quote
SELECT E'\' FROM tasks WHERE \'' FROM projects;
-- continued escape string
SELECT E'a\''
'b\'' FROM projects;
-- unicode strings
SELECT U&'d\0061t\+000061', u&'\\', U&'it''s' FROM projects;
-- unicode string with another escape
SELECT U&'d!0061' UESCAPE '!', U&'x#0041' uescape '#' FROM projects;
-- unicode string with a comment in front of UESCAPE
SELECT U&'d!0061' /* now */ UESCAPE '!' FROM projects;
-- unicode identifiers
SELECT U&"d\0061ta", p.U&"n!0061me" UESCAPE '!' FROM projects p;
-- unicode table name
SELECT 1 FROM U&"pr\006fjects";
-- unicode table name with UESCAPE and alias
SELECT 1 FROM U&"t!0061sks" UESCAPE '!' AS U&"\0074";
-- unicode names that hold quotes and pairs
SELECT U&"a""\0022", "projects".U&"\D83D\DE00" FROM projects;
-- unicode name with a comment in front of UESCAPE
SELECT U&"d!!!0061" /* ' */ UESCAPE -- "
'!' FROM U&"projects" uescape '!';
-- unicode names of everything
WITH U&"c\0031" (U&"x") AS (SELECT 1) UPDATE U&"t\0061sks" SET U&"t\0061g" = U&"c\0031".x FROM U&"c\0031" WHERE U&"l\006fwer"(tasks.title) = 'a';
-- national strings
SELECT N'abc', n'it''s' FROM projects;
-- bit strings
SELECT B'101', b'0', X'1F', x'ff' FROM projects;
-- continued bit string
SELECT B'1'
'0' FROM projects;
-- dollar quotes
SELECT $$abc$$, $$it's$$, $q$a $$ b$q$, $Tag_1$x$tag_1$ $Tag_1$, $é$x$é$ FROM projects;
-- dollar quotes that look like code
SELECT $$ FROM tasks; -- $$, $x$ /* $x$, $a$ $b$ $a$ FROM projects;
-- dollar quote against parameters
SELECT $1, $$ $2 $$, $1::text || $q$$1$q$ FROM projects;
-- dollar sign inside a name
SELECT a$b, c$1, d$$ FROM projects a$;
-- empty dollar quote next to a name
SELECT $$$$, $a$$a$ b FROM projects;
-- typed literals
SELECT DATE '2024-01-01', TIME '10:00', TIMESTAMP '2024-01-01 10:00', BOOLEAN 'true', INT '1', FLOAT '1.5', NUMERIC '1.5', JSON '{"a": 1}', BIT '101', CHAR 'x', VARCHAR 'y' FROM projects;
-- typed literals with modifiers
SELECT TIMESTAMP(3) '2024-01-01', TIME (2) WITH TIME ZONE '10:00', TIMESTAMP WITH TIME ZONE '2024-01-01', NUMERIC(5, 2) '1.23', BIT(3) '101', BIT VARYING(3) '1', CHAR(3) 'abc', CHARACTER VARYING (4) 'abcd', FLOAT(3) '1', DOUBLE PRECISION '1' FROM projects;
-- typed literals of any type
SELECT uuid '00000000-0000-0000-0000-000000000000', jsonb '{}', point '(1,2)', pg_catalog.int4 '5', "char" 'c', inet '10.0.0.1', public.mood 'happy', varbit '1', text 'x', regclass 'projects' FROM projects;
-- typed literals with dollar quotes and escapes
SELECT jsonb $${"a": 1}$$, text E'a\n', bytea '\x00', text U&'\0061' FROM projects;
-- generic type with a modifier
SELECT foo(3) 'x', public.foo (1, 2) 'y' FROM projects;
-- interval literals
SELECT INTERVAL '1 day', INTERVAL '1' YEAR, INTERVAL '1' MONTH, INTERVAL '2' DAY, INTERVAL '3' HOUR, INTERVAL '4' MINUTE, INTERVAL '5' SECOND, INTERVAL '5.1234' SECOND(2) FROM projects;
-- interval ranges
SELECT INTERVAL '1-2' YEAR TO MONTH, INTERVAL '1 2' DAY TO HOUR, INTERVAL '1 2:3' DAY TO MINUTE, INTERVAL '1 2:3:4' DAY TO SECOND, INTERVAL '2:3' HOUR TO MINUTE, INTERVAL '2:3:4' HOUR TO SECOND(3), INTERVAL '3:4' MINUTE TO SECOND FROM projects;
-- interval with precision
SELECT INTERVAL(3) '1.23456 seconds', interval '1 day' * 2 FROM projects;
-- interval in front of a label
SELECT INTERVAL '1' DAY d, INTERVAL '2 days' e, INTERVAL '3' AS day FROM projects;
-- line comments
SELECT id -- FROM tasks
, name --/* still a line
FROM projects --; x
WHERE id = $1 --
;
-- block comments
SELECT /* FROM tasks */ id /**/ , /* ' */ name /* " */ FROM /* $$ */ projects /***/ WHERE /* ; */ id = $1;
-- nested comments
SELECT /* a /* b */ FROM tasks /* c /* d */ */ */ id FROM projects;
-- comment that holds a line comment
SELECT id /* -- not the end */ FROM projects;
-- line comment that holds a block comment's start
SELECT id -- /* not a start
FROM projects;
-- optimizer hint
SELECT /*+ SeqScan(projects) */ id FROM projects;
-- leading and trailing comments
/* first */ -- second
SELECT id FROM projects /* last */ -- end
;
-- comments between every two tokens
SELECT/**/p/**/./**/id/**/FROM/**/projects/**/AS/**/p/**/WHERE/**/p/**/./**/id/**/=/**/$1/**/AND/**/(/**/p/**/./**/status/**/=/**/'x'/**/);
-- odd white space
SELECT	id
  FROM
	projects
 WHERE id=1;
-- no white space
SELECT(id)FROM projects WHERE(id)=($1)AND(status)IN('x')ORDER BY(id)LIMIT 1;
-- quoted names with quotes, spaces and keywords
SELECT "a""b", " ", "select", "FROM tasks", "x--y", "x/*y", "it's", "$1" FROM projects AS "p p";
-- quoted name over two lines
SELECT "a
b" FROM projects;
-- names with letters beyond ASCII
SELECT größe, _x, "naïve", 名前 FROM projects ü;
-- folding is ASCII only
SELECT ÄB.Id FROM PROJECTS ÄB;
-- long names
SELECT a23456789012345678901234567890123456789012345678901234567890123 FROM projects;
-- alias longer than a name can be
SELECT 1 FROM projects AS p23456789012345678901234567890123456789012345678901234567890123456789;
-- keywords in mixed case
sElEcT iD FrOm PrOjEcTs WhErE iD bEtWeEn 1 aNd 2;
-- number followed by a parameter
SELECT 1 , $1 FROM projects WHERE id = 1 AND position = $2;
-- parameter with two digits and zeros
SELECT $10, $1, $02 FROM projects;
-- null, true and false as typed text
SELECT NULL::text, TRUE::int, 'f'::bool, BOOL 't' FROM projects;

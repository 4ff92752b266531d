package pgsql

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// names lists the relations of a tree: schema.name alias, CTE references in
// angle brackets.
func names(tree *Tree) []string {
	list := []string{}
	for _, r := range tree.Relations {
		s := r.Name
		if r.Schema != "" {
			s = r.Schema + "." + s
		}
		if r.Alias != "" {
			s += " " + r.Alias
		}
		if r.CTE != nil {
			s = "<" + s + ">"
		}
		list = append(list, s)
	}
	return list
}

func TestReadFindsEveryRelation(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, sql string
		want      []string
	}{
		{"comma", "SELECT 1 FROM a, b AS x, c y", []string{"a", "b x", "c y"}},
		{"case folding and quotes", `SELECT 1 FROM A, "A", "a""b"`, []string{"a", "A", `a"b`}},
		{"unicode names", `SELECT 1 FROM U&"t\0061sks", u&"!0074!+000061sks!!" /* " */ UESCAPE -- '
			'!' AS U&"\D83D\DE00", U&"a""b"`, []string{"tasks", "tasks! \U0001F600", `a"b`}},
		{"schema", `SELECT 1 FROM Billing.Accounts, "S".t`, []string{"billing.accounts", "S.t"}},
		{"only and star", "SELECT 1 FROM ONLY a, ONLY (b), c *, d * x", []string{"a", "b", "c", "d x"}},
		{"join without brackets nests to the right until its ON", "SELECT 1 FROM a JOIN b LEFT JOIN c ON true ON true", []string{"a", "b", "c"}},
		{"brackets around joins and queries", "SELECT 1 FROM ((a JOIN b ON true) CROSS JOIN ((SELECT 1 FROM c) x JOIN d USING (i))) j", []string{"a", "b", "c", "d"}},
		{"query in more brackets", "SELECT 1 FROM (((SELECT 1 FROM a) UNION (SELECT 1 FROM b))) x", []string{"a", "b"}},
		{"every clause", `SELECT (SELECT 1 FROM a), CASE WHEN EXISTS (SELECT FROM b) THEN 1 END FROM c
			WHERE x IN (SELECT 1 FROM d) AND y = ANY (SELECT 1 FROM e) GROUP BY (SELECT 1 FROM f) HAVING (SELECT true FROM g)
			WINDOW w AS (PARTITION BY (SELECT 1 FROM h)) ORDER BY (SELECT 1 FROM i) LIMIT (SELECT 1 FROM j) OFFSET (SELECT 1 FROM k)`,
			[]string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"}},
		{"functions are no relations", "SELECT 1 FROM generate_series(1, (SELECT 2 FROM a)) g, LATERAL unnest(x) WITH ORDINALITY AS u(v, n), ROWS FROM (f(), g() AS (i int)) r", []string{"a"}},
		{"cte hides a table after its definition", "WITH a AS (SELECT 1 FROM a), b AS (SELECT 1 FROM a) SELECT 1 FROM a, b, public.a", []string{"a", "<a>", "<a>", "<b>", "public.a"}},
		{"recursive cte hides it inside too", "WITH RECURSIVE a AS (SELECT 1 UNION SELECT 1 FROM a, b), b AS (SELECT 1) SELECT 1 FROM a", []string{"<a>", "<b>", "<a>"}},
		{"inner with", "WITH a AS (SELECT 1) SELECT (WITH b AS (SELECT 1 FROM a) SELECT 1 FROM b), 1 FROM b", []string{"<a>", "<b>", "b"}},
		{"cte called recursive", "WITH recursive AS (SELECT 1 FROM t) SELECT 1 FROM recursive", []string{"t", "<recursive>"}},
		{"target of a write is never a cte", "WITH a AS (SELECT 1 FROM t) UPDATE a SET x = 1 FROM a AS b", []string{"t", "a", "<a b>"}},
		{"insert select", "INSERT INTO a AS x (c) SELECT 1 FROM b ON CONFLICT (c) DO UPDATE SET c = (SELECT 1 FROM d) WHERE x.c IN (SELECT 1 FROM e) RETURNING (SELECT 1 FROM f)", []string{"a x", "b", "d", "e", "f"}},
		{"delete using", "DELETE FROM a USING b JOIN c ON true WHERE EXISTS (SELECT FROM d)", []string{"a", "b", "c", "d"}},
		{"data-modifying cte", "WITH x AS (DELETE FROM a RETURNING *) SELECT 1 FROM x", []string{"a", "<x>"}},
		{"merge", "MERGE INTO a t USING b s ON t.i = s.i WHEN MATCHED THEN DELETE WHEN NOT MATCHED AND EXISTS (SELECT FROM c) THEN INSERT (i) VALUES (s.i)", []string{"a t", "b s", "c"}},
		{"keywords inside brackets are no clauses", "SELECT extract(year FROM d), trim(both FROM x), substring(a FROM 1 FOR 2), x IS DISTINCT FROM y FROM t", []string{"t"}},
		{"comments and strings hide nothing", "SELECT 'FROM a', $$ FROM b $$, E'\\' FROM c' /* FROM d /* nested */ FROM e */ FROM t -- FROM f", []string{"t"}},
		{"string goes on after a line break", "SELECT E'a'\n'\\' FROM x' FROM t", []string{"t"}},
		{"fields", `SELECT extract(year FROM a), extract(Epoch FROM b), extract('dow' FROM c), extract("view" FROM d) FROM t`, []string{"t"}},
		{"words of operators as labels", "SELECT a at, 1 similar, f(x) operator, b::int at FROM t", []string{"t"}},
		{"typed constants", "SELECT date '2020-01-01', interval '1' day, timestamp(3) with time zone 'now', time, t.date FROM t", []string{"t"}},
		{"json table", "SELECT 1 FROM a, JSON_TABLE(a.j, '$' COLUMNS (x int PATH '$.x' DEFAULT 1 ON EMPTY, NESTED '$.y' COLUMNS (z text))) AS jt", []string{"a"}},
		{"explain", "EXPLAIN (ANALYZE, FORMAT json) SELECT 1 FROM a", []string{"a"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			tree, err := Read(test.sql, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, names(tree)); diff != "" {
				t.Errorf("relations of %s (-want +got):\n%s", test.sql, diff)
			}
		})
	}
}

func TestReadRefusesWithAnOffset(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, sql string
		offset    int
		message   string
	}{
		{"empty", "", 0, "statement ends where a statement"},
		{"not a query", "DROP TABLE a", 0, `unexpected "DROP"`},
		{"second statement", "SELECT 1; DELETE FROM a", 10, "second statement"},
		{"trailing token", "SELECT 1 FROM a b c", 18, `unexpected "c"`},
		{"NUL", "SELECT 1 \x00 FROM a", 9, "NUL"},
		{"invalid UTF-8", "SELECT '\xff'", 8, "UTF-8"},
		{"open string", "SELECT 'a", 7, "string is not closed"},
		{"open comment", "SELECT 1 /* /* */", 9, "comment is not closed"},
		{"open dollar quote", "SELECT $x$ a $y$", 7, "dollar-quoted"},
		{"open bracket", "SELECT (1", 7, "bracket is not closed"},
		{"crossed brackets", "SELECT (a[1)]", 11, "brackets cross"},
		{"junk after parameter", "SELECT $1a", 7, "after parameter"},
		{"junk after number", "SELECT 1a", 7, "after number"},
		{"parameter zero", "SELECT $0", 7, "out of range"},
		{"placeholder of another database", "SELECT 1 FROM a WHERE x = ?", 27, "statement ends"},
		{"comparison in a row", "SELECT a = b = c", 13, "brackets"},
		{"two strings", "SELECT 'a' 'b'", 11, `unexpected "'b'"`},
		{"unicode name, not hexadecimal", `SELECT U&"a\00g0"`, 7, "Unicode escape"},
		{"unicode name, too short", `SELECT U&"a\006"`, 7, "Unicode escape"},
		{"unicode name, NUL", `SELECT U&"a\0000"`, 7, "Unicode escape"},
		{"unicode name, half a pair", `SELECT U&"\D83Dx"`, 7, "surrogate"},
		{"unicode name, other half", `SELECT U&"x\DE00"`, 7, "surrogate"},
		{"unicode name that ends in half a pair", `SELECT U&"x\D83D"`, 7, "surrogate"},
		{"unicode name, empty", `SELECT U&""`, 7, "empty"},
		{"unicode name, too long", `SELECT U&"\00e4` + strings.Repeat("a", 62) + `"`, 7, "longer than 63"},
		{"UESCAPE without a string", `SELECT U&"x" UESCAPE x`, 21, "needs a string"},
		{"UESCAPE of a digit", `SELECT U&"x" UESCAPE 'a'`, 21, "escape character"},
		{"UESCAPE of a quote", `SELECT U&"x" UESCAPE ''''`, 21, "escape character"},
		{"UESCAPE of two", `SELECT U&"x" UESCAPE '!'` + "\n'!'", 21, "escape character"},
		{"UESCAPE behind a plain name", `SELECT "x" UESCAPE '!'`, 19, "unexpected"},
		{"key word as a field", `SELECT extract(view FROM a)`, 15, "a field"},
		{"reserved word as a field", `SELECT extract(select FROM a)`, 15, "a field"},
		{"NOT of NOT IN as a name", `SELECT a.not IN (1)`, 9, "a name"},
		{"NULLS of NULLS FIRST as a name", `SELECT 1 ORDER BY nulls FIRST`, 18, "an expression"},
		{"WITH of WITH TIME as a name", `SELECT 1 AS with time`, 12, "a name"},
		{"FORMAT of FORMAT JSON as a name", `SELECT format json`, 7, "an expression"},
		{"JSON_TABLE in an expression", `SELECT json_table(1)`, 7, "an expression"},
		{"column called between as a bound", `SELECT f() OVER (ROWS BETWEEN between PRECEDING AND CURRENT ROW)`, 30, "a bound"},
		{"AT behind an operand", `SELECT a + b at, c`, 13, "unexpected"},
		{"limit with a comma", "SELECT 1 FROM a LIMIT 1, 2", 23, "LIMIT … OFFSET"},
		{"table in brackets", "SELECT 1 FROM (a)", 15, "brackets in FROM"},
		{"three part name", "SELECT 1 FROM db.s.t", 14, "more than a schema"},
		{"long name", "SELECT 1 FROM " + strings.Repeat("a", 64), 14, "longer than 63"},
		{"reserved word as alias", "SELECT 1 FROM a WHERE", 21, "statement ends"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := Read(test.sql, Options{})
			var syntax *SyntaxError
			if !errors.As(err, &syntax) {
				t.Fatalf("Read(%q) = %v, want a *SyntaxError", test.sql, err)
			}
			if syntax.Offset != test.offset || !strings.Contains(syntax.Msg, test.message) {
				t.Errorf("Read(%q) = %q at byte %d, want %q at byte %d", test.sql, syntax.Msg, syntax.Offset, test.message, test.offset)
			}
		})
	}
}

func TestReadObeysLimits(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, sql string
	}{
		{"bytes", "SELECT '" + strings.Repeat("x", DefaultMaxBytes) + "'"},
		{"brackets", "SELECT " + strings.Repeat("(", 200_000) + "1" + strings.Repeat(")", 200_000)},
		{"subqueries", strings.Repeat("SELECT (", 5_000) + "SELECT 1" + strings.Repeat(")", 5_000)},
		{"joins in brackets", "SELECT 1 FROM " + strings.Repeat("(", 5_000) + "a JOIN b ON true" + strings.Repeat(")", 5_000)},
		{"prefix operators", "SELECT " + strings.Repeat("- ", 100_000) + "1"},
		{"array elements", "SELECT ARRAY" + strings.Repeat("[", 5_000) + strings.Repeat("]", 5_000)},
		{"relations", "SELECT 1 FROM a" + strings.Repeat(", a", DefaultMaxRelations)},
		{"cases", "SELECT " + strings.Repeat("CASE WHEN ", 5_000) + "1" + strings.Repeat(" THEN 1 END", 5_000)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if _, err := Read(test.sql, Options{}); !errors.Is(err, ErrLimit) {
				t.Errorf("Read = %v, want ErrLimit", err)
			}
		})
	}
}

func TestReadTakesLongFlatTexts(t *testing.T) {
	t.Parallel()
	for name, sql := range map[string]string{
		"sum":      "SELECT 1" + strings.Repeat("+1", 100_000),
		"and":      "SELECT 1 WHERE a" + strings.Repeat(" AND a", 100_000),
		"union":    "SELECT 1" + strings.Repeat(" UNION SELECT 1", 20_000),
		"in list":  "SELECT 1 WHERE a IN (1" + strings.Repeat(",1", 200_000) + ")",
		"new rows": "INSERT INTO a VALUES (1)" + strings.Repeat(", (1)", 100_000),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := Read(sql, Options{}); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestLooseReadsPlaceholdersOfGoLibraries(t *testing.T) {
	t.Parallel()
	tree, err := Read(`SELECT a::text, b ->> 'x', c @> d, e[1:2] FROM t WHERE a=? AND b = @org_id AND c =:name AND d IN (?,?) AND j @? '$'`, Options{Loose: true})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range tree.Params {
		got = append(got, fmt.Sprintf("%d%s", p.Number, p.Name))
	}
	if diff := cmp.Diff([]string{"1", "0org_id", "0name", "2", "3"}, got); diff != "" {
		t.Errorf("parameters (-want +got):\n%s", diff)
	}
}

func TestParseName(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, schema, name, err string }{
		{in: "Projects", name: "projects"},
		{in: `"Projects"`, name: "Projects"},
		{in: `billing."a.b"`, schema: "billing", name: "a.b"},
		{in: "a.b.c", err: "end of the name"},
		{in: "a b", err: "end of the name"},
		{in: "", err: "a name"},
		{in: "select", err: "a name"},
	}
	for _, test := range tests {
		schema, name, err := ParseName(test.in)
		if test.err != "" {
			if err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("ParseName(%q) error = %v, want %q", test.in, err, test.err)
			}
			continue
		}
		if err != nil || schema != test.schema || name != test.name {
			t.Errorf("ParseName(%q) = %q, %q, %v; want %q, %q", test.in, schema, name, err, test.schema, test.name)
		}
	}
}

func TestQuoteNameIsReadBack(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"projects", "Projects", `a"b`, "select", "left", "year", "ünï", "1a", "a b", "a$1", "value"} {
		_, got, err := ParseName(QuoteName(name))
		if err != nil || got != name {
			t.Errorf("ParseName(QuoteName(%q)) = %q, %v", name, got, err)
		}
		schema, table, err := ParseName(QuoteTable(name, "tasks"))
		if err != nil || schema != name || table != "tasks" {
			t.Errorf("ParseName(QuoteTable(%q, tasks)) = %q, %q, %v", name, schema, table, err)
		}
	}
	if got := QuoteName("organization_id"); got != "organization_id" {
		t.Errorf("plain name is quoted: %s", got)
	}
}

// corpus gives the statements of testdata/corpus.
func corpus(tb testing.TB) []string {
	tb.Helper()
	files, err := filepath.Glob("testdata/corpus/*.sql")
	if err != nil || len(files) == 0 {
		tb.Fatalf("no corpus: %v", err)
	}
	var list []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		for s := range strings.SplitSeq(string(text), ";\n") {
			if s = strings.TrimSpace(s); s != "" {
				list = append(list, s)
			}
		}
	}
	return list
}

// FuzzRead checks what holds for any text: no fault of the reader, and spans
// that lie inside the text and inside their parents.
func FuzzRead(f *testing.F) {
	for _, s := range corpus(f) {
		f.Add(s, false)
	}
	f.Add("SELECT 1 FROM t WHERE a=? AND b=@c", true)
	f.Fuzz(func(t *testing.T, text string, loose bool) {
		tree, err := Read(text, Options{Loose: loose})
		if err != nil {
			if strings.HasPrefix(err.Error(), faultPrefix) {
				t.Fatal(err)
			}
			return
		}
		for _, r := range tree.Relations {
			if r.Start < 0 || r.End > len(text) || r.Start >= r.End || r.NameOffset < r.Start {
				t.Errorf("relation %s has span %v in %d bytes", r.Name, r.Span, len(text))
			}
		}
		inside(t, tree.Root, Span{0, len(text)})
	})
}

// inside checks that a statement and what it holds lie within a span.
func inside(t *testing.T, s *Statement, outer Span) {
	if s == nil {
		return
	}
	if s.Start < outer.Start || s.End > outer.End {
		t.Fatalf("%v at %v is not inside %v", s.Kind, s.Span, outer)
	}
	if s.Where != nil && (s.Where.Start < s.Start || s.Where.End > s.End || s.Where.Start < s.FromEnd) {
		t.Fatalf("WHERE at %v is not inside %v behind %d", s.Where.Span, s.Span, s.FromEnd)
	}
	for _, arm := range s.Arms {
		inside(t, arm, s.Span)
	}
	for _, sub := range s.Subqueries {
		inside(t, sub, s.Span)
	}
	inside(t, s.Source, s.Span)
	if s.With != nil {
		for _, cte := range s.With.CTEs {
			inside(t, cte.Body, s.Span)
		}
	}
}

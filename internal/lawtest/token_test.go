package lawtest

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTokenizeKeepsQuotesAndComments(t *testing.T) {
	t.Parallel()
	tests := []struct{ sql, want string }{
		{`SELECT a.b, 'it''s' FROM "a""b" -- x`, `SELECT|a|.|b|,|'it''s'|FROM|"a""b"`},
		{`/* a /* nested */ b */E'\'x'$1::int`, `E'\'x'|$1|::|int`},
		{`$$ ' $$ $q$ $$ $q$ U&'\0041'`, `$$ ' $$|$q$ $$ $q$|U&'\0041'`},
		{`a<=-1 AND t.*`, `a|<=-|1|AND|t|.|*`},
		{`'open "x`, `'|open|"|x`},
		{`$$ open`, `$|$|open`},
		{`e.x 1.5 é`, `e|.|x|1.5|é`},
	}
	for _, test := range tests {
		var got []string
		for _, tok := range tokenize(test.sql) {
			got = append(got, tok.text)
		}
		if diff := cmp.Diff(test.want, strings.Join(got, "|")); diff != "" {
			t.Errorf("tokenize(%s) (-want +got):\n%s", test.sql, diff)
		}
	}
}

func TestStatementsOfASeedAreAlwaysTheSame(t *testing.T) {
	t.Parallel()
	for n := range uint64(200) {
		if diff := cmp.Diff(Generate(7, n, 15), Generate(7, n, 15)); diff != "" {
			t.Fatalf("statement %d differs:\n%s", n, diff)
		}
	}
}

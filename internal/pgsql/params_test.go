package pgsql

import (
	"slices"
	"testing"
)

func TestParamsAreFoundOutsideOfWhatHidesThem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		want []int
	}{
		{``, nil},
		{`SELECT 1`, nil},
		{`$1`, []int{1}},
		{`a=$12+$2::int`, []int{12, 2}},
		{`($1,$1)`, []int{1, 1}},
		{`'$1'$2`, []int{2}},
		{`'it''s $1' = $2`, []int{2}},
		{`'a\' = $1 || 'b'`, []int{1}},
		{`E'a\'$1' = $2`, []int{2}},
		{`e'a\\' = $1`, []int{1}},
		{`E'a''$1' = $2`, []int{2}},
		{"E'a' \n -- $1\n 'b\\'$2' = $3", []int{3}},
		{"E'a' 'b\\' = $1", []int{1}},
		{`name'$1'$2`, []int{2}},
		{`U&'$1' = $2`, []int{2}},
		{`B'01$1' = $2`, []int{2}},
		{`"$1" = $2`, []int{2}},
		{`"a""$1" = $2`, []int{2}},
		{"-- $1\n$2", []int{2}},
		{"-- $1\r$2", []int{2}},
		{"$1 -- $2", []int{1}},
		{`/* $1 /* $2 */ $3 */ $4`, []int{4}},
		{`/*/ $1 */ $2`, []int{2}},
		{`$$ $1 $$ = $2`, []int{2}},
		{`$a$ $1 $$ $b$ $a$ = $2`, []int{2}},
		{`$é_1$ $1 $é_1$ = $2`, []int{2}},
		{`name$1 = $2`, []int{2}},
		{`é$1 = $2`, []int{2}},
		{`1e5 + $1`, []int{1}},
		{`a[$1:$2]`, []int{1, 2}},
	} {
		found, err := Params(c.text)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		var got []int
		for _, p := range found {
			got = append(got, p.Number)
			if c.text[p.Start:p.End][0] != '$' {
				t.Errorf("%s: $%d is said to stand at %v", c.text, p.Number, p.Span)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: parameters %v, want %v", c.text, got, c.want)
		}
	}
}

func TestParamsTakesPartsOfStatements(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"a = $1)", "(a = $1", "a[$1", "] $1 )"} {
		if found, err := Params(text); err != nil || len(found) != 1 {
			t.Errorf("%s: %v, %v", text, found, err)
		}
	}
}

func TestParamsRefusesAnOpenText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`'`, `a = '$1`, `E'\'`, `"`, `/* /* */`, `/*`, `$$ `, `$a$ $b$`, `'a''`, `$99999999999`, `a $ b`} {
		if _, err := Params(text); err == nil {
			t.Errorf("%s is accepted", text)
		}
	}
}

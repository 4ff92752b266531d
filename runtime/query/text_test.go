package query

import (
	"errors"
	"slices"
	"testing"

	"github.com/huandu/go-sqlbuilder"
)

func TestTextNestsWithNewNumbers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		sql  string
		args []any
		text string
		want []any
	}{
		{"none", "SELECT 1", nil, "SELECT 1", []any{"first"}},
		{"in order", "a = $1 AND b = $2", []any{1, 2}, "a = $2 AND b = $3", []any{"first", 1, 2}},
		{"in another order", "a = $2 AND b = $1", []any{1, 2}, "a = $2 AND b = $3", []any{"first", 2, 1}},
		{"one twice", "a = $1 OR b = $1", []any{1}, "a = $2 OR b = $3", []any{"first", 1, 1}},
		{"hidden", "a = '$1' /* $2 */ AND $$ $3 $$ = $1", []any{1}, "a = '$1' /* $2 */ AND $$ $3 $$ = $2", []any{"first", 1}},
		{"line comment at the end", "a -- b", nil, "a -- b\n", []any{"first"}},
		{"nil", "a = $1", []any{nil}, "a = $2", []any{"first", nil}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := Text(c.sql, c.args...)
			text, args := b.BuildWithFlavor(sqlbuilder.PostgreSQL, "first")
			if text != c.text || !slices.Equal(args, c.want) {
				t.Errorf("got %q %v, want %q %v", text, args, c.text, c.want)
			}
			if text, args := b.Build(); text != c.sql || !slices.Equal(args, c.args) {
				t.Errorf("Build: %q %v, want what was given", text, args)
			}
		})
	}
}

func TestTextThatDoesNotFitItsArgumentsIsRefusedWhenItNests(t *testing.T) {
	t.Parallel()
	for _, b := range []sqlbuilder.Builder{
		Text("a = $1"),
		Text("a = $0", 1),
		Text("a = $2", 1, 2),
		Text("a = $1", 1, 2),
		Text("a = $99999999999999999999", 1),
		Text("a = 'open", 1),
		Text("a = $1", selectWidgets("id")),
	} {
		sb := selectWidgets("id")
		sb.Where(sb.EQ("name", "axle"), sb.Var(b))
		if text, _, err := ForOrg(sb, us).SQL(); !errors.Is(err, ErrStatement) {
			t.Errorf("%v: %s %v, want ErrStatement", b, text, err)
		}
	}
}

func TestTextMayUseAnArgumentTwice(t *testing.T) {
	t.Parallel()
	text, args := mustRender(t, ForOrg(Text(`SELECT id FROM widgets WHERE $1::text IS NULL OR name = $1`, "axle"), us))
	if want := []any{"axle", us}; !slices.Equal(args, want) {
		t.Errorf("%s: arguments %v, want %v", text, args, want)
	}
}

func TestTextsNestInEachOther(t *testing.T) {
	t.Parallel()
	sb := selectWidgets("id")
	sb.Where(
		sb.In("name", Text("SELECT $2 UNION SELECT $1", "axle", "bolt")),
		"\"order\" BETWEEN "+sb.Var(Text("$1 AND $1 + $2", 1, 2)),
	)
	_, args := mustRender(t, ForOrg(sb, us))
	if want := []any{"bolt", "axle", 1, 1, 2, us}; !slices.Equal(args, want) {
		t.Errorf("arguments %v, want %v", args, want)
	}
}

package directive

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

func TestParseRefusesWhatIsNotADirective(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text         string
		kind, reason string
		err          string // contained in it
	}{
		{"//sigra:allow admin -- a page for operators", "admin", "a page for operators", ""},
		{"//sigra:allow   pre-auth   --   two  spaces  ", "pre-auth", "two  spaces", ""},
		{"//sigra:allow test -- a reason -- with dashes", "test", "a reason -- with dashes", ""},
		{"//sigra:allow test -- see https://example.com // and more", "test", "see https://example.com", ""},
		{"//sigra:allow admin", "", "", "without a reason; write //sigra:allow admin -- why this is safe"},
		{"//sigra:allow admin --", "", "", "without a reason"},
		{"//sigra:allow admin -- // nothing", "", "", "without a reason"},
		{"//sigra:allow admin - a reason", "", "", `stray text "- a reason"`},
		{"//sigra:allow admin, test -- x", "", "", `unknown kind "admin,"`},
		{"//sigra:allow admin test -- x", "", "", `stray text "test"`},
		{"//sigra:allow Admin -- x", "", "", `unknown kind "Admin"; use one of tenant-root,`},
		{"//sigra:allow -- x", "", "", "without a kind"},
		{"//sigra:allow", "", "", "without a kind"},
		{"//sigra:allowed admin -- x", "", "", "unknown directive sigra:allowed"},
		{"//sigra:", "", "", "unknown directive sigra:"},
	}
	for _, tt := range tests {
		kind, reason, err := Parse(tt.text)
		if kind != tt.kind || reason != tt.reason {
			t.Errorf("Parse(%q) = %q, %q, want %q, %q", tt.text, kind, reason, tt.kind, tt.reason)
		}
		if (err != nil) != (tt.err != "") || err != nil && !strings.Contains(err.Error(), tt.err) {
			t.Errorf("Parse(%q): error %v, want %q", tt.text, err, tt.err)
		}
	}
}

const source = `package p

// whole is allowed.
//
//sigra:allow admin -- all of it
func whole() {
	call("in whole")
}

func part() {
	call("before")
	//sigra:allow test -- the next line
	call("allowed")
	call("after")

	//sigra:allow test -- the line after the group
	// goes on here
	call("after a group")

	//sigra:allow nothing -- here
	call("after a mistake")
	//sigra:allow test -- idle
}
`

func TestDirectiveSpeaksForTheNextLineOrTheFunction(t *testing.T) {
	t.Parallel()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", source, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	set := Collect(fset, []*ast.File{file})
	got := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			got[call.Args[0].(*ast.BasicLit).Value] = set.Allows(call.Pos())
		}
		return true
	})
	for text, want := range map[string]bool{
		`"in whole"`: true, `"before"`: false, `"allowed"`: true, `"after"`: false,
		`"after a group"`: true, `"after a mistake"`: false,
	} {
		if got[text] != want {
			t.Errorf("call %s: allowed %t, want %t", text, got[text], want)
		}
	}
	if len(set.Bad) != 1 || fset.Position(set.Bad[0].Pos).Line != 20 {
		t.Errorf("malformed: %v", set.Bad)
	}
	if unused := set.Unused(); len(unused) != 1 || unused[0].Reason != "idle" {
		t.Errorf("unused: %v", unused)
	}
}

func TestCoversDoesNotCountAsNeeded(t *testing.T) {
	t.Parallel()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", source, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	set := Collect(fset, []*ast.File{file})
	covered := 0
	ast.Inspect(file, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && set.Covers(call.Pos()) {
			covered++
		}
		return true
	})
	if covered != 3 {
		t.Errorf("%d calls are covered, want 3", covered)
	}
	if unused := set.Unused(); len(unused) != 4 {
		t.Errorf("%d directives are unused, want all 4", len(unused))
	}
}

func TestAllowsNeedsAPosition(t *testing.T) {
	t.Parallel()
	if new(Set).Allows(token.NoPos) {
		t.Error("a place that is nowhere is allowed")
	}
}

func FuzzParse(f *testing.F) {
	f.Add("//sigra:allow admin -- reason")
	f.Fuzz(func(t *testing.T, text string) {
		kind, reason, err := Parse(prefix + text)
		if (err == nil) != (kind != "" && reason != "") {
			t.Errorf("Parse(%q) = %q, %q, %v", text, kind, reason, err)
		}
	})
}

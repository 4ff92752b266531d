package valueflow_test

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/sigrahq/sigra/internal/ssabuild"
	"github.com/sigrahq/sigra/internal/valueflow"
)

// nothing is known of other packages.
type nothing struct{}

func (nothing) Origins(*types.Func, int, string) []*valueflow.Expr { return nil }
func (nothing) ByID([]*valueflow.Expr) string                      { return "" }
func (nothing) Owns(string) bool                                   { return false }
func (nothing) Unrestricted([]*valueflow.Expr, ssa.CallInstruction) string {
	return ""
}
func (nothing) Results(*types.Func, int) []*valueflow.Expr               { return nil }
func (nothing) ResultPart(*types.Func, int, string) []*valueflow.Expr    { return nil }
func (nothing) After(*types.Func, int, string) ([]*valueflow.Expr, bool) { return nil, false }
func (nothing) Variable(*types.Var) []*valueflow.Expr                    { return nil }
func (nothing) Table(types.Type) string                                  { return "" }
func (nothing) Embedded(*types.Var) (string, bool)                       { return "", false }

var (
	fset     = token.NewFileSet()
	imports  = importer.ForCompiler(fset, "source", nil)
	building sync.Mutex // the importer is for one at a time
)

// flowOf follows the values of a package of one file.
func flowOf(t *testing.T, src string) (*valueflow.Flow, *ssabuild.Package) {
	t.Helper()
	building.Lock()
	defer building.Unlock()
	file, err := parser.ParseFile(fset, "p.go", "package p\n"+src, 0)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Implicits: map[ast.Node]types.Object{}, Instances: map[*ast.Ident]types.Instance{}, Scopes: map[ast.Node]*types.Scope{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, FileVersions: map[*ast.File]string{},
	}
	conf := types.Config{Importer: imports, GoVersion: "go1.26"}
	pkg, err := conf.Check("p", fset, []*ast.File{file}, info)
	if err != nil {
		t.Fatal(err)
	}
	built := ssabuild.Build(&analysis.Pass{Fset: fset, Files: []*ast.File{file}, Pkg: pkg, TypesInfo: info})
	return valueflow.New(built, nothing{}), built
}

// texts are what the first result of function f can be, holes with their
// reasons.
func texts(t *testing.T, src string) []string {
	t.Helper()
	flow, pkg := flowOf(t, src)
	i := slices.IndexFunc(pkg.Funcs, func(fn *ssa.Function) bool { return fn.Name() == "f" })
	if i < 0 {
		t.Fatal("no function f")
	}
	var out []string
	for _, e := range flow.Result(pkg.Funcs[i], 0) {
		var b strings.Builder
		for _, p := range valueflow.Flatten(e, true) {
			switch p.Kind {
			case valueflow.Text:
				b.WriteString(p.Text)
			case valueflow.Hole:
				b.WriteString("{" + p.Text + "}")
			default:
				b.WriteString(p.String())
			}
		}
		out = append(out, b.String())
	}
	slices.Sort(out)
	return out
}

func TestWhatAFunctionReturns(t *testing.T) {
	t.Parallel()
	tests := []struct {
		about string
		src   string
		want  []string
	}{
		{"constant", `func f() string { return "a" + "b" }`, []string{"ab"}},
		{"parameter", `func f(s string) string { return "a" + s }`, []string{"a$0"}},
		{"branches", `func f(b bool) string { s := "a"; if b { s = "b" }; return s }`, []string{"b", "a"}},
		{"switch", `func f(n int) string { switch n { case 1: return "a"; case 2: return "b" }; return "c" }`, []string{"a", "b", "c"}},
		{"appended in branches", `func f(b, c bool) string { s := "a"; if b { s += "b" }; if c { s += "c" }; return s }`, []string{"abc", "ac", "ab", "a"}},
		{"loop", `func f(n int) string { s := "a"; for range n { s += "b" }; return s }`, []string{"a", "ab", "abb", "abbb"}},
		{"loop over constants", `func f() (s string) { for _, x := range []string{"a", "b"} { s = x }; return s }`, []string{"", "a", "b"}},
		{"element of a literal", `func f(i int) string { return []string{"a", "b"}[i] }`, []string{"a", "b"}},
		{"element that is known", `func f() string { return []string{"a", "b"}[1] }`, []string{"b"}},
		{"map", `func f(k string) string { return map[string]string{"x": "a", "y": "b"}[k] }`, []string{"a", "b"}},
		{"package map", `var m = map[string]string{"x": "a", "y": "b"}; func f(k string) string { return m[k] }`, []string{"a", "b"}},
		{"keys", `func f() string { for k := range map[string]int{"x": 1, "y": 2} { return k }; return "" }`, []string{"x", "y", ""}},
		{"package variable", `var v = "a"; func set() { v = "b" }; func f() string { return v }`, []string{"a", "b"}},
		{"package variable that is never set", `var v string; func f() string { return v }`, []string{"{nothing in the package sets variable v}"}},
		{"struct", `type q struct{ a, b string }; func f() string { x := q{"a", "b"}; x.a = "c"; return x.a + x.b }`, []string{"cb"}},
		{"slice of structs", `type q struct{ a, b string }; func f() (s string) { for _, x := range []q{{"a", "b"}, {"c", "d"}} { s = x.b }; return s }`, []string{"", "b", "d"}},
		{"field of the receiver", `type q struct{ a string }; func n() *q { return &q{a: "a"} }; func (x *q) f() string { return x.a }`, []string{"a"}},
		{"field that anybody sets", `type q struct{ a string }; func (x *q) set(a string) { x.a = a }; func (x *q) f() string { return x.a }`, []string{"$0.0"}},
		{"helper", `func h(s string) string { return "<" + s + ">" }; func f() string { return h("a") + h("b") }`, []string{"<a><b>"}},
		{"mutual recursion", `func a(n int) string { if n == 0 { return "x" }; return b(n - 1) }; func b(n int) string { return a(n) }; func f() string { return a(3) }`, []string{"x"}},
		{"result with an error", `import "errors"; func h(b bool) (string, error) { if b { return "", errors.New("x") }; return "a", nil }; func f() string { s, _ := h(true); return s }`, []string{"a"}},
		{"result with false", `func h(b bool) (string, bool) { if b { return "", false }; return "a", true }; func f() string { s, _ := h(true); return s }`, []string{"a"}},
		{"guard on a parameter", `func h(s string) string { q := "a"; if s != "" { q += s }; return q }; func f() string { return h("b") + h("") }`, []string{"aba"}},
		{"closure", `func f() string { s := "a"; g := func(x string) string { return s + x }; return g("b") }`, []string{"ab"}},
		{"variable that a closure sets", `func f() string { s := "a"; func() { s = "b" }(); return s }`, []string{"b", "a"}},
		{"pointer", `func set(p *string) { *p = "b" }; func f() string { s := "a"; set(&s); return s }`, []string{"b"}},
		{"scanned", `import "fmt"; func f() string { s := "a"; fmt.Sscan("x", &s); return s }`, []string{"{it is filled in by fmt.Sscan}"}},
		{"channel", `func f(c chan string) string { return <-c }`, []string{"{it is received from a channel}"}},
		{"generic", `func h[T any](s string, _ T) string { return s }; func f() string { return h("a", 1) + h("b", "") }`, []string{"ab"}},
		{"type parameter", `type x struct{}; func (x) N() string { return "a" }; func h[T interface{ N() string }]() string { var t T; return t.N() }; func f() string { return h[x]() }`, []string{"a"}},
		{"interface", `type x struct{}; func (x) N() string { return "a" }; type i interface{ N() string }; func h(v i) string { return v.N() }; func f() string { return h(x{}) }`, []string{"a"}},
		{"unknown interface", `type i interface{ N() string }; func f(v i) string { return v.N() }`, []string{"{a text that depends on parameters}"}},

		{"Sprintf", `import "fmt"; func f(n int, s string) string { return fmt.Sprintf("%d %s %[2]s %q %%", n, 7, "q") }`, []string{`# 7 7 "q" %`}},
		{"Sprintf of a parameter", `import "fmt"; func f(s string) string { return fmt.Sprintf("%s %[1]q", s) }`, []string{"{a text that depends on parameters}"}},
		{"Sprintf with arguments elsewhere", `import "fmt"; func f(a ...any) string { return fmt.Sprintf("%d %s", a...) }`, []string{"{a text that depends on parameters}"}},
		{"Join", `import "strings"; func f(b bool) string { c := []string{"a"}; if b { c = append(c, "b") }; return strings.Join(c, "+") }`, []string{"a+b", "a"}},
		{"Join of a loop", `import ("fmt"; "strings"); func f(n int) string { c := make([]string, n); for i := range c { c[i] = fmt.Sprintf("$%d", i) }; return strings.Join(c, ",") }`, []string{"$#"}},
		{"Builder", `import ("fmt"; "strings"); func f(n int) string { var b strings.Builder; b.WriteString("a"); if n > 1 { fmt.Fprintf(&b, "%d", n) }; b.WriteByte('c'); return b.String() }`, []string{"a#c", "ac"}},
		{"Builder that is reset", `import "strings"; func f() string { var b strings.Builder; b.WriteString("a"); b.Reset(); b.WriteString("b"); return b.String() }`, []string{"b"}},
		{"Builder in a helper", `import ("io"; "strings"); func h(w io.Writer) { io.WriteString(w, "b") }; func f() string { var b strings.Builder; b.WriteString("a"); h(&b); return b.String() }`, []string{"ab"}},
		{"strings", `import "strings"; func f() string { return strings.TrimSuffix(strings.ToUpper(strings.Replace("a, b, ", "a", "c", 1)), ", ") }`, []string{"C, B"}},
		{"cut", `func f(n int) string { s := ""; for range n { s += "a, " }; return s[:len(s)-2] }`, []string{"a", "a, a", "a, a, a"}},
		{"Split", `import "strings"; func f(i int) string { return strings.Split("a,b", ",")[i] }`, []string{"a", "b"}},
		{"bytes", `func f() string { b := []byte("a"); b = append(b, "b"...); return string(b) }`, []string{"ab"}},
		{"Itoa", `import "strconv"; func f(n int) string { return "$" + strconv.Itoa(n) + strconv.Itoa(7) }`, []string{"$#7"}},
		{"linked list", `type l struct { next *l; s string }; func f(x *l) string { for x.next != nil { x = x.next }; return x.s }`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.about, func(t *testing.T) {
			t.Parallel()
			got := texts(t, tt.src)
			if tt.want == nil {
				if len(got) == 0 {
					t.Error("no answer at all")
				}
				return
			}
			slices.Sort(tt.want)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// Each optional piece has to occur, although not in every combination.
func TestManyBranchesAreThinned(t *testing.T) {
	t.Parallel()
	var src strings.Builder
	src.WriteString("func f(b ...bool) string { s := \"begin\"\n")
	for i := range 40 {
		src.WriteString("if b[" + string('0'+rune(i%10)) + "] { s += \" piece" + string('a'+rune(i%26)) + string('a'+rune(i/26)) + "\" }\n")
	}
	src.WriteString("return s }")
	got := texts(t, src.String())
	if len(got) > 1000 {
		t.Errorf("%d texts", len(got))
	}
	all := strings.Join(got, "\n")
	for i := range 40 {
		if piece := " piece" + string('a'+rune(i%26)) + string('a'+rune(i/26)); !strings.Contains(all, piece) {
			t.Errorf("no text has %q", piece)
		}
	}
	if !slices.Contains(got, "begin") {
		t.Error("no text is without all pieces")
	}
}

func TestAnswersAreTheSameEachTime(t *testing.T) {
	t.Parallel()
	const src = `
func a(n int, s string) string { if n == 0 { return s }; return b(n-1, s+"a") + "c" }
func b(n int, s string) string { for range n { s += a(n, "d") }; return s }
var m = map[string]string{"x": a(1, "e"), "y": b(2, "f")}
func f(k string) string { return m[k] + m[k] }`
	first := texts(t, src)
	if len(first) < 2 {
		t.Fatalf("texts %q", first)
	}
	for range 5 {
		if diff := cmp.Diff(first, texts(t, src)); diff != "" {
			t.Fatal(diff)
		}
	}
}

package analyzer_test

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/sigrahq/sigra/analyzer"
)

// Programs write programs, and some of what they write is large or strange.
// The analyzer comes to an end on all of it, and still finds the statement at
// the end of each package. (The test's time limit is the judge of "an end".)
func TestHostileProgramsAreReadToTheEnd(t *testing.T) {
	t.Parallel()
	bodies := map[string]string{
		"straight": "var text string\n" + repeat(5000, func(i int) string {
			return fmt.Sprintf("text = text + column(%d)\n", i)
		}) + "db.Query(text)",
		"branches": "var b strings.Builder\nb.WriteString(\"SELECT id FROM things WHERE true\")\n" + repeat(3000, func(i int) string {
			return fmt.Sprintf("if flag(%d) { b.WriteString(\" AND c%d = 1\") }\n", i, i)
		}) + "db.Query(b.String())",
		"cases": "text := \"\"\nswitch n {\n" + repeat(2000, func(i int) string {
			return fmt.Sprintf("case %d: text = \"SELECT %d FROM things\"\n", i, i)
		}) + "}\ndb.Query(text)",
		"loops": repeat(40, func(i int) string {
			return fmt.Sprintf("for i%d := range n {\ntext%d := column(i%d)\n", i, i, i)
		}) + "db.Query(" + strings.TrimSuffix(repeat(40, func(i int) string { return fmt.Sprintf("text%d+", i) }), "+") + ")" + strings.Repeat("}\n", 40),
		"closures": repeat(60, func(i int) string {
			return fmt.Sprintf("f%d := func(s string) string {\n", i)
		}) + "return column(n)\n" + repeat(60, func(i int) string {
			return fmt.Sprintf("}\n_ = f%d\n%s", 59-i, ifThen(i < 59, fmt.Sprintf("return f%d(s + \"x\")\n", 59-i)))
		}) + "db.Query(f0(\"\"))",
		"buffer": "buf := make([]byte, 64<<20)\ndb.Query(string(buf))\nvar table [1<<24]string\ntable[n] = column(n)\ndb.Query(strings.Join(table[:], \" \"))",
		"list":   "list := []string{" + repeat(5000, func(i int) string { return fmt.Sprintf("column(%d),", i) }) + "}\ndb.Query(strings.Join(list, \" \"))",
	}
	declarations := map[string]string{
		"diamonds": repeat(300, func(i int) string {
			return fmt.Sprintf("func d%[1]d(s string) string { if flag(%[1]d) { return d%[2]d(s + \"a\") }; return d%[2]d(s + \"b\") }\n", i, i+1)
		}) + "func d300(s string) string { return s }\nfunc run(db *sql.DB) { db.Query(d0(\"SELECT id FROM things WHERE \")) }\n",
		"mutual": repeat(200, func(i int) string {
			return fmt.Sprintf("func m%d(db *sql.DB, s string) { if flag(%d) { db.Query(s) }; m%d(db, s+\" AND true\"); m%d(db, s) }\n", i, i, (i+1)%200, (i*7+3)%200)
		}) + "func run(db *sql.DB) { m0(db, \"SELECT id FROM things WHERE true\") }\n",
		"types": `
type T struct { *T; next []T; by map[string]*T; f func(T) T; sql string; where []string }
type L []L
type M map[string]M
type F func(F) F
type I interface { Next() I; Query(sql string, args ...any) error }
type N[A any] struct { inner *N[A]; text string; of A }
type P *P
func (t *T) walk(db *sql.DB) { for _, n := range t.next { n.walk(db) }; t.T.T.T.walk(db); db.Query(t.T.T.next[0].by["x"].sql) }
func (n *N[A]) run(db *sql.DB) { n.inner.inner.run(db); db.Query(n.inner.inner.text) }
func each(i I) { each(i.Next().Next()); i.Next().Query("SELECT id FROM things") }
func self(f F) F { return self(f(f)) }
`,
	}
	files := map[string]string{}
	for name, body := range bodies {
		files[name+"/"+name+".go"] = hostile(name, "func run(db *sql.DB, n int) {\n"+body+"\n}\n")
	}
	for name, text := range declarations {
		files[name+"/"+name+".go"] = hostile(name, text)
	}
	dir, clean, err := analysistest.WriteFiles(files)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(clean)
	var names []string
	for file := range files {
		name, _, _ := strings.Cut(file, "/")
		names = append(names, name)
	}
	analysistest.Run(quiet{t}, dir, analyzer.New(analyzer.Options{}), names...)
}

// hostile is a package with declarations and a leak.
func hostile(name, declarations string) string {
	return "package " + name + `

import (
	"database/sql"
	"strings"
)

var _ strings.Builder

type Task struct {
	OrganizationID string ` + "`db:\"organization_id\"`" + `
	Title          string ` + "`db:\"title\"`" + `
}

func flag(int) bool
func column(int) string

` + declarations + `
func leak(db *sql.DB) {
	db.Query("SELECT id FROM tasks") // want ` + "`\"tasks\" is not restricted`" + `
}
`
}

func repeat(n int, f func(i int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(f(i))
	}
	return b.String()
}

func ifThen(cond bool, s string) string {
	if cond {
		return s
	}
	return ""
}

// quiet passes over findings that are not expected: what is said of text that
// nobody can know is not the question here.
type quiet struct{ *testing.T }

func (q quiet) Errorf(format string, args ...any) {
	if !strings.Contains(format, "unexpected") {
		q.T.Errorf(format, args...)
	}
}

package directive

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

const prefix = "//sigra:"

// Kinds are the kinds of statement that may do without an organization.
var Kinds = []string{
	"tenant-root", "shared-table", "token-keyed", "pre-auth", "system-sweep",
	"admin", "parent-authorized", "migration", "test",
}

// Allow is one well-formed directive and the code that it speaks for.
type Allow struct {
	Pos, End token.Pos
	Kind     string
	Reason   string

	file     string
	line     int       // the line it stands above; 0 for a function's
	from, to token.Pos // the function whose doc comment it is in
	used     bool
}

// Malformed is a comment that was meant to be a directive and is none.
type Malformed struct {
	Pos, End token.Pos
	Msg      string
}

// Set is all directives of a package.
type Set struct {
	fset   *token.FileSet
	allows []*Allow
	Bad    []Malformed
}

// Collect reads the directives of files, in the order of the source.
func Collect(fset *token.FileSet, files []*ast.File) *Set {
	s := &Set{fset: fset}
	for _, f := range files {
		s.collect(f)
	}
	return s
}

func (s *Set) collect(f *ast.File) {
	var docs map[*ast.CommentGroup]*ast.FuncDecl
	for _, group := range f.Comments {
		for _, c := range group.List {
			if !strings.HasPrefix(c.Text, prefix) {
				continue
			}
			if docs == nil {
				docs = funcDocs(f)
			}
			s.add(c, group, docs[group])
		}
	}
}

func funcDocs(f *ast.File) map[*ast.CommentGroup]*ast.FuncDecl {
	docs := map[*ast.CommentGroup]*ast.FuncDecl{}
	for _, decl := range f.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok && fn.Doc != nil {
			docs[fn.Doc] = fn
		}
	}
	return docs
}

func (s *Set) add(c *ast.Comment, group *ast.CommentGroup, fn *ast.FuncDecl) {
	kind, reason, err := Parse(c.Text)
	if err != nil {
		s.Bad = append(s.Bad, Malformed{c.Pos(), c.End(), err.Error()})
		return
	}
	a := &Allow{Pos: c.Pos(), End: c.End(), Kind: kind, Reason: reason}
	if fn != nil {
		a.from, a.to = fn.Pos(), fn.End()
	} else {
		end := s.fset.Position(group.End())
		a.file, a.line = end.Filename, end.Line+1
	}
	s.allows = append(s.allows, a)
}

// Parse reads the text of one comment that begins with "//sigra:". A second
// comment on the same line is not part of it.
func Parse(text string) (kind, reason string, err error) {
	text, _, _ = strings.Cut(text, " //")
	verb, rest, _ := strings.Cut(strings.TrimPrefix(text, prefix), " ")
	if verb != "allow" {
		return "", "", fmt.Errorf("unknown directive sigra:%s; the only one is //sigra:allow KIND -- reason", verb)
	}
	kind, reason, found := strings.Cut(rest, "--")
	kind = strings.TrimSpace(kind)
	reason = strings.TrimSpace(reason)
	words := strings.Fields(kind)
	switch {
	case len(words) == 0:
		return "", "", fmt.Errorf("allow directive without a kind; write //sigra:allow KIND -- reason, KIND one of %s", strings.Join(Kinds, ", "))
	case !slices.Contains(Kinds, words[0]):
		return "", "", fmt.Errorf("allow directive of unknown kind %q; use one of %s", words[0], strings.Join(Kinds, ", "))
	case len(words) > 1:
		return "", "", fmt.Errorf("allow directive with stray text %q; write //sigra:allow %s -- reason", strings.Join(words[1:], " "), words[0])
	case !found || reason == "":
		return "", "", fmt.Errorf("allow directive without a reason; write //sigra:allow %s -- why this is safe", words[0])
	}
	return words[0], reason, nil
}

// Allows says whether a directive speaks for any of the given places, and
// marks it as needed.
func (s *Set) Allows(places ...token.Pos) bool {
	allowed := false
	for _, a := range s.allows {
		if s.Speaks(a, places...) {
			a.used = true
			allowed = true
		}
	}
	return allowed
}

// Covers is Allows for a question that does not make a directive needed.
func (s *Set) Covers(places ...token.Pos) bool {
	return slices.ContainsFunc(s.allows, func(a *Allow) bool { return s.Speaks(a, places...) })
}

// Speaks tells whether one directive speaks for any of the given places.
func (s *Set) Speaks(a *Allow, places ...token.Pos) bool {
	return slices.ContainsFunc(places, func(p token.Pos) bool { return s.covers(a, p) })
}

func (s *Set) covers(a *Allow, p token.Pos) bool {
	if !p.IsValid() {
		return false
	}
	if a.line == 0 {
		return a.from <= p && p < a.to
	}
	at := s.fset.Position(p)
	return at.Line == a.line && at.Filename == a.file
}

// Unused returns the directives that Allows had no need of.
func (s *Set) Unused() []*Allow {
	var unused []*Allow
	for _, a := range s.allows {
		if !a.used {
			unused = append(unused, a)
		}
	}
	return unused
}

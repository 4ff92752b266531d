package corpustest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A place is a line of a file, the first one where a statement has several.
type place struct {
	file string
	line int
}

func (p place) String() string { return fmt.Sprintf("%s:%d", p.file, p.line) }

// A mark is what a comment says about a place.
type mark struct {
	place
	kind       string // want, may, ok, open
	categories []string
}

// A unit is a function, a type or a variable, with the marks in it.
type unit struct {
	name       string
	file       string
	start, end int
	marks      []mark
}

func (u *unit) has(kind string) bool {
	return slices.ContainsFunc(u.marks, func(m mark) bool { return m.kind == kind })
}

// corpus is all files of a module.
type corpus struct {
	units []*unit
	first map[place]int // first line of the statement that covers a place
}

var (
	markText = regexp.MustCompile(`^// (?:(want|may)([+-]\d)? ([a-z-]+(?:\|[a-z-]+)*)|(ok|open))$`)
	wantText = regexp.MustCompile(`^// want\b`)
)

// read parses the Go files below dir. A comment that begins like a mark and is
// none is an error.
func read(dir string) (*corpus, error) {
	c := &corpus{first: map[place]int{}}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" {
			return err
		}
		return c.readFile(path)
	})
	return c, err
}

func (c *corpus) readFile(path string) error {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, path, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	line := func(p token.Pos) int { return fset.Position(p).Line }

	ast.Inspect(f, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.AssignStmt, *ast.ExprStmt, *ast.ReturnStmt, *ast.DeferStmt, *ast.GoStmt, *ast.ValueSpec:
			if !holdsFunction(n) {
				for l := line(n.Pos()) + 1; l <= line(n.End()); l++ {
					c.first[place{path, l}] = line(n.Pos())
				}
			}
		}
		return true
	})

	units := declared(f, path, line)
	c.units = append(c.units, units...)
	for _, group := range f.Comments {
		for _, comment := range group.List {
			m := markText.FindStringSubmatch(comment.Text)
			if m == nil {
				if wantText.MatchString(comment.Text) {
					return fmt.Errorf("%s: %q is no mark", fset.Position(comment.Pos()), comment.Text)
				}
				continue
			}
			at := line(comment.Pos())
			i := slices.IndexFunc(units, func(u *unit) bool { return u.start <= at && at <= u.end })
			if i < 0 {
				return fmt.Errorf("%s: mark outside of declarations", fset.Position(comment.Pos()))
			}
			offset := 0
			if m[2] != "" {
				if offset, err = strconv.Atoi(m[2]); err != nil {
					return err
				}
			}
			units[i].marks = append(units[i].marks, mark{
				place:      c.statement(place{path, at + offset}),
				kind:       m[1] + m[4],
				categories: strings.FieldsFunc(m[3], func(r rune) bool { return r == '|' }),
			})
		}
	}
	return nil
}

// statement moves a place to the first line of its statement.
func (c *corpus) statement(p place) place {
	if first, ok := c.first[p]; ok {
		p.line = first
	}
	return p
}

// at returns the unit around a place, or nil.
func (c *corpus) at(p place) *unit {
	for _, u := range c.units {
		if u.file == p.file && u.start <= p.line && p.line <= u.end {
			return u
		}
	}
	return nil
}

func holdsFunction(n ast.Node) (found bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		if _, ok := n.(*ast.FuncLit); ok {
			found = true
		}
		return !found
	})
	return found
}

func declared(f *ast.File, path string, line func(token.Pos) int) []*unit {
	var units []*unit
	add := func(name string, doc *ast.CommentGroup, n ast.Node, comment *ast.CommentGroup) {
		u := &unit{name: name, file: path, start: line(n.Pos()), end: line(n.End())}
		if doc != nil {
			u.start = line(doc.Pos())
		}
		if comment != nil {
			u.end = line(comment.End())
		}
		units = append(units, u)
	}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			add(d.Name.Name, d.Doc, d, nil)
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					add(s.Name.Name, docOf(s.Doc, d), s, s.Comment)
				case *ast.ValueSpec:
					add(s.Names[0].Name, docOf(s.Doc, d), s, s.Comment)
				}
			}
		}
	}
	return units
}

// docOf is the comment of a declaration that stands alone, which belongs to the
// keyword and not to what follows.
func docOf(own *ast.CommentGroup, d *ast.GenDecl) *ast.CommentGroup {
	if own == nil && !d.Lparen.IsValid() {
		return d.Doc
	}
	return own
}

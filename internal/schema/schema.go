package schema

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

// Table is a table as the files leave it. One that gets another name stays
// under the old one too: no statement reads it any more, unless the files are
// those of several databases, where another one still has it.
type Table struct {
	Schema, Name string // Schema is empty for public
	columns      map[string]bool
	gone         bool // it has another name now
}

// Has tells whether the table has a column of that name.
func (t *Table) Has(column string) bool { return t.columns[column] }

// Schema is the tables that the files read so far leave behind. The zero
// value is empty.
type Schema struct {
	tables map[[2]string]*Table
}

// Tables returns the tables in the order of their names.
func (s *Schema) Tables() []*Table {
	return slices.SortedFunc(maps.Values(s.tables), func(a, b *Table) int {
		return strings.Compare(a.Schema+"."+a.Name, b.Schema+"."+b.Name)
	})
}

// Apply reads one file. A file that is the way down applies nothing.
func (s *Schema) Apply(name, text string) {
	if isDown(filepath.Base(name)) {
		return
	}
	if s.tables == nil {
		s.tables = map[[2]string]*Table{}
	}
	l := lexer{text: up(text)}
	for {
		statement, more := l.statement()
		if len(statement) > 0 {
			p := parser{tokens: statement, schema: s}
			p.statement()
		}
		if !more {
			return
		}
	}
}

func (s *Schema) table(key [2]string) *Table {
	t := s.tables[key]
	if t == nil || t.gone {
		t = &Table{Schema: key[0], Name: key[1], columns: map[string]bool{}}
		s.tables[key] = t
	}
	return t
}

func (s *Schema) drop(key [2]string) { delete(s.tables, key) }

func (s *Schema) rename(from, to [2]string) {
	t := s.tables[from]
	if t == nil || t.gone {
		return
	}
	t.gone = true
	s.tables[to] = &Table{Schema: to[0], Name: to[1], columns: maps.Clone(t.columns)}
}

// Compare orders the names of migration files as the tools do: numbers by
// their value, everything else by its letters.
func Compare(a, b string) int {
	for a != "" && b != "" {
		na, ra := number(a)
		nb, rb := number(b)
		if na != "" && nb != "" {
			na, nb = strings.TrimLeft(na, "0"), strings.TrimLeft(nb, "0")
			if len(na) != len(nb) {
				return len(na) - len(nb)
			}
			if c := strings.Compare(na, nb); c != 0 {
				return c
			}
			a, b = ra, rb
			continue
		}
		if a[0] != b[0] {
			return int(a[0]) - int(b[0])
		}
		a, b = a[1:], b[1:]
	}
	return len(a) - len(b)
}

func number(s string) (digits, rest string) {
	i := 0
	for i < len(s) && '0' <= s[i] && s[i] <= '9' {
		i++
	}
	return s[:i], s[i:]
}

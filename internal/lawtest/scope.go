package lawtest

import "slices"

// item is a name in FROM that can qualify columns.
type item struct {
	ref      string
	columns  []column
	base     *table // a table whose columns have their own names
	alias    bool   // ref is not the table's own name
	nullable bool   // an outer join may fill it with NULL
}

// scope is what expressions of one query can refer to.
type scope struct {
	items []*item
	star  []column // what * gives, and where unqualified names are looked up
	outer *scope
}

func newScope(outer *scope, parts ...*part) *scope {
	s := &scope{outer: outer}
	for _, p := range parts {
		s.items = append(s.items, p.items...)
		s.star = append(s.star, p.star...)
	}
	return s
}

// local is the scope without the queries around it.
func (s *scope) local() *scope { return &scope{items: s.items, star: s.star} }

// reference is a column as an expression can name it.
type reference struct {
	sql  string
	item *item // nil where the name has no qualifier
	column
}

// references lists the columns of a kind that can be named in s, those of
// outer queries too, where nothing nearer hides them.
func (s *scope) references(k kind) []reference {
	var found []reference
	names, refs := map[string]bool{}, map[string]bool{}
	for at := s; at != nil; at = at.outer {
		for _, it := range at.items {
			if refs[it.ref] {
				continue
			}
			count := countNames(it.columns)
			for _, c := range it.columns {
				if c.kind == k && count[c.name] == 1 {
					found = append(found, reference{quote(it.ref) + "." + quote(c.name), it, c})
				}
			}
		}
		count := countNames(at.star)
		for _, c := range at.star {
			if c.kind == k && count[c.name] == 1 && !names[c.name] {
				found = append(found, reference{quote(c.name), nil, c})
			}
		}
		for _, c := range at.star {
			names[c.name] = true
		}
		for _, it := range at.items {
			refs[it.ref] = true
		}
	}
	return found
}

func countNames(columns []column) map[string]int {
	count := make(map[string]int, len(columns))
	for _, c := range columns {
		count[c.name]++
	}
	return count
}

// visible are the items that a reference by name finds.
func (s *scope) visible() []*item {
	var found []*item
	refs := map[string]bool{}
	for at := s; at != nil; at = at.outer {
		for _, it := range at.items {
			if !refs[it.ref] {
				found = append(found, it)
			}
		}
		for _, it := range at.items {
			refs[it.ref] = true
		}
	}
	return found
}

// names tells whether any column in sight has a name. PostgreSQL prefers it to
// the whole row of that name.
func (s *scope) names(name string) bool {
	is := func(c column) bool { return c.name == name }
	for at := s; at != nil; at = at.outer {
		if slices.ContainsFunc(at.star, is) {
			return true
		}
		for _, it := range at.items {
			if slices.ContainsFunc(it.columns, is) {
				return true
			}
		}
	}
	return false
}

package lawtest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
)

// Statement is a statement with its arguments in PostgreSQL's text form; nil
// is NULL.
type Statement struct {
	Text       string
	Args       []*string
	Ordered    bool     // ORDER BY names every output, so that the order of rows is given
	Mutant     bool     // broken on purpose
	Constructs []string // what it is made of
}

// generator writes one statement.
type generator struct {
	rng     *rand.Rand
	args    []*string
	marks   map[string]bool
	budget  int // relations that may still be used
	ctes    []*cte
	blocked map[string]bool // names that a WITH RECURSIVE takes before they can be used
	written map[*table]bool // a second write of the same rows has no defined outcome
	serial  int
	version int // major version of the server
}

// Generate returns statement n of a seed, in the grammar of a major version of
// PostgreSQL.
func Generate(seed, n uint64, version int) Statement {
	g := &generator{
		rng:     rand.New(rand.NewPCG(seed, n)),
		version: version,
		marks:   map[string]bool{},
		blocked: map[string]bool{},
		written: map[*table]bool{},
	}
	g.budget = 2 + g.rng.IntN(5)
	s := g.statement()
	s.Args = g.args
	s.Text = g.spell(s.Text)
	for mark := range g.marks {
		s.Constructs = append(s.Constructs, mark)
	}
	slices.Sort(s.Constructs)
	if g.chance(25) {
		s = g.mutate(s)
	}
	return s
}

func (g *generator) statement() Statement {
	if g.chance(5) {
		return g.built()
	}
	with := ""
	if g.chance(25) {
		with = g.with(true)
	}
	switch n := g.rng.IntN(100); {
	case n < 62:
		q := g.query(nil, nil, queryOptions{top: true})
		return Statement{Text: with + q.text, Ordered: q.ordered}
	case n < 75:
		q := g.update(nil)
		return Statement{Text: with + q.text}
	case n < 84:
		q := g.delete(nil)
		return Statement{Text: with + q.text}
	case n < 88 && g.version >= 15 && !strings.HasPrefix(with, "WITH RECURSIVE"):
		q := g.merge(nil)
		return Statement{Text: with + q.text}
	default:
		q := g.insert(nil)
		return Statement{Text: with + q.text}
	}
}

// mark notes that the statement uses a construct.
func (g *generator) mark(construct string) { g.marks[construct] = true }

func (g *generator) chance(percent int) bool { return g.rng.IntN(100) < percent }

func pick[T any](g *generator, list []T) T { return list[g.rng.IntN(len(list))] }

// either is one of some texts.
func (g *generator) either(options ...string) string { return pick(g, options) }

// marked is one of some constructs, which is noted.
func (g *generator) marked(constructs ...string) string {
	c := pick(g, constructs)
	g.mark(strings.ToLower(strings.TrimSpace(c)))
	return c
}

// param adds an argument and returns its parameter.
func (g *generator) param(value string) string {
	g.args = append(g.args, &value)
	return "$" + strconv.Itoa(len(g.args))
}

func (g *generator) null() string {
	g.args = append(g.args, nil)
	return "$" + strconv.Itoa(len(g.args))
}

// name is a fresh name for an output.
func (g *generator) name() string {
	if g.chance(70) {
		return g.either("id", "name", "points", "organization_id", "project_id", "x", "n", "projects", "tasks", "done")
	}
	g.serial++
	return fmt.Sprintf("c%d", g.serial)
}

// aliases are few, and some are names of tables, so that the same name means
// different things at different depths.
var aliases = []string{"p", "t", "t", "x", "c", "a", "b", "projects", "tasks", "comments", "users", "labels", "organization_id", "T", "of all", "from"}

// alias is a name that is not taken yet.
func (g *generator) alias(taken map[string]bool) string {
	for range 20 {
		if a := pick(g, aliases); !taken[a] {
			return a
		}
	}
	g.serial++
	return fmt.Sprintf("r%d", g.serial)
}

// plainNames need no quotes.
var plainNames = func() map[string]bool {
	names := map[string]bool{"excluded": true, "sigra": true}
	for _, n := range []string{"p", "t", "x", "c", "a", "b", "n", "r", "u", "public", "billing", "tree", "depth"} {
		names[n] = true
	}
	for _, t := range tables {
		names[t.name] = true
		for _, c := range t.columns {
			names[c.name] = true
		}
	}
	for _, n := range []string{"Odd Items", "Org Id", "Select", "Id"} {
		delete(names, n)
	}
	return names
}()

// quote writes a name, in quotes where it needs them.
func quote(name string) string {
	if plainNames[name] || len(name) > 1 && (name[0] == 'c' || name[0] == 'r') && strings.Trim(name[1:], "0123456789") == "" {
		return name
	}
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}

func columnList(columns []column) string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = quote(c.name)
	}
	return strings.Join(names, ", ")
}

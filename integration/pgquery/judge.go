package pgquery

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v6"

	"github.com/sigrahq/sigra/internal/orgfilter"
	"github.com/sigrahq/sigra/internal/pgsql"
)

// ownership is the ownership column of every owned table here.
const ownership = "organization_id"

// readerRelations are the relations that the reader itself finds, without
// what is done to them.
func readerRelations(text string) ([]relation, error) {
	tree, err := pgsql.Read(text, pgsql.Options{})
	if err != nil {
		return nil, err
	}
	var rels []relation
	for _, r := range tree.Relations {
		if r.CTE == nil {
			rels = append(rels, relation{schema: r.Schema, name: r.Name, alias: r.Ref(), offset: r.NameOffset})
		}
	}
	return sorted(rels), nil
}

// examinedRelations are the relations that Examine reports.
func examinedRelations(text string, c *orgfilter.Catalog) ([]relation, error) {
	report, err := orgfilter.Examine(text, c)
	if err != nil {
		return nil, err
	}
	var rels []relation
	for _, u := range report.Uses {
		rels = append(rels, relation{schema: u.Schema, name: u.Name, alias: u.Alias, verb: u.Verb, offset: u.Offset})
	}
	return sorted(rels), nil
}

// errRefused wraps the reason for which the code under test refuses a text
// that PostgreSQL's grammar accepts: strict, but not wrong.
var errRefused = errors.New("refused")

// judgeReader holds the reader's view of a text against PostgreSQL's. It
// returns nil when both refuse or both accept and agree, an errRefused when
// only the reader refuses, and the disagreement otherwise.
func judgeReader(text string) error {
	return judge(text, readerRelations, func(r *relation) { r.verb = 0 })
}

// judgeExamine is judgeReader for Examine, which also tells what is done to a
// relation, and which answers for statements that are no DML.
func judgeExamine(text string, c *orgfilter.Catalog) error {
	tree, err := parse(text)
	if err == nil && !isDML(statement(tree)) {
		return judgeUtility(tree, text, c)
	}
	err = judge(text, func(text string) ([]relation, error) { return examinedRelations(text, c) }, func(*relation) {})
	if errors.Is(err, errOnlyOurs) && (looseText(text) || !startsDML(text)) {
		// Placeholders of Go libraries, or a definition that Examine knows
		// by its first word and has no reason to read.
		return nil
	}
	return err
}

// judgeUtility checks that Examine does not take a statement that reads or
// writes rows for one that does not.
func judgeUtility(tree *pg.ParseResult, text string, c *orgfilter.Catalog) error {
	ours, err := examinedRelations(text, c)
	if err != nil {
		return nil
	}
	var theirs collector
	for _, raw := range tree.GetStmts() {
		if query := rowsOf(raw.GetStmt()); query != nil {
			theirs.walk(query.ProtoReflect(), nil)
		}
	}
	if len(theirs.found) > len(ours) {
		return fmt.Errorf("relations overlooked\n ours   %v\n theirs %v", ours, theirs.found)
	}
	return nil
}

// rowsOf is the part of a statement that reads or writes rows when it is run
// or when what it makes is used next.
func rowsOf(stmt *pg.Node) *pg.Node {
	switch n := stmt.GetNode().(type) {
	case *pg.Node_ExplainStmt:
		return rowsOf(n.ExplainStmt.GetQuery())
	case *pg.Node_CreateTableAsStmt:
		return n.CreateTableAsStmt.GetQuery()
	case *pg.Node_DeclareCursorStmt:
		return n.DeclareCursorStmt.GetQuery()
	case *pg.Node_PrepareStmt:
		return n.PrepareStmt.GetQuery()
	case *pg.Node_CopyStmt:
		return n.CopyStmt.GetQuery()
	}
	if isDML(stmt) {
		return stmt
	}
	return nil
}

// startsDML says whether the first word of text is one that a statement on
// rows can begin with.
func startsDML(text string) bool {
	text, err := blankComments(text)
	if err != nil {
		return false
	}
	word := strings.TrimLeft(text, "( \t\r\n\f\v")
	for _, start := range []string{"select", "insert", "update", "delete", "merge", "with", "values", "table", "explain"} {
		if len(word) >= len(start) && strings.EqualFold(word[:len(start)], start) {
			return true
		}
	}
	return false
}

// looseText says whether text may have placeholders that are not PostgreSQL's.
func looseText(text string) bool { return strings.ContainsAny(text, "?:@") }

// errOnlyOurs marks a text that PostgreSQL's grammar refuses and ours reads.
var errOnlyOurs = errors.New("read, but PostgreSQL refuses it")

func judge(text string, read func(string) ([]relation, error), blur func(*relation)) error {
	ours, err := read(text)
	tree, pgErr := parse(text)
	switch {
	case errors.Is(pgErr, errNoVerdict):
		return nil
	case err != nil && (pgErr != nil || !isDML(statement(tree))):
		return nil
	case err != nil:
		return fmt.Errorf("%w: %w", errRefused, err)
	case pgErr != nil:
		return fmt.Errorf("%w: %w", errOnlyOurs, pgErr)
	case statement(tree) == nil:
		return fmt.Errorf("%w: %d statements", errOnlyOurs, len(tree.GetStmts()))
	}
	theirs := relations(tree)
	for i := range theirs {
		theirs[i].node = nil
		blur(&theirs[i])
	}
	if !slices.Equal(ours, sorted(theirs)) {
		return fmt.Errorf("relations differ\n ours   %v\n theirs %v", ours, theirs)
	}
	return nil
}

// judgeRewrite rewrites text and checks the result against PostgreSQL's trees
// of both texts. A refusal is an errRefused that wraps the *orgfilter.Error.
func judgeRewrite(text string, c *orgfilter.Catalog) error {
	before, pgErr := parse(text)
	if errors.Is(pgErr, errNoVerdict) {
		return nil
	}
	params := 0
	if pgErr == nil {
		params = highestParam(before.ProtoReflect())
	}
	plan, err := orgfilter.Rewrite(text, c, params)
	if err != nil {
		return fmt.Errorf("%w: %w", errRefused, err)
	}
	if pgErr != nil {
		return fmt.Errorf("%w: %w", errOnlyOurs, pgErr)
	}
	after, err := parse(plan.Text)
	if errors.Is(err, errNoVerdict) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("PostgreSQL refuses the rewritten text: %w\n%s", err, plan.Text)
	}
	if plan.Org != params+1 {
		return fmt.Errorf("the organization is parameter %d behind %d of the caller", plan.Org, params)
	}
	if err := sameButGuards(before, after, plan.Org); err != nil {
		return fmt.Errorf("%w\n%s", err, plan.Text)
	}
	if err := allRestricted(after, c, plan); err != nil {
		return fmt.Errorf("%w\n%s", err, plan.Text)
	}
	return nil
}

func sameButGuards(before, after *pg.ParseResult, org int) error {
	a, b := normalized(before, ownership, org), normalized(after, ownership, org)
	if equal(a, b) {
		return nil
	}
	want, err := pg.Deparse(a)
	if err != nil {
		want = a.String()
	}
	have, err := pg.Deparse(b)
	if err != nil {
		have = b.String()
	}
	return fmt.Errorf("without guards the statements differ\n before %s\n after  %s", want, have)
}

// allRestricted checks each owned relation of a rewritten statement.
func allRestricted(tree *pg.ParseResult, c *orgfilter.Catalog, plan *orgfilter.Plan) error {
	found := restricted(tree, ownership, plan.Org)
	stamps := stampedInserts(tree, ownership, plan)
	moved := movingUpdates(tree, ownership, plan)
	for _, r := range relations(tree) {
		table, ok := c.Lookup(r.schema, r.name)
		if !ok {
			return fmt.Errorf("undeclared: %v", r)
		}
		if table.Kind != orgfilter.Owned {
			continue
		}
		switch r.verb {
		case orgfilter.Insert:
			if err := errors.Join(stamps[r.node], moved[r.node]); err != nil {
				return fmt.Errorf("%v: %w", r, err)
			}
		case orgfilter.Update:
			if err := moved[r.node]; err != nil {
				return fmt.Errorf("%v: %w", r, err)
			}
			if !found[r.node] {
				return fmt.Errorf("not restricted: %v", r)
			}
		case orgfilter.Merge:
			if err := errors.Join(stamps[r.node], moved[r.node]); err != nil {
				return fmt.Errorf("%v: %w", r, err)
			}
			if !found[r.node] {
				return fmt.Errorf("not restricted: %v", r)
			}
		default:
			if !found[r.node] {
				return fmt.Errorf("not restricted: %v", r)
			}
		}
	}
	return nil
}

// ownedOf is a catalog that declares every relation of a tree as owned.
func ownedOf(tree *pg.ParseResult) *orgfilter.Catalog {
	c := orgfilter.NewCatalog()
	for _, r := range relations(tree) {
		name := quoted(r.name)
		if r.schema != "" {
			name = quoted(r.schema) + "." + name
		}
		// A name that the catalog refuses stays undeclared, and a statement
		// on it is refused.
		_, _ = c.Add(name, orgfilter.Owned, ownership)
	}
	return c
}

func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

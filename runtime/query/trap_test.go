package query_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"

	"github.com/sigrahq/sigra/runtime/query"
)

var pg = sqlbuilder.PostgreSQL

func selectFrom(table string, columns ...string) *sqlbuilder.SelectBuilder {
	return pg.NewSelectBuilder().Select(columns...).From(table)
}

// TestTraps runs the ways in which go-sqlbuilder statements lose, dodge or outlive a predicate: a matrix of 45 on which designs
// can be compared, then the rest. Of the 45, five must be refused and one cannot be exact without another schema; that leaves 39.
func TestTraps(t *testing.T) {
	t.Parallel()
	j := newJudge(t)
	if len(matrixTraps) != 45 {
		t.Fatalf("the matrix has %d cases, want 45", len(matrixTraps))
	}
	counts := j.all(t, matrixTraps)
	if counts[leak] > 0 || counts[exact] < 39 {
		t.Errorf("matrix: %d exact and %d leaks, want 39 and none", counts[exact], counts[leak])
	}
	if counts := j.all(t, furtherTraps); counts[leak] > 0 {
		t.Errorf("further traps: %d leaks", counts[leak])
	}
}

// TestAnAppendedPredicateLeaks is what ForOrg is not: it runs the matrix with a predicate that is added to the builder's own, and
// holds the page that says how often that leaks to it.
func TestAnAppendedPredicateLeaks(t *testing.T) {
	t.Parallel()
	j := newJudge(t)
	var leaks []string
	for _, s := range matrixTraps {
		if j.leaks(t, s, appendPredicate) {
			leaks = append(leaks, s.name)
		}
	}
	t.Logf("%d of %d statements leak:\n\t%s", len(leaks), len(matrixTraps), strings.Join(leaks, "\n\t"))
	page, err := os.ReadFile("../../docs/scoping.md")
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("appended to the builder: %d of them leak", len(leaks)); !strings.Contains(string(page), want) {
		t.Errorf("docs/scoping.md does not say %q", want)
	}
}

// appendPredicate restricts the first table of a builder to A, where the builder has a place for a condition.
func appendPredicate(b sqlbuilder.Builder) sqlbuilder.Builder {
	switch b := b.(type) {
	case *sqlbuilder.SelectBuilder:
		b.Where(owner(b.TableNames()) + " = " + b.Var(orgA))
	case *sqlbuilder.UpdateBuilder:
		b.Where(owner(b.TableNames()) + " = " + b.Var(orgA))
	case *sqlbuilder.DeleteBuilder:
		b.Where(owner(b.TableNames()) + " = " + b.Var(orgA))
	}
	return b
}

// owner is the ownership column of the first of some tables, which may have aliases.
func owner(tables []string) string {
	if len(tables) == 0 {
		return "organization_id"
	}
	words := strings.Fields(tables[0])
	return words[len(words)-1] + ".organization_id"
}

// leaks tells whether a statement shows or changes B's rows that some other design has restricted to A.
//
//sigra:allow test -- the test shows what happens without ForOrg
func (j *judge) leaks(t *testing.T, s statement, design wrap) bool {
	t.Helper()
	sql, args := s.builder(design).Build()
	plainSQL, plainArgs := s.builder(plain).Build()
	got, reference := perform(t, j.everybody, sql, args), perform(t, j.alone, plainSQL, plainArgs)
	_, changed := j.everybody.Touched(got)
	return changed || got.Shows(secret) && !reference.Shows(secret)
}

var matrixTraps = []statement{
	{name: "H1 plain select", build: func(forOrg wrap) sqlbuilder.Builder {
		sb := selectFrom("projects", "id", "name")
		return forOrg(sb.Where(sb.EQ("archived", false)))
	}},
	{name: "H2 ForOrg first, Where later", build: func(forOrg wrap) sqlbuilder.Builder {
		sb := selectFrom("projects", "id", "name")
		scoped := forOrg(sb)
		sb.Where(sb.EQ("archived", false))
		return scoped
	}},
	{name: "H3 join of two owned tables", build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(selectFrom("tasks t", "t.title", "p.name").Join("projects p", "p.id = t.project_id"))
	}},
	{name: "H4 left join keeps parents", build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(selectFrom("projects p", "p.id", "t.title").
			JoinWithOption(sqlbuilder.LeftJoin, "tasks t", "t.project_id = p.id"))
	}},
	{name: "H5 right join keeps orphans", build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(selectFrom("projects p", "p.name", "t.title").
			JoinWithOption(sqlbuilder.RightJoin, "tasks t", "t.project_id = p.id"))
	}},
	{name: "H6 full join", build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(selectFrom("projects p", "p.name", "t.title").
			JoinWithOption(sqlbuilder.FullJoin, "tasks t", "t.project_id = p.id"))
	}},
	{name: "H7 group by primary key, p.* selected", build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(selectFrom("projects p", "p.*", "count(t.id)").
			JoinWithOption(sqlbuilder.LeftJoin, "tasks t", "t.project_id = p.id").GroupBy("p.id"))
	}},
	{name: "H8 aggregate", build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(selectFrom("projects", "count(*)", "sum(priority)", "min(name)", "max(name)"))
	}},
	{name: "H9 order by and limit", ordered: true, build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(selectFrom("projects", "id", "name").OrderByAsc("name").Limit(2).Offset(1))
	}},
	{name: "H10 for update", build: func(forOrg wrap) sqlbuilder.Builder {
		sb := selectFrom("projects", "id", "name")
		return forOrg(sb.Where(sb.EQ("archived", false)).ForUpdate())
	}},
	{name: "H11 system columns", build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(selectFrom("projects p", "p.id", "p.tableoid::regclass::text", "p.ctid IS NOT NULL"))
	}},
	{name: "H12 update", build: func(forOrg wrap) sqlbuilder.Builder {
		ub := pg.NewUpdateBuilder().Update("projects")
		return forOrg(ub.Set(ub.Assign("archived", true), ub.Incr("priority")).Where(ub.EQ("archived", false)))
	}},
	{name: "H13 delete", build: func(forOrg wrap) sqlbuilder.Builder {
		db := pg.NewDeleteBuilder().DeleteFrom("projects")
		return forOrg(db.Where(db.GE("priority", 5)).Returning("id"))
	}},
	{name: "T01 OR before", build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(selectFrom("projects", "id", "name").Where("archived = false OR priority > 5"))
	}},
	{name: "T02 OR after", build: func(forOrg wrap) sqlbuilder.Builder {
		sb := selectFrom("projects", "id", "name")
		scoped := forOrg(sb)
		sb.Where("priority > 100 OR archived = true")
		return scoped
	}},
	{name: "T03 SQL(OR true) after Where", build: func(forOrg wrap) sqlbuilder.Builder {
		sb := selectFrom("projects", "id", "name")
		scoped := forOrg(sb)
		sb.Where("archived").SQL("OR true")
		return scoped
	}},
	{name: "T04 SQL(UNION ALL)", build: func(forOrg wrap) sqlbuilder.Builder {
		sb := selectFrom("projects", "id", "name")
		scoped := forOrg(sb)
		sb.Where("archived").SQL("UNION ALL SELECT id, name FROM projects")
		return scoped
	}},
	{name: "T05 WhereClause reset after", build: func(forOrg wrap) sqlbuilder.Builder {
		sb := selectFrom("projects", "id", "name").Where("archived")
		scoped := forOrg(sb)
		sb.WhereClause = nil
		return scoped
	}},
	{name: "T05b comment in the column list", build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(selectFrom("projects", "id", "name FROM projects --").Where("archived"))
	}},
	{name: "T06 the caller's slice is used again", build: func(forOrg wrap) sqlbuilder.Builder {
		conditions := append(make([]string, 0, 8), "archived = false")
		sb := selectFrom("projects", "id", "name").Where(conditions...)
		scoped := forOrg(sb)
		sb.Where("slug <> ''")
		_ = append(conditions, "priority >= 0")
		return scoped
	}},
	{name: "T09 empty WhereClause drops arguments", build: func(forOrg wrap) sqlbuilder.Builder {
		sb := selectFrom("projects", "name", "count(*)")
		sb.AddWhereClause(nil)
		return forOrg(sb.GroupBy("name").Having(sb.NE("name", "apex")))
	}},
	{name: "T16 join over a dangling foreign key", build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(selectFrom("tasks", "tasks.title", "projects.name").Join("projects", "tasks.project_id = projects.id"))
	}},
	{name: "T18 From after ForOrg", build: func(forOrg wrap) sqlbuilder.Builder {
		sb := selectFrom("projects", "p2.id", "p2.name")
		scoped := forOrg(sb)
		sb.From("projects p", "projects p2")
		return scoped
	}},
	{name: "T19 two tables in one string", build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(selectFrom("projects, projects p2", "p2.id", "p2.name"))
	}},
	{name: "T20 union, one branch scoped", build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(pg.NewUnionBuilder().UnionAll(forOrg(selectFrom("projects", "id", "name")), selectFrom("projects", "id", "name")))
	}},
	{name: "T21 scalar subquery", build: func(forOrg wrap) sqlbuilder.Builder {
		sb := selectFrom("projects", "id")
		highest := selectFrom("projects", "name").OrderByDesc("name").Limit(1)
		return forOrg(sb.SelectMore("(" + sb.Var(highest) + ")"))
	}},
	{name: "T22 from an unscoped subquery", build: func(forOrg wrap) sqlbuilder.Builder {
		sb := pg.NewSelectBuilder()
		return forOrg(sb.Select("*").From(sb.BuilderAs(selectFrom("projects", "id", "name"), "projects")))
	}},
	{name: "T23 exists over an unscoped subquery", build: func(forOrg wrap) sqlbuilder.Builder {
		sb := selectFrom("projects", "id", "name")
		blue := selectFrom("projects x", "1").Where("x.name LIKE 'blue%'")
		return forOrg(sb.Where(sb.Exists(blue)))
	}},
	{name: "T23b lateral", build: func(forOrg wrap) sqlbuilder.Builder {
		sb := selectFrom("projects p", "p.id", "l.title")
		titles := selectFrom("tasks t", "t.title").Where("t.project_id = p.id")
		return forOrg(sb.Join(sb.LateralAs(titles, "l"), "true"))
	}},
	{name: "T24 unscoped body of a WITH query", build: func(forOrg wrap) sqlbuilder.Builder {
		with := pg.NewCTEBuilder().With(pg.NewCTEQueryBuilder().Table("p").As(selectFrom("projects", "id", "name")))
		return forOrg(with.Select("p.id", "p.name").From("p"))
	}},
	{name: "T25 WITH query named like the table, with a made-up organization", build: func(forOrg wrap) sqlbuilder.Builder {
		faked := selectFrom("projects", "id", "name", "'a0000000-0000-4000-8000-000000000000'::uuid AS organization_id")
		with := pg.NewCTEBuilder().With(pg.NewCTEQueryBuilder().Table("projects").As(faked))
		return forOrg(with.Select("id", "name").From("projects"))
	}},
	{name: "T26 WITH query that deletes", build: func(forOrg wrap) sqlbuilder.Builder {
		gone := pg.NewDeleteBuilder().DeleteFrom("projects").Returning("id", "name")
		with := pg.NewCTEBuilder().With(pg.NewCTEQueryBuilder().Table("gone").As(gone))
		return forOrg(with.Select("id", "name").From("gone"))
	}},
	{name: "T27 update from", build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(pg.NewUpdateBuilder().Update("tasks").Set("title = projects.name").From("projects").
			Where("projects.id = tasks.project_id").Returning("tasks.id", "tasks.title"))
	}},
	// A row never changes its organization through a scoped statement.
	{name: "T28 set organization_id", want: refused, err: query.ErrMoved, build: func(forOrg wrap) sqlbuilder.Builder {
		ub := pg.NewUpdateBuilder().Update("projects")
		return forOrg(ub.Set(ub.Assign("organization_id", orgB)))
	}},
	{name: "T31 update with SQL(OR true)", build: func(forOrg wrap) sqlbuilder.Builder {
		ub := pg.NewUpdateBuilder().Update("projects").Set("archived = true")
		scoped := forOrg(ub)
		ub.Where("priority = 1").SQL("OR true")
		return scoped
	}},
	{name: "T32 delete using", build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(pg.NewDeleteBuilder().DeleteFrom("projects").Using("tasks t").Where("t.project_id = projects.id"))
	}},
	// A row of another organization is not this scope's to write; stamping it instead would hide the caller's mistake.
	{name: "T35 insert with a foreign organization", want: refused, err: query.ErrForeignOrg, build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(pg.NewInsertBuilder().InsertInto("projects").Cols("id", "organization_id", "slug", "name").
			Values(id("a1", 9), orgB, "new", "new"))
	}},
	{name: "T34 insert without the organization", build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(pg.NewInsertBuilder().InsertInto("projects").Cols("id", "slug", "name").
			Values(id("a1", 9), "new", "new").Returning("id", "organization_id"))
	}},
	{name: "T37 insert from select", build: func(forOrg wrap) sqlbuilder.Builder {
		ib := pg.NewInsertBuilder().InsertInto("projects").Cols("id", "slug", "name")
		ib.Select("md5(id::text)::uuid", "slug || '-copy'", "name || '-copy'").From("projects")
		return forOrg(ib)
	}},
	// The key is not led by the organization: B's row is neither shown nor changed, but that it stands in the way shows.
	{name: "T38 on conflict over a key of everybody", want: contained, build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(pg.NewInsertBuilder().InsertInto("handles").Cols("id", "organization_id", "handle", "note").
			Values(id("a4", 9), orgA, "bravo", "hijacked").
			SQL("ON CONFLICT (handle) DO UPDATE SET note = EXCLUDED.note RETURNING id, organization_id, note"))
	}},
	{name: "T38b on conflict over a key led by the organization", build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(pg.NewInsertBuilder().InsertInto("projects").Cols("id", "slug", "name").
			Values(id("a1", 9), "alpha", "alpha renamed").
			SQL("ON CONFLICT (organization_id, slug) DO UPDATE SET name = EXCLUDED.name RETURNING id, organization_id, name"))
	}},
	// Nothing to restrict: a plain builder says so, a scoped one would claim a protection that is not there.
	{name: "Z1 shared table only", want: refused, err: query.ErrNotOrgOwned, build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(selectFrom("users", "id"))
	}},
	// Whether an unknown table is owned cannot be known.
	{name: "Z2 undeclared table", want: refused, err: query.ErrUndeclared, build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(selectFrom("audit_log", "entry"))
	}},
	{name: "Z3 name with a schema", build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(selectFrom("public.projects", "id", "name"))
	}},
	// One scoped statement is one statement.
	{name: "Z4 second statement", want: refused, err: query.ErrStatement, build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(selectFrom("projects", "id").SQL("; DELETE FROM tasks"))
	}},
}

var furtherTraps = []statement{
	{name: "T07 two copies of a WhereClause share an array", build: func(forOrg wrap) sqlbuilder.Builder {
		base := sqlbuilder.NewWhereClause()
		base.AddWhereExpr(&sqlbuilder.Args{}, "priority >= 0", "archived IS NOT NULL", "slug IS NOT NULL")
		first, second := sqlbuilder.CopyWhereClause(base), sqlbuilder.CopyWhereClause(base)
		sb := selectFrom("projects", "id", "name").AddWhereClause(first)
		scoped := forOrg(sb)
		second.AddWhereExpr(&sqlbuilder.Args{}, "name <> ''")
		return scoped
	}},
	{name: "T08a shared WhereClause is reset by another builder", build: func(forOrg wrap) sqlbuilder.Builder {
		first := selectFrom("projects", "id").Where("archived")
		second := selectFrom("projects", "id", "name")
		second.WhereClause = first.WhereClause
		scoped := forOrg(second)
		*first.WhereClause = sqlbuilder.WhereClause{}
		second.WhereClause = nil
		return scoped
	}},
	{name: "T08b update shares the WhereClause of a select", build: func(forOrg wrap) sqlbuilder.Builder {
		sb := selectFrom("tasks", "id").Where("NOT done")
		ub := pg.NewUpdateBuilder().Update("tasks").Set("done = true")
		ub.WhereClause = sb.WhereClause
		scoped := forOrg(ub)
		sb.Where("false OR true")
		return scoped
	}},
	{name: "T08c condition is added to a clause that was copied", build: func(forOrg wrap) sqlbuilder.Builder {
		shared := sqlbuilder.NewWhereClause()
		sb := selectFrom("projects", "id", "name").AddWhereClause(shared)
		scoped := forOrg(sb)
		shared.AddWhereExpr(&sqlbuilder.Args{}, "archived")
		return scoped
	}},
	// The argument of the join is dropped and $1 bound to a later value: no statement that its author wrote.
	{name: "T09d lost argument of a join", want: refused, err: query.ErrStatement, build: func(forOrg wrap) sqlbuilder.Builder {
		sb := selectFrom("projects p", "p.id")
		sb.Join("tasks t", "t.project_id = p.id", sb.EQ("t.title", "draft"))
		sb.AddWhereClause(nil)
		return forOrg(sb.GroupBy("p.id").Having(sb.EQ("max(p.name)", "alpha")))
	}},
	{name: "T10 having without group by is dropped", build: func(forOrg wrap) sqlbuilder.Builder {
		sb := selectFrom("projects", "id", "name")
		return forOrg(sb.Having(sb.EQ("name", "alpha")))
	}},
	{name: "T11 condition on an empty field is dropped", build: func(forOrg wrap) sqlbuilder.Builder {
		sb := selectFrom("projects", "id", "name")
		return forOrg(sb.Where(sb.EQ("", orgA)))
	}},
	{name: "T12 condition of another builder", build: func(forOrg wrap) sqlbuilder.Builder {
		other := selectFrom("tasks", "id")
		sb := selectFrom("projects", "id", "name")
		return forOrg(sb.Where(sb.EQ("archived", false), other.EQ("organization_id", orgA)))
	}},
	{name: "T13 condition of the template on its clone", build: func(forOrg wrap) sqlbuilder.Builder {
		template := selectFrom("projects", "id", "name")
		clone := template.Clone()
		return forOrg(clone.Where(clone.EQ("archived", false), template.EQ("organization_id", orgA)))
	}},
	// The condition's placeholder belongs to no builder and is rendered as text that is no SQL.
	{name: "T14 NewCond in another builder, alone", want: refused, err: query.ErrStatement, build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(selectFrom("projects", "id", "name").Where(sqlbuilder.NewCond().EQ("organization_id", orgA), "archived = false"))
	}},
	{name: "T14b NewCond in another builder, concatenated", build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(selectFrom("projects", "id", "name").
			Where("archived IS NOT NULL " + sqlbuilder.NewCond().EQ("organization_id", orgA)))
	}},
	{name: "T15 unqualified ownership column of a join", state: "42702", build: func(forOrg wrap) sqlbuilder.Builder {
		sb := selectFrom("projects", "projects.id").Join("tasks", "tasks.project_id = projects.id")
		return forOrg(sb.Where(sb.EQ("organization_id", orgA)))
	}},
	{name: "T17 left join, the right side filtered in WHERE", build: func(forOrg wrap) sqlbuilder.Builder {
		sb := selectFrom("projects p", "p.id", "t.title").JoinWithOption(sqlbuilder.LeftJoin, "tasks t", "t.project_id = p.id")
		return forOrg(sb.Where(sb.EQ("t.done", false)))
	}},
	{name: "T17c right join filtered in ON only", build: func(forOrg wrap) sqlbuilder.Builder {
		sb := selectFrom("projects p", "p.name", "t.title")
		return forOrg(sb.JoinWithOption(sqlbuilder.RightJoin, "tasks t", "t.project_id = p.id",
			sb.EQ("p.organization_id", orgA), sb.EQ("t.organization_id", orgA)))
	}},
	{name: "T19b joined tables are invisible to TableNames", build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(selectFrom("projects p", "p2.id", "p2.name").Join("projects p2", "true"))
	}},
	{name: "T19c TableNames hands out the live slice", build: func(forOrg wrap) sqlbuilder.Builder {
		sb := pg.NewSelectBuilder().Select("title").From("projects")
		scoped := forOrg(sb)
		sb.TableNames()[0] = "tasks"
		return scoped
	}},
	{name: "T23c all, any and some", build: func(forOrg wrap) sqlbuilder.Builder {
		sb := selectFrom("projects", "id", "name")
		points := selectFrom("tasks", "coalesce(points, 2)").Where("project_id IS NOT NULL")
		return forOrg(sb.Where(sb.Any("priority", ">=", points), sb.All("priority", "<>", selectFrom("tasks", "13").Where("points = 13"))))
	}},
	{name: "T25b second With replaces the first", build: func(forOrg wrap) sqlbuilder.Builder {
		mine := func(b sqlbuilder.Builder) *sqlbuilder.CTEBuilder {
			return pg.NewCTEBuilder().With(pg.NewCTEQueryBuilder().Table("mine").As(b))
		}
		sb := selectFrom("mine", "id").With(mine(forOrg(selectFrom("projects", "id"))))
		scoped := forOrg(sb)
		sb.With(mine(selectFrom("tasks", "id")))
		return scoped
	}},
	// The row's organization is B: the update would give A's row to B.
	{name: "T29 Struct.Update moves a row", want: refused, err: query.ErrMoved, build: func(forOrg wrap) sqlbuilder.Builder {
		columns := sqlbuilder.NewStruct(new(project)).For(pg)
		ub := columns.Update("projects", project{ID: id("a1", 1), OrganizationID: orgB, Slug: "alpha", Name: "from a body"})
		return forOrg(ub.Where(ub.EQ("id", id("a1", 1))))
	}},
	{name: "T29b Struct.Update of a row that stays", build: func(forOrg wrap) sqlbuilder.Builder {
		columns := sqlbuilder.NewStruct(new(project)).For(pg)
		ub := columns.Update("projects", project{ID: id("a1", 1), OrganizationID: orgA, Slug: "alpha", Name: "renamed"})
		return forOrg(ub.Where("slug = 'alpha'"))
	}},
	// As T29, in text: an assignment is found wherever it stands.
	{name: "T30 free text in Set", want: refused, err: query.ErrMoved, build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(pg.NewUpdateBuilder().Update("projects").
			Set("archived = true, organization_id = 'b0000000-0000-4000-8000-000000000000'"))
	}},
	{name: "T33 delete with OR", build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(pg.NewDeleteBuilder().DeleteFrom("projects").Where("archived OR priority = 9"))
	}},
	// One foreign row is enough: a statement is sent as a whole or not at all.
	{name: "T36 one foreign row among several", want: refused, err: query.ErrForeignOrg, build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(pg.NewInsertBuilder().InsertInto("projects").Cols("id", "organization_id", "slug", "name").
			Values(id("a1", 8), orgA, "n1", "n1").Values(id("a1", 9), orgB, "n2", "n2"))
	}},
	// The row that conflicts may be anybody's, and what it would be given is not known before it runs.
	{name: "T39 on conflict sets the organization", want: refused, err: query.ErrMoved, build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(pg.NewInsertBuilder().InsertInto("handles").Cols("id", "organization_id", "handle").
			Values(id("a4", 9), orgA, "bravo").
			SQL("ON CONFLICT (handle) DO UPDATE SET organization_id = EXCLUDED.organization_id"))
	}},
	// As T38: the schema, not the statement, tells that somebody has the handle.
	{name: "T39b on conflict with a guard of its own", want: contained, build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(pg.NewInsertBuilder().InsertInto("handles").Cols("id", "organization_id", "handle", "note").
			Values(id("a4", 9), orgA, "bravo", "hijacked").
			SQL("ON CONFLICT (handle) DO UPDATE SET note = EXCLUDED.note WHERE handles.organization_id = EXCLUDED.organization_id"))
	}},
	{name: "T39c on conflict do nothing over a key of everybody", want: contained, build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(pg.NewInsertBuilder().InsertIgnoreInto("handles").Cols("id", "handle").Values(id("a4", 9), "bravo"))
	}},
	{name: "S02 Struct.InsertInto without the ownership column", build: func(forOrg wrap) sqlbuilder.Builder {
		type row struct {
			ID   uuid.UUID `db:"id"`
			Slug string    `db:"slug"`
			Name string    `db:"name"`
		}
		return forOrg(sqlbuilder.NewStruct(new(row)).For(pg).InsertInto("projects", row{ID: id("a1", 9), Slug: "n", Name: "n"}))
	}},
	{name: "S03 Struct.InsertInto with a zero organization", build: func(forOrg wrap) sqlbuilder.Builder {
		columns := sqlbuilder.NewStruct(new(project)).For(pg)
		return forOrg(columns.InsertInto("projects", project{ID: id("a1", 9), Slug: "n", Name: "n"}))
	}},
	{name: "S04 one row with the organization, one with zero", build: func(forOrg wrap) sqlbuilder.Builder {
		columns := sqlbuilder.NewStruct(new(project)).For(pg)
		return forOrg(columns.InsertInto("projects", project{ID: id("a1", 8), OrganizationID: orgA, Slug: "m", Name: "m"},
			project{ID: id("a1", 9), Slug: "n", Name: "n"}))
	}},
	// go-sqlbuilder makes an INSERT without a row of it, which is no SQL.
	{name: "S05 value of the wrong type", want: refused, err: query.ErrStatement, build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(sqlbuilder.NewStruct(new(project)).For(pg).InsertInto("projects", task{}))
	}},
	{name: "S07 another column is called organization_id", build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(selectFrom("projects p", "p.organization_id AS org", "p.name AS organization_id"))
	}},
	{name: "R01 ForOrg twice", build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(forOrg(selectFrom("projects", "id", "name")))
	}},
	{name: "R07 nested builder is edited after ForOrg", build: func(forOrg wrap) sqlbuilder.Builder {
		sub := selectFrom("projects", "id")
		sb := selectFrom("tasks", "title")
		scoped := forOrg(sb.Where(sb.In("project_id", sub)))
		sub.Where("priority > 0 OR true")
		return scoped
	}},
	{name: "R10 text after WHERE vanishes with it", build: func(forOrg wrap) sqlbuilder.Builder {
		sb := selectFrom("projects", "id", "name").Where("archived").SQL("AND organization_id = '" + orgA.String() + "'")
		sb.WhereClause = nil
		return forOrg(sb)
	}},
	// FROM projects AND … is no SQL; the builder puts free text where it was called.
	{name: "R11 SQL before WHERE", want: refused, err: query.ErrStatement, build: func(forOrg wrap) sqlbuilder.Builder {
		sb := selectFrom("projects", "id").SQL("AND organization_id = 'A'")
		return forOrg(sb.Where("archived"))
	}},
	// PostgreSQL has no LIMIT here.
	{name: "R12 update with limit", want: refused, err: query.ErrStatement, build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(pg.NewUpdateBuilder().Update("projects").Set("archived = true").Limit(1))
	}},
	// DELETE FROM a, b is another database's.
	{name: "R13 delete from two tables", want: refused, err: query.ErrStatement, build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(pg.NewDeleteBuilder().DeleteFrom("projects", "tasks"))
	}},
	{name: "R16 select after values", build: func(forOrg wrap) sqlbuilder.Builder {
		ib := pg.NewInsertBuilder().InsertInto("projects").Cols("id", "slug", "name").Values(id("a1", 9), "x", "y")
		ib.Select("md5(id::text)::uuid", "'s' || slug", "'n' || name").From("projects").Where("priority = 9")
		return forOrg(ib)
	}},
	{name: "Q03 placeholder inside a literal is expanded", state: "42P18", build: func(forOrg wrap) sqlbuilder.Builder {
		sb := selectFrom("projects", "id").Where("name = 'costs $1'")
		return forOrg(sb.Where(sb.EQ("archived", false)))
	}},
	{name: "Q04 order by a condition", build: func(forOrg wrap) sqlbuilder.Builder {
		sb := selectFrom("projects", "id")
		condition := sb.EQ("archived", false)
		return forOrg(sb.Where(condition).OrderBy(condition))
	}},
	{name: "X01 Buildf", build: func(forOrg wrap) sqlbuilder.Builder {
		return forOrg(sqlbuilder.WithFlavor(sqlbuilder.Buildf("SELECT id, name FROM projects WHERE archived = %v OR true", false), pg))
	}},
	{name: "X02 interpolated text", build: func(forOrg wrap) sqlbuilder.Builder {
		sb := selectFrom("projects", "id", "name")
		sql, args := sb.Where(sb.EQ("slug", "alpha")).Build()
		text, err := pg.Interpolate(sql, args)
		if err != nil {
			panic(err)
		}
		return forOrg(query.Text(text))
	}},
	{name: "X03 text inside a builder", build: func(forOrg wrap) sqlbuilder.Builder {
		sb := selectFrom("tasks", "title")
		return forOrg(sb.Where(sb.EQ("done", false), sb.In("project_id", query.Text("SELECT id FROM projects WHERE priority > $1", 0))))
	}},
	{name: "X04 ForOrg inside ForOrg over a join", build: func(forOrg wrap) sqlbuilder.Builder {
		sub := forOrg(selectFrom("projects p", "p.id").Join("tasks t", "t.project_id = p.id"))
		sb := selectFrom("projects", "name")
		return forOrg(sb.Where(sb.EQ("archived", false), sb.In("id", sub)))
	}},
}

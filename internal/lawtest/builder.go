package lawtest

import (
	"fmt"
	"strconv"

	"github.com/huandu/go-sqlbuilder"
)

// built is a statement as go-sqlbuilder writes it: arguments where a person
// would write constants, and brackets in places of its own.
func (g *generator) built() Statement {
	g.mark("go-sqlbuilder")
	b := &builders{g: g, flavor: sqlbuilder.PostgreSQL}
	var builder sqlbuilder.Builder
	ordered := false
	switch g.rng.IntN(8) {
	case 0:
		builder = b.update()
	case 1:
		builder = b.delete()
	case 2:
		builder = b.insert()
	case 3:
		union := b.flavor.NewUnionBuilder()
		arms := []sqlbuilder.Builder{b.list("id", "name"), b.list("id", "name")}
		if g.chance(50) {
			union.Union(arms...)
		} else {
			union.UnionAll(arms...)
		}
		builder, ordered = union.OrderBy("1", "2").Limit(5), true
	case 4:
		cte := sqlbuilder.With(sqlbuilder.CTETable(g.either("recent", "tasks", "w")).As(b.list("id", "name", "points", "organization_id")))
		sb := cte.Select("id", "name").OrderBy("1", "2")
		sb.SetFlavor(b.flavor)
		builder, ordered = sb.Where(sb.GreaterThan("points", 1)), true
	default:
		builder, ordered = b.query(), true
	}
	text, args := builder.BuildWithFlavor(b.flavor)
	for _, arg := range args {
		value := fmt.Sprint(arg)
		if arg == nil {
			g.null()
			continue
		}
		g.param(value)
	}
	return Statement{Text: text, Ordered: ordered}
}

// builders writes parts of a statement on projects and tasks.
type builders struct {
	g      *generator
	flavor sqlbuilder.Flavor
}

func (b *builders) number() int {
	n, _ := strconv.Atoi(b.g.id())
	return n
}

// list is a query without joins.
func (b *builders) list(columns ...string) *sqlbuilder.SelectBuilder {
	sb := b.flavor.NewSelectBuilder().Select(columns...)
	table := b.g.either("tasks", "projects")
	sb.From(table)
	return sb.Where(b.condition(&sb.Cond, table, 1))
}

// query has joins, and order enough to be compared row by row.
func (b *builders) query() *sqlbuilder.SelectBuilder {
	g := b.g
	sb := b.flavor.NewSelectBuilder()
	sb.Select("t.id", sb.As("p.name", "project"), "t.points", "p.id")
	sb.From(sb.As("tasks", "t"))
	option := pick(g, []sqlbuilder.JoinOption{sqlbuilder.InnerJoin, sqlbuilder.LeftJoin, sqlbuilder.LeftOuterJoin, sqlbuilder.RightJoin, sqlbuilder.FullJoin, sqlbuilder.FullOuterJoin})
	switch g.rng.IntN(3) {
	case 0:
		sb.JoinWithOption(option, sb.BuilderAs(b.list("id", "name", "points", "organization_id"), "p"), "p.id = t.project_id")
	case 1:
		sb.JoinWithOption(sqlbuilder.LeftJoin, sb.LateralAs(b.list("id", "name", "points", "organization_id").Where("id = t.project_id"), "p"), "true")
	default:
		sb.JoinWithOption(option, sb.As("projects", "p"), "p.id = t.project_id")
	}
	sb.Where(b.condition(&sb.Cond, "t", 2))
	if g.chance(40) {
		sb.Where(b.condition(&sb.Cond, "p", 1))
	}
	sb.OrderBy("1", "2", "3", "4")
	if g.chance(40) {
		sb.Limit(1 + g.rng.IntN(5)).Offset(g.rng.IntN(2))
	}
	return sb
}

// condition is on the columns that projects and tasks share.
func (b *builders) condition(c *sqlbuilder.Cond, ref string, depth int) string {
	id, points, name := ref+".id", ref+".points", ref+".name"
	n := 16
	if depth <= 0 {
		n = 11
	}
	switch b.g.rng.IntN(n) {
	case 0:
		return c.Equal(id, b.number())
	case 1:
		return c.NotEqual(points, b.number())
	case 2:
		return c.GreaterThan(id, b.number())
	case 3:
		return c.In(id, b.number(), b.number())
	case 4:
		return c.NotIn(id, sqlbuilder.List([]int{b.number(), b.number()}))
	case 5:
		return c.Like(name, "A%")
	case 6:
		return c.IsNull(name)
	case 7:
		return c.Between(points, b.number(), b.number())
	case 8:
		return c.IsDistinctFrom(id, b.number())
	case 9:
		return c.NotBetween(id, b.number(), b.number())
	case 10:
		return c.Equal(ref+".organization_id", b.g.either(orgA, orgB))
	case 11:
		return c.Or(b.condition(c, ref, depth-1), b.condition(c, ref, depth-1))
	case 12:
		return c.Not(b.condition(c, ref, depth-1))
	case 13:
		return c.In(id, b.list("id"))
	case 14:
		return c.Exists(b.list("1").Where("user_id = " + id))
	default:
		return c.And(b.condition(c, ref, depth-1), b.condition(c, ref, depth-1))
	}
}

func (b *builders) update() *sqlbuilder.UpdateBuilder {
	ub := b.flavor.NewUpdateBuilder().Update("tasks")
	ub.Set(ub.Assign("name", b.g.either("A1", "new")), ub.Incr("points"))
	if b.g.chance(40) {
		ub.From("projects AS p").Where("p.id = tasks.project_id")
	}
	ub.Where(b.condition(&ub.Cond, "tasks", 2))
	if b.g.chance(50) {
		ub.Returning("tasks.id", "tasks.name")
	}
	return ub
}

func (b *builders) delete() *sqlbuilder.DeleteBuilder {
	db := b.flavor.NewDeleteBuilder().DeleteFrom("projects")
	if b.g.chance(40) {
		db.Using("tasks AS t").Where("t.project_id = projects.id")
	}
	return db.Where(b.condition(&db.Cond, "projects", 2)).Returning("projects.id")
}

func (b *builders) insert() *sqlbuilder.InsertBuilder {
	g := b.g
	ib := b.flavor.NewInsertBuilder().InsertInto("projects")
	columns := []string{"id", "name", "slug"}
	organization := g.chance(50)
	if organization {
		columns = append(columns, "organization_id")
	}
	ib.Cols(columns...)
	for i := range 1 + g.rng.IntN(3) {
		values := []any{20 + i, "new", "s-" + strconv.Itoa(20+i)}
		if organization {
			values = append(values, pick(g, []any{orgA, nil}))
		}
		ib.Values(values...)
	}
	switch g.rng.IntN(3) {
	case 0:
		ib.SQL("ON CONFLICT (organization_id, id) DO UPDATE SET name = excluded.name")
	case 1:
		ib.SQL("ON CONFLICT DO NOTHING")
	}
	return ib.Returning("id", "name")
}

package query

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5"

	"github.com/sigrahq/sigra/runtime/scope"
)

func TestForOrgKeepsWhatIsWrongWithTheOwner(t *testing.T) {
	t.Parallel()
	signedIn, err := scope.ForUser(uuid.New())
	if err != nil {
		t.Fatal(err)
	}
	b := selectWidgets("id")
	for _, c := range []struct {
		name   string
		scoped *Scoped
		want   error
	}{
		{"nil scope", ForOrg(b, (*scope.Scope)(nil)), ErrNoOrganization},
		{"zero scope", ForOrg(b, new(scope.Scope)), ErrNoOrganization},
		{"scope without an organization", ForOrg(b, signedIn), ErrNoOrganization},
		{"zero id", ForOrg(b, uuid.Nil), ErrNilID},
		{"zero id and no builder", ForOrg(nil, uuid.Nil), ErrNilID},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			mustRefuse(t, c.scoped, c.want)
			if err := c.scoped.Err(); !errors.Is(err, c.want) {
				t.Errorf("Err: %v, want %v", err, c.want)
			}
		})
	}
}

func TestForOrgKeepsWhatIsWrongWithTheBuilder(t *testing.T) {
	t.Parallel()
	type builder = sqlbuilder.Builder
	for _, c := range []struct {
		name   string
		b      builder
		want   error
		remedy string
	}{
		{"none", nil, ErrNilBuilder, "pass a statement"},
		{"nil select", (*sqlbuilder.SelectBuilder)(nil), ErrNilBuilder, "pass a statement"},
		{"nil insert", (*sqlbuilder.InsertBuilder)(nil), ErrNilBuilder, "pass a statement"},
		{"nil text", (*handwritten)(nil), ErrNilBuilder, "pass a statement"},
		{"nil scoped", (*Scoped)(nil), ErrNilBuilder, "pass a statement"},
		{"nil bypass", (*Bypass)(nil), ErrNilBuilder, "pass a statement"},
		{"zero select", new(sqlbuilder.SelectBuilder), ErrStatement, "NewSelectBuilder"},
		{"panicking flavor", custom{flavor: func() sqlbuilder.Flavor { panic("none") }}, ErrStatement, "panicked"},
		{"default flavor", sqlbuilder.Select("id").From("widgets"), ErrFlavor, "SetFlavor(sqlbuilder.PostgreSQL)"},
		{"SQLite", sqlbuilder.SQLite.NewUpdateBuilder().Update("widgets"), ErrFlavor, "sqlbuilder.PostgreSQL"},
		{"union of the default flavor", sqlbuilder.UnionAll(selectWidgets("id")), ErrFlavor, "SetFlavor"},
		{"Buildf", sqlbuilder.Buildf("SELECT id FROM widgets"), ErrFlavor, "sqlbuilder.WithFlavor"},
		{"refused by ForOrg", ForOrg(selectWidgets("id"), uuid.Nil), ErrNilID, "pass the id"},
		{"scoped to another organization", ForOrg(selectWidgets("id"), them), ErrForeignOrg, "scope it once"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			scoped := ForOrg(c.b, us)
			mustRefuse(t, scoped, c.want)
			err := scoped.Err()
			if !errors.Is(err, c.want) {
				t.Fatalf("Err: %v, want %v", err, c.want)
			}
			if !strings.Contains(err.Error(), c.remedy) {
				t.Errorf("%v: no word of the remedy %q", err, c.remedy)
			}
		})
	}
}

// mustRefuse checks that no way to render a statement gives text to run.
func mustRefuse(t *testing.T, st interface {
	Statement
	sqlbuilder.Builder
	pgx.QueryRewriter
}, want error) {
	t.Helper()
	text, args, err := st.SQL()
	if !errors.Is(err, want) || text != "" || args != nil {
		t.Errorf("SQL: %q %v %v, want %v", text, args, err, want)
	}
	if _, ok := errors.AsType[*Error](err); !ok {
		t.Errorf("SQL: error of type %T, want *query.Error", err)
	}
	if text, _, err := st.RewriteQuery(t.Context(), nil, "", nil); !errors.Is(err, want) || text != "" {
		t.Errorf("RewriteQuery: %q %v, want %v", text, err, want)
	}
	for name, build := range map[string]func() (string, []any){
		"Build":           st.Build,
		"BuildWithFlavor": func() (string, []any) { return st.BuildWithFlavor(sqlbuilder.PostgreSQL, 1) },
	} {
		if text, _ := build(); !strings.HasPrefix(text, poisonMark) {
			t.Errorf("%s: %q is no poison", name, text)
		}
	}
	if st.Flavor() != sqlbuilder.PostgreSQL {
		t.Errorf("flavor %v, want PostgreSQL", st.Flavor())
	}
}

func TestStatementsThatWereNotMadeAreRefused(t *testing.T) {
	t.Parallel()
	mustRefuse(t, (*Scoped)(nil), ErrNilBuilder)
	mustRefuse(t, (*Bypass)(nil), ErrNilBuilder)
	mustRefuse(t, new(Scoped), ErrNilBuilder)
	mustRefuse(t, new(Bypass), ErrNilBuilder)
	mustRefuse(t, ForOrg(new(Scoped), us), ErrNilBuilder)
	if ForOrg(nil, us) == nil {
		t.Error("ForOrg returned nil")
	}
}

func TestWhatIsWrongAtRendering(t *testing.T) {
	t.Parallel()
	named := selectWidgets("id")
	named.Where("name = " + named.Var(sql.Named("n", "axle")))
	lost := selectWidgets("name", "count(*)").Join("widgets w", "true")
	lost.From("widgets x").Join("widgets y", lost.EQ("y.name", "axle"))
	lost.AddWhereClause(nil)
	lost.GroupBy("name").Having(lost.EQ("count(*)", 1))
	for _, c := range []struct {
		name   string
		b      sqlbuilder.Builder
		want   error
		remedy string
	}{
		{"builder that panics", custom{build: func([]any) (string, []any) { panic("no text") }}, ErrStatement, "no text"},
		{"named argument", named, ErrStatement, "@n"},
		{"rewriter among the arguments", Text("SELECT id FROM widgets WHERE name = $1", pgx.NamedArgs{"n": 1}), ErrStatement, "option of pgx"},
		{"mode among the arguments", Text("SELECT id FROM widgets WHERE name = $1", pgx.QueryExecModeExec), ErrStatement, "option of pgx"},
		{"formats among the arguments", Text("SELECT id FROM widgets WHERE name = $1", pgx.QueryResultFormats{1}), ErrStatement, "option of pgx"},
		{"statement among the arguments", Text("SELECT id FROM widgets WHERE id = ANY ($1)", selectWidgets("id")), ErrStatement, "nest it"},
		{"scoped among the arguments", Text("SELECT id FROM widgets WHERE id = ANY ($1)", ForOrg(selectWidgets("id"), us)), ErrStatement, "option of pgx"},
		{"arguments that go-sqlbuilder lost", lost, ErrStatement, "empty WhereClause"},
		{"too few arguments", Text("SELECT id FROM widgets WHERE name = $1 AND id = $2", "axle"), ErrStatement, "$2"},
		{"too many arguments", Text("SELECT id FROM widgets WHERE name = $1", "axle", 2), ErrStatement, "2 arguments"},
		{"argument that is not used", Text("SELECT id FROM widgets WHERE name = $2", "axle", "bolt"), ErrStatement, "2 arguments"},
		{"undeclared table", Text("SELECT 1 FROM gizmos"), ErrUndeclared, `query.Declare[T]("gizmos")`},
		{"shared table", Text("SELECT name FROM colors"), ErrNotOrgOwned, "Unscoped"},
		{"mark of a nested ForOrg that is not there", Text("SELECT id /* for org $1 */ FROM widgets"), ErrStatement, "$1"},
		{"mark of no parameter", Text("SELECT id /* for org $0 */ FROM widgets /* for org $x */"), ErrStatement, "$0"},
		{"mark of another argument", Text("SELECT id FROM widgets /* for org $1 */ WHERE name = $1", "axle"), ErrStatement, "$1"},
		{"parameter zero", Text("SELECT id FROM widgets WHERE name = $0 OR name = $0"), ErrStatement, "$0"},
		{"text that is no SQL", Text("SELEKT"), ErrStatement, ""},
		{"row of another organization", widgets.InsertInto(widget{OrganizationID: them}), ErrForeignOrg, "leave the column out"},
		{"row of another organization, by a constant", Text("INSERT INTO widgets (organization_id, name) VALUES ('b0000000-0000-4000-8000-000000000000', 'x')"), ErrForeignOrg, "leave the column out"},
		{"row that moves", Text("UPDATE widgets SET organization_id = $1", them), ErrMoved, "leave"},
		{"row that moves to nowhere", Text("UPDATE widgets SET organization_id = $1", nil), ErrMoved, "leave"},
		{"row that moves, by a constant", Text("UPDATE widgets SET organization_id = 'b0000000-0000-4000-8000-000000000000'"), ErrMoved, "leave"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			scoped := ForOrg(c.b, us)
			if err := scoped.Err(); err != nil {
				t.Fatalf("Err: %v, want it when rendered only", err)
			}
			mustRefuse(t, scoped, c.want)
			_, _, err := scoped.SQL()
			if !strings.HasPrefix(err.Error(), "query: ") || !strings.Contains(err.Error(), c.remedy) {
				t.Errorf("%v: no word of %q", err, c.remedy)
			}
		})
	}
}

func TestErrorsNameTheirPlace(t *testing.T) {
	t.Parallel()
	_, _, err := ForOrg(Text("SELECT w.id FROM widgets w, gizmos g"), us).SQL()
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Table != "gizmos" || e.Offset != 28 || !strings.HasSuffix(err.Error(), "(at byte 28)") {
		t.Errorf("error %+v (%v), want gizmos at byte 28", e, err)
	}
	_, _, err = ForOrg(Text("UPDATE widgets SET organization_id = $1", them), us).SQL()
	e, ok = errors.AsType[*Error](err)
	if !ok || e.Table != "widgets" || e.Column != "organization_id" || e.Offset != 19 {
		t.Errorf("error %+v (%v), want organization_id of widgets at byte 19", e, err)
	}
	if e := ForOrg(nil, us).Err().(*Error); e.Offset != -1 || strings.Contains(e.Error(), "byte") {
		t.Errorf("error %+v names a place in no text", e)
	}
}

func TestTheOrganizationIsTheLastArgument(t *testing.T) {
	t.Parallel()
	sb := selectWidgets("id")
	sb.Where(sb.In("name", "axle", "bolt"))
	for name, scoped := range map[string]*Scoped{
		"by id":    ForOrg(sb, us),
		"by scope": ForOrg(sb, system(t, us)),
		"twice":    ForOrg(ForOrg(sb, us), us),
	} {
		text, args := mustRender(t, scoped)
		if !strings.Contains(text, "$3") || strings.Contains(text, "$4") {
			t.Errorf("%s: %s", name, text)
		}
		if want := []any{"axle", "bolt", us}; !slices.Equal(args, want) {
			t.Errorf("%s: arguments %v, want %v", name, args, want)
		}
	}
}

func mustRender(t *testing.T, st Statement) (string, []any) {
	t.Helper()
	text, args, err := st.SQL()
	if err != nil {
		t.Fatal(err)
	}
	return text, args
}

func system(t *testing.T, org uuid.UUID) *scope.Scope {
	t.Helper()
	sc, err := scope.System(org, "test")
	if err != nil {
		t.Fatal(err)
	}
	return sc
}

func TestRowsThatBringTheOrganizationNeedNoFurtherArgument(t *testing.T) {
	t.Parallel()
	text, args := mustRender(t, ForOrg(widgets.InsertInto(widget{Name: "axle"}), us))
	if strings.Contains(text, fmt.Sprintf("$%d", len(args)+1)) || !strings.Contains(text, fmt.Sprintf("$%d", len(args))) {
		t.Errorf("%s has %d arguments", text, len(args))
	}
	if args[0] != any(us) {
		t.Errorf("arguments %v, want %v first", args, us)
	}
}

func TestValuesAreStampedInACopy(t *testing.T) {
	t.Parallel()
	text := "INSERT INTO widgets (organization_id, name) VALUES ($1, 'a'), ($2, 'b'), ($3, 'c'), ($4, 'd')"
	given := []any{nil, uuid.Nil, us.String(), &them}
	mine := them
	given[3] = &mine
	b := Text(text, given...)
	if _, _, err := ForOrg(b, us).SQL(); !errors.Is(err, ErrForeignOrg) {
		t.Fatalf("error %v, want ErrForeignOrg", err)
	}
	mine = us
	_, args := mustRender(t, ForOrg(b, us))
	if want := []any{us, us, us, us}; !slices.Equal(args, want) {
		t.Errorf("arguments %v, want %v", args, want)
	}
	if given[0] != nil || given[1] != any(uuid.Nil) || given[2] != any(us.String()) || given[3] != any(&mine) {
		t.Errorf("the caller's arguments became %v", given)
	}
}

func TestAStampMustNotFillSomethingElse(t *testing.T) {
	t.Parallel()
	const text = "INSERT INTO widgets (id, organization_id, name) VALUES ($1, $1, 'x')"
	_, _, err := ForOrg(Text(text, uuid.Nil), us).SQL()
	if !errors.Is(err, ErrStatement) || !strings.Contains(err.Error(), "its own parameter") {
		t.Errorf("error %v, want ErrStatement", err)
	}
	if _, args := mustRender(t, ForOrg(Text(text, us.String()), us)); args[0] != any(us) {
		t.Errorf("arguments %v, want %v", args, us)
	}
}

func TestArgumentsThatABuilderKeepsAreNotOverwritten(t *testing.T) {
	t.Parallel()
	kept := append(make([]any, 0, 8), "axle")
	b := custom{build: func([]any) (string, []any) { return "SELECT id FROM widgets WHERE name = $1", kept }}
	_, first := mustRender(t, ForOrg(b, us))
	_, second := mustRender(t, ForOrg(b, them))
	if first[1] != any(us) || second[1] != any(them) {
		t.Errorf("arguments %v and %v share an array", first, second)
	}
	if spare := kept[:2][1]; spare != nil {
		t.Errorf("the builder's array got %v", spare)
	}
}

// What was checked is what is sent, also where no organization has to be added.
func TestArgumentsThatABuilderKeepsCannotChangeAfterTheCheck(t *testing.T) {
	t.Parallel()
	kept := []any{us, "axle"}
	b := custom{build: func([]any) (string, []any) {
		return "INSERT INTO widgets (organization_id, name) VALUES ($1, $2)", kept
	}}
	_, args := mustRender(t, ForOrg(b, us))
	kept[0] = them
	if want := []any{us, "axle"}; !slices.Equal(args, want) {
		t.Errorf("arguments became %v, want %v", args, want)
	}
}

// The list of initial arguments may have room behind it that somebody else uses too.
func TestNestedStatementsDoNotShareTheListThatTheyContinue(t *testing.T) {
	t.Parallel()
	initial := append(make([]any, 0, 8), "outer")
	for name, inner := range map[string]func(owner uuid.UUID) sqlbuilder.Builder{
		"text": func(owner uuid.UUID) sqlbuilder.Builder {
			return ForOrg(Text("SELECT id FROM widgets WHERE name = $1", owner.String()), owner)
		},
		"builder": func(owner uuid.UUID) sqlbuilder.Builder {
			sb := selectWidgets("id")
			return ForOrg(sb.Where(sb.EQ("name", owner.String())), owner)
		},
		"unscoped": func(owner uuid.UUID) sqlbuilder.Builder {
			return Unscoped(Text("SELECT id FROM widgets WHERE name = $1 AND organization_id = $2", owner.String(), owner), "test")
		},
		"text alone": func(owner uuid.UUID) sqlbuilder.Builder {
			return Text("SELECT id FROM widgets WHERE name = $1 AND organization_id = $2", owner.String(), owner)
		},
		"refused": func(owner uuid.UUID) sqlbuilder.Builder { return ForOrg(Text("SELECT 1 FROM "+owner.String()), owner) },
	} {
		_, first := inner(us).BuildWithFlavor(sqlbuilder.PostgreSQL, initial...)
		want := slices.Clone(first)
		_, _ = inner(them).BuildWithFlavor(sqlbuilder.PostgreSQL, initial...)
		if !slices.Equal(first, want) {
			t.Errorf("%s: arguments %v became %v", name, want, first)
		}
		if spare := initial[:2][1]; spare != nil {
			t.Errorf("%s: the caller's list got %v", name, spare)
		}
	}
}

// A statement in a log shows its text, and not what is asked for.
func TestPrintingAStatementShowsNoArgument(t *testing.T) {
	t.Parallel()
	const secret = "s3cr3t"
	scoped := ForOrg(Text("SELECT id FROM widgets WHERE name = $1", secret), us)
	mustRender(t, scoped)
	var nobody *Scoped
	for _, value := range []any{
		scoped, Text("SELECT id FROM widgets WHERE name = $1", secret), Unscoped(Text("SELECT $1", secret), "test"),
		ForOrg(widgets.SelectFrom(), uuid.Nil), nobody, (*Bypass)(nil), struct{ S *Scoped }{scoped}, []any{scoped},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
			if text := fmt.Sprintf(verb, value); strings.Contains(text, secret) || strings.Contains(text, fmt.Sprintf("%x", secret)) {
				t.Errorf("%s of %T shows %s", verb, value, text)
			}
		}
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info("sent", "statement", value)
		slog.New(slog.NewJSONHandler(&log, nil)).Info("sent", "statement", value)
		if strings.Contains(log.String(), secret) {
			t.Errorf("a log of %T shows %s", value, log.String())
		}
	}
	if got, want := fmt.Sprint(scoped), "SELECT id FROM widgets WHERE widgets.organization_id = $2 AND (name = $1)"; got != want {
		t.Errorf("string is %q, want %q", got, want)
	}
}

func TestNestedStatements(t *testing.T) {
	t.Parallel()
	inner := func(owner uuid.UUID) sqlbuilder.Builder {
		sb := sqlbuilder.PostgreSQL.NewSelectBuilder().Select("w.id").From("widgets w").Join("widgets x", "x.name = w.name")
		return ForOrg(sb.Where(sb.EQ("w.name", "axle")), owner)
	}
	outer := func(sub sqlbuilder.Builder) *sqlbuilder.SelectBuilder {
		sb := selectWidgets("id")
		return sb.Where(sb.EQ("name", "bolt"), sb.In("id", sub), sb.GT("\"order\"", 1))
	}

	t.Run("in a plain builder", func(t *testing.T) {
		t.Parallel()
		text, args := outer(inner(us)).Build()
		if want := []any{"bolt", "axle", us, 1}; !slices.Equal(args, want) {
			t.Errorf("arguments %v, want %v", args, want)
		}
		if !strings.Contains(text, "w.organization_id = $3") || !strings.Contains(text, "x.organization_id = $3") || !strings.Contains(text, "> $4") {
			t.Error(text)
		}
	})
	t.Run("in a scoped one", func(t *testing.T) {
		t.Parallel()
		text, args := mustRender(t, ForOrg(outer(inner(us)), us))
		if want := []any{"bolt", "axle", us, 1, us}; !slices.Equal(args, want) {
			t.Errorf("arguments %v, want %v", args, want)
		}
		if !strings.Contains(text, "widgets.organization_id = $5") {
			t.Error(text)
		}
	})
	t.Run("two levels down", func(t *testing.T) {
		t.Parallel()
		_, args := mustRender(t, ForOrg(outer(ForOrg(outer(inner(us)), us)), us))
		if want := []any{"bolt", "bolt", "axle", us, 1, us, 1, us}; !slices.Equal(args, want) {
			t.Errorf("arguments %v, want %v", args, want)
		}
	})
	t.Run("for another organization", func(t *testing.T) {
		t.Parallel()
		mustRefuse(t, ForOrg(outer(inner(them)), us), ErrForeignOrg)
		mustRefuse(t, ForOrg(outer(outer(inner(them))), us), ErrForeignOrg)
		single := ForOrg(selectWidgets("id"), them) // its parameter is not repeated
		mustRefuse(t, ForOrg(outer(single), us), ErrForeignOrg)
	})
	t.Run("that was refused", func(t *testing.T) {
		t.Parallel()
		mustRefuse(t, ForOrg(outer(inner(uuid.Nil)), us), ErrNilID)
		mustRefuse(t, ForOrg(outer(ForOrg(Text("SELECT 1 FROM gizmos"), us)), us), ErrUndeclared)
		mustRefuse(t, ForOrg(outer(Unscoped(selectWidgets("id"), "")), us), ErrReason)
		mustRefuse(t, Unscoped(outer(inner(uuid.Nil)), "test"), ErrNilID)
	})
	t.Run("whose error was lost", func(t *testing.T) {
		t.Parallel()
		text, _ := inner(uuid.Nil).Build()
		mustRefuse(t, ForOrg(selectWidgets("id").Where("id IN ("+sqlbuilder.Escape(text)+")"), us), ErrStatement)
	})
	t.Run("in a statement of another flavor", func(t *testing.T) {
		t.Parallel()
		for _, b := range []sqlbuilder.Builder{inner(us), Text("SELECT 1"), Unscoped(selectWidgets("id"), "test")} {
			text, args := b.BuildWithFlavor(sqlbuilder.MySQL, 1)
			if !strings.HasPrefix(text, poisonMark) || len(args) != 2 {
				t.Errorf("%T: %q %v", b, text, args)
			}
		}
	})
	t.Run("in a clone", func(t *testing.T) {
		t.Parallel()
		_, args := mustRender(t, ForOrg(outer(inner(us)).Clone(), us))
		if want := []any{"bolt", "axle", us, 1, us}; !slices.Equal(args, want) {
			t.Errorf("arguments %v, want %v", args, want)
		}
		mustRefuse(t, ForOrg(outer(inner(them)).Clone(), us), ErrForeignOrg)
		// A clone copies what stands in FROM, to the last pointer.
		from := func(sub sqlbuilder.Builder) *sqlbuilder.SelectBuilder {
			sb := sqlbuilder.PostgreSQL.NewSelectBuilder().Select("x.id")
			return sb.From(sb.BuilderAs(sub, "x")).Clone()
		}
		mustRender(t, ForOrg(from(inner(us)), us))
		mustRender(t, ForOrg(from(Text("SELECT id FROM widgets WHERE name = $1", "axle")), us))
		mustRefuse(t, ForOrg(from(inner(them)), us), ErrForeignOrg)
		mustRefuse(t, ForOrg(from(inner(uuid.Nil)), us), ErrNilID)
	})
	t.Run("that drops the outer one's arguments", func(t *testing.T) {
		t.Parallel()
		sb := sqlbuilder.PostgreSQL.NewSelectBuilder().Select("w.id").From("widgets w")
		sb.AddWhereClause(nil)
		sb.GroupBy("w.id").Having(sb.EQ("max(w.name)", "axle"), sb.EQ("min(w.name)", "axle"))
		text, _ := outer(ForOrg(sb, us)).Build()
		if !strings.Contains(text, poisonMark) {
			t.Errorf("%s: the parameters of the outer statement are bound anew", text)
		}
		mustRefuse(t, ForOrg(outer(ForOrg(sb, us)), us), ErrStatement)
	})
	t.Run("that ends in a comment", func(t *testing.T) {
		t.Parallel()
		for _, sub := range []sqlbuilder.Builder{
			Text("SELECT id FROM widgets -- all"),
			ForOrg(Text("SELECT id FROM widgets -- all"), us),
			Unscoped(Text("SELECT id FROM widgets -- all"), "test"),
		} {
			text, _ := mustRender(t, ForOrg(outer(sub), us))
			if !strings.Contains(text, "-- all\n") {
				t.Errorf("%q: the comment swallows what follows", text)
			}
		}
	})
}

func TestRewriterStandsAlone(t *testing.T) {
	t.Parallel()
	for _, st := range []pgx.QueryRewriter{ForOrg(selectWidgets("id"), us), Unscoped(selectWidgets("id"), "test")} {
		if _, _, err := st.RewriteQuery(t.Context(), nil, "SELECT 1", nil); !errors.Is(err, ErrStatement) {
			t.Errorf("%T with text: error %v, want ErrStatement", st, err)
		}
		if _, _, err := st.RewriteQuery(t.Context(), nil, "", []any{1}); !errors.Is(err, ErrStatement) {
			t.Errorf("%T with arguments: error %v, want ErrStatement", st, err)
		}
		if text, _, err := st.RewriteQuery(t.Context(), nil, "", nil); err != nil || text == "" {
			t.Errorf("%T: %q %v", st, text, err)
		}
	}
}

func TestTheBuilderMayChangeUntilItIsRendered(t *testing.T) {
	t.Parallel()
	sb := selectWidgets("id")
	scoped := ForOrg(sb, us)
	sb.Where("true OR true").From("widgets w", "widgets")
	text, _ := mustRender(t, scoped)
	for _, guard := range []string{"w.organization_id = $1", "widgets.organization_id = $1"} {
		if !strings.Contains(text, guard) {
			t.Errorf("%s: no %s", text, guard)
		}
	}
}

func TestConcurrentRenderingsDoNotMix(t *testing.T) {
	t.Parallel()
	shared := Text("SELECT id FROM widgets WHERE name = $1 OR name = $1", "axle")
	var wg sync.WaitGroup
	for i := range 8 {
		org := uuid.New()
		wg.Go(func() {
			for j := range 200 {
				_, args, err := ForOrg(shared, org).SQL()
				if err != nil || len(args) != 2 || args[1] != any(org) {
					t.Errorf("arguments %v of %v: %v", args, org, err)
					return
				}
				sb := selectWidgets("id")
				sb.Where(sb.EQ("name", i), fmt.Sprintf("\"order\" <> %d", j)) // a new text each time
				if _, args, err := ForOrg(sb, org).SQL(); err != nil || args[1] != any(org) {
					t.Errorf("arguments %v of %v: %v", args, org, err)
					return
				}
			}
		})
	}
	wg.Wait()
}

// A warm ForOrg may cost no more allocations than the builder's own rendering
// and two: the Scoped and the organization as an argument.
func TestWarmForOrgAllocatesLittle(t *testing.T) {
	sb := selectWidgets("id", "name")
	sb.Where(sb.EQ("name", "axle"), sb.GT("\"order\"", 1)).OrderByAsc("name").Limit(10)
	plain := testing.AllocsPerRun(100, func() { sb.Build() })
	scoped := testing.AllocsPerRun(100, func() {
		if _, _, err := ForOrg(sb, us).SQL(); err != nil {
			t.Fatal(err)
		}
	})
	if scoped > plain+2 {
		t.Errorf("ForOrg allocates %v times, the plain rendering %v", scoped, plain)
	}
}

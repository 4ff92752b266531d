package planwitness

import (
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/sigrahq/sigra/internal/pgtest"
)

var update = flag.Bool("update", false, "record the plans of this machine's server")

func TestMain(m *testing.M) { pgtest.Main(m) }

// recorded is the file of plans that a server has given for the cases.
var recorded = filepath.Join("testdata", "plans.json")

func TestRecordedPlansAreJudged(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(recorded)
	if err != nil {
		t.Fatal(err)
	}
	var plans map[string]json.RawMessage
	if err := json.Unmarshal(text, &plans); err != nil {
		t.Fatal(err)
	}
	tables := append(owned[:len(owned):len(owned)], Table{Schema: "public", Name: "events_0", Column: "organization_id"}, Table{Schema: "public", Name: "events_1", Column: "organization_id"})
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if len(plans[c.name]) == 0 {
				t.Fatal("no plan is recorded; run the tests with -update")
			}
			judged(t, plans[c.name], c.generic, tables, c.want)
		})
	}
}

func TestPlansOfAServerAreJudged(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	schema, err := os.ReadFile(filepath.Join("testdata", "schema.sql"))
	if err != nil {
		t.Fatal(err)
	}
	db := pgtest.Pool(t, string(schema))
	tables, err := Partitions(ctx, db, owned...)
	if err != nil {
		t.Fatal(err)
	}
	var version int
	if err := db.QueryRow(ctx, "SELECT current_setting('server_version_num')::int / 10000").Scan(&version); err != nil {
		t.Fatal(err)
	}
	plans := map[string]json.RawMessage{}
	for _, c := range cases {
		if since[c.name] > version {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
				if _, err := tx.Exec(ctx, c.settings); err != nil {
					return err
				}
				explain := Explain
				if c.generic {
					explain = explainGeneric
				}
				plan, err := explain(ctx, tx, c.sql, ours)
				if err != nil {
					return err
				}
				plans[c.name] = plan
				judged(t, plan, c.generic, tables, c.want)
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	if *update {
		text, err := json.MarshalIndent(plans, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(recorded, append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// explainGeneric gives the plan of a statement with one parameter for any value
// of it.
func explainGeneric(ctx context.Context, db Querier, sql string, args ...any) ([]byte, error) {
	for _, s := range []string{"SET LOCAL plan_cache_mode = force_generic_plan", "PREPARE any_value (uuid) AS " + sql} {
		rows, err := db.Query(ctx, s, pgx.QueryExecModeExec)
		if err != nil {
			return nil, err
		}
		rows.Close()
		if rows.Err() != nil {
			return nil, rows.Err()
		}
	}
	plan, err := Explain(ctx, db, "EXECUTE any_value ('"+args[0].(string)+"')", pgx.QueryExecModeExec)
	if err != nil {
		return nil, err
	}
	rows, err := db.Query(ctx, "DEALLOCATE any_value", pgx.QueryExecModeExec)
	if err != nil {
		return nil, err
	}
	rows.Close()
	return plan, rows.Err()
}

func judged(t *testing.T, plan []byte, generic bool, tables []Table, want []string) {
	t.Helper()
	owner := Value(ours)
	if generic {
		owner = Parameter(1)
	}
	scans, err := Examine(plan, owner, tables...)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range scans {
		cond := s.Cond
		if !s.Restricted() {
			cond = "-"
		}
		got = append(got, s.Alias+" "+cond)
	}
	// Which side of a join comes first is the planner's choice.
	want = slices.Sorted(slices.Values(want))
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("scans (-want +got):\n%s\n%s", diff, plan)
	}
}

// Plans that need more rows, another version or an extension, written by hand.
func TestJoinsThatRestrict(t *testing.T) {
	t.Parallel()
	scan := func(relation, alias, relationship, filter string) string {
		return `{"Node Type": "Seq Scan", "Parent Relationship": "` + relationship + `", "Schema": "public", "Relation Name": "` + relation +
			`", "Alias": "` + alias + `", "Filter": "` + filter + `"}`
	}
	projects := scan("projects", "p", "Outer", "(p.organization_id = '"+ours+"'::uuid)")
	hash := `{"Node Type": "Hash", "Parent Relationship": "Inner", "Plans": [` + scan("tasks", "t", "Outer", "(t.id > 1)") + `]}`
	cond := `"Hash Cond": "(p.organization_id = t.organization_id)"`
	tests := []struct {
		name, plan string
		want       []string
	}{
		{"inner", `"Join Type": "Inner", ` + cond, []string{"p Filter", "t Hash Cond"}},
		{"left", `"Join Type": "Left", ` + cond, []string{"p Filter", "t Hash Cond"}},
		{"right", `"Join Type": "Right", ` + cond, []string{"p Filter", "t -"}},
		{"full", `"Join Type": "Full", ` + cond, []string{"p Filter", "t -"}},
		{"of another column", `"Join Type": "Inner", "Hash Cond": "(p.id = t.project_id)"`, []string{"p Filter", "t -"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			plan := `[{"Plan": {"Node Type": "Hash Join", ` + test.plan + `, "Plans": [` + projects + `, ` + hash + `]}}]`
			judged(t, []byte(plan), false, owned, test.want)
		})
	}
}

func TestExamineRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, plan, want string }{
		{"text", "Seq Scan on projects", "FORMAT JSON"},
		{"utility statement", `["Utility Statement"]`, "FORMAT JSON"},
		{"no plan", `[{}]`, "no plan"},
		{"without VERBOSE", `[{"Plan": {"Node Type": "Seq Scan", "Relation Name": "projects", "Alias": "projects"}}]`, "VERBOSE"},
		{"parameter of an InitPlan", `[{"Plan": {"Node Type": "Result", "Plans": [{"Node Type": "Result", "Parent Relationship": "InitPlan", "Subplan Name": "InitPlan 1 (returns $0,$1)"}]}}]`, "also the result of InitPlan 1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := Examine([]byte(test.plan), Parameter(1), owned...)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v does not say %q", err, test.want)
			}
		})
	}
}

func TestEqualitiesOfACondition(t *testing.T) {
	t.Parallel()
	const c = "column t\x00c"
	tests := []struct {
		condition string
		want      []equality
	}{
		{`(t.c = 'x'::text)`, []equality{{c, "constant x"}}},
		{`((t.c)::text = 'it''s'::text)`, []equality{{c, "constant it's"}}},
		{`((t.c)::integer = 5)`, nil},
		{`(5 = t.c)`, []equality{{"constant 5", c}}},
		{`((t.c = ($2)::uuid) AND (t.d > 1) AND (u."C ""d" = t.c))`, []equality{{c, "$2"}, {"column u\x00C \"d", c}}},
		{`((t.c = $1) OR (t.c = $2))`, nil},
		{`(NOT (t.c = $1))`, nil},
		{`((t.c = $1) IS NOT TRUE)`, nil},
		{`(t.c = (t.d = $1))`, nil},
		{`(CASE WHEN a AND (t.c = $1) THEN (t.c = $2) ELSE true END)`, nil},
		{`(t.d ~ E'a\' AND (t.c = $1) AND '::text)`, nil},
		{`(t.c = ANY ('{x}'::text[]))`, []equality{{c, "constant x"}}},
		{`(t.c = ANY ('{x,y}'::text[]))`, nil},
		{`(t.c = ALL ('{x}'::text[]))`, nil},
		{`(t.c = ANY ('{NULL}'::text[]))`, nil},
		{`(t.c <> $1)`, nil},
		{`(t.c = t.c)`, []equality{{c, c}}},
		{``, nil},
	}
	for _, test := range tests {
		got := equalities(conjuncts(test.condition))
		if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(equality{})); diff != "" {
			t.Errorf("equalities(%s) (-want +got):\n%s", test.condition, diff)
		}
	}
}

func FuzzEqualities(f *testing.F) {
	f.Add(`((t.c = 'x'::text) AND (t.d = ANY ('{1}'::int[])))`)
	f.Add(`(CASE WHEN "a""b" THEN E'\'' END`)
	f.Fuzz(func(t *testing.T, condition string) {
		c := conjuncts(condition)
		equalities(c)
		implies(c, "column t\x00c", "$1", nil)
	})
}

func TestScanIsRestrictedByAColumnAlias(t *testing.T) {
	t.Parallel()
	plan := []byte(`[{"Plan": {"Node Type": "Seq Scan", "Schema": "public", "Relation Name": "projects", "Alias": "p", "Filter": "(p.b = '` + ours + `'::uuid)"}}]`)
	table := owned[0]
	for _, c := range []struct {
		aliases []string
		want    bool
	}{
		{nil, false},
		{[]string{"a"}, false},
		{[]string{"a", "b"}, true},
	} {
		table.Aliases = c.aliases
		scans, err := Examine(plan, Value(ours), table)
		if err != nil {
			t.Fatal(err)
		}
		if len(scans) != 1 || scans[0].Restricted() != c.want {
			t.Errorf("with the aliases %q the scans are %v, want one, restricted: %v", c.aliases, scans, c.want)
		}
	}
}

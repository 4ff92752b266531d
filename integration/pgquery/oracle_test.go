package pgquery

import (
	"slices"
	"testing"

	pg "github.com/pganalyze/pg_query_go/v6"

	"github.com/sigrahq/sigra/internal/orgfilter"
)

func mustParse(t *testing.T, text string) *pg.ParseResult {
	t.Helper()
	tree, err := parse(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return tree
}

// The oracle has to be right where it judges: these are its own cases, from
// the manual's pages on WITH and on joins.

func TestOracleResolvesCTEs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"hidden by a CTE", "WITH p AS (SELECT 1) SELECT * FROM p", nil},
		{"not hidden inside the CTE itself", "WITH p AS (SELECT * FROM p) SELECT * FROM p", []string{"p"}},
		{"hidden inside the CTE itself under RECURSIVE", "WITH RECURSIVE p AS (SELECT * FROM p) SELECT * FROM p", nil},
		{"not hidden by a later CTE", "WITH a AS (SELECT * FROM p), p AS (SELECT 1) SELECT * FROM a", []string{"p"}},
		{"hidden by a later CTE under RECURSIVE", "WITH RECURSIVE a AS (SELECT * FROM p), p AS (SELECT 1) SELECT * FROM a", nil},
		{"not hidden with a schema", "WITH p AS (SELECT 1) SELECT * FROM s.p", []string{"p"}},
		{"not hidden behind the subquery", "SELECT * FROM (WITH p AS (SELECT 1) SELECT * FROM p) x, p", []string{"p"}},
		{"a target is no CTE", "WITH p AS (SELECT 1) DELETE FROM p USING p AS q", []string{"p"}},
		{"an alias to lock is no table", "SELECT 1 FROM p AS a FOR UPDATE OF a", []string{"p"}},
		{"a row's source counts once", "UPDATE p SET (a, b) = (SELECT 1, 2 FROM q)", []string{"p", "q"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var have []string
			for _, r := range relations(mustParse(t, c.text)) {
				have = append(have, r.name)
			}
			if !slices.Equal(have, c.want) {
				t.Errorf("relations %v, want %v\n%s", have, c.want, c.text)
			}
		})
	}
}

func TestOracleKnowsWhereAGuardRestricts(t *testing.T) {
	t.Parallel()
	const a, b = "a.organization_id = $1", "b.organization_id = $1"
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"WHERE", "SELECT 1 FROM a WHERE x AND " + a, []string{"a"}},
		{"WHERE behind an alias", "SELECT 1 FROM p AS a WHERE " + a, []string{"p"}},
		{"under OR", "SELECT 1 FROM a WHERE x OR " + a, nil},
		{"under NOT", "SELECT 1 FROM a WHERE NOT (" + a + ")", nil},
		{"another parameter", "SELECT 1 FROM a WHERE a.organization_id = $2", nil},
		{"without a qualifier", "SELECT 1 FROM a WHERE organization_id = $1", nil},
		{"another operator", "SELECT 1 FROM a WHERE a.organization_id <> $1", nil},
		{"operator of another schema", "SELECT 1 FROM a WHERE a.organization_id OPERATOR(s.=) $1", nil},
		{"renamed columns", "SELECT 1 FROM p AS a (organization_id) WHERE " + a, nil},
		{"HAVING", "SELECT 1 FROM a HAVING " + a, nil},
		{"outer query", "SELECT 1 FROM a WHERE EXISTS (SELECT 1 FROM b WHERE " + a + " AND " + b + ")", []string{"b"}},
		{"comma", "SELECT 1 FROM a, b WHERE " + a + " AND " + b, []string{"a", "b"}},
		{"inner ON", "SELECT 1 FROM a JOIN b ON " + a + " AND " + b, []string{"a", "b"}},
		{"left ON", "SELECT 1 FROM a LEFT JOIN b ON " + a + " AND " + b, []string{"b"}},
		{"right ON", "SELECT 1 FROM a RIGHT JOIN b ON " + a + " AND " + b, []string{"a"}},
		{"full ON", "SELECT 1 FROM a FULL JOIN b ON " + a + " AND " + b, nil},
		{"WHERE over a left join", "SELECT 1 FROM a LEFT JOIN b ON true WHERE " + a + " AND " + b, []string{"a"}},
		{"WHERE over a right join", "SELECT 1 FROM a RIGHT JOIN b ON true WHERE " + a + " AND " + b, []string{"b"}},
		{"WHERE over a full join", "SELECT 1 FROM a FULL JOIN b ON true WHERE " + a + " AND " + b, nil},
		{"ON above a left join", "SELECT 1 FROM a LEFT JOIN b ON true JOIN c ON " + a + " AND " + b, []string{"a"}},
		{"inner ON under a full join", "SELECT 1 FROM c FULL JOIN (a JOIN b ON " + a + " AND " + b + ") ON true", []string{"a", "b"}},
		{"hidden by a join's alias", "SELECT 1 FROM (a CROSS JOIN b) AS j, c AS a WHERE " + a, []string{"c"}},
		{"not hidden by an alias of USING", "SELECT 1 FROM a JOIN b USING (x) AS j WHERE " + a + " AND " + b, []string{"a", "b"}},
		{"two of that name", "SELECT 1 FROM s.a, t.a WHERE " + a, nil},
		{"derived table", "SELECT 1 FROM c FULL JOIN (SELECT * FROM a WHERE " + a + ") AS a ON true", []string{"a"}},
		{"column aliases", "SELECT 1 FROM a AS x (b) WHERE (CASE WHEN true THEN x.* END).organization_id = $1", []string{"a"}},
		{"column alias of the same name", "SELECT 1 FROM a AS x (organization_id) WHERE x.organization_id = $1", nil},
		{"whole row of another relation", "SELECT 1 FROM a AS x (b), b AS y (c) WHERE (CASE WHEN true THEN x.* END).organization_id = $1", []string{"a"}},
		{"whole row, sometimes", "SELECT 1 FROM a AS x (b) WHERE (CASE WHEN x.b THEN x.* END).organization_id = $1", nil},
		{"condition outside a derived table", "SELECT 1 FROM (SELECT * FROM a) AS a WHERE " + a, nil},
		{"one arm", "SELECT 1 FROM a WHERE " + a + " UNION SELECT 1 FROM b", []string{"a"}},
		{"update", "UPDATE a SET x = 1 FROM b WHERE " + a + " AND " + b, []string{"a", "b"}},
		{"delete", "DELETE FROM a USING b WHERE " + b, []string{"b"}},
		{"merge", "MERGE INTO a USING b ON " + a + " AND " + b + " WHEN NOT MATCHED THEN DO NOTHING", []string{"a"}},
		{"merge of a join", "MERGE INTO a USING (b JOIN c ON " + b + ") ON " + a + " WHEN MATCHED THEN DELETE", []string{"a", "b"}},
		{"sample", "SELECT 1 FROM a TABLESAMPLE SYSTEM (1) WHERE " + a, []string{"a"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			tree := mustParse(t, c.text)
			found := restricted(tree, ownership, 1)
			var have []string
			for _, r := range relations(tree) {
				if found[r.node] {
					have = append(have, r.name)
				}
			}
			if !slices.Equal(have, c.want) {
				t.Errorf("restricted %v, want %v\n%s", have, c.want, c.text)
			}
		})
	}
}

func TestOracleTakesOffGuardsAndNothingElse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, before, after string
		same                bool
	}{
		{"WHERE", "SELECT 1 FROM a WHERE x OR y", "SELECT 1 FROM a WHERE a.organization_id = $1 AND (x OR y)", true},
		{"new WHERE", "SELECT 1 FROM a", "SELECT 1 FROM a WHERE a.organization_id = $1", true},
		{"brackets forgotten", "SELECT 1 FROM a WHERE x OR y", "SELECT 1 FROM a WHERE a.organization_id = $1 AND x OR y", false},
		{"ON", "SELECT 1 FROM a LEFT JOIN b ON x", "SELECT 1 FROM a LEFT JOIN b ON b.organization_id = $1 AND (x)", true},
		{"derived table", "SELECT 1 FROM a FULL JOIN b ON x", "SELECT 1 FROM a FULL JOIN (SELECT * FROM b WHERE b.organization_id = $1) AS b ON x", false},
		{"column aliases", "SELECT 1 FROM a AS x (b)", "SELECT 1 FROM a AS x (b) WHERE (CASE WHEN true THEN x.* END).organization_id = $1", true},
		{"derived table of one column", "SELECT 1 FROM a FULL JOIN b ON x", "SELECT 1 FROM a FULL JOIN (SELECT id FROM b WHERE b.organization_id = $1) AS b ON x", false},
		{"derived table with a limit", "SELECT 1 FROM b", "SELECT 1 FROM (SELECT * FROM b WHERE b.organization_id = $1 LIMIT 9) AS b", false},
		{"join with nothing", "SELECT 1 FROM a FULL JOIN b ON x", "SELECT 1 FROM (a JOIN (SELECT) AS n ON a.organization_id = $1) FULL JOIN b ON x", true},
		{"left join with nothing", "SELECT 1 FROM a", "SELECT 1 FROM a LEFT JOIN (SELECT) AS n ON a.organization_id = $1", false},
		{"join with something", "SELECT 1 FROM a", "SELECT 1 FROM a JOIN (SELECT 1) AS n ON a.organization_id = $1", false},
		{"ONLY lost", "SELECT 1 FROM ONLY a", "SELECT 1 FROM a WHERE a.organization_id = $1", false},
		{"term made to wait", "SELECT 1 FROM a WHERE f(x) AND y", "SELECT 1 FROM a WHERE a.organization_id = $1 AND ((f(x)) >= true AND y)", true},
		{"term that waits for another value", "SELECT 1 FROM a WHERE f(x)", "SELECT 1 FROM a WHERE a.organization_id = $1 AND ((f(x)) >= false)", false},
		{"value made to wait", "SELECT f(x) FROM a", "SELECT (f(x)) >= true FROM a", false},
		{"term under OR made to wait", "SELECT 1 FROM a WHERE f(x) OR y", "SELECT 1 FROM a WHERE f(x) >= true OR y", false},
		{"guard in the target list", "SELECT 1 FROM a", "SELECT 1, a.organization_id = $1 FROM a", false},
		{"another guard's column", "SELECT 1 FROM a", "SELECT 1 FROM a WHERE a.owner_id = $1", false},
		{"stamp", "INSERT INTO a (x) VALUES (1), (2)", "INSERT INTO a (x, organization_id) VALUES (1, $1), (2, $1)", true},
		{"stamp at another place", "INSERT INTO a (x, y) VALUES (1, 2)", "INSERT INTO a (x, organization_id, y) VALUES (1, 2, $1)", false},
		{"stamp in a DEFAULT's place", "INSERT INTO a (organization_id, x) VALUES (DEFAULT, 1)", "INSERT INTO a (organization_id, x) VALUES ($1, 1)", true},
		{"stamp in a caller's value's place", "INSERT INTO a (organization_id, x) VALUES ('y', 1)", "INSERT INTO a (organization_id, x) VALUES ($1, 1)", false},
		{"stamp of DEFAULT VALUES", "INSERT INTO a DEFAULT VALUES", "INSERT INTO a (organization_id) VALUES ($1)", true},
		{"stamp around a query", "INSERT INTO a (x) SELECT 1 UNION SELECT 2", "INSERT INTO a (x, organization_id) SELECT q.*, $1 FROM (SELECT 1 UNION SELECT 2) AS q", true},
		{"merge", "MERGE INTO a USING b ON x OR y WHEN NOT MATCHED THEN INSERT (x) VALUES (1) WHEN NOT MATCHED BY SOURCE AND x OR y THEN DELETE",
			"MERGE INTO a USING (b JOIN (SELECT) AS n ON b.organization_id = $1) ON a.organization_id = $1 AND (x OR y) WHEN NOT MATCHED THEN INSERT (x, organization_id) VALUES (1, $1) WHEN NOT MATCHED BY SOURCE AND a.organization_id = $1 AND (x OR y) THEN DELETE", true},
		{"merge, another action", "MERGE INTO a USING b ON x WHEN MATCHED THEN DELETE", "MERGE INTO a USING b ON a.organization_id = $1 AND x WHEN MATCHED THEN DO NOTHING", false},
		{"merge, brackets forgotten", "MERGE INTO a USING b ON x WHEN MATCHED AND x OR y THEN DELETE", "MERGE INTO a USING b ON x WHEN MATCHED AND a.organization_id = $1 AND x OR y THEN DELETE", false},
		{"conflict", "INSERT INTO a (x) VALUES (1) ON CONFLICT (x) DO UPDATE SET y = 1 WHERE z OR u",
			"INSERT INTO a (x, organization_id) VALUES (1, $1) ON CONFLICT (x) DO UPDATE SET y = 1 WHERE a.organization_id = $1 AND (z OR u)", true},
		{"conflict's target changed", "INSERT INTO a (x) VALUES (1) ON CONFLICT (x) DO NOTHING",
			"INSERT INTO a (x, organization_id) VALUES (1, $1) ON CONFLICT DO NOTHING", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			err := sameButGuards(mustParse(t, c.before), mustParse(t, c.after), 1)
			if (err == nil) != c.same {
				t.Errorf("same but for guards: %t, want %t: %v", err == nil, c.same, err)
			}
		})
	}
}

func TestOracleKnowsOtherOrganizationsWrites(t *testing.T) {
	t.Parallel()
	plan := &orgfilter.Plan{Org: 9, Checks: []orgfilter.Check{{Param: 2, Stamp: true}, {Param: 3, Moved: true}, {Const: "c", Stamp: true}}}
	for _, c := range []struct {
		name, text string
		good       bool
	}{
		{"stamped", "INSERT INTO a (x, organization_id) VALUES (1, $9)", true},
		{"checked parameter", "INSERT INTO a (x, organization_id) VALUES (1, $2)", true},
		{"checked constant", "INSERT INTO a (x, organization_id) VALUES (1, 'c')", true},
		{"parameter that is checked for another reason", "INSERT INTO a (x, organization_id) VALUES (1, $3)", false},
		{"unchecked parameter", "INSERT INTO a (x, organization_id) VALUES (1, $4)", false},
		{"unchecked constant", "INSERT INTO a (x, organization_id) VALUES (1, 'd')", false},
		{"second row", "INSERT INTO a (x, organization_id) VALUES (1, $9), (2, $4)", false},
		{"second arm", "INSERT INTO a (x, organization_id) SELECT 1, $9 UNION SELECT 2, b.o FROM b", false},
		{"without the column", "INSERT INTO a (x) VALUES (1)", false},
		{"without a column list", "INSERT INTO a VALUES (1)", false},
		{"behind a star that may shift it", "INSERT INTO a (organization_id, x) SELECT b.*, $9 FROM b", false},
		{"update on conflict without a guard", "INSERT INTO a (organization_id) VALUES ($9) ON CONFLICT (x) DO UPDATE SET y = 1", false},
		{"update on conflict with a guard", "INSERT INTO a (organization_id) VALUES ($9) ON CONFLICT (x) DO UPDATE SET y = 1 WHERE a.organization_id = $9", true},
		{"update on conflict that guards the new row", "INSERT INTO a (organization_id) VALUES ($9) ON CONFLICT (x) DO UPDATE SET y = 1 WHERE excluded.organization_id = $9", false},
		{"update on conflict that moves", "INSERT INTO a (organization_id) VALUES ($9) ON CONFLICT (x) DO UPDATE SET organization_id = $4 WHERE a.organization_id = $9", false},
		{"update that moves", "UPDATE a SET organization_id = $4 WHERE a.organization_id = $9", false},
		{"update that is checked", "UPDATE a SET (x, organization_id) = (1, $3) WHERE a.organization_id = $9", true},
		{"update from a query", "UPDATE a SET (x, organization_id) = (SELECT 1, 2) WHERE a.organization_id = $9", false},
		{"update without a guard", "UPDATE a SET x = 1", false},
		{"merge", "MERGE INTO a USING b ON a.organization_id = $9 WHEN MATCHED THEN DELETE", true},
		{"merge without a guard", "MERGE INTO a USING b ON true WHEN MATCHED AND a.organization_id = $9 THEN DELETE", false},
		{"merge that guards its source in ON", "MERGE INTO b USING a ON a.organization_id = $9 WHEN MATCHED THEN DELETE", false},
		{"merge by source", "MERGE INTO a USING b ON a.organization_id = $9 WHEN NOT MATCHED BY SOURCE THEN DELETE", false},
		{"merge by source with a guard", "MERGE INTO a USING b ON a.organization_id = $9 WHEN NOT MATCHED BY SOURCE AND a.organization_id = $9 THEN DELETE", true},
		{"merge that inserts without the column", "MERGE INTO a USING b ON a.organization_id = $9 WHEN NOT MATCHED THEN INSERT (x) VALUES (1)", false},
		{"merge that inserts the organization", "MERGE INTO a USING b ON a.organization_id = $9 WHEN NOT MATCHED THEN INSERT (x, organization_id) VALUES (1, $2)", true},
		{"merge that inserts another organization's row", "MERGE INTO a USING b ON a.organization_id = $9 WHEN NOT MATCHED THEN INSERT (x, organization_id) VALUES (1, b.o)", false},
		{"merge that inserts defaults", "MERGE INTO a USING b ON a.organization_id = $9 WHEN NOT MATCHED THEN INSERT DEFAULT VALUES", false},
		{"merge that moves", "MERGE INTO a USING b ON a.organization_id = $9 WHEN MATCHED THEN UPDATE SET organization_id = b.o", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			catalog := orgfilter.NewCatalog()
			for name, kind := range map[string]orgfilter.Kind{"a": orgfilter.Owned, "b": orgfilter.Shared} {
				if _, err := catalog.Add(name, kind, ownership); err != nil {
					t.Fatal(err)
				}
			}
			err := allRestricted(mustParse(t, c.text), catalog, plan)
			if (err == nil) != c.good {
				t.Errorf("accepted: %t, want %t: %v\n%s", err == nil, c.good, err, c.text)
			}
		})
	}
}

func TestCommentsAreWhiteSpace(t *testing.T) {
	t.Parallel()
	for text, valid := range map[string]bool{
		"SELECT 1 WHERE a NOT /* c */ BETWEEN 1 AND 2":  true,
		"SELECT 'a' -- c\n'b'":                          true,
		"SELECT 'a' /* c */\n'b'":                       false,
		"SELECT U&'d!0061' /* é */ UESCAPE '!' FROM a":  true,
		"SELECT '/* ' FROM a /* '":                      false,
		"SELECT 1\x00 FROM a":                           false,
		"SELECT '\xff'":                                 false,
		"SELECT a /* /* */ */ FROM b -- no line behind": true,
	} {
		if _, err := parse(text); (err == nil) != valid {
			t.Errorf("%q is read: %t, want %t (%v)", text, err == nil, valid, err)
		}
	}
}

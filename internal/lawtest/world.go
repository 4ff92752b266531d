package lawtest

import (
	_ "embed"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/sigrahq/sigra/internal/pgtest"
)

//go:embed schema.sql
var schema string

// World is a set of databases with one schema. One run uses it at a time.
type World struct {
	Everybody string // connection string: the rows of three organizations
	Alone     string // the rows of organization A
	Shuffled  string // the same in another physical order
}

// NewWorld creates the databases of a world for a test.
func NewWorld(t testing.TB) World {
	t.Helper()
	return World{
		Everybody: pgtest.DSN(t, schema, shared(false), everybody()),
		Alone:     pgtest.DSN(t, schema, shared(false), organizationA.rows(false), alone()),
		Shuffled:  pgtest.DSN(t, schema, shared(true), organizationA.rows(true), alone()),
	}
}

// everybody is the data of all organizations. A row that an insert does not
// stamp falls to B.
func everybody() string {
	var b strings.Builder
	b.WriteString(organizationB.rows(false))
	b.WriteString(organizationA.rows(false))
	b.WriteString(organizationC.rows(true))
	for _, t := range tables {
		if t.owned() && !t.view {
			fmt.Fprintf(&b, "ALTER TABLE %s ALTER COLUMN %s SET DEFAULT '%s';\n", t.sql(), quote(t.owner), orgB)
		}
	}
	b.WriteString("ANALYZE;\n")
	return b.String()
}

// alone makes a database with A's rows stamp new ones as ForOrg does: the
// column may be absent, NULL or the zero id.
func alone() string {
	var b strings.Builder
	for _, t := range tables {
		if !t.owned() || t.view {
			continue
		}
		column := quote(t.owner)
		fmt.Fprintf(&b, "ALTER TABLE %s ALTER COLUMN %s SET DEFAULT '%s';\n", t.sql(), column, orgA)
		if t.name == "events" {
			continue // a trigger must not change the column that partitions
		}
		function := quote("stamp " + t.name)
		fmt.Fprintf(&b, `
CREATE FUNCTION %[1]s() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	NEW.%[2]s := coalesce(nullif(NEW.%[2]s, '00000000-0000-0000-0000-000000000000'), '%[3]s');
	RETURN NEW;
END $$;
CREATE TRIGGER stamp BEFORE INSERT ON %[4]s FOR EACH ROW EXECUTE FUNCTION %[1]s();
`, function, column, orgA, t.sql())
	}
	b.WriteString("ANALYZE;\n")
	return b.String()
}

// organization says how the rows of one organization look. Ids and slugs are
// the same in all of them, and each points at some that only another one has.
// Everything else of B and C carries a mark that A's values cannot have, and
// zeros and words where A has only numbers above zero.
type organization struct {
	id     string
	letter string
	mark   string // in each of its texts
	base   int    // added to its numbers
	ids    []int
	zero   bool
	code   string
}

var (
	organizationA = organization{id: orgA, letter: "A", base: 0, ids: []int{1, 2, 3, 4, 5, 6, 7, 8}, code: "%d"}
	organizationB = organization{id: orgB, letter: "B", mark: "!(", base: 700000, ids: []int{1, 2, 3, 4, 9, 10}, zero: true, code: "B!%d\\"}
	organizationC = organization{id: orgC, letter: "C", mark: "!", base: 900000, ids: []int{2, 3, 5, 8, 11}, code: "C!%d"}
)

// foreignMarks are in whatever B and C show. Numbers stand alone: in a hash they
// mean nothing.
var foreignMarks = []*regexp.Regexp{
	regexp.MustCompile(`B!`), regexp.MustCompile(`C!`), regexp.MustCompile(orgB), regexp.MustCompile(orgC),
	regexp.MustCompile(`\b[79]00[01][0-9][0-9]\b`),
}

func (o organization) rows(backwards bool) string {
	var b strings.Builder
	ids := o.ids
	for i := range ids {
		id := ids[i]
		if backwards {
			id = ids[len(ids)-1-i]
		}
		o.insert(&b, id)
	}
	return b.String()
}

// insert adds the rows with one number to all tables.
func (o organization) insert(b *strings.Builder, n int) {
	text := func(s string) string { return "'" + o.letter + o.mark + s + "'" }
	number := func(n int) string { return strconv.Itoa(o.base + n) }
	points := number(n%4 + 1)
	if o.zero && n%3 == 0 {
		points = "0"
	}
	null := func(every int, value string) string {
		if n%every == 0 {
			return "NULL"
		}
		return value
	}
	code := "'" + fmt.Sprintf(o.code, n) + "'"
	parent := null(3, strconv.Itoa(n/2))
	if n == 1 {
		parent = "NULL"
	}
	foreign := strconv.Itoa(9 + n%3) // of those that A does not have
	done := map[bool]string{true: "true", false: "false"}[n%2 == 0]

	fmt.Fprintf(b, "INSERT INTO projects VALUES (%d, '%s', 's-%d', %s, %s, %s, %s, %s, %s, '{%s,%s}', '{\"k\": \"%s%s%d\"}');\n",
		n, o.id, n, text(strconv.Itoa(n%5)), null(4, strconv.Itoa(n%6+1)), parent, points, code, done, number(n), number(n+1), o.letter, o.mark, n)
	project := strconv.Itoa(n%4 + 1)
	if n%4 == 3 {
		project = foreign
	}
	fmt.Fprintf(b, "INSERT INTO tasks VALUES ('%s', %d, %s, %s, %s, %s, %s, %s, %s, '{%s}');\n",
		o.id, n, null(5, project), parent, null(6, strconv.Itoa(n%5+1)), null(7, text(strconv.Itoa(n%3))), points, code, null(4, done), number(n))
	fmt.Fprintf(b, "INSERT INTO labels VALUES (%d, '%s', '%s-%d', %s, %s);\n",
		o.base+n, o.id, strings.ToLower(o.letter), n, text("label"), null(3, foreign))
	fmt.Fprintf(b, "INSERT INTO events VALUES ('%s', %d, %s, %s, %s);\n", o.id, n, null(4, project), text("event "+strconv.Itoa(n%2)), null(5, points))
	fmt.Fprintf(b, "INSERT INTO billing.invoices VALUES (%d, '%s', %s, %s, %s, %s);\n", n, o.id, foreign, number(n*10), text("invoice"), done)
	fmt.Fprintf(b, "INSERT INTO billing.users VALUES (%d, '%s', %s, %s, %s);\n", n, o.id, null(4, text("user")), points, null(3, done))
	fmt.Fprintf(b, "INSERT INTO \"Odd Items\" VALUES (%d, '%s', %s, %s, %s);\n", n, o.id, text("odd"), strconv.Itoa(n%4+1), points)
	fmt.Fprintf(b, "INSERT INTO comments VALUES (%d, %s, %s, %s, %s, '%s');\n",
		n, null(4, strconv.Itoa(n)), text("body"), strconv.Itoa(n%6+1), null(3, number(n)), o.id)
}

// shared fills the tables that belong to nobody.
func shared(backwards bool) string {
	users := []string{"(1, 'one', 'one@example.com', 3, true)", "(2, 'A2', 's-2', 1, false)", "(3, 'three', 's-3', 2, NULL)", "(4, NULL, 'four@example.com', NULL, true)", "(9, 'A3', 's-9', 5, false)"}
	plans := []string{"(1, 'free', 1)", "(2, 'A1', 2)", "(3, NULL, 3)"}
	if backwards {
		for _, list := range [][]string{users, plans} {
			for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
				list[i], list[j] = list[j], list[i]
			}
		}
	}
	return "INSERT INTO users VALUES " + strings.Join(users, ", ") + ";\nINSERT INTO plans VALUES " + strings.Join(plans, ", ") + ";\n"
}

// effects looks at the tables of the worlds.
var effects = func() string {
	owners := map[string]string{}
	for _, t := range tables {
		if !t.view {
			owners[t.sql()] = ""
		}
		if t.owned() && !t.view {
			owners[t.sql()] = quote(t.owner)
		}
	}
	return Effects(orgA, owners)
}()

// Effects is a query of two texts: all rows of some tables that belong to an
// organization or to nobody, and all others, each with whether this transaction
// has locked or written it. Both are NULL where it has no transaction id, without
// which it can do neither. owners has the tables' ownership columns, as SQL writes
// both, and none for a table that belongs to nobody.
func Effects(organization string, owners map[string]string) string {
	var rows []string
	for _, name := range slices.Sorted(maps.Keys(owners)) {
		own := "true"
		if column := owners[name]; column != "" {
			own = "t." + column + " = '" + organization + "'"
		}
		rows = append(rows, fmt.Sprintf("SELECT %s AS own, '%s ' || t::text"+
			" || CASE WHEN t.xmin = pg_current_xact_id_if_assigned()::xid THEN ' written' ELSE '' END"+
			" || CASE WHEN t.xmax = pg_current_xact_id_if_assigned()::xid THEN ' locked' ELSE '' END AS r FROM %s AS t",
			own, strings.ReplaceAll(name, "'", "''"), name))
	}
	return "SELECT string_agg(r, E'\\n' ORDER BY r) FILTER (WHERE own), string_agg(r, E'\\n' ORDER BY r) FILTER (WHERE own IS NOT TRUE) FROM (" +
		strings.Join(rows, " UNION ALL ") + ") AS all_rows WHERE pg_current_xact_id_if_assigned() IS NOT NULL"
}

// major is the major version of a server.
func major(conn *pgconn.PgConn) (int, error) {
	version := conn.ParameterStatus("server_version")
	end := strings.IndexFunc(version, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		end = len(version)
	}
	n, err := strconv.Atoi(version[:end])
	if err != nil {
		return 0, fmt.Errorf("lawtest: server version %q: %w", version, err)
	}
	return n, nil
}

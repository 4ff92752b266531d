package query

import (
	"database/sql"
	"errors"
	"math/big"
	"net"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

// Whatever of pgx runs statements can be handed to the executors.
var (
	_ = []Querier{(*pgx.Conn)(nil), (pgx.Tx)(nil), (*pgxpool.Pool)(nil), (*pgxpool.Conn)(nil), (*pgxpool.Tx)(nil)}
	_ = []Execer{(*pgx.Conn)(nil), (pgx.Tx)(nil), (*pgxpool.Pool)(nil), (*pgxpool.Conn)(nil), (*pgxpool.Tx)(nil)}
	_ = []Copier{(*pgx.Conn)(nil), (pgx.Tx)(nil), (*pgxpool.Pool)(nil), (*pgxpool.Conn)(nil), (*pgxpool.Tx)(nil)}
)

func TestExecutors(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	db, traced := widgetPool(t)

	rows, err := All[widget](ctx, db, ForOrg(widgets.SelectFrom().OrderBy("name"), us))
	if err != nil || len(rows) != 2 || rows[0].Name != "axle" || rows[1].Order != 2 || rows[1].OrganizationID != us {
		t.Fatalf("All of structs: %+v %v", rows, err)
	}
	if text := *traced.text.Load(); !strings.Contains(text, "organization_id = $1") {
		t.Errorf("the tracer sees %q", text)
	}
	names, err := All[string](ctx, db, ForOrg(selectWidgets("name").OrderBy("name"), them))
	if err != nil || !slices.Equal(names, []string{"theirs"}) {
		t.Errorf("All of a column: %v %v", names, err)
	}
	none, err := All[string](ctx, db, ForOrg(selectWidgets("name"), uuid.New()))
	if err != nil || none == nil || len(none) != 0 {
		t.Errorf("All of nothing: %#v %v", none, err)
	}

	count, err := One[int](ctx, db, ForOrg(Text("SELECT count(*) FROM widgets"), us))
	if err != nil || count != 2 {
		t.Errorf("One: %d %v", count, err)
	}
	first, err := One[widget](ctx, db, ForOrg(widgets.SelectFrom().OrderBy("name"), us))
	if err != nil || first.Name != "axle" {
		t.Errorf("One of several: %+v %v", first, err)
	}

	tag, err := Exec(ctx, db, ForOrg(Text(`UPDATE widgets SET name = $1 WHERE "order" > $2`, "nut", 1), us))
	if err != nil || tag.RowsAffected() != 1 {
		t.Errorf("Exec: %v %v", tag, err)
	}

	var batch pgx.Batch
	var deleted int64
	queued, err := Queue(&batch, ForOrg(widgets.DeleteFrom(), us))
	if err != nil {
		t.Fatal(err)
	}
	queued.Exec(func(tag pgconn.CommandTag) error { deleted = tag.RowsAffected(); return nil })
	if err := db.SendBatch(ctx, &batch).Close(); err != nil || deleted != 2 {
		t.Errorf("Queue: %d deleted, %v", deleted, err)
	}
	left, err := All[string](ctx, db, Unscoped(Text("SELECT name FROM widgets"), "test"))
	if err != nil || !slices.Equal(left, []string{"theirs"}) {
		t.Errorf("left: %v %v", left, err)
	}
}

func TestInsertedRowsAreTheOrganizations(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	db, _ := widgetPool(t)
	ib := widgets.InsertInto(widget{Name: "cog"}, widget{OrganizationID: us, Name: "disk"}, widget{ID: uuid.New(), Name: "edge"}).
		Returning("organization_id")
	owners, err := All[uuid.UUID](ctx, db, ForOrg(ib, us))
	if err != nil || !slices.Equal(owners, []uuid.UUID{us, us, us}) {
		t.Errorf("owners %v %v", owners, err)
	}
	owner, err := One[uuid.UUID](ctx, db, ForOrg(Text("INSERT INTO widgets (name) VALUES ($1) RETURNING organization_id", "fan"), us))
	if err != nil || owner != us {
		t.Errorf("owner %v %v", owner, err)
	}
}

func TestOneThatFindsNothing(t *testing.T) {
	t.Parallel()
	db, _ := widgetPool(t)
	sb := widgets.SelectFrom()
	_, err := One[widget](t.Context(), db, ForOrg(sb.Where(sb.EQ("name", "theirs")), us))
	for _, want := range []error{ErrNotFound, pgx.ErrNoRows, sql.ErrNoRows} {
		if !errors.Is(err, want) {
			t.Errorf("error %v is not %v", err, want)
		}
	}
}

func TestErrorsOfTheServerComeBack(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	db, _ := widgetPool(t)
	broken := ForOrg(Text("SELECT 1/0 FROM widgets"), us)
	if _, err := All[int](ctx, db, broken); err == nil || !strings.Contains(err.Error(), "22012") {
		t.Errorf("All: %v", err)
	}
	if _, err := One[int](ctx, db, broken); err == nil || !strings.Contains(err.Error(), "22012") {
		t.Errorf("One: %v", err)
	}
	if _, err := Exec(ctx, db, broken); err == nil || !strings.Contains(err.Error(), "22012") {
		t.Errorf("Exec: %v", err)
	}
	if _, err := All[widget](ctx, db, ForOrg(selectWidgets("id"), us)); err == nil || !strings.Contains(err.Error(), "organization_id") {
		t.Errorf("All with a field that no column fills: %v", err)
	}
}

func TestNothingIsSentOfARefusedStatement(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	db, traced := widgetPool(t)
	for name, st := range map[string]Statement{
		"nothing":       nil,
		"nil scoped":    (*Scoped)(nil),
		"nil bypass":    (*Bypass)(nil),
		"no owner":      ForOrg(selectWidgets("id"), uuid.Nil),
		"undeclared":    ForOrg(Text("SELECT 1 FROM gizmos"), us),
		"foreign row":   ForOrg(widgets.InsertInto(widget{OrganizationID: them}), us),
		"moved row":     ForOrg(Text("UPDATE widgets SET organization_id = $1", them), us),
		"two at once":   ForOrg(Text("DELETE FROM widgets; DELETE FROM widgets"), us),
		"nested":        ForOrg(selectWidgets("id").Where("id IN ("+selectWidgets().Var(1)+")"), us),
		"no reason":     Unscoped(selectWidgets("id"), " "),
		"refused below": Unscoped(ForOrg(selectWidgets("id"), uuid.Nil), "test"),
	} {
		if _, err := All[widget](ctx, db, st); !isRefusal(err) {
			t.Errorf("%s: All: %v", name, err)
		}
		if _, err := One[widget](ctx, db, st); !isRefusal(err) {
			t.Errorf("%s: One: %v", name, err)
		}
		if _, err := Exec(ctx, db, st); !isRefusal(err) {
			t.Errorf("%s: Exec: %v", name, err)
		}
		var batch pgx.Batch
		if _, err := Queue(&batch, st); !isRefusal(err) || batch.Len() != 0 {
			t.Errorf("%s: Queue: %d queued, %v", name, batch.Len(), err)
		}
	}
	if _, err := All[*widget](ctx, db, ForOrg(selectWidgets("id"), us)); err == nil || !strings.Contains(err.Error(), "use query.widget itself") {
		t.Errorf("All of pointers to structs: %v", err)
	}
	if _, err := Queue(nil, ForOrg(selectWidgets("id"), us)); !isRefusal(err) {
		t.Errorf("Queue without a batch: %v", err)
	}
	if n := traced.n.Load(); n != 0 {
		t.Errorf("%d statements were sent", n)
	}
}

func isRefusal(err error) bool {
	_, ok := errors.AsType[*Error](err)
	return ok
}

func TestScopedAsArgument(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	db, _ := widgetPool(t)
	scoped := ForOrg(selectWidgets("name").OrderBy("name"), us)

	rows, err := db.Query(ctx, "", scoped)
	if err != nil {
		t.Fatal(err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || !slices.Equal(names, []string{"axle", "bolt"}) {
		t.Errorf("Query: %v %v", names, err)
	}
	if err := db.QueryRow(ctx, "SELECT 1", scoped).Scan(new(string)); !errors.Is(err, ErrStatement) {
		t.Errorf("QueryRow with text: %v", err)
	}
	if _, err := db.Exec(ctx, "", scoped, 1); !errors.Is(err, ErrStatement) {
		t.Errorf("Exec with arguments: %v", err)
	}
	var name string
	if err := stdlib.OpenDBFromPool(db).QueryRowContext(ctx, "", scoped).Scan(&name); err != nil || name != "axle" {
		t.Errorf("database/sql: %q %v", name, err)
	}
}

func TestRowsAndValuesAreToldApart(t *testing.T) {
	t.Parallel()
	for typ, want := range map[reflect.Type]bool{
		reflect.TypeFor[widget]():                    true,
		reflect.TypeFor[embedded]():                  true,
		reflect.TypeFor[struct{ N int }]():           true,
		reflect.TypeFor[string]():                    false,
		reflect.TypeFor[[]byte]():                    false,
		reflect.TypeFor[*int]():                      false,
		reflect.TypeFor[uuid.UUID]():                 false,
		reflect.TypeFor[uuid.NullUUID]():             false,
		reflect.TypeFor[time.Time]():                 false,
		reflect.TypeFor[netip.Prefix]():              false,
		reflect.TypeFor[net.IPNet]():                 false,
		reflect.TypeFor[big.Int]():                   false,
		reflect.TypeFor[sql.Null[int]]():             false,
		reflect.TypeFor[pgtype.Numeric]():            false,
		reflect.TypeFor[pgtype.Range[pgtype.Int4]](): false,
		reflect.TypeFor[pgtype.Array[string]]():      false,
		reflect.TypeFor[map[string]any]():            false,
	} {
		if got := isRow(typ); got != want {
			t.Errorf("%v is a row: %t, want %t", typ, got, want)
		}
	}
}

func TestValuesAreRead(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	db, _ := widgetPool(t)
	from := func(expression string) Statement {
		return ForOrg(Text("SELECT "+expression+" FROM widgets LIMIT 1"), us)
	}
	if v, err := One[time.Time](ctx, db, from("'2026-01-02'::timestamptz")); err != nil || v.Year() != 2026 {
		t.Errorf("time: %v %v", v, err)
	}
	if v, err := One[*string](ctx, db, from("NULL::text")); err != nil || v != nil {
		t.Errorf("pointer: %v %v", v, err)
	}
	if v, err := One[sql.Null[int]](ctx, db, from("NULL::int")); err != nil || v.Valid {
		t.Errorf("sql.Null: %v %v", v, err)
	}
	if v, err := One[net.IPNet](ctx, db, from("'10.0.0.0/8'::cidr")); err != nil || v.String() != "10.0.0.0/8" {
		t.Errorf("network: %v %v", v, err)
	}
	if v, err := One[pgtype.Range[pgtype.Int4]](ctx, db, from("'[1,5)'::int4range")); err != nil || v.Upper.Int32 != 5 {
		t.Errorf("range: %v %v", v, err)
	}
	if v, err := One[[]string](ctx, db, from("ARRAY['a', 'b']")); err != nil || !slices.Equal(v, []string{"a", "b"}) {
		t.Errorf("list: %v %v", v, err)
	}
	if v, err := One[map[string]int](ctx, db, from(`'{"a": 1}'::jsonb`)); err != nil || v["a"] != 1 {
		t.Errorf("map: %v %v", v, err)
	}
}

// The driver's memory is used again for the next statement, which may be another
// organization's.
func TestRowsOutliveTheirStatement(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	db, _ := widgetPool(t)
	conn, err := db.Acquire(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	ours := func() Statement {
		return ForOrg(Text("SELECT convert_to(name, 'UTF8') AS name FROM widgets ORDER BY name LIMIT 1"), us)
	}
	theirs := func() {
		if name, err := One[string](ctx, conn, ForOrg(Text("SELECT name || '      ' FROM widgets"), them)); err != nil || !strings.Contains(name, "theirs") {
			t.Fatal(name, err)
		}
	}
	type named struct{ Name []byte }
	row, err := One[named](ctx, conn, ours())
	theirs()
	if err != nil || string(row.Name) != "axle" {
		t.Errorf("a field became %q, %v", row.Name, err)
	}
	raw, err := One[sql.RawBytes](ctx, conn, ours())
	theirs()
	if err != nil || string(raw) != "axle" {
		t.Errorf("sql.RawBytes became %q, %v", raw, err)
	}
	// Whoever reads it after the rows are closed reads what came then.
	type borrowed struct{ Name pgtype.DriverBytes }
	type list struct {
		Next *list
		Name []pgtype.DriverBytes
	}
	for name, err := range map[string]error{
		"alone":      second(One[pgtype.DriverBytes](ctx, conn, ours())),
		"field":      second(All[borrowed](ctx, conn, ours())),
		"array":      second(All[[]pgtype.DriverBytes](ctx, conn, ours())),
		"field, far": second(All[struct{ Row list }](ctx, conn, ours())),
	} {
		if err == nil || !strings.Contains(err.Error(), "use []byte") {
			t.Errorf("pgtype.DriverBytes, %s: %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

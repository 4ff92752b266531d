package query

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/sigrahq/sigra/runtime/scope"
)

var _ = Declare[tenant]("ledgers", Column("tenant_id"))

func TestCopyStampsRows(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	db, _ := widgetPool(t)
	for _, c := range []struct {
		name    string
		table   string
		columns []string
		rows    [][]any
	}{
		{"column absent", "widgets", []string{"name"}, [][]any{{"cog"}, {"disk"}}},
		{"column first", "public.widgets", []string{"organization_id", "name"}, [][]any{{nil, "cog"}, {uuid.Nil, "disk"}, {us, "edge"}}},
		{"column last", `"widgets"`, []string{"name", "organization_id"}, [][]any{{"cog", us.String()}, {"disk", &us}, {"edge", (*uuid.UUID)(nil)}}},
	} {
		rows := slices.Clone(c.rows)
		for i := range rows {
			rows[i] = slices.Clone(rows[i])
		}
		columns := append(make([]string, 0, 8), c.columns...)
		if _, err := Exec(ctx, db, ForOrg(widgets.DeleteFrom(), us)); err != nil {
			t.Fatal(err)
		}
		n, err := CopyForOrg(ctx, db, system(t, us), c.table, columns, pgx.CopyFromRows(rows))
		if err != nil || n != int64(len(rows)) {
			t.Errorf("%s: %d rows, %v", c.name, n, err)
		}
		count, err := One[int64](ctx, db, ForOrg(Text("SELECT count(*) FROM widgets"), us))
		if err != nil || count != n {
			t.Errorf("%s: %d rows are the organization's, %v", c.name, count, err)
		}
		for i := range rows {
			if !slices.Equal(rows[i], c.rows[i]) {
				t.Errorf("%s: the caller's row became %v", c.name, rows[i])
			}
		}
		if columns[:len(columns)+1][len(columns)] != "" {
			t.Errorf("%s: the caller's list of columns was written to", c.name)
		}
	}
}

func TestCopyOfAForeignRowCopiesNothing(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	db, _ := widgetPool(t)
	for name, bad := range map[string]any{"id": them, "text": them.String(), "no id": "ours", "number": 42} {
		rows := [][]any{{"cog", us}, {"disk", bad}, {"edge", us}}
		n, err := CopyForOrg(ctx, db, us, "widgets", []string{"name", "organization_id"}, pgx.CopyFromRows(rows))
		e, ok := errors.AsType[*Error](err)
		if n != 0 || !ok || !errors.Is(err, ErrForeignOrg) || e.Column != "organization_id" || e.Table != "widgets" {
			t.Errorf("%s: %d rows, %v", name, n, err)
		}
	}
	count, err := One[int](ctx, db, Unscoped(Text("SELECT count(*) FROM widgets"), "test"))
	if err != nil || count != 3 {
		t.Errorf("%d rows, %v, want the 3 that were there", count, err)
	}
}

func TestCopyThatFailsElsewhere(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	db, _ := widgetPool(t)
	_, err := CopyForOrg(ctx, db, us, "widgets", []string{"name"}, pgx.CopyFromRows([][]any{{"cog", 1}}))
	if !errors.Is(err, ErrStatement) {
		t.Errorf("row of the wrong length: %v", err)
	}
	broken := errors.New("broken source")
	source := pgx.CopyFromSlice(2, func(int) ([]any, error) { return nil, broken })
	if _, err := CopyForOrg(ctx, db, us, "widgets", []string{"name"}, source); err == nil {
		t.Error("the error of the source is lost")
	}
	if _, err := CopyForOrg(ctx, db, us, "widgets", []string{"color"}, pgx.CopyFromRows(nil)); err == nil {
		t.Error("the error of the server is lost")
	}
}

func TestCopyIsRefusedBeforeItStarts(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	db, traced := widgetPool(t)
	rows := pgx.CopyFromRows([][]any{{"cog"}})
	name := []string{"name"}
	copyTo := func(table string, columns []string, rows pgx.CopyFromSource) func() error {
		return func() error { _, err := CopyForOrg(ctx, db, us, table, columns, rows); return err }
	}
	for _, c := range []struct {
		name string
		copy func() error
		want error
	}{
		{"no organization", func() error {
			_, err := CopyForOrg(ctx, db, (*scope.Scope)(nil), "widgets", name, rows)
			return err
		}, ErrNoOrganization},
		{"zero id", func() error {
			_, err := CopyForOrg(ctx, db, uuid.Nil, "widgets", name, rows)
			return err
		}, ErrNilID},
		{"undeclared table", copyTo("gizmos", name, rows), ErrUndeclared},
		{"undeclared schema", copyTo("archive.widgets", name, rows), ErrUndeclared},
		{"shared table", copyTo("colors", name, rows), ErrNotOrgOwned},
		{"no name", copyTo("widgets (name) FROM PROGRAM 'x' --", name, rows), ErrStatement},
		{"no rows", copyTo("widgets", name, nil), ErrStatement},
		{"column twice", copyTo("widgets", []string{"name", "name"}, rows), ErrStatement},
		{"ownership column twice", copyTo("widgets", []string{"organization_id", "organization_id"}, rows), ErrStatement},
		{"ownership column in other letters", copyTo("widgets", []string{"name", "Organization_ID"}, rows), ErrStatement},
		{"another ownership column in other letters", copyTo("ledgers", []string{"TENANT_ID"}, rows), ErrStatement},
	} {
		if err := c.copy(); !errors.Is(err, c.want) || !isRefusal(err) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	if n := traced.n.Load(); n != 0 {
		t.Errorf("%d statements were sent", n)
	}
}

// swapping is a source that changes the caller's list of columns under the copy.
type swapping struct {
	Copier
	columns []string
}

func (s swapping) CopyFrom(ctx context.Context, table pgx.Identifier, columns []string, rows pgx.CopyFromSource) (int64, error) {
	slices.Reverse(s.columns)
	return s.Copier.CopyFrom(ctx, table, columns, rows)
}

func TestCopyChecksTheColumnsThatItSends(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	db, _ := widgetPool(t)
	columns := []string{"organization_id", "name"}
	if _, err := CopyForOrg(ctx, swapping{db, columns}, us, "widgets", columns, pgx.CopyFromRows([][]any{{nil, them.String()}})); err != nil {
		t.Fatal(err)
	}
	n, err := One[int](ctx, db, ForOrg(Text("SELECT count(*) FROM widgets WHERE name = $1", them.String()), us))
	if err != nil || n != 1 {
		t.Errorf("%d rows are where they belong, %v", n, err)
	}
}

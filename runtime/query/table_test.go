package query

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"
)

type stamps struct {
	CreatedAt time.Time
	UpdatedAt time.Time `db:"updated_at,omitempty"`
}

// oddity has every kind of field that there is a rule for.
type oddity struct {
	stamps
	Number         int       `db:"Number" fieldtag:"pk"`
	Part           int       `db:"part" fieldtag:"new, pk"`
	OrganizationID uuid.UUID `db:"organization_id" fieldtag:"pk"`
	HTTPStatus     int
	Price          string  `db:"pr$ce"`
	Select         *string `db:"select" fieldopt:"omitempty"`
	ID             int     `db:"id"`
	Ignored        string  `db:"-"`
	private        string
}

var oddities = Declare[oddity](`archive."Odd ""$1"`)

func TestSelectFrom(t *testing.T) {
	t.Parallel()
	if text, _ := widgets.SelectFrom().Build(); text != `SELECT widgets.id, widgets.organization_id, widgets.name, widgets."order" FROM widgets` {
		t.Error(text)
	}
	text, _ := oddities.SelectFrom().Build()
	columns := []string{"created_at", "updated_at", `"Number"`, "part", "organization_id", "http_status", `"pr$ce"`, `"select"`, "id"}
	want := `SELECT "Odd ""$1".` + strings.Join(columns, `, "Odd ""$1".`) + ` FROM archive."Odd ""$1"`
	if text != want {
		t.Errorf("\ngot  %s\nwant %s", text, want)
	}
}

func TestSelectsDoNotShareTheirColumns(t *testing.T) {
	t.Parallel()
	first, second := widgets.SelectFrom(), widgets.SelectFrom()
	first.SelectMore("1 AS first")
	second.SelectMore("2 AS second")
	if text, _ := first.Build(); !strings.Contains(text, "first") || strings.Contains(text, "second") {
		t.Error(text)
	}
	if text, _ := widgets.SelectFrom().Build(); strings.Contains(text, "first") {
		t.Error(text)
	}
}

func TestInsertInto(t *testing.T) {
	t.Parallel()
	word, one, two := "word", uuid.New(), uuid.New()
	for _, c := range []struct {
		name string
		b    *sqlbuilder.InsertBuilder
		text string
		args []any
	}{
		{"one row", widgets.InsertInto(widget{ID: one, OrganizationID: us, Name: "axle"}),
			`INSERT INTO widgets (id, organization_id, name, "order") VALUES ($1, $2, $3, $4)`, []any{one, us, "axle", 0}},
		{"zero primary key", widgets.InsertInto(widget{Name: "axle"}),
			`INSERT INTO widgets (organization_id, name, "order") VALUES ($1, $2, $3)`, []any{uuid.Nil, "axle", 0}},
		{"zero primary key of one row", widgets.InsertInto(widget{Name: "axle"}, widget{ID: two}),
			`INSERT INTO widgets (id, organization_id, name, "order") VALUES (DEFAULT, $1, $2, $3), ($4, $5, $6, $7)`,
			[]any{uuid.Nil, "axle", 0, two, uuid.Nil, "", 0}},
		{"no rows", widgets.InsertInto(),
			`INSERT INTO widgets (id, organization_id, name, "order")`, nil},
		{"zero field that may be left out", oddities.InsertInto(oddity{Number: 1}),
			`INSERT INTO archive."Odd ""$1" (created_at, updated_at, "Number", organization_id, http_status, "pr$ce", id) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			[]any{time.Time{}, time.Time{}, 1, uuid.Nil, 0, "", 0}},
		{"field that may be left out and is not", oddities.InsertInto(oddity{Number: 1, Part: 2, Select: &word}),
			`INSERT INTO archive."Odd ""$1" (created_at, updated_at, "Number", part, organization_id, http_status, "pr$ce", "select", id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			[]any{time.Time{}, time.Time{}, 1, 2, uuid.Nil, 0, "", &word, 0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			text, args := c.b.Build()
			if text != c.text || !slices.Equal(args, c.args) {
				t.Errorf("\ngot  %s %v\nwant %s %v", text, args, c.text, c.args)
			}
		})
	}
}

func TestUpdateSetsNeitherKeyNorOwner(t *testing.T) {
	t.Parallel()
	text, args := widgets.Update(widget{ID: uuid.New(), OrganizationID: them, Name: "axle", Order: 3}).Build()
	if text != `UPDATE widgets SET name = $1, "order" = $2` || !slices.Equal(args, []any{"axle", 3}) {
		t.Error(text, args)
	}
	text, _ = oddities.Update(oddity{}).Build()
	if want := `UPDATE archive."Odd ""$1" SET created_at = $1, updated_at = $2, http_status = $3, "pr$ce" = $4, "select" = $5, id = $6`; text != want {
		t.Errorf("\ngot  %s\nwant %s", text, want)
	}
}

func TestDeleteFrom(t *testing.T) {
	t.Parallel()
	if text, _ := oddities.DeleteFrom().Build(); text != `DELETE FROM archive."Odd ""$1"` {
		t.Error(text)
	}
}

func TestNameIsSpelledAsInSQL(t *testing.T) {
	t.Parallel()
	for declared, want := range map[string]string{
		"named_a":             "named_a",
		"Archive.Named_A":     "archive.named_a",
		`"archive"."Named A"`: `archive."Named A"`,
	} {
		table := Declare[widget](declared)
		text, _ := table.DeleteFrom().Build()
		if table.Name() != want || text != "DELETE FROM "+want {
			t.Errorf("%s: name %s, statement %s, want %s", declared, table.Name(), text, want)
		}
	}
}

func TestTableStatementsPassForOrg(t *testing.T) {
	t.Parallel()
	sb := oddities.SelectFrom().JoinWithOption(sqlbuilder.RightJoin, widgets.Name(), "true")
	row := oddity{Number: 1, private: "not a column"}
	for name, b := range map[string]sqlbuilder.Builder{
		"select": sb, "insert": oddities.InsertInto(row, row), "update": oddities.Update(row), "delete": oddities.DeleteFrom(),
	} {
		if _, _, err := ForOrg(b, us).SQL(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := ForOrg(oddities.InsertInto(oddity{OrganizationID: them}), us).SQL(); err == nil {
		t.Error("a row of another organization is accepted")
	}
}

// The zero Table was not declared and stands for nothing.
func TestZeroTableIsRefused(t *testing.T) {
	t.Parallel()
	var zero Table[widget]
	for _, b := range []sqlbuilder.Builder{zero.SelectFrom(), zero.InsertInto(widget{}), zero.Update(widget{}), zero.DeleteFrom()} {
		if text, _, err := ForOrg(b, us).SQL(); err == nil {
			t.Errorf("%T: %s", b, text)
		}
	}
}

package sqlscan

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTablesFindsNamesInTablePosition(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		want []Ref
	}{
		{"SELECT id FROM tasks WHERE id = $1", []Ref{{Name: "tasks"}}},
		{"select * from Tasks t, public.\"Odd Name\" o join x on true", []Ref{{Name: "tasks"}, {Schema: "public", Name: "Odd Name"}, {Name: "x"}}},
		{"SELECT 'from tasks' -- from tasks\n /* from tasks */ FROM $q$ from tasks $q$", nil},
		{"SELECT " + Hole + " FROM tasks", []Ref{{Name: "tasks"}}},
		{"SELECT id FROM " + Hole + " WHERE", []Ref{{Unknown: true}}},
		{"SELECT id FROM tasks_" + Hole, []Ref{{Unknown: true}}},
		{"SELECT id FROM tasks " + Hole, []Ref{{Name: "tasks"}}},
		{"SELECT id FROM " + Hole + ".tasks", []Ref{{Unknown: true}}},
		{"SELECT id FROM app." + Hole, []Ref{{Unknown: true}}},
		{"SELECT id FROM (SELECT id FROM tasks) x", []Ref{{Name: "tasks"}}},
		{"INSERT INTO tasks (id) VALUES (1) ON CONFLICT DO UPDATE SET a = 1", []Ref{{Name: "tasks"}}},
		{"UPDATE ONLY tasks SET a = 1", []Ref{{Name: "tasks"}}},
		{"DELETE FROM tasks USING projects p", []Ref{{Name: "tasks"}, {Name: "projects"}}},
		{"SELECT tasks FROM", nil},
		{"", nil},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, Tables(tt.text)); diff != "" {
			t.Errorf("Tables(%q): -want +got\n%s", tt.text, diff)
		}
	}
}

func TestFirstWordSkipsCommentsAndBrackets(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"-- name: ListTasks :many\nSELECT 1": "select",
		"/* x */ ((WITH a AS ()))":           "with",
		Hole + " FROM tasks":                 "",
		"":                                   "",
	} {
		if got := FirstWord(text); got != want {
			t.Errorf("FirstWord(%q) = %q, want %q", text, got, want)
		}
	}
}

func FuzzTablesEnds(f *testing.F) {
	f.Add("SELECT id FROM a, b JOIN c USING (d)")
	f.Add("update only x$1 set")
	f.Fuzz(func(t *testing.T, text string) {
		for _, ref := range Tables(text) {
			if ref.Unknown && ref.Name != "" {
				t.Errorf("unknown name %q", ref.Name)
			}
		}
		FirstWord(text)
	})
}

func TestTouchesNoRowsLooksAtEachStatement(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		want bool
	}{
		{"CREATE INDEX ON tasks (id)", true},
		{"BEGIN; SET x = 1;", true},
		{"SET x = 'a; b'; COMMIT", true},
		{"CREATE TABLE " + Hole + " (id int); COMMENT ON TABLE tasks IS ''", true},
		{"BEGIN; DELETE FROM tasks WHERE " + Hole, false},
		{"SET x = 1; SELECT 1", false},
		{"SELECT 1; SET x = 1", false},
		{"", false},
	}
	for _, tt := range tests {
		if got := TouchesNoRows(tt.text); got != tt.want {
			t.Errorf("TouchesNoRows(%q) = %t, want %t", tt.text, got, tt.want)
		}
	}
}

func TestBlockIsTheCodeOfDo(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, want string }{
		{"DO $$ BEGIN DELETE FROM tasks; END $$", " BEGIN DELETE FROM tasks; END "},
		{"do language plpgsql $x$ a $$ b $x$", " a $$ b "},
		{"DO $$ not closed", " not closed"},
		{"-- note\nDO 'BEGIN'", "BEGIN'"},
		{"-- it's ours\nDO $$ a $$", " a "},
		{"SELECT $$ a $$", ""},
		{"DO", ""},
	}
	for _, tt := range tests {
		if got, ok := Block(tt.text); got != tt.want || ok != (tt.want != "") {
			t.Errorf("Block(%q) = %q, %t, want %q", tt.text, got, ok, tt.want)
		}
	}
}

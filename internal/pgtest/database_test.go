package pgtest

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestWithDatabase(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, dsn string }{
		{"URL", "postgres://u:p%40ss@db.internal:6543/postgres?sslmode=disable"},
		{"URL with the other scheme", "postgresql://u:p%40ss@db.internal:6543/?sslmode=disable"},
		{"URL with the database as a parameter", "postgres://u:p%40ss@db.internal:6543?dbname=postgres&sslmode=disable"},
		{"keywords and values", "host=db.internal port=6543 user=u password=p@ss dbname=postgres sslmode=disable"},
		{"keywords without a database", "host=db.internal port=6543 user=u password='p@ss' sslmode=disable"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c, err := pgx.ParseConfig(withDatabase(tc.dsn, "other"))
			if err != nil {
				t.Fatal(err)
			}
			if c.Database != "other" {
				t.Errorf("database is %q, want other", c.Database)
			}
			if c.Host != "db.internal" || c.Port != 6543 || c.User != "u" || c.Password != "p@ss" || c.TLSConfig != nil {
				t.Errorf("something else changed: %s", c.ConnString())
			}
		})
	}
}

func TestTemplateNameKeepsScriptsApart(t *testing.T) {
	t.Parallel()
	seen := map[string][]string{}
	for _, schema := range [][]string{nil, {""}, {"ab"}, {"a", "b"}, {"b", "a"}, {"ab", ""}} {
		name := templateName(schema)
		if other, ok := seen[name]; ok {
			t.Errorf("%q and %q share %s", schema, other, name)
		}
		seen[name] = schema
	}
}

func TestWrongScriptIsNamedEachTime(t *testing.T) {
	t.Parallel()
	admin, err := process.hold()
	if err != nil {
		t.Fatal(err)
	}
	// The second time finds what the first left behind.
	for range 2 {
		_, err := clone(t.Context(), admin, []string{"CREATE TABLE a ()", "CREATE TABEL b ()"})
		if err == nil {
			t.Fatal("a wrong script is accepted")
		}
		for _, want := range []string{"schema script 2 of 2", "TABEL"} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("error does not mention %q: %v", want, err)
			}
		}
	}
}

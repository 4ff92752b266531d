package query

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

func TestPoisonIsNoSQLWhereverItLands(t *testing.T) {
	t.Parallel()
	pool, _ := widgetPool(t)
	conn, err := pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	for _, message := range []string{
		"organization id is zero",
		"",
		"x",
		"query: 1",
		`' OR true -- */ " $$ ; DELETE FROM widgets`,
		"\n'\\\x00é' $1 ${a} /*",
	} {
		for _, around := range []string{
			"@",
			"SELECT id FROM widgets WHERE id IN (@)",
			"SELECT @ FROM widgets",
			"SELECT id FROM @ AS w",
			"SELECT id FROM widgets WHERE @",
			"SELECT '@' FROM widgets",
			"SELECT E'@' FROM widgets",
			"SELECT 'a''@' FROM widgets",
			`SELECT id AS "@" FROM widgets`,
			"SELECT id /* @ */ FROM widgets",
			"SELECT id FROM widgets -- @",
			"SELECT $$@$$ FROM widgets",
			"SELECT name[@] FROM widgets",
			"SELECT '@', '@' FROM widgets",
			`SELECT "@", '@' /* @ */ FROM widgets -- @`,
			"SELECT id FROM widgets WHERE id IN (@) AND name IN (@)",
			"SELECT 1; @",
		} {
			text, args := poison(errors.New(message), nil)
			if len(args) != 1 {
				t.Errorf("%d arguments, want the refusal", len(args))
			}
			text = strings.ReplaceAll(around, "@", text)
			_, err := conn.Conn().PgConn().Exec(t.Context(), text).ReadAll()
			if refusal, ok := errors.AsType[*pgconn.PgError](err); !ok || refusal.Code != "42601" {
				t.Errorf("%q: error %v, want a syntax error", text, err)
			}
		}
	}
}

func TestPoisonSaysWhyWhenADriverReadsItsArguments(t *testing.T) {
	t.Parallel()
	sb := selectWidgets("id")
	sb.Where(sb.EQ("name", "axle"), sb.In("id", ForOrg(selectWidgets("id"), uuid.Nil)))
	text, args := sb.Build()

	t.Run("pgx", func(t *testing.T) {
		t.Parallel()
		pool, _ := widgetPool(t)
		_, err := pool.Exec(t.Context(), text, append([]any{pgx.QueryExecModeExec}, args...)...)
		if !errors.Is(err, ErrNilID) {
			t.Errorf("error %v, want ErrNilID", err)
		}
	})
	t.Run("of a text", func(t *testing.T) {
		t.Parallel()
		_, args := Text("SELECT $2", 1).BuildWithFlavor(sqlbuilder.PostgreSQL, "first")
		if len(args) != 2 || args[0] != "first" {
			t.Fatalf("arguments %v, want the initial one and the refusal", args)
		}
		if err := inspect(args); !errors.Is(err, ErrStatement) {
			t.Errorf("error %v, want ErrStatement", err)
		}
	})
}

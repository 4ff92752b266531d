package sinks_test

import (
	"testing"

	"github.com/sigrahq/sigra/internal/sinks/sinkstest"
)

func TestTableHasTheMethodsOfTheStandardLibrary(t *testing.T) {
	t.Parallel()
	sinkstest.Compare(t, "testdata/database-sql.golden", nil, "database/sql", "database/sql/driver")
}

func TestTableHasTheMethodsOfPgx(t *testing.T) {
	t.Parallel()
	sinkstest.Compare(t, "testdata/pgx.golden", nil, "github.com/jackc/pgx/v5", "github.com/jackc/pgx/v5/pgconn",
		"github.com/jackc/pgx/v5/pgxpool", "github.com/jackc/pgx/v5/stdlib")
}

package sinks

import (
	"regexp"
	"testing"

	_ "github.com/Masterminds/squirrel"
	_ "github.com/doug-martin/goqu/v9"
	_ "github.com/georgysavva/scany/v2/pgxscan"
	_ "github.com/georgysavva/scany/v2/sqlscan"
	_ "github.com/jmoiron/sqlx"
	_ "github.com/uptrace/bun"
	_ "gorm.io/gorm"

	"github.com/sigrahq/sigra/internal/sinks/sinkstest"
)

func TestTableHasTheMethodsOfTheLibrary(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		skip     *regexp.Regexp // types that write a part of a statement
		packages []string
	}{
		{"sqlx", nil, []string{"github.com/jmoiron/sqlx"}},
		{"scany", nil, []string{"github.com/georgysavva/scany/v2/pgxscan", "github.com/georgysavva/scany/v2/sqlscan", "github.com/georgysavva/scany/v2/dbscan"}},
		{"bun", regexp.MustCompile(`Query(Builder)?$`), []string{"github.com/uptrace/bun"}},
		{"squirrel", nil, []string{"github.com/Masterminds/squirrel"}},
		{"goqu", regexp.MustCompile(`(Expression|Dataset|Options)$`), []string{"github.com/doug-martin/goqu/v9"}},
		{"gorm", regexp.MustCompile(`Interface$`), []string{"gorm.io/gorm"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			sinkstest.Compare(t, "testdata/"+tt.name+".golden", tt.skip, tt.packages...)
		})
	}
}

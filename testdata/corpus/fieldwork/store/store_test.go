package store

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"corpus.test/fieldwork/model"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
)

func TestListShowsOwnSites(t *testing.T) {
	var s Sites
	ctx := context.Background()
	if s.db == nil {
		t.Skip("no database")
	}
	//sigra:allow test -- a clean table for this test
	if _, err := s.db.Exec(ctx, "DELETE FROM sites"); err != nil { // ok
		t.Fatal(err)
	}
	sc, err := scope.System(uuid.New(), "test")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := query.All[model.Site](ctx, s.db, query.ForOrg(model.Sites.SelectFrom(), sc)); err != nil { // ok
		t.Fatal(err)
	}
}

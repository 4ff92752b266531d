package query

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// names are those of an organization's widgets, as one connection shows them.
func names(ctx context.Context, db Querier, owner uuid.UUID) ([]string, error) {
	sb := selectWidgets("name").OrderByAsc("name")
	return All[string](ctx, db, ForOrg(sb.Where(sb.GT(`"order"`, 0)), owner))
}

// A connection keeps statements prepared, and PostgreSQL keeps plans of them. Both
// serve every organization.
func TestOneConnectionServesEveryOrganization(t *testing.T) {
	t.Parallel()
	pool, _ := widgetPool(t)
	want := map[uuid.UUID][]string{us: {"axle", "bolt"}, them: {"theirs"}}
	for _, mode := range []pgx.QueryExecMode{
		pgx.QueryExecModeCacheStatement, pgx.QueryExecModeCacheDescribe, pgx.QueryExecModeDescribeExec, pgx.QueryExecModeExec, pgx.QueryExecModeSimpleProtocol,
	} {
		for _, plans := range []string{"auto", "force_generic_plan"} {
			t.Run(mode.String()+" "+plans, func(t *testing.T) {
				t.Parallel()
				config := pool.Config().ConnConfig.Copy()
				config.DefaultQueryExecMode = mode
				config.RuntimeParams["plan_cache_mode"] = plans
				conn, err := pgx.ConnectConfig(t.Context(), config)
				if err != nil {
					t.Fatal(err)
				}
				defer conn.Close(context.WithoutCancel(t.Context()))
				for i := range 16 { // PostgreSQL thinks about a plan for all after five
					owner := []uuid.UUID{us, them}[i%2]
					got, err := names(t.Context(), conn, owner)
					if err != nil || !slices.Equal(got, want[owner]) {
						t.Fatalf("run %d: %q, %v, want %q", i, got, err, want[owner])
					}
				}
			})
		}
	}
}

// What went wrong for one organization leaves nothing that another one would see.
func TestAConnectionIsTheNextOnesAfterAnError(t *testing.T) {
	t.Parallel()
	pool, _ := widgetPool(t)
	ctx := t.Context()
	for name, fail := range map[string]func(conn Querier, send func(*pgx.Batch) pgx.BatchResults) error{
		"statement": func(conn Querier, _ func(*pgx.Batch) pgx.BatchResults) error {
			_, err := All[int](ctx, conn, ForOrg(Text("SELECT 1 / (\"order\" - $1) FROM widgets ORDER BY \"order\"", 2), us))
			return err
		},
		"value that cannot be read": func(conn Querier, _ func(*pgx.Batch) pgx.BatchResults) error {
			_, err := All[int](ctx, conn, ForOrg(selectWidgets("name"), us))
			return err
		},
		"statement in a batch": func(_ Querier, send func(*pgx.Batch) pgx.BatchResults) error {
			var batch pgx.Batch
			for _, text := range []string{"SELECT 1/0 FROM widgets", "SELECT name FROM widgets"} {
				if _, err := Queue(&batch, ForOrg(Text(text), us)); err != nil {
					return err
				}
			}
			results := send(&batch)
			_, first := results.Exec()
			_, second := results.Exec()
			return errors.Join(first, second, results.Close())
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn, err := pool.Acquire(ctx)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Release()
			for range 3 {
				if err := fail(conn, func(b *pgx.Batch) pgx.BatchResults { return conn.SendBatch(ctx, b) }); err == nil {
					t.Fatal("nothing failed")
				}
				if got, err := names(ctx, conn, them); err != nil || !slices.Equal(got, []string{"theirs"}) {
					t.Errorf("another organization then sees %q, %v", got, err)
				}
			}
		})
	}
}

// One write of a batch that fails takes the others along, of whichever organization.
func TestABatchIsAllOrNothing(t *testing.T) {
	t.Parallel()
	pool, _ := widgetPool(t)
	ctx := t.Context()
	var batch pgx.Batch
	for _, st := range []Statement{
		ForOrg(Text("DELETE FROM widgets"), us),
		ForOrg(Text("DELETE FROM widgets WHERE 1/0 = 1"), them),
	} {
		if _, err := Queue(&batch, st); err != nil {
			t.Fatal(err)
		}
	}
	err := pool.SendBatch(ctx, &batch).Close()
	if pg, ok := errors.AsType[*pgconn.PgError](err); !ok || pg.Code != "22012" {
		t.Errorf("error is %v", err)
	}
	if got, err := names(ctx, pool, us); err != nil || len(got) != 2 {
		t.Errorf("left are %q, %v", got, err)
	}
}

// A request that is cancelled while the server works gives its connection up, and
// not to somebody who would read what was on its way.
func TestACancelledStatementReachesNobodyElse(t *testing.T) {
	t.Parallel()
	pool, _ := widgetPool(t)
	for range 5 {
		ctx, cancel := context.WithCancel(t.Context())
		started := make(chan error, 1)
		go func() {
			_, err := All[string](ctx, pool, ForOrg(Text("SELECT name FROM widgets, pg_sleep(30)"), us))
			started <- err
		}()
		for n := 0; n == 0; {
			var err error
			if n, err = One[int](t.Context(), pool, Unscoped(Text(
				"SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"), "test")); err != nil {
				t.Fatal(err)
			}
		}
		cancel()
		if err := <-started; !errors.Is(err, context.Canceled) {
			t.Errorf("error is %v", err)
		}
		if got, err := names(t.Context(), pool, them); err != nil || !slices.Equal(got, []string{"theirs"}) {
			t.Errorf("another organization then sees %q, %v", got, err)
		}
	}
}

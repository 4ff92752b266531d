package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/sigrahq/sigra/internal/pgtest"
	"github.com/sigrahq/sigra/runtime/query"
)

// schema is 100 organizations with 200 projects each, two tasks for a project
// and two comments for a task, with the indexes that the shapes want.
const schema = `
CREATE TABLE projects (id uuid PRIMARY KEY, organization_id uuid NOT NULL, slug text NOT NULL, name text NOT NULL,
	archived boolean NOT NULL DEFAULT false, priority int NOT NULL DEFAULT 0);
CREATE TABLE tasks (id uuid PRIMARY KEY, organization_id uuid NOT NULL, project_id uuid NOT NULL, title text NOT NULL);
CREATE TABLE comments (id uuid PRIMARY KEY, organization_id uuid NOT NULL, task_id uuid NOT NULL, body text NOT NULL);
INSERT INTO projects SELECT md5('p' || o || '-' || i)::uuid, md5('o' || o)::uuid, 'project-' || i, 'Project ' || i, i % 10 = 0, i % 7
	FROM generate_series(1, 100) o, generate_series(1, 200) i;
INSERT INTO tasks SELECT gen_random_uuid(), organization_id, id, 'Task ' || i FROM projects, generate_series(1, 2) i;
INSERT INTO comments SELECT gen_random_uuid(), organization_id, id, CASE WHEN i = 1 THEN 'this is late' ELSE 'done' END
	FROM tasks, generate_series(1, 2) i;
CREATE INDEX ON projects (organization_id, name);
CREATE INDEX ON tasks (organization_id, project_id);
CREATE INDEX ON comments (organization_id, task_id);
ANALYZE`

// ranRow is the cost of building, running and reading one shape.
type ranRow struct {
	Shape        string  `json:"shape"`
	Way          string  `json:"way"`
	LowerMicros  float64 `json:"lower_quartile_us"`
	MedianMicros float64 `json:"median_us"`
	UpperMicros  float64 `json:"upper_quartile_us"`
	ToHand       spread  `json:"ratio_to_hand"`
}

func (r ranRow) String() string {
	return fmt.Sprintf("%s\t%s\t%.1f\t%.1f\t%.1f\t%v\t", r.Shape, r.Way, r.LowerMicros, r.MedianMicros, r.UpperMicros, r.ToHand)
}

func endToEnd(out *table, passes, rounds int) (err error) {
	ctx := context.Background()
	dsn, stop, err := pgtest.Server()
	if err != nil {
		return err
	}
	defer stop()
	admin, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer admin.Close(ctx)
	name := fmt.Sprintf("sigra_bench_%d", os.Getpid())
	if _, err := admin.Exec(ctx, "CREATE DATABASE "+name); err != nil {
		return err
	}
	defer func() {
		_, dropped := admin.Exec(ctx, "DROP DATABASE "+name+" WITH (FORCE)")
		err = errors.Join(err, dropped)
	}()
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return err
	}
	config.Database = name
	db, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer db.Close(ctx)
	//sigra:allow test -- fills the benchmark's own database
	if _, err := db.Exec(ctx, schema); err != nil {
		return err
	}

	var tenant, project uuid.UUID
	//sigra:allow test -- picks one of the benchmark's organizations
	if err := db.QueryRow(ctx, "SELECT organization_id, id FROM projects WHERE slug = 'project-77' LIMIT 1").Scan(&tenant, &project); err != nil {
		return err
	}
	out.header = "shape\tway\tlower us\tmedian us\tupper us\tto hand\tpasses\t"
	for _, s := range shapes {
		e := ends{ctx: ctx, db: db, shape: s, tenant: tenant}
		if err := e.compare(out, project, passes, rounds); err != nil {
			return fmt.Errorf("bench: %s: %w", s.name, err)
		}
	}
	return nil
}

// ends runs one shape for one organization.
type ends struct {
	ctx    context.Context
	db     *pgx.Conn
	shape  shape
	tenant uuid.UUID
}

// call builds a shape, runs it and reads what it gives.
type call func(row uuid.UUID) (any, error)

// reading is the two ways to run a query with rows of type T.
func reading[T any](e ends) (hand, scoped call) {
	hand = func(row uuid.UUID) (any, error) {
		text, args := e.shape.build("", row, &e.tenant).Build()
		//sigra:allow test -- the yardstick is written by hand
		rows, err := e.db.Query(e.ctx, text, args...)
		if err != nil {
			return nil, err
		}
		return pgx.CollectRows(rows, pgx.RowToStructByName[T])
	}
	scoped = func(row uuid.UUID) (any, error) {
		return query.All[T](e.ctx, e.db, query.ForOrg(e.shape.build("", row, nil), e.tenant))
	}
	return hand, scoped
}

// writing is the two ways to run a write.
func writing(e ends) (hand, scoped call) {
	hand = func(row uuid.UUID) (any, error) {
		text, args := e.shape.build("", row, &e.tenant).Build()
		//sigra:allow test -- the yardstick is written by hand
		tag, err := e.db.Exec(e.ctx, text, args...)
		return tag.RowsAffected(), err
	}
	scoped = func(row uuid.UUID) (any, error) {
		tag, err := query.Exec(e.ctx, e.db, query.ForOrg(e.shape.build("", row, nil), e.tenant))
		return tag.RowsAffected(), err
	}
	return hand, scoped
}

func (e ends) compare(out *table, project uuid.UUID, passes, rounds int) error {
	hand, scoped := e.shape.run(e)
	row := func() uuid.UUID { return project }
	if e.shape.inserts {
		row = uuid.New
	}
	if err := e.same(hand, scoped, row()); err != nil {
		return err
	}
	names, calls, spent := []string{"hand", "ForOrg"}, []call{hand, scoped}, make([]times, 2)
	for pass := range passes {
		for i := range calls {
			spent[i] = append(spent[i], nil)
		}
		for n := range 2 * rounds {
			i := (n + n/2) % 2 // each goes first in every other round
			id := row()
			start := time.Now()
			if _, err := calls[i](id); err != nil {
				return err
			}
			spent[i][pass] = append(spent[i][pass], float64(time.Since(start).Nanoseconds())/1000)
		}
	}
	for i := range calls {
		out.add(ranRow{
			Shape: e.shape.name, Way: names[i],
			LowerMicros: spent[i].quartile(0.25), MedianMicros: spent[i].quartile(0.5), UpperMicros: spent[i].quartile(0.75),
			ToHand: spent[i].ratio(spent[0]),
		})
	}
	return nil
}

// same checks that both ways give the same, and leave the same behind.
func (e ends) same(hand, scoped call, row uuid.UUID) error {
	var given, left [2]any
	for i, run := range []call{hand, scoped} {
		tx, err := e.db.Begin(e.ctx)
		if err != nil {
			return err
		}
		if given[i], err = run(row); err != nil {
			return err
		}
		var digest string
		//sigra:allow test -- compares what is left of everybody's rows
		if err := tx.QueryRow(e.ctx, "SELECT md5(string_agg(p::text, ' ' ORDER BY id)) FROM projects p").Scan(&digest); err != nil {
			return err
		}
		left[i] = digest
		if err := tx.Rollback(e.ctx); err != nil {
			return err
		}
	}
	if !reflect.DeepEqual(given[0], given[1]) || left[0] != left[1] {
		return fmt.Errorf("by hand it gives %v, through ForOrg %v", given[0], given[1])
	}
	if v := reflect.ValueOf(given[0]); v.Kind() == reflect.Slice && v.Len() == 0 || v.Kind() == reflect.Int64 && v.Int() == 0 {
		return errors.New("no rows are concerned, so nothing is compared")
	}
	return nil
}

// Package models builds statements with bun, which takes their tables from
// models.
package models

import (
	"context"

	"github.com/uptrace/bun"
)

type Rule struct {
	bun.BaseModel `bun:"table:rule,alias:r"`

	ID             string `bun:"id,pk"`
	OrganizationID string `bun:"organization_id"`
	Text           string `bun:"text"`
}

// Channel has its table's name by convention, and both columns in its key.
type Channel struct {
	ID             string `bun:"id,pk"`
	OrganizationID string `bun:"organization_id,pk"`
}

type Country struct {
	Code string `bun:"code,pk"`
}

type store struct{ db *bun.DB }

func (s *store) get(ctx context.Context, org, id string) (*Rule, error) {
	rule := new(Rule)
	err := s.db.NewSelect().Model(rule).Where("id = ?", id).Scan(ctx) // want `query on org-owned table "rule" is not restricted to one organization; add r.organization_id = \$n for relation r \(rule\)`
	if err != nil {
		return nil, err
	}
	err = s.db.NewSelect().Model(rule).Where("organization_id = ?", org).Where("id = ?", id).Scan(ctx)
	return rule, err
}

func (s *store) list(ctx context.Context, db bun.IDB, org string, archived bool) ([]*Rule, error) {
	var rules []*Rule
	q := db.NewSelect().Model(&rules).Where("?TableAlias.organization_id = ?", org).Order("id")
	if archived {
		q = q.Where("archived").Limit(10)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, err
	}

	q = db.NewSelect().Model(&rules)
	if org != "" {
		q.Where("organization_id = ?", org)
	}
	return rules, q.Scan(ctx) // want `"rule" is not restricted`
}

func (s *store) either(ctx context.Context, org string) {
	s.db.NewSelect().Model((*Rule)(nil)).Where("organization_id = ?", org).WhereOr("shared").Count(ctx) // want `"rule" is not restricted`
	s.db.NewSelect().Model((*Rule)(nil)).Where("organization_id = ?", org).WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("shared").WhereOr("text = ''")
	}).Exists(ctx)
	s.db.NewSelect().Model((*Rule)(nil)).Where("organization_id = ?", org).WhereGroup(" OR ", visible).Exists(ctx) // want `"rule" is not restricted`
	mine := func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("organization_id = ?", org) }
	s.db.NewSelect().Model((*Rule)(nil)).Apply(visible, mine).Count(ctx)
	s.db.NewSelect().Model((*Rule)(nil)).Apply(visible).Count(ctx) // want `"rule" is not restricted`
	of(s.db.NewSelect().Model((*Rule)(nil)), org).Count(ctx)
}

func visible(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("NOT hidden") }

func of(q *bun.SelectQuery, org string) *bun.SelectQuery {
	return q.Where("organization_id = ?", org)
}

func (s *store) joins(ctx context.Context, org string) {
	s.db.NewSelect().Model((*Rule)(nil)).Join("JOIN channels AS c").JoinOn("c.organization_id = r.organization_id").Where("r.organization_id = ?", org).Scan(ctx)
	s.db.NewSelect().TableExpr("channels AS c").Join("JOIN rule AS r ON r.id = c.id").Where("c.organization_id = ?", org).Scan(ctx) // want `add r.organization_id = \$n for relation r \(rule\)`
	s.db.NewSelect().Table("countries").Where("code = ?", "NO").Scan(ctx)
	s.db.NewSelect().Model((*Country)(nil)).Scan(ctx)

	channels := s.db.NewSelect().Model((*Channel)(nil)).Column("id")
	s.db.NewSelect().Model((*Rule)(nil)).Where("organization_id = ?", org).Where("id IN (?)", channels).Scan(ctx) // want `"channels" is not restricted`
	s.db.NewSelect().With("c", channels).TableExpr("c").Scan(ctx)                                                 // want `"channels" is not restricted`
	mine := channels.Where("organization_id = ?", org)
	s.db.NewSelect().With("c", mine).TableExpr("c").Scan(ctx)
	s.db.NewSelect().Model((*Rule)(nil)).Where("organization_id = ?", org).Union(s.db.NewSelect().Model((*Rule)(nil))).Scan(ctx) // want `"rule" is not restricted`
}

func (s *store) write(ctx context.Context, org string, rule *Rule, channel *Channel) {
	s.db.NewUpdate().Model(rule).WherePK().Exec(ctx) // want `update of org-owned table "rule" is not restricted`
	s.db.NewUpdate().Model(rule).WherePK().Where("organization_id = ?", org).Exec(ctx)
	s.db.NewUpdate().Model(channel).WherePK().Exec(ctx)
	s.db.NewUpdate().Table("rule").Set("text = ?", "").Where("id = ?", 1).Exec(ctx)                                          // want `update of org-owned table "rule" is not restricted`
	s.db.NewUpdate().Model(rule).Set("organization_id = ?", org).Where("organization_id = ?", rule.OrganizationID).Exec(ctx) // want `sets organization_id, which can move rows`
	s.db.NewDelete().Model(new(Rule)).Where("id = ?", rule.ID).Exec(ctx)                                                     // want `delete from org-owned table "rule" is not restricted`
	s.db.NewDelete().Model(new(Rule)).Where("organization_id = ?", org).Where("id = ?", rule.ID).Exec(ctx)

	s.db.NewInsert().Model(rule).Exec(ctx)
	s.db.NewInsert().Model(rule).Column("id", "text").Exec(ctx)                                      // want `leaves out organization_id`
	s.db.NewInsert().Model(rule).On("CONFLICT (id) DO UPDATE").Set("text = EXCLUDED.text").Exec(ctx) // want `ON CONFLICT on org-owned table "rule" can update another organization's row`
	s.db.NewInsert().Model(rule).On("CONFLICT (organization_id, id) DO UPDATE").Set("text = EXCLUDED.text").Exec(ctx)
	s.db.NewInsert().Model(rule).On("CONFLICT DO NOTHING").Exec(ctx)
}

func (s *store) unknown(ctx context.Context, model any) {
	s.db.NewDelete().Model(model).Where("id = ?", 1).Exec(ctx) // want `tables of a builder cannot be known here \(the table of a model\) and may be org-owned`
}

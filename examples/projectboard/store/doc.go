// Package store reads and writes the board.
//
// Every method takes the scope of the request as an argument and hands its statement to query.ForOrg, which restricts
// every table in it to the scope's organization. No method takes an organization id, and none writes one:
//
//	func (p *Projects) List(ctx context.Context, sc *scope.Scope) ([]model.Project, error) {
//		return query.All[model.Project](ctx, p.db, query.ForOrg(model.Projects.SelectFrom(), sc))
//	}
//
// A row of another organization and a row that does not exist are the same thing here: query.ErrNotFound.
package store

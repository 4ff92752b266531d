// Package sinks compares the table of sinks with libraries that this module
// would otherwise not depend on: sqlx, scany, bun, squirrel, goqu and gorm.
//
// internal/sinks does the same with database/sql and pgx.
package sinks

// Package queries holds statements, as many applications do.
package queries

const (
	GoodTask = "SELECT id FROM tasks WHERE id = $1 AND organization_id = $2"
	BadTask  = "SELECT id FROM tasks WHERE id = $1"
)

var BadVariable = `SELECT id FROM tasks WHERE title = $1`

// Task returns one of two statements.
func Task(all bool) string {
	if all {
		return "SELECT id FROM tasks ORDER BY id"
	}
	return GoodTask
}

// ByColumn builds a statement around a column.
func ByColumn(column string) string {
	return "SELECT id FROM tasks WHERE " + column + " = $1"
}

// Detach is statements that touch no rows.
func Detach(table string) []string {
	return []string{"ALTER TABLE " + table + " DROP CONSTRAINT c", "ALTER TABLE " + table + " DISABLE TRIGGER t"}
}

// Empty is a statement that touches no rows, and one that does.
func Empty(table string) []string {
	return []string{"ALTER TABLE " + table + " DISABLE TRIGGER t", "DELETE FROM " + table}
}

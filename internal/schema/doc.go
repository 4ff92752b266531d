// Package schema learns from files which tables there are and which columns
// they have: migrations in the order in which they apply, or a dump. The files
// hold SQL, or Go with SQL in it.
//
//	var s schema.Schema
//	s.Apply("0001_init.up.sql", text)
//	for _, t := range s.Tables() {
//		// t.Name, t.Has("organization_id")
//	}
//
// It reads CREATE, ALTER and DROP TABLE and steps over everything else. What
// a migration tool marks as the way down is not applied. It is no judge of
// SQL: a statement that it cannot read changes nothing.
package schema

// Package keyset is about lists that are read in pages and ordered by a time and
// an id. A page goes on behind a place, so that rows that come and go in between
// neither repeat others nor hide them:
//
//	after, err := keyset.Parse(text) // from a client
//	… WHERE (created_at, id) > ($1, $2) ORDER BY created_at, id LIMIT $3
//
// It is what the cursors of packages store and audit are made of.
package keyset

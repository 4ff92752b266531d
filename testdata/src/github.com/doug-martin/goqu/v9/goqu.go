// Package goqu has the parts of the real package that the tests call.
package goqu

import "context"

type Database struct{}

func (*Database) ScanStructs(i any, query string, args ...any) error { return nil }
func (*Database) ScanValContext(ctx context.Context, i any, query string, args ...any) (bool, error) {
	return false, nil
}

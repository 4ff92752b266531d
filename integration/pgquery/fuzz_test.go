package pgquery

import "testing"

// FuzzAgainstPostgres looks for any text at all on which the reader accepts
// what PostgreSQL refuses, or sees other relations than PostgreSQL sees.
//
//	go test -fuzz FuzzAgainstPostgres -fuzztime 10m ./integration/pgquery
func FuzzAgainstPostgres(f *testing.F) {
	for _, c := range corpus(f) {
		f.Add(c.text)
	}
	catalog := appCatalog(f)
	f.Fuzz(func(t *testing.T, text string) {
		if err := judgeAll(text, catalog); err != nil {
			t.Error(err)
		}
	})
}

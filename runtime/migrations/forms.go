package migrations

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io/fs"
)

// GolangMigrate returns the set for github.com/golang-migrate/migrate, through
// its source iofs: 1_name.up.sql and 1_name.down.sql.
func (s Set) GolangMigrate() fs.FS {
	return s.form(func(m migration) []file {
		return []file{
			{fmt.Sprintf("%d_%s.up.sql", m.number, m.name), m.up},
			{fmt.Sprintf("%d_%s.down.sql", m.number, m.name), m.down},
		}
	})
}

// Goose returns the set for github.com/pressly/goose: 00001_name.sql with both
// ways in one file. Each way is one statement to goose, because it would split
// the bodies of functions at their semicolons.
func (s Set) Goose() fs.FS {
	return s.form(func(m migration) []file {
		return []file{{fmt.Sprintf("%05d_%s.sql", m.number, m.name),
			"-- +goose Up\n-- +goose StatementBegin\n" + m.up + "-- +goose StatementEnd\n\n" +
				"-- +goose Down\n-- +goose StatementBegin\n" + m.down + "-- +goose StatementEnd\n"}}
	})
}

// Tern returns the set for github.com/jackc/tern: 001_name.sql with both ways in
// one file and tern's line between them. Tern wants numbers without gaps: see
// [First].
func (s Set) Tern() fs.FS {
	return s.form(func(m migration) []file {
		return []file{{fmt.Sprintf("%03d_%s.sql", m.number, m.name),
			m.up + "\n---- create above / drop below ----\n\n" + m.down}}
	})
}

// Atlas returns the set for Atlas and for other tools that only go up:
// 1_name.sql. Atlas also wants a file of checksums beside them, which
// "atlas migrate hash" writes.
func (s Set) Atlas() fs.FS {
	return s.form(func(m migration) []file {
		return []file{{fmt.Sprintf("%d_%s.sql", m.number, m.name), m.up}}
	})
}

type file struct{ name, text string }

// form lays the files out in an archive in memory, which is the standard
// library's own way to a file system that is not on a disk.
func (s Set) form(of func(migration) []file) fs.FS {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, m := range s.list {
		for _, f := range of(m) {
			// Writing to memory does not fail, and the names are ours.
			part, _ := w.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Store})
			_, _ = part.Write([]byte(f.text))
		}
	}
	_ = w.Close()
	r, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		panic(err) // not reached: it was written just now
	}
	return r
}

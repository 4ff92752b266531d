package migrations

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io/fs"
	"strings"
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
// 00001_name.sql, since Atlas sorts by name. Beside them is the atlas.sum that
// Atlas asks for; among files of your own, "atlas migrate hash" writes the one for
// all of them.
func (s Set) Atlas() fs.FS {
	files := s.files(func(m migration) []file {
		return []file{{fmt.Sprintf("%05d_%s.sql", m.number, m.name), m.up}}
	})
	return archive(append(files, file{"atlas.sum", atlasSum(files)}))
}

// atlasSum has a line for each file, with the hash of all up to it, and a hash of
// those lines in front.
func atlasSum(files []file) string {
	var lines strings.Builder
	text, total := sha256.New(), sha256.New()
	for _, f := range files {
		text.Write([]byte(f.name + f.text))
		sum := base64.StdEncoding.EncodeToString(text.Sum(nil))
		total.Write([]byte(f.name + sum))
		fmt.Fprintf(&lines, "%s h1:%s\n", f.name, sum)
	}
	return "h1:" + base64.StdEncoding.EncodeToString(total.Sum(nil)) + "\n" + lines.String()
}

type file struct{ name, text string }

func (s Set) form(of func(migration) []file) fs.FS { return archive(s.files(of)) }

func (s Set) files(of func(migration) []file) (files []file) {
	for _, m := range s.list {
		files = append(files, of(m)...)
	}
	return files
}

// archive lays files out in an archive in memory, which is the standard library's
// own way to a file system that is not on a disk.
func archive(files []file) fs.FS {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		// Writing to memory does not fail, and the names are ours.
		part, _ := w.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Store})
		_, _ = part.Write([]byte(f.text))
	}
	_ = w.Close()
	r, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		panic(err) // not reached: it was written just now
	}
	return r
}

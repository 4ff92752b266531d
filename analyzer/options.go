package analyzer

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sigrahq/sigra/internal/schema"
)

// Options configure an analyzer. The zero value is the default.
type Options struct {
	// Columns are the names of ownership columns. The default is
	// organization_id. A table or struct with several has the first of them.
	Columns []string

	// Schema are globs of files to learn tables from, in the order of their
	// names: SQL, which is migrations or a dump, or Go that has it in its
	// strings. Relative ones are below Dir.
	Schema []string

	// Raw says what hand-written SQL on an org-owned table needs. "forbid":
	// it has to pass through query.ForOrg. "prove": each org-owned relation
	// needs a condition that binds its ownership column. "auto", the default:
	// forbid in a package whose imports reach runtime/query, prove elsewhere.
	// "off": only builders are looked at.
	Raw string

	// Dir is where relative Schema globs begin: the working directory when
	// it is empty.
	Dir string
}

// The values of Options.Raw.
const (
	rawAuto   = "auto"
	rawForbid = "forbid"
	rawProve  = "prove"
	rawOff    = "off"
)

const defaultColumn = "organization_id"

// validate says what is wrong with o, and fills in defaults.
func (o *Options) validate() error {
	if len(o.Columns) == 0 {
		o.Columns = []string{defaultColumn}
	}
	for _, c := range o.Columns {
		if c == "" || strings.ContainsAny(c, " \t\n.") {
			return fmt.Errorf("%q is not the name of a column; columns is a list such as organization_id,tenant_id", c)
		}
	}
	switch o.Raw {
	case "":
		o.Raw = rawAuto
	case rawAuto, rawForbid, rawProve, rawOff:
	default:
		return fmt.Errorf("raw is %q; use auto, forbid, prove or off", o.Raw)
	}
	for _, g := range o.Schema {
		if _, err := filepath.Match(g, ""); err != nil {
			return badGlob(g)
		}
	}
	return nil
}

// Validate says what is wrong with o; nil when an analyzer can be made of it.
func (o Options) Validate() error { return o.validate() }

// SchemaFiles returns the files that the Schema globs name, in the order in
// which they apply. A glob that names no file is an error.
func (o Options) SchemaFiles() ([]string, error) {
	var files []string
	for _, g := range o.Schema {
		if !filepath.IsAbs(g) {
			g = filepath.Join(o.Dir, g)
		}
		found, err := filepath.Glob(g)
		if err != nil {
			return nil, badGlob(g)
		}
		found = slices.DeleteFunc(found, isDirectory)
		if len(found) == 0 {
			return nil, fmt.Errorf("schema glob %q matches no file; correct it, or take it out of schema", g)
		}
		slices.SortFunc(found, schema.Compare)
		for _, name := range found {
			if !slices.Contains(files, name) {
				files = append(files, name)
			}
		}
	}
	return files, nil
}

func isDirectory(name string) bool {
	fi, err := os.Stat(name)
	return err == nil && fi.IsDir()
}

func badGlob(g string) error {
	return fmt.Errorf("schema glob %q is malformed; see https://pkg.go.dev/path/filepath#Match", g)
}

// flags declares one flag for each option.
func (o *Options) flags(fs *flag.FlagSet) {
	fs.Var((*listFlag)(&o.Columns), "columns", "comma-separated names of ownership columns (default organization_id)")
	fs.Var((*listFlag)(&o.Schema), "schema", "comma-separated globs of SQL files, or Go files with SQL in them, to learn tables from")
	fs.StringVar(&o.Raw, "raw", o.Raw, "what hand-written SQL on an org-owned table needs: auto, forbid, prove or off")
}

// listFlag is a comma-separated list.
type listFlag []string

func (l *listFlag) String() string {
	if l == nil {
		return ""
	}
	return strings.Join(*l, ",")
}

func (l *listFlag) Set(s string) error {
	*l = nil
	for _, item := range strings.Split(s, ",") {
		if item = strings.TrimSpace(item); item != "" {
			*l = append(*l, item)
		}
	}
	return nil
}

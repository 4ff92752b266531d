package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// appModule is the path of the application's module.
const appModule = "example.test/app"

// size is how large a generated application is.
type size struct{ packages, queries int }

// perDomain is the number of packages that one domain of the application has:
// a model, a store, a service, handlers, and words, which has nothing to do
// with databases.
const perDomain = 5

// domains is the number of domains. The service of each calls the one before,
// so that the last is on top of all others; handlers call two.
func (s size) domains() int { return max(2, s.packages/perDomain) }

// handWritten tells which domains do without the runtime: every sixth. Their
// statements restrict the organization themselves.
func handWritten(domain int) bool { return domain%6 == 5 }

// generate writes an application as one might have grown: domains that call
// the one before, statements of many kinds, most of them through ForOrg. The
// same size gives the same bytes. root is where this module is.
func generate(dir, root string, s size) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := writeModule(dir, root); err != nil {
		return err
	}
	n := s.domains()
	for d := range n {
		queries := s.queries * (d + 1) / n
		queries -= s.queries * d / n
		for name, text := range domain(d, n, queries) {
			file := filepath.Join(dir, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				return err
			}
			if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeModule makes the application depend on this module, in the versions
// that this one has.
func writeModule(dir, root string) error {
	ours, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return err
	}
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		return err
	}
	_, requires, _ := strings.Cut(string(ours), "\n\n") // past the module line
	mod := "module " + appModule + "\n\n" + requires +
		"\nrequire github.com/sigrahq/sigra v0.0.0\n\nreplace github.com/sigrahq/sigra => " + root + "\n"
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte(mod), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "go.sum"), sums, 0o644)
}

// domain is the files of domain d of n, by name.
func domain(d, n, queries int) map[string]string {
	fill := strings.NewReplacer(
		"NNN", fmt.Sprintf("%03d", d),
		"PPP", fmt.Sprintf("%03d", (d+n-1)%n), // the domain before
	)
	files := map[string]string{}
	add := func(name, text string) { files[fill.Replace(name)] = fill.Replace(text) }

	add("wordsNNN/words.go", words)
	add("modelNNN/model.go", modelOf(d))
	add("storeNNN/store.go", storeOf(d))
	add("serviceNNN/service.go", serviceOf(d, queries))
	add("webNNN/web.go", web)
	add("webNNN/web_test.go", webTest)

	const perFile = 25
	for first := 0; first < queries; first += perFile {
		var b strings.Builder
		b.WriteString(storeHead(d))
		for q := first; q < min(queries, first+perFile); q++ {
			b.WriteString(method(d, q))
		}
		add(fmt.Sprintf("storeNNN/queries%02d.go", first/perFile), b.String())
	}
	return files
}

// method is one method of a store, with one statement.
func method(d, q int) string {
	kinds := scopedMethods
	if handWritten(d) {
		kinds = handWrittenMethods
	}
	return strings.ReplaceAll(kinds[q%len(kinds)], "QQQ", fmt.Sprintf("%04d", q))
}

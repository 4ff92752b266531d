package store

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/sigrahq/sigra/runtime/migrations"
)

// addressShape is the CHECK organization_invitations_email_shape.
var addressShape = regexp.MustCompile(`^[^@\s\pC]+@[^@\s\pC]+$`)

// The names that mean something to this package are those of the schema.
func TestConstraintsAreNamedAsInTheSchema(t *testing.T) {
	t.Parallel()
	schema := migrations.All().Up()
	for name := range constraints {
		if !regexp.MustCompile(`(CONSTRAINT|INDEX|TRIGGER) ` + name + `\b`).MatchString(schema) {
			t.Errorf("the schema has no %s", name)
		}
	}
}

func FuzzNormalizeEmail(f *testing.F) {
	for _, seed := range []string{"ann@example.com", " Ann@Example.COM ", "a@b@c", "ann@example.com\r\nBcc: x@y", "\u212a@b", "jörg@bücher.example", "\xff@b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, given string) {
		address, err := NormalizeEmail(given)
		if err != nil {
			if !errors.Is(err, ErrEmail) || address != "" {
				t.Errorf("%q: %q, %v", given, address, err)
			}
			return
		}
		if again, err := NormalizeEmail(address); err != nil || again != address {
			t.Errorf("%q is %q, and %q, %v the second time", given, address, again, err)
		}
		if !addressShape.MatchString(address) || len(address) > longestEmail || strings.ContainsFunc(address, func(r rune) bool { return 'A' <= r && r <= 'Z' }) {
			t.Errorf("the database would refuse %q", address)
		}
		if strings.ContainsAny(address, "\r\n\x00<>,;\" ") || strings.ContainsFunc(address, unicode.IsControl) {
			t.Errorf("%q could end a header", address)
		}
	})
}

func FuzzSlugs(f *testing.F) {
	for _, seed := range []string{"Blue Bakery", "4 You", "日本", "admin", "-", strings.Repeat("a", 200), "a\n", "\xff"} {
		f.Add(seed)
	}
	c := defaults()
	f.Fuzz(func(t *testing.T, name string) {
		slug := deriveSlug(name)
		if err := c.checkSlug(slug); err != nil && !errors.Is(err, ErrSlugReserved) {
			t.Errorf("%q becomes %q: %v", name, slug, err)
		}
		longer, err := withSuffix(slug, c.random)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.checkSlug(longer); err != nil {
			t.Errorf("%q becomes %q: %v", name, longer, err)
		}
		if c.checkSlug(name) == nil && (foldASCII(name) != name || strings.ContainsAny(name, "\n ._/")) {
			t.Errorf("%q is a slug", name)
		}
	})
}

func FuzzSecret(f *testing.F) {
	token, err := newSecret(defaults().random)
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{"", string(token), string(token) + "=", strings.Repeat("A", 43), strings.Repeat("\n", 43)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		sum, ok := Secret(text).hash()
		if ok != (len(sum) == 32) || ok && len(text) != 43 {
			t.Errorf("%q: %x, %t", text, sum, ok)
		}
		if strings.TrimFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_' }) != "" && ok {
			t.Errorf("%q is a token", text)
		}
	})
}

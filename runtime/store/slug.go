package store

import (
	"encoding/hex"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	shortestSlug = 3
	longestSlug  = 63
	longestName  = 100 // characters
)

// slugShape is the CHECK organizations_slug_shape. Go's $ without the m flag is
// the end of the text and not, as in Perl, also the newline before it.
var slugShape = regexp.MustCompile(`^[a-z][a-z0-9-]{1,61}[a-z0-9]$`)

// reservedWords are paths and hosts that applications want for themselves.
var reservedWords = []string{
	"about", "account", "accounts", "admin", "api", "app", "assets", "auth", "billing", "blog", "cdn", "dashboard",
	"docs", "help", "internal", "invitations", "login", "logout", "mail", "new", "oauth", "organizations", "register",
	"root", "security", "settings", "signin", "signup", "static", "status", "support", "system", "users", "webhooks",
	"well-known", "www",
}

// checkSlug refuses what is no slug. It does not repair: who asks for Acme does
// not get acme without being told.
func (c *config) checkSlug(slug string) error {
	if n := len(slug); n < shortestSlug || n > longestSlug {
		return fmt.Errorf("%w: it has %d characters; use %d to %d", ErrSlug, n, shortestSlug, longestSlug)
	}
	if !slugShape.MatchString(slug) {
		return fmt.Errorf("%w: use lower case letters, digits and hyphens, a letter first, no hyphen last", ErrSlug)
	}
	// RFC 5890 reserves these as labels, and browsers show those with xn in other
	// scripts.
	if strings.HasPrefix(slug[2:], "--") {
		return fmt.Errorf("%w: hyphens in the third and fourth place; choose another one", ErrSlugReserved)
	}
	if c.reserved[slug] {
		return fmt.Errorf("%w: %s; choose another one", ErrSlugReserved, slug)
	}
	return nil
}

// deriveSlug makes a slug of a name, as far as its ASCII letters and digits go.
func deriveSlug(name string) string {
	var b strings.Builder
	for _, r := range foldASCII(name) {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9' && b.Len() > 0:
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	slug := b.String()
	slug = strings.TrimRight(slug[:min(len(slug), longestSlug-suffixLength)], "-")
	if len(slug) < shortestSlug {
		return "org"
	}
	return slug
}

const suffixLength = 9 // a hyphen and eight digits

// withSuffix tells apart slugs that are derived from the same name.
func withSuffix(slug string, random io.Reader) (string, error) {
	b := make([]byte, (suffixLength-1)/2)
	if _, err := io.ReadFull(random, b); err != nil {
		return "", fmt.Errorf("store: random bytes for a slug: %w", err)
	}
	return slug + "-" + hex.EncodeToString(b), nil
}

// checkName returns the name without the spaces around it. Names end up in the
// subjects of mails, so there is nothing in them that could end a line.
func checkName(name string) (string, error) {
	name = strings.TrimSpace(name)
	if !utf8.ValidString(name) {
		return "", fmt.Errorf("%w: it is not valid UTF-8", ErrName)
	}
	if n := utf8.RuneCountInString(name); n == 0 || n > longestName {
		return "", fmt.Errorf("%w: it has %d characters; use 1 to %d", ErrName, n, longestName)
	}
	for _, r := range name {
		if !unicode.IsGraphic(r) && r != '\u200c' && r != '\u200d' { // joiners are part of some scripts
			return "", fmt.Errorf("%w: it has the character %U", ErrName, r)
		}
	}
	return name, nil
}

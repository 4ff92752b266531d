package store

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

const longestEmail = 254 // bytes; RFC 5321 allows a path of 256 with its brackets

// NormalizeEmail returns the one form in which addresses are stored and
// compared. ASCII letters become lower case, spaces around the address are
// dropped, and nothing else is changed: letters beyond ASCII are equal only when
// they are the same, because folding them is how look-alikes get into other
// people's accounts. Write domains beyond ASCII in one way throughout, best as
// xn--.
//
// It is [ErrEmail] unless there is one @ with something on both sides, in at
// most 254 bytes of valid UTF-8 without spaces, control or invisible characters,
// brackets, quotes, commas, colons, semicolons or backslashes: what an address
// needs those for nobody uses, and mail headers give them a meaning.
func NormalizeEmail(address string) (string, error) {
	address = strings.Trim(address, " ")
	if len(address) > longestEmail {
		return "", fmt.Errorf("%w: it is longer than %d bytes", ErrEmail, longestEmail)
	}
	if !utf8.ValidString(address) {
		return "", fmt.Errorf("%w: it is not valid UTF-8", ErrEmail)
	}
	address = foldASCII(address)
	for _, r := range address {
		if !unicode.IsGraphic(r) || unicode.IsSpace(r) || strings.ContainsRune(`"(),:;<>[\]`, r) {
			return "", fmt.Errorf("%w: it has the character %U", ErrEmail, r)
		}
	}
	local, domain, ok := strings.Cut(address, "@")
	if !ok || local == "" || domain == "" || strings.Contains(domain, "@") {
		return "", fmt.Errorf("%w: write it as name@domain", ErrEmail)
	}
	return address, nil
}

// foldASCII lowers A to Z and leaves the rest alone. strings.ToLower would turn
// the Kelvin sign into a k.
func foldASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + ('a' - 'A')
		}
		return r
	}, s)
}

package store

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// Secret is a token: whoever has it can accept an invitation or use a session.
// It prints and logs as [redacted]; convert it to a string to put it into a link
// or a cookie. The database has only its SHA-256.
type Secret string

const redacted = "[redacted]"

// String hides the token.
func (Secret) String() string { return redacted }

// Format hides the token from every verb, also from those that are a mistake:
// fmt prints the value beside its complaint about them.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue hides the token.
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText hides the token, so that a struct that holds it can be logged as
// JSON.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// hide takes the token out of an error, such as that of a mailer, which may quote
// the link.
func (s Secret) hide(err error) error {
	if err == nil || s == "" || !strings.Contains(err.Error(), string(s)) {
		return err
	}
	return errors.New(strings.ReplaceAll(err.Error(), string(s), redacted))
}

// tokenBytes of randomness make a token; 256 bits cannot be guessed, so a plain
// hash of them needs no salt.
const tokenBytes = 32

var tokenEncoding = base64.RawURLEncoding.Strict()

func newSecret(random io.Reader) (Secret, error) {
	b := make([]byte, tokenBytes)
	if _, err := io.ReadFull(random, b); err != nil {
		return "", fmt.Errorf("store: random bytes for a token: %w", err)
	}
	return Secret(tokenEncoding.EncodeToString(b)), nil
}

// hash is what the database keeps, and false for what no token of ours looks
// like. Looking the hash up in an index takes a time that depends on the hash,
// and so tells nothing about the token.
func (s Secret) hash() ([]byte, bool) {
	if len(s) != tokenEncoding.EncodedLen(tokenBytes) {
		return nil, false
	}
	var decoded [tokenBytes]byte
	// The decoder passes over line breaks, which then are missing in the length.
	if n, err := tokenEncoding.Decode(decoded[:], []byte(s)); err != nil || n != tokenBytes {
		return nil, false
	}
	sum := sha256.Sum256([]byte(s))
	return sum[:], true
}

package lawtest

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"
)

// minimiseTime bounds the search for a smaller statement.
const minimiseTime = 20 * time.Second

// minimise deletes tokens of a statement as long as the verdict stays the same
// kind of finding.
func (j *judge) minimise(ctx context.Context, t trial, v verdict, detail string) trial {
	deadline := time.Now().Add(minimiseTime)
	want := signature(v, detail)
	holds := func(tokens []token) (trial, bool) {
		s := t.statement
		s.Text = join(tokens)
		smaller, refusal := j.prepare(t.n, s)
		if refusal != "" {
			return smaller, false
		}
		v, detail, err := j.confirm(ctx, smaller)
		return smaller, err == nil && signature(v, detail) == want
	}
	tokens := tokenize(t.statement.Text)
	for i := 1; i < len(tokens); i++ {
		tokens[i].spaced = true
	}
	best := t
	for size := len(tokens) / 2; size >= 1; {
		removed := false
		for at := 0; at+size <= len(tokens) && time.Now().Before(deadline); {
			without := slices.Delete(slices.Clone(tokens), at, at+size)
			if smaller, ok := holds(without); ok {
				tokens, best, removed = without, smaller, true
				continue
			}
			// A bracket goes with what it holds, or with its other half.
			if end := closing(tokens, at); size == 1 && end > at {
				if smaller, ok := holds(slices.Delete(slices.Clone(tokens), at, end+1)); ok {
					tokens, best, removed = slices.Delete(tokens, at, end+1), smaller, true
					continue
				}
				both := slices.Delete(slices.Clone(tokens), end, end+1)
				if smaller, ok := holds(slices.Delete(both, at, at+1)); ok {
					tokens, best, removed = slices.Delete(both, at, at+1), smaller, true
					continue
				}
			}
			at++
		}
		if !removed || size > 1 {
			size /= 2
		}
	}
	return best
}

// closing is the index of the bracket that closes the one at index at, or -1.
func closing(tokens []token, at int) int {
	if at >= len(tokens) || tokens[at].text != "(" {
		return -1
	}
	depth := 0
	for i := at; i < len(tokens); i++ {
		switch tokens[i].text {
		case "(":
			depth++
		case ")":
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

var errorCodes = regexp.MustCompile(`error: (\S+).*?, plain (\S+)`)

// signature groups findings that have the same cause, most likely.
func signature(v verdict, detail string) string {
	if m := errorCodes.FindStringSubmatch(detail); m != nil && v != leak {
		return "error " + m[1] + " " + m[2]
	}
	word, _, _ := strings.Cut(detail, ":")
	if v == leak {
		word, _, _ = strings.Cut(detail, " ")
	}
	return string('0'+rune(v)) + word
}

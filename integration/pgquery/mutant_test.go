package pgquery

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	pg "github.com/pganalyze/pg_query_go/v6"

	"github.com/sigrahq/sigra/internal/orgfilter"
)

var (
	mutants  = flag.Int("mutants", 20_000, "number of texts that TestMutants makes")
	seedFlag = flag.Uint64("seed", 0, "first seed of TestMutants and TestGenerated")
)

// TestMutants damages the corpus token by token. Most mutants are no SQL: the
// reader must refuse them with PostgreSQL. The others are SQL that nobody
// would think of: the reader must refuse them or see what PostgreSQL sees.
// With a regression suite at hand its statements are damaged too.
func TestMutants(t *testing.T) {
	t.Parallel()
	const parts = 4
	cases := corpus(t)
	for file, texts := range regressionSuite(t) {
		for _, text := range texts {
			cases = append(cases, testCase{file, text})
		}
	}
	for part := range uint64(parts) {
		t.Run(fmt.Sprint("part ", part), func(t *testing.T) {
			t.Parallel()
			catalog := appCatalog(t)
			m := newMutator(t, cases, *seedFlag+part)
			valid, read := 0, 0
			for range *mutants / parts {
				text := m.next()
				if tree, err := parse(text); err == nil && isDML(statement(tree)) {
					valid++
					if _, err := readerRelations(text); err == nil {
						read++
					}
				}
				if err := judgeAll(text, catalog); err != nil {
					t.Errorf("%v\n%s", err, text)
				}
			}
			t.Logf("%d mutants are SQL, %d of them are read", valid, read)
			if valid < *mutants/parts/10 {
				t.Errorf("only %d mutants are SQL: the mutator has become useless", valid)
			}
		})
	}
}

// judgeAll asks everything that can be asked about a text of unknown origin.
func judgeAll(text string, c *orgfilter.Catalog) error {
	for _, err := range []error{judgeReader(text), judgeExamine(text, c), judgeRewrite(text, c), judgeOwned(text)} {
		if err != nil && !refused(err) {
			return err
		}
	}
	return nil
}

// judgeOwned is judgeRewrite with every relation of the text owned.
func judgeOwned(text string) error {
	tree, err := parse(text)
	if err != nil {
		return nil
	}
	return judgeRewrite(text, ownedOf(tree))
}

// mutator makes texts out of the corpus's tokens. The same seed gives the same
// texts.
type mutator struct {
	rand   *rand.Rand
	texts  [][]piece // by statement
	words  []piece   // every token of the corpus once
	alike  map[class][]piece
	groups [][]piece // every bracket of the corpus with what is in it
}

// piece is a token and the white space behind it.
type piece struct {
	text  string
	class class
}

// class is what the grammar sees of a token: names, strings and numbers are
// alike, and so are the keywords that may stand in the same places.
type class struct {
	token   pg.Token
	keyword pg.KeywordKind
}

func newMutator(tb testing.TB, cases []testCase, seed uint64) *mutator {
	tb.Helper()
	m := &mutator{rand: rand.New(rand.NewPCG(seed, 0x5169a)), alike: map[class][]piece{}}
	seen := map[string]bool{}
	for _, c := range cases {
		pieces := tokenize(tb, c.text)
		m.texts = append(m.texts, pieces)
		for i, p := range pieces {
			if strings.HasPrefix(p.text, "(") {
				m.groups = append(m.groups, pieces[i:closing(pieces, i)])
			}
			if word := strings.TrimSpace(p.text); !seen[word] {
				seen[word] = true
				p.text = word + " "
				m.words = append(m.words, p)
				m.alike[p.class] = append(m.alike[p.class], p)
			}
		}
	}
	return m
}

// tokenize splits text so that joining the pieces gives it back.
func tokenize(tb testing.TB, text string) []piece {
	tb.Helper()
	scan, err := pg.Scan(text)
	if err != nil {
		tb.Fatalf("scan %q: %v", text, err)
	}
	var pieces []piece
	start := 0
	tokens := scan.GetTokens()
	for i, tok := range tokens {
		end := len(text)
		if i+1 < len(tokens) {
			end = int(tokens[i+1].GetStart())
		}
		c := class{tok.GetToken(), tok.GetKeywordKind()}
		if c.keyword == pg.KeywordKind_UNRESERVED_KEYWORD || c.token == pg.Token_IDENT {
			c = class{pg.Token_IDENT, pg.KeywordKind_NO_KEYWORD}
		} else if c.keyword != pg.KeywordKind_NO_KEYWORD {
			c.token = 0
		}
		pieces = append(pieces, piece{text[start:end], c})
		start = end
	}
	return pieces
}

// closing is the end of the bracket that opens at i.
func closing(pieces []piece, i int) int {
	depth := 0
	for n := i; n < len(pieces); n++ {
		switch pieces[n].text[0] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return n + 1
			}
		}
	}
	return len(pieces)
}

// next returns a statement of the corpus with one to three wounds.
func (m *mutator) next() string {
	pieces := slices.Clone(m.texts[m.rand.IntN(len(m.texts))])
	for range 1 + m.rand.IntN(3) {
		if len(pieces) < 2 {
			break
		}
		pieces = m.wound(pieces)
	}
	var b strings.Builder
	for _, p := range pieces {
		b.WriteString(p.text)
	}
	return b.String()
}

func (m *mutator) wound(pieces []piece) []piece {
	at := m.rand.IntN(len(pieces))
	switch m.rand.IntN(12) {
	case 0:
		return slices.Delete(pieces, at, at+1)
	case 1:
		return slices.Insert(pieces, at, pieces[at])
	case 2:
		other := m.rand.IntN(len(pieces))
		pieces[at], pieces[other] = pieces[other], pieces[at]
		return pieces
	case 3:
		pieces[at] = m.words[m.rand.IntN(len(m.words))]
		return pieces
	case 4:
		return slices.Insert(pieces, at, m.words[m.rand.IntN(len(m.words))])
	case 5: // a run of another statement, which is often a whole clause
		other := m.texts[m.rand.IntN(len(m.texts))]
		from := m.rand.IntN(len(other))
		to := from + 1 + m.rand.IntN(min(len(other)-from, 8))
		return slices.Insert(pieces, at, other[from:to]...)
	case 6: // a break inside a token, or one that joins two
		text := pieces[at].text
		if cut := m.rand.IntN(len(text)); cut > 0 {
			pieces[at].text = text[:cut] + " " + text[cut:]
			return pieces
		}
		pieces[at].text = strings.TrimSpace(text)
		return pieces
	case 7: // brackets around a few tokens
		to := at + 1 + m.rand.IntN(min(len(pieces)-at, 4))
		pieces = slices.Insert(pieces, to, piece{text: ") "})
		return slices.Insert(pieces, at, piece{text: "("})
	case 8, 9: // a bracket of another statement in the place of one of this
		open := slices.IndexFunc(pieces[at:], func(p piece) bool { return p.text[0] == '(' })
		if open < 0 {
			return pieces
		}
		group := m.groups[m.rand.IntN(len(m.groups))]
		return slices.Replace(pieces, at+open, closing(pieces, at+open), group...)
	default: // a token that the grammar takes for much the same
		alike := m.alike[pieces[at].class]
		if len(alike) > 0 {
			pieces[at] = alike[m.rand.IntN(len(alike))]
		}
		return pieces
	}
}

func TestJudgeNoticesAMissingRelation(t *testing.T) {
	t.Parallel()
	err := judge("SELECT 1 FROM a, b", func(string) ([]relation, error) {
		return []relation{{name: "a", alias: "a", offset: 14}}, nil
	}, func(r *relation) { r.verb = 0 })
	if err == nil || refused(err) {
		t.Errorf("a relation that the reader overlooks is no disagreement: %v", err)
	}
}

func TestJudgeNoticesTextThatIsNotSQL(t *testing.T) {
	t.Parallel()
	err := judge("SELECT FROM FROM a", func(string) ([]relation, error) { return nil, nil }, func(*relation) {})
	if !errors.Is(err, errOnlyOurs) {
		t.Errorf("text that PostgreSQL refuses is no disagreement: %v", err)
	}
}

package pgsql

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func TestPiecesOfWordsAreThoseOfTheirBytes(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 200_000 {
		var text [8]byte
		for i := range text {
			text[i] = byte(random.UintN(256))
			if random.UintN(8) > 0 { // most bytes belong to the word
				text[i] = "azAZ09_mM5"[random.IntN(10)]
			}
		}
		n, capitals := 0, eight(0)
		for i, c := range text {
			if isIdentPart(c) && c != '$' && c < 0x80 && n == i {
				n++
			}
			if 'A' <= c && c <= 'Z' {
				capitals |= 0x80 << (8 * i)
			}
		}
		b := eightOf(string(text[:]))
		if b.word() != n || b.capitals() != capitals {
			t.Fatalf("%q: a word of %d bytes, capitals %x; want %d, %x", text, b.word(), b.capitals(), n, capitals)
		}
	}
}

func TestWordsEndWhereTheirBytesDo(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"a", "Ab_1", "projects", "projects_", "organization_id", "a$b", "straße", "éa", "x$", "eightby$s", "ORGANIZATION_ID_OF_THE_ROW"} {
		for _, behind := range []string{"", " ", ",", ".b", "=$1", "\n--"} {
			l := lexer{text: text + behind, part: true}
			l.run()
			first := l.tokens[0]
			if got := l.text[:first.end]; first.kind != tokIdent || got != text {
				t.Errorf("%q begins with the word %q, want %q", l.text, got, text)
			}
			if want := strings.ToLower(text) != text; first.upper != want {
				t.Errorf("%q: upper is %t", text, first.upper)
			}
			if want := strings.Contains(text, "$"); (len(l.apart) > 0) != want {
				t.Errorf("%q: read otherwise by pgx is %v", text, l.apart)
			}
		}
	}
}

func TestKeywordsAreFoundWhateverTheirCase(t *testing.T) {
	t.Parallel()
	known := map[string]keyword{}
	for k := notKeyword + 1; int(k) < len(words); k++ {
		known[words[k].text] = k
	}
	for word, k := range known {
		mixed := strings.ToUpper(word[:1]) + word[1:]
		for _, s := range []string{word, strings.ToUpper(word), mixed} {
			if got := lookup(s); got != k {
				t.Errorf("%q is key word %d, want %d", s, got, k)
			}
		}
		for i := range len(word) {
			for _, s := range []string{word[:i], word[:i] + "x" + word[i+1:], word + word[i:], word[:i] + "$" + word[i:]} {
				if got := lookup(s); got != known[s] {
					t.Errorf("%q is key word %d, want %d", s, got, known[s])
				}
			}
		}
	}
}

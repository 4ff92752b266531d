package pgsql

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// sameTree compares trees whole, but for the parsers that they come from.
var sameTree = cmp.Options{
	cmp.Exporter(func(reflect.Type) bool { return true }),
	cmpopts.EquateEmpty(),
	cmpopts.IgnoreFields(Tree{}, "parser"),
}

// forgets checks that a parser that has read a text reads another one as a new
// parser does.
func forgets(t *testing.T, used *parser, text string, o Options) {
	t.Helper()
	o = o.withDefaults()
	fresh := new(parser)
	want, wantErr := fresh.read(text, o)
	got, err := used.read(text, o)
	if !cmp.Equal(wantErr, err) {
		t.Fatalf("error %v, of a new parser %v\n%s", err, wantErr, text)
	}
	if diff := cmp.Diff(want, got, sameTree); diff != "" {
		t.Fatalf("%s\n(-new parser +used one):\n%s", text, diff)
	}
	if diff := cmp.Diff(fresh.decoded, used.decoded); diff != "" {
		t.Fatalf("%s\ndecoded names (-new parser +used one):\n%s", text, diff)
	}
	used.forget()
}

func TestParserForgetsWhatItHasRead(t *testing.T) {
	t.Parallel()
	texts := corpus(t)
	random := rand.New(rand.NewPCG(1, 2))
	used := new(parser)
	for range 500 {
		text := texts[random.IntN(len(texts))]
		var o Options
		switch random.IntN(4) {
		case 0: // ends in the middle
			text = text[:random.IntN(len(text))]
		case 1:
			o = Options{Loose: true, MaxDepth: 1 + random.IntN(12), MaxRelations: 1 + random.IntN(3)}
		}
		forgets(t, used, text, o)
	}
}

// FuzzParserForgets reads the second text after the first.
func FuzzParserForgets(f *testing.F) {
	texts := corpus(f)
	for i, text := range texts {
		f.Add(texts[(i+1)%len(texts)], text, false, 0)
	}
	f.Fuzz(func(t *testing.T, before, text string, loose bool, depth int) {
		if len(before)+len(text) > 4000 || depth < 0 {
			return
		}
		used := new(parser)
		_, _ = used.read(before, Options{Loose: !loose, MaxDepth: depth}.withDefaults())
		used.forget()
		forgets(t, used, text, Options{Loose: loose})
	})
}

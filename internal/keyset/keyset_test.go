package keyset

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

func TestPlacesSurviveTheirText(t *testing.T) {
	t.Parallel()
	for _, p := range []Place{
		{}, Newest,
		{At: time.Date(2026, 3, 1, 12, 0, 0, 123456000, time.UTC), ID: uuid.New()},
		{At: time.Date(1901, 3, 1, 0, 0, 0, 0, time.UTC), ID: uuid.New()}, // before Unix counts
		{At: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)},
	} {
		if got, err := Parse(p.String()); err != nil || got != p {
			t.Errorf("%v becomes %q and %v, %v", p, p, got, err)
		}
	}
}

func TestTextThatIsNoPlace(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"x", "AAAA", "!!!!", strings.Repeat("/", 32), "gICAgICAgICAgICAgICAgICAgICAgICA",
		Newest.String() + "=", Newest.String() + "\n", Oldest.String() + "AAAA",
	} {
		if p, err := Parse(text); err == nil {
			t.Errorf("%q is read as %v", text, p)
		}
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]int{-1: 100, 0: 100, 1: 1, 1000: 1000, 1001: 1000} {
		if got := Limit(n); got != want {
			t.Errorf("limit of %d is %d, want %d", n, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"", "AAAA", Newest.String(), "gICAgICAgICAgICAgICAgICAgICAgICA"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Parse(text)
		if err != nil {
			return
		}
		if again := p.String(); again != text {
			t.Errorf("%q is read as %v and written as %q", text, p, again)
		}
	})
}

package corpustest

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A finding is what sigravet said about a place.
type finding struct {
	place
	category string
	message  string
}

// A tally counts, for one category, the leaks that want it first.
type tally struct{ found, wanted int }

// A score compares findings with marks.
type score struct {
	leaks, caught int
	good, alarmed int // alarmed includes findings outside of the good functions
	statements    int // marked ok
	unproven      int // of these, with such a finding
	byCategory    map[string]tally
	misses        []string
	alarms        []string
}

func (s *score) recall() float64      { return ratio(s.caught, s.leaks) }
func (s *score) falseAlarms() float64 { return ratio(s.alarmed, s.good) }
func (s *score) unprovenShare() float64 {
	return ratio(s.unproven, s.statements)
}

func ratio(n, of int) float64 { return float64(n) / float64(max(of, 1)) }

// add judges one module.
func (s *score) add(c *corpus, findings []finding) {
	byUnit := map[*unit][]finding{}
	for _, f := range findings {
		f.place = c.statement(f.place)
		u := c.at(f.place)
		byUnit[u] = append(byUnit[u], f)
	}
	for _, f := range byUnit[nil] {
		s.alarmed++
		s.alarms = append(s.alarms, fmt.Sprintf("%s: [%s] %s", f.place, f.category, f.message))
	}
	for _, u := range c.units {
		s.judge(u, byUnit[u])
	}
}

func (s *score) judge(u *unit, findings []finding) {
	leak := u.has("want")
	if u.has("open") && !leak && !u.has("ok") {
		return
	}
	if leak {
		s.leaks++
		if s.judgeWants(u, findings) {
			s.caught++
		}
	} else if u.has("ok") {
		s.good++
	}
	for _, m := range u.marks {
		if m.kind != "ok" {
			continue
		}
		s.statements++
		if slices.ContainsFunc(findings, func(f finding) bool { return f.place == m.place && f.category == "unproven" }) {
			s.unproven++
		}
	}

	var unwanted bool
	for _, f := range findings {
		if u.allows(f) {
			continue
		}
		unwanted = true
		s.alarms = append(s.alarms, fmt.Sprintf("%s: %s: [%s] %s", f.place, u.name, f.category, f.message))
	}
	if unwanted {
		s.alarmed++
	}
}

// judgeWants reports whether one of the wanted findings of a leak is there, and
// lists each that is not.
func (s *score) judgeWants(u *unit, findings []finding) (caught bool) {
	for _, m := range u.marks {
		if m.kind != "want" {
			continue
		}
		t := s.byCategory[m.categories[0]]
		t.wanted++
		if u.satisfied(m, findings) {
			t.found++
			caught = true
		} else {
			s.misses = append(s.misses, fmt.Sprintf("%s: %s: want %s", m.place, u.name, strings.Join(m.categories, " or ")))
		}
		s.byCategory[m.categories[0]] = t
	}
	return caught
}

func (u *unit) satisfied(want mark, findings []finding) bool {
	return slices.ContainsFunc(findings, func(f finding) bool {
		if !slices.Contains(want.categories, f.category) {
			return false
		}
		return f.place == want.place || slices.ContainsFunc(u.marks, func(m mark) bool {
			return m.kind == "may" && m.place == f.place && slices.Contains(m.categories, f.category)
		})
	})
}

// allows reports whether a finding is wanted, or at a place that is left open.
// Beside a wanted finding another category is not an alarm: the statement is
// wrong, and one may say more about it.
func (u *unit) allows(f finding) bool {
	return slices.ContainsFunc(u.marks, func(m mark) bool { return m.place == f.place && m.kind != "ok" })
}

func (s *score) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "recall        %4d of %4d leaks            %.3f\n", s.caught, s.leaks, s.recall())
	fmt.Fprintf(&b, "false alarms  %4d on %4d right functions  %.3f\n", s.alarmed, s.good, s.falseAlarms())
	fmt.Fprintf(&b, "unproven      %4d of %4d right statements %.3f\n", s.unproven, s.statements, s.unprovenShare())
	for _, category := range slices.SortedFunc(maps.Keys(s.byCategory), cmp.Compare) {
		t := s.byCategory[category]
		fmt.Fprintf(&b, "  %-15s %4d of %4d\n", category, t.found, t.wanted)
	}
	return b.String()
}

package query

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"

	"github.com/sigrahq/sigra/internal/orgfilter"
)

// boundedBy is what applications get that declare gears and set the limits.
func boundedBy(l Limits) *knowledge {
	r := newRegistry()
	r.add("gears", orgfilter.Owned, "organization_id", "here")
	r.limit(l, "here")
	return r.now()
}

func TestLimitsBoundStatementsOnBothSides(t *testing.T) {
	t.Parallel()
	const short = "SELECT id FROM gears"
	brackets := func(n int) string {
		return "SELECT id FROM gears WHERE id = " + strings.Repeat("(", n) + "1" + strings.Repeat(")", n)
	}
	subqueries := func(n int) string {
		return strings.Repeat("SELECT id FROM gears WHERE id IN (", n) + "1" + strings.Repeat(")", n)
	}
	relations := func(n int) string {
		var b strings.Builder
		b.WriteString("SELECT g0.id FROM gears g0")
		for i := 1; i < n; i++ {
			fmt.Fprintf(&b, ", gears g%d", i)
		}
		return b.String()
	}
	for name, test := range map[string]struct {
		limits  Limits
		within  string
		beyond  string
		message string
	}{
		"text":               {Limits{TextBytes: 100}, short + strings.Repeat(" ", 100-len(short)), short + strings.Repeat(" ", 101-len(short)), "101 bytes, more than 100"},
		"text, default":      {Limits{}, short + strings.Repeat(" ", 1<<20-len(short)), short + strings.Repeat(" ", 1<<20+1-len(short)), "1048577 bytes, more than 1048576"},
		"brackets":           {Limits{Depth: 20}, brackets(16), brackets(17), "more than 20 levels of nesting"},
		"brackets, many":     {Limits{}, brackets(196), brackets(197), "more than 200 levels of nesting"},
		"brackets, most":     {Limits{Depth: 2000}, brackets(1996), brackets(1997), "more than 2000 levels of nesting"},
		"subqueries":         {Limits{Depth: 20}, subqueries(6), subqueries(7), "more than 20 levels of nesting"},
		"relations":          {Limits{Relations: 3}, relations(3), relations(4), "more than 3 relations"},
		"relations, default": {Limits{}, relations(500), relations(501), "more than 500 relations"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			know := boundedBy(test.limits)
			if _, err := know.plan(planKey{text: test.within}); err != nil {
				t.Errorf("at the limit: %v", err)
			}
			_, err := know.plan(planKey{text: test.beyond})
			if !errors.Is(err, ErrLimit) || !errors.Is(err, ErrStatement) {
				t.Fatalf("beyond the limit: %v, want ErrLimit, which is ErrStatement", err)
			}
			if _, ok := errors.AsType[*Error](err); !ok {
				t.Errorf("%T is no *Error", err)
			}
			if !strings.Contains(err.Error(), test.message) || !strings.Contains(err.Error(), "query.SetLimits") {
				t.Errorf("%q does not say %q and the remedy", err, test.message)
			}
		})
	}
}

// A statement over a limit is refused where that is seen: what stands behind,
// right or wrong, is not looked at.
func TestLimitsAreMetBeforeTheRestIsRead(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		limits Limits
		text   string
	}{
		"text":     {Limits{TextBytes: 10}, strings.Repeat("\x00", 1000)},
		"nesting":  {Limits{Depth: 20}, "SELECT id FROM gears WHERE " + strings.Repeat("(", 21) + strings.Repeat("'", 1001)},
		"an array": {Limits{Depth: 20}, "SELECT id FROM gears WHERE " + strings.Repeat("[", 21) + "\x01"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := boundedBy(test.limits).plan(planKey{text: test.text}); !errors.Is(err, ErrLimit) {
				t.Errorf("%v, want ErrLimit", err)
			}
		})
	}
}

func TestLongTextsAreRefusedWhereverTheyStand(t *testing.T) {
	t.Parallel()
	org := uuid.MustParse("ac3e0000-0000-4000-8000-000000000000")
	long := Text("SELECT id FROM widgets WHERE id IN (" + strings.Repeat("1, ", 1<<19) + "1)")
	if _, _, err := ForOrg(long, org).SQL(); !errors.Is(err, ErrLimit) {
		t.Errorf("alone: %v, want ErrLimit", err)
	}
	sb := sqlbuilder.PostgreSQL.NewSelectBuilder()
	sb.Select("id").From(sb.BuilderAs(long, "w"))
	if _, _, err := ForOrg(sb, org).SQL(); !errors.Is(err, ErrLimit) {
		t.Errorf("nested: %v, want ErrLimit", err)
	}
}

func TestMemoryOfPlansIsWhatTheLimitSays(t *testing.T) {
	t.Parallel()
	know := boundedBy(Limits{MemoBytes: 100_000})
	for i := range 3000 {
		for range 2 {
			if _, err := know.plan(planKey{text: fmt.Sprintf("SELECT id, %d FROM gears", i)}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if n, bytes := know.memo.plans(); n == 0 || bytes > 100_000 {
		t.Errorf("%d plans of %d bytes are remembered", n, bytes)
	}
}

func TestSetLimitsPanics(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		set  []Limits
		want string
	}{
		"negative":  {[]Limits{{Depth: -1}}, "limit Depth is -1"},
		"too large": {[]Limits{{Depth: 2001}}, "it is from 1 to 2000"},
		"different": {[]Limits{{Relations: 10}, {Relations: 11}}, "at place 0 and at place 1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				if r := fmt.Sprint(recover()); !strings.Contains(r, test.want) {
					t.Errorf("panic %q, want %q", r, test.want)
				}
			}()
			r := newRegistry()
			for i, l := range test.set {
				r.limit(l, fmt.Sprint("place ", i))
			}
		})
	}
}

func TestSetLimitsMayBeRepeated(t *testing.T) {
	t.Parallel()
	r := newRegistry()
	r.limit(Limits{Depth: 30}, "here")
	r.limit(Limits{Depth: 30, Relations: defaultLimits.Relations}, "there")
	if r.now().limits.Depth != 30 || r.now().limits.TextBytes != defaultLimits.TextBytes {
		t.Errorf("%+v", r.now().limits)
	}
}

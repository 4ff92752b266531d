package query

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/sigrahq/sigra/internal/orgfilter"
)

type (
	base struct {
		ID             uuid.UUID `db:"id"`
		OrganizationID uuid.UUID `db:"organization_id"`
	}
	embedded struct {
		base
		Name string `db:"name"`
	}
	untagged struct {
		ID             uuid.UUID
		OrganizationID uuid.UUID
	}
	tenant struct {
		ID     int
		Tenant uuid.UUID `db:"tenant_id,omitempty"`
	}

	noOwner     struct{ ID uuid.UUID }
	hiddenOwner struct {
		OrganizationID uuid.UUID `db:"-"`
	}
	privateOwner struct {
		organizationID uuid.UUID `db:"organization_id"`
	}
	textOwner     struct{ OrganizationID string }
	pointerOwner  struct{ OrganizationID *uuid.UUID }
	nullableOwner struct{ OrganizationID uuid.NullUUID }
	namedOwner    struct{ OrganizationID namedID }
	upperOwner    struct {
		OrganizationID uuid.UUID `db:"Organization_ID"`
	}
	twoOwners struct {
		A uuid.UUID `db:"organization_id"`
		B uuid.UUID `db:"organization_id"`
	}
	shadowTag struct {
		base
		Org uuid.UUID `db:"organization_id"`
	}
	shadowName struct {
		base
		OrganizationID string `db:"org"`
	}
	twoBases struct {
		base
		untagged
	}
	byPointer struct {
		*base
		Name string
	}
	twoIDs struct {
		base
		Number int `db:"id"`
	}
	embeddedText struct {
		base
		namedText
	}
)

func TestDeclareAcceptsModels(t *testing.T) {
	t.Parallel()
	for name, declare := range map[string]func(){
		"plain":          func() { Declare[widget]("models_a") },
		"embedded":       func() { Declare[embedded]("models_b") },
		"without tags":   func() { Declare[untagged]("models_c") },
		"another column": func() { Declare[tenant]("models_d", Column("tenant_id")) },
		"with a schema":  func() { Declare[widget]("billing.models") },
		"in quotes":      func() { Declare[widget](`"Odd Name"`) },
		"several, one table": func() {
			Declare[embedded]("models_a")
			Declare[widget]("models_a")
			Owned("models_a", "public.models_a")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if said := panics(declare); said != "" {
				t.Errorf("panics: %s", said)
			}
		})
	}
}

func TestDeclareRefusesModelsWithoutOneOwner(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		declare func()
		says    string
	}{
		{"none", func() { Declare[noOwner]("refused") }, `no exported field for column "organization_id"`},
		{"left out", func() { Declare[hiddenOwner]("refused") }, "no exported field"},
		{"not exported", func() { Declare[privateOwner]("refused") }, "no exported field"},
		{"other letters", func() { Declare[upperOwner]("refused") }, "no exported field"},
		{"other column", func() { Declare[widget]("refused", Column("tenant_id")) }, `"tenant_id"`},
		{"no column", func() { Declare[widget]("refused", Column("")) }, "no name"},
		{"text", func() { Declare[textOwner]("refused") }, "make it uuid.UUID"},
		{"pointer", func() { Declare[pointerOwner]("refused") }, "make it uuid.UUID"},
		{"nullable", func() { Declare[nullableOwner]("refused") }, "make it uuid.UUID"},
		{"named type", func() { Declare[namedOwner]("refused") }, "make it uuid.UUID"},
		{"two", func() { Declare[twoOwners]("refused") }, "two fields"},
		{"one hides the embedded one's column", func() { Declare[shadowTag]("refused") }, "two fields"},
		{"one hides the embedded one's name", func() { Declare[shadowName]("refused") }, "hidden"},
		{"two embedded", func() { Declare[twoBases]("refused") }, "two fields"},
		{"embedded by pointer", func() { Declare[byPointer]("refused") }, "by pointer"},
		{"another column twice", func() { Declare[twoIDs]("refused") }, `column "id" has two fields`},
		{"embedded scalar", func() { Declare[embeddedText]("refused") }, "not exported"},
		{"no struct", func() { Declare[string]("refused") }, "not a struct"},
		{"pointer to the struct", func() { Declare[*widget]("refused") }, "not a struct"},
		{"interface", func() { Declare[any]("refused") }, "not a struct"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			said := panics(c.declare)
			for _, want := range []string{c.says, `("refused") at `, "declare_test.go:", "Declare["} {
				if !strings.Contains(said, want) {
					t.Errorf("says %q, no word of %q", said, want)
				}
			}
		})
	}
	_ = privateOwner{}.organizationID
	if _, ok := declared.now().catalog.Lookup("", "refused"); ok {
		t.Error("the table is declared all the same")
	}
}

func TestDeclareRefusesNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "a.b.c", "a b", "widgets; DROP TABLE x", "select", `"open`, "a.", ".a", "a --"} {
		said := panics(func() { Declare[widget](name) })
		if !strings.Contains(said, "table name") || !strings.Contains(said, "declare_test.go:") {
			t.Errorf("%q: says %q", name, said)
		}
	}
}

// Each name is declared in the two ways of a case, in either order.
func TestConflictsNameBothPlaces(t *testing.T) {
	t.Parallel()
	owned := func(name string) { Owned(name) }
	shared := func(name string) { Shared(name) }
	tenants := func(name string) { Declare[tenant](name, Column("tenant_id")) }
	model := func(name string) { Declare[widget](name) }
	twoPlaces := regexp.MustCompile(`declare_test\.go:\d+ and at \S+declare_test\.go:\d+`)
	for i, c := range []struct {
		first, second func(string)
		alias         string
	}{
		{first: owned, second: shared},
		{first: shared, second: owned},
		{first: model, second: shared},
		{first: shared, second: model},
		{first: model, second: tenants},
		{first: tenants, second: owned},
		{first: owned, second: shared, alias: "public.%s"},
		{first: shared, second: model, alias: `"%s"`},
	} {
		name := fmt.Sprintf("conflict_%d", i)
		c.first(name)
		if c.alias != "" {
			name = fmt.Sprintf(c.alias, name)
		}
		said := panics(func() { c.second(name) })
		if !twoPlaces.MatchString(said) || !strings.Contains(said, "is declared") || !strings.Contains(said, "keep one") {
			t.Errorf("case %d: says %q", i, said)
		}
	}
}

func TestPlacesAreThoseOfTheCaller(t *testing.T) {
	t.Parallel()
	r := newRegistry()
	r.add("a", orgfilter.Owned, "organization_id", caller(0))
	if place := r.places[[2]string{"public", "a"}]; !strings.Contains(place, "declare_test.go:") {
		t.Errorf("place %q", place)
	}
}

func TestSearchPathDoesNotDependOnOrder(t *testing.T) {
	t.Parallel()
	declare := func(r *registry) {
		r.add("gears", orgfilter.Owned, "organization_id", "x.go:1")
		r.add("public.gears", orgfilter.Shared, "", "x.go:2")
	}
	search := func(r *registry) { r.search([]string{"App", "public"}, "y.go:1") }

	before, after := newRegistry(), newRegistry()
	search(before)
	declare(before)
	after.add("gears", orgfilter.Owned, "organization_id", "x.go:1")
	search(after)
	after.add("public.gears", orgfilter.Shared, "", "x.go:2")

	for name, r := range map[string]*registry{"before": before, "after": after} {
		c := r.now().catalog
		if got, _ := c.Lookup("", "gears"); got.Schema != "app" || got.Kind != orgfilter.Owned {
			t.Errorf("%s: gears is %+v, want the one in app", name, got)
		}
		if got, _ := c.Lookup("public", "gears"); got.Kind != orgfilter.Shared {
			t.Errorf("%s: public.gears is %+v, want it shared", name, got)
		}
	}
}

func TestSearchPathIsNamedOnce(t *testing.T) {
	t.Parallel()
	r := newRegistry()
	r.search([]string{"app", "public"}, "x.go:1")
	r.search([]string{"app", "public"}, "x.go:2")
	said := panics(func() { r.search([]string{"public", "app"}, "x.go:3") })
	if !strings.Contains(said, "x.go:1 and at x.go:3") {
		t.Errorf("says %q", said)
	}
	for _, schemas := range [][]string{nil, {""}, {"a.b"}, {"a b"}} {
		if said := panics(func() { newRegistry().search(schemas, "x.go:1") }); !strings.Contains(said, "x.go:1") {
			t.Errorf("%q: says %q", schemas, said)
		}
	}
}

func TestSearchPathFindsDeclarationsThatDisagree(t *testing.T) {
	t.Parallel()
	r := newRegistry()
	r.add("gears", orgfilter.Owned, "organization_id", "x.go:1")
	r.add("app.gears", orgfilter.Shared, "", "x.go:2")
	said := panics(func() { r.search([]string{"app"}, "x.go:3") })
	if !strings.Contains(said, "x.go:1 and at x.go:2") || !strings.Contains(said, "x.go:3") {
		t.Errorf("says %q", said)
	}
	if got, ok := r.now().catalog.Lookup("public", "gears"); !ok || got.Kind != orgfilter.Owned {
		t.Error("a search path that was refused is in force")
	}
}

// panics returns what f says when it panics.
func panics(f func()) (said string) {
	defer func() {
		if r := recover(); r != nil {
			said = fmt.Sprint(r)
		}
	}()
	f()
	return ""
}

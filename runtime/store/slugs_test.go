package store_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sigrahq/sigra/runtime/scope"
	"github.com/sigrahq/sigra/runtime/store"
)

func TestSlugsThatAreNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, store.Reserve("Tesla"))
	user, org := w.user("ann@example.com"), w.organization("before")
	deleted := w.organization("gone")
	if err := w.Organizations.Delete(t.Context(), deleted); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		slug string
		want error
	}{
		"two letters":               {"ab", store.ErrSlug},
		"64 letters":                {strings.Repeat("a", 64), store.ErrSlug},
		"upper case":                {"Acme", store.ErrSlug},
		"a digit first":             {"1acme", store.ErrSlug},
		"a hyphen first":            {"-acme", store.ErrSlug},
		"a hyphen last":             {"acme-", store.ErrSlug},
		"a newline last":            {"acme\n", store.ErrSlug},
		"a newline first":           {"\nacme", store.ErrSlug},
		"a nul byte":                {"ac\x00me", store.ErrSlug},
		"a space":                   {"ac me", store.ErrSlug},
		"a dot":                     {"ac.me", store.ErrSlug},
		"a slash":                   {"ac/me", store.ErrSlug},
		"an underscore":             {"ac_me", store.ErrSlug},
		"a Cyrillic letter":         {"аcme", store.ErrSlug},
		"the Kelvin sign":           {"ac\u212ame", store.ErrSlug},
		"a full-width letter":       {"acm\uff45", store.ErrSlug},
		"a dotless i":               {"ac\u0131me", store.ErrSlug},
		"an invisible joiner":       {"ac\u200dme", store.ErrSlug},
		"a byte that is no UTF-8":   {"ac\xffme", store.ErrSlug},
		"a reserved word":           {"admin", store.ErrSlugReserved},
		"a word reserved by option": {"tesla", store.ErrSlugReserved},
	} {
		t.Run(name, func(t *testing.T) {
			for way, f := range map[string]func() error{
				"create": func() error {
					return second(w.Organizations.Create(t.Context(), user, store.NewOrganization{Name: "Acme", Slug: tc.slug}))
				},
				"change":  func() error { return second(w.Organizations.ChangeSlug(t.Context(), org, tc.slug)) },
				"restore": func() error { return second(w.Organizations.Restore(t.Context(), deleted, orgID(deleted), tc.slug)) },
			} {
				w.refused(tc.want, func() error {
					err := f()
					if !errors.Is(err, tc.want) {
						t.Errorf("%s: %v, want %v", way, err, tc.want)
					}
					return err
				})
			}
		})
	}
}

func TestSlugsAtTheEdges(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, slug := range []string{"abc", strings.Repeat("a", 63), "a-1", "a--b", "abc--d"} {
		sc := w.ok(w.Organizations.Create(t.Context(), w.user(slug+"@example.com"), store.NewOrganization{Name: "Acme", Slug: slug}))
		if got := slugOf(sc); got != slug {
			t.Errorf("slug is %q, want %q", got, slug)
		}
	}
}

func TestSlugIsDerivedFromTheName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, want := range map[string]string{
		"Blue Bakery":            "blue-bakery",
		"  4 You & Me!  ":        "you-me",
		"Crème brûlée":           "cr-me-br-l-e",
		"日本":                     "org",
		"A":                      "org-", // taken by now, or by the one above: random digits follow
		"Admin":                  "admin-",
		"Blue  --  Bakery":       "blue-bakery-",
		strings.Repeat("x", 100): strings.Repeat("x", 54),
	} {
		t.Run(name, func(t *testing.T) {
			user := w.user(uuid.NewString() + "@example.com")
			sc := w.ok(w.Organizations.Create(t.Context(), user, store.NewOrganization{Name: name}))
			base := strings.TrimSuffix(want, "-")
			if got := slugOf(sc); got != base && !(strings.HasPrefix(got, base+"-") && len(got) == len(base)+9) {
				t.Errorf("slug is %q, want %q", got, want)
			}
		})
	}
	if n := w.count("SELECT count(DISTINCT slug) FROM organizations"); n != 8 {
		t.Errorf("%d slugs", n)
	}
}

func TestASlugIsTakenAndFreeAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	acme, user := w.organization("acme"), w.user("ann@example.com")
	create := func() error {
		return second(w.Organizations.Create(ctx, user, store.NewOrganization{Name: "Acme", Slug: "acme"}))
	}
	w.refused(store.ErrSlugTaken, create)
	other := w.organization("other")
	w.refused(store.ErrSlugTaken, func() error { return second(w.Organizations.ChangeSlug(ctx, other, "acme")) })

	if err := w.Organizations.Delete(ctx, acme); err != nil {
		t.Fatal(err)
	}
	if err := create(); err != nil {
		t.Errorf("the slug of a deleted organization is not free: %v", err)
	}
	w.refused(store.ErrSlugTaken, func() error { return second(w.Organizations.Restore(ctx, acme, orgID(acme), "")) })
	if org, err := w.Organizations.Restore(ctx, acme, orgID(acme), "acme-again"); err != nil || org.Slug != "acme-again" || org.DeletedAt != nil {
		t.Errorf("restored under another slug: %+v, %v", org, err)
	}
}

func TestAFormerSlugIsKeptForSevenDays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	acme, other := w.organization("acme"), w.organization("other")
	change := func(sc *scope.Scope, slug string) {
		t.Helper()
		if _, err := w.Organizations.ChangeSlug(ctx, sc, slug); err != nil {
			t.Fatal(err)
		}
	}
	change(acme, "emca")

	// It leads its members on, and nobody else anywhere.
	if sc := w.ok(w.Organizations.EnterSlug(ctx, acme, "ACME")); slugOf(sc) != "emca" {
		t.Errorf("the alias leads to %q", slugOf(sc))
	}
	if _, err := w.Organizations.EnterSlug(ctx, other, "acme"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a stranger who follows an alias gets %v", err)
	}

	// Until the last moment nobody else can have it.
	w.clock.advance(7*24*time.Hour - time.Microsecond)
	w.refused(store.ErrSlugTaken, func() error { return second(w.Organizations.ChangeSlug(ctx, other, "acme")) })
	w.refused(store.ErrSlugTaken, func() error {
		return second(w.Organizations.Create(ctx, w.userOf(other), store.NewOrganization{Name: "x", Slug: "acme"}))
	})
	w.ok(w.Organizations.EnterSlug(ctx, acme, "acme"))

	w.clock.advance(time.Microsecond)
	if _, err := w.Organizations.EnterSlug(ctx, acme, "acme"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an expired alias still leads somewhere: %v", err)
	}
	change(other, "acme")
	// The expired row does not stand in the way of giving the slug up again.
	change(other, "third")
	if sc := w.ok(w.Organizations.EnterSlug(ctx, other, "acme")); orgID(sc) != orgID(other) {
		t.Error("the alias leads to who had the slug before")
	}
}

func TestAnOrganizationCanHaveItsSlugBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	acme := w.organization("aaa")
	for _, slug := range []string{"bbb", "aaa", "ccc", "aaa", "aaa"} {
		org, err := w.Organizations.ChangeSlug(t.Context(), acme, slug)
		if err != nil || org.Slug != slug {
			t.Fatalf("change to %s: %+v, %v", slug, org, err)
		}
	}
	for _, slug := range []string{"aaa", "bbb", "ccc"} {
		if sc := w.ok(w.Organizations.EnterSlug(t.Context(), acme, slug)); slugOf(sc) != "aaa" {
			t.Errorf("%s leads to %s", slug, slugOf(sc))
		}
	}
}

func TestDeletionEndsAliases(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	acme := w.organization("aaa")
	if _, err := w.Organizations.ChangeSlug(t.Context(), acme, "bbb"); err != nil {
		t.Fatal(err)
	}
	if err := w.Organizations.Delete(t.Context(), acme); err != nil {
		t.Fatal(err)
	}
	w.ok(w.Organizations.Create(t.Context(), w.user("other@example.com"), store.NewOrganization{Name: "Other", Slug: "aaa"}))
	for _, slug := range []string{"aaa", "bbb"} {
		if _, err := w.Organizations.EnterSlug(t.Context(), acme, slug); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s leads to a deleted organization: %v", slug, err)
		}
	}
}

func TestRenamingKeepsTheSlug(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	acme := w.organization("acme")
	org, err := w.Organizations.Rename(t.Context(), acme, " Emca  Ltd ")
	if err != nil || org.Name != "Emca  Ltd" || org.Slug != "acme" {
		t.Errorf("renamed: %+v, %v", org, err)
	}
	if got, err := w.Organizations.Get(t.Context(), acme); err != nil || got.Name != org.Name || got.Slug != "acme" {
		t.Errorf("read again: %+v, %v", got, err)
	}
}

func TestNamesThatAreNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	acme := w.organization("acme")
	for what, name := range map[string]string{
		"nothing": "", "spaces": " \t ", "101 characters": strings.Repeat("é", 101), "a line break": "Acme\r\nBcc: all@example.com",
		"a line separator": "Acme\u2028x", "a nul": "Acme\x00", "no UTF-8": "Acme\xff", "text that turns around": "Acme\u202eemcA",
	} {
		t.Run(what, func(t *testing.T) {
			w.refused(store.ErrName, func() error { return second(w.Organizations.Rename(t.Context(), acme, name)) })
			w.refused(store.ErrName, func() error {
				return second(w.Organizations.Create(t.Context(), acme, store.NewOrganization{Name: name, Slug: "new-slug"}))
			})
		})
	}
	if _, err := w.Organizations.Rename(t.Context(), acme, strings.Repeat("é", 100)); err != nil {
		t.Errorf("a name of 100 characters: %v", err)
	}
}

func TestSlugsInURLsThatAreNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	acme := w.organization("acme")
	for _, slug := range []string{"", "acme\x00", "acme\n", "ac\xffme", "%61cme", "acme/", strings.Repeat("a", 1<<16)} {
		w.refused(store.ErrNotFound, func() error { return second(w.Organizations.EnterSlug(t.Context(), acme, slug)) })
	}
}

// Between the look at a slug and the insert another organization takes it and
// gives it up again: without a lock on the slug the look was in vain, and the
// index sees no clash.
func TestASlugIsLockedFromTheLookOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := t.Context()
	ann, bob := w.user("ann@example.com"), w.user("bob@example.com")
	passing := make(chan error, 1)
	s := &saboteur{act: func(*pgx.Conn, string) {
		go func() {
			sc, err := w.Organizations.Create(ctx, bob, store.NewOrganization{Name: "Passing", Slug: "wanted"})
			if err == nil {
				_, err = w.Organizations.ChangeSlug(ctx, sc, "passed-on")
			}
			passing <- err
		}()
		// Until the other one is through, or waits.
		for {
			select {
			case err := <-passing:
				passing <- err
				return
			case <-time.After(5 * time.Millisecond):
				if w.count("SELECT count(*) FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())") > 0 {
					return
				}
			}
		}
	}}
	stores := w.stores(w.pool(func(c *pgxpool.Config) { c.ConnConfig.Tracer = s }))
	s.before = "INSERT INTO organizations"
	first := second(stores.Organizations.Create(ctx, ann, store.NewOrganization{Name: "First", Slug: "wanted"}))
	if other := <-passing; first != nil || !errors.Is(other, store.ErrSlugTaken) {
		t.Errorf("who looked first gets %v, and who came between %v", first, other)
	}
}

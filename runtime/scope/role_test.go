package scope_test

import (
	"slices"
	"testing"

	"github.com/sigrahq/sigra/runtime/scope"
)

func TestAtLeast(t *testing.T) {
	t.Parallel()
	roles := []scope.Role{scope.Owner, scope.Admin, scope.Member}
	for h, held := range roles {
		for w, wanted := range roles {
			if got, want := member(t, held).AtLeast(wanted), h <= w; got != want {
				t.Errorf("%s is at least %s: %t, want %t", held, wanted, got, want)
			}
		}
	}
}

func TestRolesThatAreNotRankedFailClosed(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ held, wanted scope.Role }{
		{"auditor", scope.Member},
		{"auditor", "auditor"},
		{"auditor", "other"},
		{"auditor", ""},
		{scope.Owner, "auditor"},
		{scope.Owner, "Admin"},
		{scope.Owner, ""},
	} {
		if member(t, tc.held).AtLeast(tc.wanted) {
			t.Errorf("%q is at least %q", tc.held, tc.wanted)
		}
	}
}

func TestConfiguredRanking(t *testing.T) {
	t.Parallel()
	ranking := scope.MustRanking(scope.Owner, "manager", "cashier")
	original := member(t, "manager")
	s := original.WithRanking(ranking)

	for wanted, want := range map[scope.Role]bool{
		scope.Owner: false,
		"manager":   true,
		"cashier":   true,
		scope.Admin: false, // a default role that this ranking leaves out
	} {
		if got := s.AtLeast(wanted); got != want {
			t.Errorf("manager is at least %s: %t, want %t", wanted, got, want)
		}
	}
	if original.AtLeast("cashier") {
		t.Error("the ranking changed the scope that it was derived from")
	}
	if id, err := s.OrganizationID(); id != orgID || err != nil || s.UserID() != userID {
		t.Errorf("the ranked scope lost its identity: %s", s)
	}
}

func TestRankingOrder(t *testing.T) {
	t.Parallel()
	given := []scope.Role{"captain", "mate", "sailor"}
	ranking, err := scope.NewRanking(given...)
	if err != nil {
		t.Fatal(err)
	}
	given[0] = "stowaway"
	ranking.Roles()[0] = "stowaway"

	if got, want := ranking.Roles(), []scope.Role{"captain", "mate", "sailor"}; !slices.Equal(got, want) {
		t.Errorf("roles are %q, want %q", got, want)
	}
	if place, ok := ranking.Rank("mate"); place != 1 || !ok {
		t.Errorf("mate ranks %d, %t, want 1", place, ok)
	}
	if _, ok := ranking.Rank("stowaway"); ok {
		t.Error("stowaway is ranked")
	}
}

func TestZeroRankingIsTheDefaultAndCannotBeChanged(t *testing.T) {
	t.Parallel()
	var ranking scope.Ranking
	ranking.Roles()[2] = "stowaway"
	if got, want := ranking.Roles(), []scope.Role{scope.Owner, scope.Admin, scope.Member}; !slices.Equal(got, want) {
		t.Errorf("roles are %q, want %q", got, want)
	}
}

func TestNewRankingRefuses(t *testing.T) {
	t.Parallel()
	for name, roles := range map[string][]scope.Role{
		"no role":    nil,
		"empty role": {scope.Owner, ""},
		"blank role": {" ", scope.Owner},
		"duplicate":  {scope.Owner, scope.Admin, scope.Owner},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := scope.NewRanking(roles...); err == nil {
				t.Errorf("a ranking of %q is accepted", roles)
			}
			defer func() {
				if recover() == nil {
					t.Errorf("MustRanking accepts %q", roles)
				}
			}()
			scope.MustRanking(roles...)
		})
	}
}

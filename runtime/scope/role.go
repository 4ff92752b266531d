package scope

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Role is what a member may do in an organization. Applications may define
// roles of their own; a [Ranking] orders them.
type Role string

// The roles that every organization knows.
const (
	Owner  Role = "owner"
	Admin  Role = "admin"
	Member Role = "member"
)

func (r Role) blank() bool { return strings.TrimSpace(string(r)) == "" }

// Ranking orders roles from the highest to the lowest. It is immutable. The
// zero Ranking is the default one: [Owner], [Admin], [Member].
type Ranking struct {
	roles []Role // highest first; nil is the default
}

// Never written to, never handed out.
var defaultRoles = []Role{Owner, Admin, Member}

// NewRanking returns the ranking with the given roles, highest first. No roles
// at all, an empty role and a role that is named twice are errors.
func NewRanking(roles ...Role) (Ranking, error) {
	if len(roles) == 0 {
		return Ranking{}, errors.New("scope: ranking names no role; name every role, highest first")
	}
	for i, r := range roles {
		if r.blank() {
			return Ranking{}, fmt.Errorf("scope: role %d of the ranking is empty; give it a name or leave it out", i+1)
		}
		if slices.Contains(roles[:i], r) {
			return Ranking{}, fmt.Errorf("scope: ranking names role %q twice; a role has one rank", r)
		}
	}
	return Ranking{roles: slices.Clone(roles)}, nil
}

// MustRanking is [NewRanking] for a package variable: it panics where
// NewRanking returns an error.
func MustRanking(roles ...Role) Ranking {
	ranking, err := NewRanking(roles...)
	if err != nil {
		panic(err)
	}
	return ranking
}

// Roles returns the ranked roles, highest first. The slice is the caller's.
func (r Ranking) Roles() []Role { return slices.Clone(r.list()) }

// Rank returns the place of a role, 0 for the highest, and whether the role is
// ranked at all.
func (r Ranking) Rank(role Role) (int, bool) {
	place := slices.Index(r.list(), role)
	return place, place >= 0
}

// AtLeast reports whether the role held ranks as high as wanted, or higher. It
// fails closed: a role that is not ranked satisfies nothing, and nothing
// satisfies it, so that a misspelt requirement locks everybody out instead of
// letting everybody in.
func (r Ranking) AtLeast(held, wanted Role) bool {
	h, ok := r.Rank(held)
	if !ok {
		return false
	}
	w, ok := r.Rank(wanted)
	return ok && h <= w
}

func (r Ranking) list() []Role {
	if r.roles == nil {
		return defaultRoles
	}
	return r.roles
}

package scope_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/sigrahq/sigra/runtime/scope"
)

var (
	userID       = uuid.MustParse("11111111-1111-4111-8111-111111111111")
	orgID        = uuid.MustParse("22222222-2222-4222-8222-222222222222")
	membershipID = uuid.MustParse("33333333-3333-4333-8333-333333333333")
	otherID      = uuid.MustParse("44444444-4444-4444-8444-444444444444")
)

func organization() scope.Organization {
	return scope.Organization{ID: orgID, Name: "Blue Bakery", Slug: "blue-bakery"}
}

func membership(role scope.Role) scope.Membership {
	return scope.Membership{ID: membershipID, OrganizationID: orgID, UserID: userID, Role: role}
}

func member(t *testing.T, role scope.Role) *scope.Scope {
	t.Helper()
	s, err := scope.ForMember(organization(), membership(role))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestForMember(t *testing.T) {
	t.Parallel()
	s := member(t, scope.Admin)

	if got := s.UserID(); got != userID {
		t.Errorf("user is %s, want %s", got, userID)
	}
	if got, err := s.OrganizationID(); got != orgID || err != nil {
		t.Errorf("organization is %s, %v, want %s", got, err, orgID)
	}
	if got, ok := s.ActiveOrganization(); got != organization() || !ok {
		t.Errorf("active organization is %+v, %t", got, ok)
	}
	if got, ok := s.Membership(); got != membership(scope.Admin) || !ok {
		t.Errorf("membership is %+v, %t", got, ok)
	}
	if reason, ok := s.Reason(); s.IsSystem() || ok || reason != "" {
		t.Errorf("a member's scope is one of background work: %q", reason)
	}
}

func TestForMemberRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		edit func(*scope.Organization, *scope.Membership)
		want error
	}{
		{"an organization without an id", func(o *scope.Organization, _ *scope.Membership) {
			o.ID = uuid.Nil
		}, scope.ErrNoOrganization},
		{"two zero ids that are equal", func(o *scope.Organization, m *scope.Membership) {
			o.ID, m.OrganizationID = uuid.Nil, uuid.Nil
		}, scope.ErrNoOrganization},
		{"a membership of another organization", func(_ *scope.Organization, m *scope.Membership) {
			m.OrganizationID = otherID
		}, scope.ErrMismatch},
		{"a membership of no organization", func(_ *scope.Organization, m *scope.Membership) {
			m.OrganizationID = uuid.Nil
		}, scope.ErrMismatch},
		{"a membership without an id", func(_ *scope.Organization, m *scope.Membership) {
			m.ID = uuid.Nil
		}, scope.ErrMismatch},
		{"a membership of nobody", func(_ *scope.Organization, m *scope.Membership) {
			m.UserID = uuid.Nil
		}, scope.ErrMismatch},
		{"a member without a role", func(_ *scope.Organization, m *scope.Membership) {
			m.Role = ""
		}, scope.ErrMismatch},
		{"a member with a blank role", func(_ *scope.Organization, m *scope.Membership) {
			m.Role = " \t"
		}, scope.ErrMismatch},
		{"a deleted organization", func(o *scope.Organization, _ *scope.Membership) {
			o.DeletedAt = new(time.Unix(1, 0))
		}, scope.ErrDeleted},
		{"an organization that was deleted at the zero time", func(o *scope.Organization, _ *scope.Membership) {
			o.DeletedAt = new(time.Time)
		}, scope.ErrDeleted},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org, m := organization(), membership(scope.Owner)
			tc.edit(&org, &m)
			s, err := scope.ForMember(org, m)
			refused(t, s, err, tc.want)
		})
	}
}

func TestForeignMembershipOfDeletedOrganizationDoesNotTellThatItIsDeleted(t *testing.T) {
	t.Parallel()
	org, m := organization(), membership(scope.Owner)
	org.DeletedAt = new(time.Unix(1, 0))
	m.OrganizationID = otherID

	s, err := scope.ForMember(org, m)
	refused(t, s, err, scope.ErrMismatch)
	if errors.Is(err, scope.ErrDeleted) {
		t.Errorf("a stranger learns that the organization is deleted: %v", err)
	}
}

func TestForUser(t *testing.T) {
	t.Parallel()
	s, err := scope.ForUser(userID)
	if err != nil {
		t.Fatal(err)
	}
	if got := s.UserID(); got != userID {
		t.Errorf("user is %s, want %s", got, userID)
	}
	grantsNothing(t, s)

	s, err = scope.ForUser(uuid.Nil)
	refused(t, s, err, scope.ErrMismatch)
}

func TestSystem(t *testing.T) {
	t.Parallel()
	s, err := scope.System(orgID, "  nightly invoices\n")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := s.OrganizationID(); got != orgID || err != nil {
		t.Errorf("organization is %s, %v, want %s", got, err, orgID)
	}
	if reason, ok := s.Reason(); reason != "nightly invoices" || !ok || !s.IsSystem() {
		t.Errorf("reason is %q, %t, want %q", reason, ok, "nightly invoices")
	}
	if got := s.UserID(); got != uuid.Nil {
		t.Errorf("background work has the user %s", got)
	}
	noRole(t, s)
}

func TestSystemRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		id     uuid.UUID
		reason string
		want   error
	}{
		{"no organization", uuid.Nil, "nightly invoices", scope.ErrNoOrganization},
		{"no reason", orgID, "", scope.ErrReason},
		{"a blank reason", orgID, " \t\n\u00a0", scope.ErrReason},
		{"neither", uuid.Nil, "", scope.ErrNoOrganization},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s, err := scope.System(tc.id, tc.reason)
			refused(t, s, err, tc.want)
		})
	}
}

func TestNilAndZeroFailClosed(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]*scope.Scope{
		"nil":               nil,
		"zero":              {},
		"nil with ranking":  (*scope.Scope)(nil).WithRanking(scope.MustRanking(scope.Owner)),
		"zero with ranking": new(scope.Scope).WithRanking(scope.MustRanking(scope.Owner)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := s.UserID(); got != uuid.Nil {
				t.Errorf("user is %s", got)
			}
			grantsNothing(t, s)
			if reason, ok := s.Reason(); s.IsSystem() || ok || reason != "" {
				t.Errorf("is background work for %q", reason)
			}
			if got, want := s.String(), "scope()"; got != want {
				t.Errorf("prints as %s, want %s", got, want)
			}
			if got := logged(s); strings.Contains(got, "scope") {
				t.Errorf("an empty scope is logged as %s", got)
			}
		})
	}
}

func TestHasRoleIsPlainSetMembership(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		held  scope.Role
		asked []scope.Role
		want  bool
	}{
		{scope.Owner, []scope.Role{scope.Owner}, true},
		{scope.Owner, []scope.Role{scope.Admin}, false},
		{scope.Admin, []scope.Role{scope.Owner, scope.Admin}, true},
		{scope.Member, nil, false},
		{scope.Member, []scope.Role{""}, false},
		{"auditor", []scope.Role{"auditor"}, true},
		{"Owner", []scope.Role{scope.Owner}, false},
	} {
		if got := member(t, tc.held).HasRole(tc.asked...); got != tc.want {
			t.Errorf("%q has one of %q: %t, want %t", tc.held, tc.asked, got, tc.want)
		}
	}
}

func TestScopeDoesNotFollowItsOrigin(t *testing.T) {
	t.Parallel()
	org, m := organization(), membership(scope.Member)
	s, err := scope.ForMember(org, m)
	if err != nil {
		t.Fatal(err)
	}
	org.ID, m.Role = otherID, scope.Owner
	got, _ := s.ActiveOrganization()
	got.ID = otherID
	got.DeletedAt = new(time.Time)

	if again, _ := s.ActiveOrganization(); again != organization() {
		t.Errorf("the organization changed to %+v", again)
	}
	if !s.HasRole(scope.Member) {
		t.Error("the role changed")
	}
}

func TestLoggingAndPrintingShowIDsOnly(t *testing.T) {
	t.Parallel()
	signedIn, err := scope.ForUser(userID)
	if err != nil {
		t.Fatal(err)
	}
	system, err := scope.System(orgID, "secret plans")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name          string
		scope         *scope.Scope
		log, printing string
	}{
		{
			"member", member(t, scope.Admin),
			"scope.user_id=" + userID.String() + " scope.organization_id=" + orgID.String() + " scope.membership_id=" + membershipID.String(),
			"scope(user_id=" + userID.String() + " organization_id=" + orgID.String() + " membership_id=" + membershipID.String() + ")",
		},
		{
			"user", signedIn,
			"scope.user_id=" + userID.String(),
			"scope(user_id=" + userID.String() + ")",
		},
		{
			"system", system,
			"scope.organization_id=" + orgID.String(),
			"scope(organization_id=" + orgID.String() + ")",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got, want := logged(tc.scope), "msg=done "+tc.log+"\n"; got != want {
				t.Errorf("logged\n%s, want\n%s", got, want)
			}
			for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
				if got := fmt.Sprintf(verb, tc.scope); got != tc.printing {
					t.Errorf("%s prints %s, want %s", verb, got, tc.printing)
				}
			}
		})
	}
}

// refused checks that a constructor returned no scope and an error that wraps
// want and says what to do.
func refused(t *testing.T, s *scope.Scope, err, want error) {
	t.Helper()
	if s != nil {
		t.Errorf("got the scope %s beside the error", s)
	}
	if !errors.Is(err, want) {
		t.Fatalf("got error %v, want one that wraps %v", err, want)
	}
	if !strings.HasPrefix(err.Error(), "scope: ") || !strings.Contains(err.Error(), "; ") {
		t.Errorf("error names no remedy: %v", err)
	}
}

// grantsNothing checks that a scope reaches no organization.
func grantsNothing(t *testing.T, s *scope.Scope) {
	t.Helper()
	if id, err := s.OrganizationID(); id != uuid.Nil || !errors.Is(err, scope.ErrNoOrganization) {
		t.Errorf("organization is %s, %v, want %v", id, err, scope.ErrNoOrganization)
	}
	noRole(t, s)
}

func noRole(t *testing.T, s *scope.Scope) {
	t.Helper()
	if org, ok := s.ActiveOrganization(); ok || org != (scope.Organization{}) {
		t.Errorf("active organization is %+v", org)
	}
	if m, ok := s.Membership(); ok || m != (scope.Membership{}) {
		t.Errorf("membership is %+v", m)
	}
	for _, r := range []scope.Role{scope.Owner, scope.Admin, scope.Member, ""} {
		if s.HasRole(r) {
			t.Errorf("has role %q", r)
		}
		if s.AtLeast(r) {
			t.Errorf("ranks at least as %q", r)
		}
	}
}

func logged(s *scope.Scope) string {
	var b bytes.Buffer
	handler := slog.NewTextHandler(&b, &slog.HandlerOptions{ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
		if len(groups) == 0 && (a.Key == slog.TimeKey || a.Key == slog.LevelKey) {
			return slog.Attr{}
		}
		return a
	}})
	slog.New(handler).Info("done", "scope", s)
	return b.String()
}

// A request or a job's payload names no organization by pretending to be a scope,
// and a scope in one tells nothing.
func TestAScopeIsNotMadeFromData(t *testing.T) {
	t.Parallel()
	var payload struct{ Scope *scope.Scope }
	text := fmt.Sprintf(`{"Scope": {"kind": 2, "Kind": 2, "userID": %[1]q, "UserID": %[1]q, "organization": {"ID": %[2]q}, "Organization": {"ID": %[2]q}, "reason": "x"}}`, userID, orgID)
	if err := json.Unmarshal([]byte(text), &payload); err != nil {
		t.Fatal(err)
	}
	if id, err := payload.Scope.OrganizationID(); !errors.Is(err, scope.ErrNoOrganization) || id != uuid.Nil || payload.Scope.UserID() != uuid.Nil || payload.Scope.IsSystem() {
		t.Errorf("the scope of a payload is %s", payload.Scope)
	}
	if text, err := json.Marshal([]any{member(t, scope.Owner)}); err != nil || string(text) != "[{}]" {
		t.Errorf("a scope in JSON is %s, %v", text, err)
	}
}

package scope_test

import (
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/sigrahq/sigra/runtime/scope"
)

func ExampleForMember() {
	org := scope.Organization{ID: uuid.New(), Name: "Blue Bakery", Slug: "blue-bakery"}
	membership := scope.Membership{ID: uuid.New(), OrganizationID: org.ID, UserID: uuid.New(), Role: scope.Admin}

	sc, err := scope.ForMember(org, membership)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("may invite:", sc.AtLeast(scope.Admin))
	fmt.Println("may delete the organization:", sc.AtLeast(scope.Owner))

	// The same membership does not open another organization.
	other := scope.Organization{ID: uuid.New(), Name: "Red Roofs", Slug: "red-roofs"}
	_, err = scope.ForMember(other, membership)
	fmt.Println("mismatch:", errors.Is(err, scope.ErrMismatch))
	// Output:
	// may invite: true
	// may delete the organization: false
	// mismatch: true
}

func ExampleForUser() {
	sc, err := scope.ForUser(uuid.New())
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = sc.OrganizationID()
	fmt.Println(err)
	// Output:
	// scope: no active organization; build the scope with scope.ForMember or scope.System
}

func ExampleSystem() {
	sc, err := scope.System(uuid.New(), "send the monthly statements")
	if err != nil {
		fmt.Println(err)
		return
	}
	reason, _ := sc.Reason()
	fmt.Println(reason)
	// Output:
	// send the monthly statements
}

// ranking is shared by the whole application.
var ranking = scope.MustRanking(scope.Owner, "accountant", scope.Member)

func ExampleScope_WithRanking() {
	org := scope.Organization{ID: uuid.New(), Name: "Blue Bakery", Slug: "blue-bakery"}
	membership := scope.Membership{ID: uuid.New(), OrganizationID: org.ID, UserID: uuid.New(), Role: "accountant"}

	sc, err := scope.ForMember(org, membership)
	if err != nil {
		fmt.Println(err)
		return
	}
	sc = sc.WithRanking(ranking)
	fmt.Println(sc.AtLeast("accountant"), sc.AtLeast(scope.Member), sc.AtLeast(scope.Owner))
	// Output:
	// true true false
}

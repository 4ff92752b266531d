package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/sigrahq/sigra/runtime/query"
)

// Directory tells the stores about the application's users. db is the
// transaction of the change, where there is one.
type Directory struct {
	// Address returns the address of a user that the application has verified,
	// in any spelling, or "" when there is none or no such user. Where the
	// address can change at any time, let the statement lock the user's row.
	Address func(ctx context.Context, db query.Querier, userID uuid.UUID) (string, error)
	// Find returns the users with an address, which is in the form of
	// [NormalizeEmail].
	Find func(ctx context.Context, db query.Querier, address string) ([]uuid.UUID, error)
}

// usersTable reads the table users of package migrations, or one like it.
var usersTable = Directory{
	Address: func(ctx context.Context, db query.Querier, userID uuid.UUID) (string, error) {
		address, err := query.One[string](ctx, db, query.Unscoped(query.Text("SELECT email FROM users WHERE id = $1", userID), byLogin))
		if errors.Is(err, query.ErrNotFound) {
			return "", nil
		}
		return address, err
	},
	Find: func(ctx context.Context, db query.Querier, address string) ([]uuid.UUID, error) {
		return query.All[uuid.UUID](ctx, db, query.Unscoped(query.Text("SELECT id FROM users WHERE email = $1", address), byLogin))
	},
}

// address returns the normalised address of a user, or "".
func (c *core) address(ctx context.Context, db query.Querier, userID uuid.UUID) (string, error) {
	address, err := c.directory.Address(ctx, db, userID)
	if err != nil {
		return "", fmt.Errorf("store: address of user %s: %w", userID, err)
	}
	if address, err = NormalizeEmail(address); err != nil {
		return "", nil // one that could not have been invited
	}
	return address, nil
}

// addressOf is address in the middle of a change.
func (ch *change) addressOf(ctx context.Context, userID uuid.UUID) (string, error) {
	address, err := ch.address(ctx, lent{ch.Tx}, userID)
	return address, errors.Join(ch.ended("the directory of users"), err)
}

// usersWith returns the users with an address, in the middle of a change.
func (ch *change) usersWith(ctx context.Context, address string) ([]uuid.UUID, error) {
	users, err := ch.directory.Find(ctx, lent{ch.Tx}, address)
	if err != nil {
		err = fmt.Errorf("store: users with an address: %w", err)
	}
	return users, errors.Join(ch.ended("the directory of users"), err)
}

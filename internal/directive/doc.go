// Package directive reads the comments by which a programmer allows what
// sigravet would report:
//
//	//sigra:allow pre-auth -- the token is looked up before anybody is signed in
//	row := db.QueryRow(ctx, `SELECT … FROM invitations WHERE token_hash = $1`, hash)
//
// The form is refused rather than guessed at: an unknown kind, a missing
// reason or a stray word suppresses nothing and is itself reported.
package directive

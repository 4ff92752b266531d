package query

import (
	"context"
	"fmt"
	"io"
	"reflect"
	"slices"
	"sync/atomic"

	"github.com/google/uuid"
	"github.com/huandu/go-sqlbuilder"
	"github.com/jackc/pgx/v5"

	"github.com/sigrahq/sigra/runtime/scope"
)

// Owner is what a statement is scoped to: the active organization of a scope,
// or an organization by its id.
type Owner interface{ *scope.Scope | uuid.UUID }

// Statement is what the executors of this package take: a [*Scoped] or a
// [*Bypass], nothing else.
type Statement interface {
	// SQL returns the text to send and its arguments, or why there is none.
	SQL() (string, []any, error)

	render(ctx context.Context) (string, []any, error)
}

// Scoped is a statement on its way through ForOrg. It renders its builder anew
// each time, and is as safe for concurrent use as that builder is: those of
// go-sqlbuilder are not.
type Scoped struct {
	b   sqlbuilder.Builder
	org uuid.UUID
	err *Error

	// Statements are most often rendered once and have few arguments, which
	// then need no memory of their own. The first rendering takes the room.
	room  [argRoom]any
	taken atomic.Bool
}

// arguments is an empty list with room that nobody else has.
func (s *Scoped) arguments() []any {
	if s.taken.Swap(true) {
		return make([]any, 0, argRoom)
	}
	return s.room[:0]
}

var (
	_ sqlbuilder.Builder = (*Scoped)(nil)
	_ pgx.QueryRewriter  = (*Scoped)(nil)
	_ Statement          = (*Scoped)(nil)
)

// ForOrg restricts a statement to one organization: the active one of a scope,
// or one by its id.
//
// It never returns nil and never panics. What is wrong already now is kept, is
// returned by [Scoped.Err] and by whatever renders or runs the statement, and
// keeps it from being sent: [ErrNoOrganization] for a scope without an
// organization, [ErrNilID] for the zero id, [ErrNilBuilder], and [ErrFlavor]
// for a builder that does not write PostgreSQL. The rest is checked when the
// statement is rendered, on its final text, so the builder may still be changed
// until then.
func ForOrg[O Owner](b sqlbuilder.Builder, owner O) *Scoped {
	org, err := organization(owner)
	if err != nil {
		return &Scoped{err: err}
	}
	if inner, ok := b.(*Scoped); ok && inner != nil {
		return inner.again(org)
	}
	if err := usable(b); err != nil {
		return &Scoped{err: err}
	}
	return &Scoped{b: b, org: org}
}

// organization is the id behind an owner.
func organization[O Owner](owner O) (uuid.UUID, *Error) {
	switch owner := any(owner).(type) {
	case *scope.Scope:
		id, err := owner.OrganizationID()
		if err != nil || id == uuid.Nil {
			return uuid.Nil, refuse(ErrNoOrganization, "scope has no active organization; build it with scope.ForMember or scope.System")
		}
		return id, nil
	case uuid.UUID:
		if owner != uuid.Nil {
			return owner, nil
		}
	}
	return uuid.Nil, refuse(ErrNilID, "organization id is zero; pass the id of an organization")
}

// usable checks what can be known of a builder before it is rendered.
func usable(b sqlbuilder.Builder) (err *Error) {
	if b == nil {
		return refuse(ErrNilBuilder, "builder is nil; pass a statement")
	}
	if v := reflect.ValueOf(b); v.Kind() == reflect.Pointer && v.IsNil() {
		return refuse(ErrNilBuilder, "builder is a nil %T; pass a statement", b)
	}
	defer func() {
		if r := recover(); r != nil {
			err = refuse(ErrStatement, "%T panicked: %v; make it with its constructor, as in sqlbuilder.PostgreSQL.NewSelectBuilder()", b, r)
		}
	}()
	flavor := b.Flavor()
	if flavor == sqlbuilder.PostgreSQL {
		return nil
	}
	if _, ok := b.(interface {
		SetFlavor(sqlbuilder.Flavor) sqlbuilder.Flavor
	}); ok {
		return refuse(ErrFlavor, "builder flavor is %v, not PostgreSQL; make it with sqlbuilder.PostgreSQL, as in sqlbuilder.PostgreSQL.NewSelectBuilder(), or call SetFlavor(sqlbuilder.PostgreSQL)", flavor)
	}
	return refuse(ErrFlavor, "builder flavor is %v, not PostgreSQL; wrap it as in sqlbuilder.WithFlavor(b, sqlbuilder.PostgreSQL)", flavor)
}

// again is ForOrg of what has been through ForOrg already.
func (s *Scoped) again(org uuid.UUID) *Scoped {
	if s.err != nil || s.b == nil {
		return s
	}
	if s.org != org {
		return &Scoped{err: refuse(ErrForeignOrg, "statement is already scoped to another organization; scope it once")}
	}
	return s
}

// Err returns what was wrong already when ForOrg was called, or nil.
func (s *Scoped) Err() error {
	if s == nil || s.err == nil && s.b == nil {
		return refuse(ErrNilBuilder, "statement is a nil or zero query.Scoped; make it with query.ForOrg")
	}
	if s.err != nil {
		return s.err
	}
	return nil
}

// SQL renders the statement, restricts it to the organization and proves it.
// The organization is the last argument, unless the rows of an INSERT bring it
// along. The error, if any, is an [*Error], and the text is then empty.
func (s *Scoped) SQL() (string, []any, error) {
	if err := s.Err(); err != nil {
		return "", nil, err
	}
	text, args, direct, err := build(s.b, s.arguments())
	if err != nil {
		return "", nil, err
	}
	p, args, err := scopeTo(s.org, text, args, position{direct: direct})
	if err != nil {
		return "", nil, err
	}
	return p.Text, args, nil
}

func (s *Scoped) render(context.Context) (string, []any, error) { return s.SQL() }

// Build is [Scoped.SQL] for those who expect a sqlbuilder.Builder. When there is
// an error, the text is one that PostgreSQL cannot parse.
func (s *Scoped) Build() (string, []any) {
	text, args, err := s.SQL()
	if err != nil {
		return poison(err, nil)
	}
	return text, args
}

// BuildWithFlavor is [Scoped.Build] for a statement that is nested in another
// one: its parameters are numbered after the initial arguments, which the
// returned ones begin with. Another flavor than PostgreSQL is an error.
func (s *Scoped) BuildWithFlavor(flavor sqlbuilder.Flavor, initial ...any) (string, []any) {
	text, args, err := s.nested(flavor, initial)
	if err != nil {
		return poison(err, initial)
	}
	return text, args
}

func (s *Scoped) nested(flavor sqlbuilder.Flavor, initial []any) (string, []any, error) {
	if err := s.Err(); err != nil {
		return "", nil, err
	}
	if flavor != sqlbuilder.PostgreSQL {
		return "", nil, refuse(ErrFlavor, "a scoped statement is nested in one of flavor %v, not PostgreSQL; make the outer one with sqlbuilder.PostgreSQL", flavor)
	}
	text, args, err := buildAfter(s.b, slices.Clip(initial))
	if err != nil {
		return "", nil, err
	}
	p, args, err := scopeTo(s.org, text, args, position{base: len(initial)})
	if err != nil {
		return "", nil, err
	}
	text = endLine(p.Text)
	if p.Bound {
		text = markNested(p.Org) + text
	}
	return text, args, nil
}

// Format prints the text that will be sent, or why none will be, whatever the verb:
// arguments stay out of logs.
func (s *Scoped) Format(f fmt.State, _ rune) {
	text, _, err := s.SQL()
	if err != nil {
		text = err.Error()
	}
	_, _ = io.WriteString(f, text)
}

// Flavor is PostgreSQL.
func (s *Scoped) Flavor() sqlbuilder.Flavor { return sqlbuilder.PostgreSQL }

// RewriteQuery lets pgx render the statement: db.Query(ctx, "", scoped). Text or
// arguments beside it are [ErrStatement], because they would be lost.
//
// Of several rewriters pgx runs the last one only: pass a Scoped alone. Tracers
// see an empty text on this way; they see the real one with [All], [One],
// [Exec] and [Scoped.SQL].
func (s *Scoped) RewriteQuery(_ context.Context, _ *pgx.Conn, sql string, args []any) (string, []any, error) {
	if err := alone(sql, args); err != nil {
		return "", nil, err
	}
	return s.SQL()
}

// alone checks that a rewriter stands alone, with empty text.
func alone(sql string, args []any) error {
	if sql != "" {
		return refuse(ErrStatement, `text beside a statement would be lost; pass "" and the statement alone`)
	}
	if len(args) > 0 {
		return refuse(ErrStatement, "arguments beside a statement would be lost; pass the statement alone")
	}
	return nil
}

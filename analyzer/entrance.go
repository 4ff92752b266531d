package analyzer

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/sigrahq/sigra/internal/orgfilter"
	"github.com/sigrahq/sigra/internal/sinks"
	"github.com/sigrahq/sigra/internal/valueflow"
)

// An organization enters a statement as the owner that ForOrg or CopyForOrg
// gets, as that of a scope, as a value of an insert, or, in hand-written SQL,
// as what the ownership column is compared with. Each is a use of its own,
// which is handed on to callers as texts are.

// role is the way in which an organization enters.
type role uint8

const (
	owner    role = iota + 1 // it is what a statement is scoped to
	binding                  // the ownership column is compared with it
	inserted                 // it is written into the ownership column
	written                  // the same, by an update of a whole row
)

// enter looks at calls of the runtime, and at those that render a builder.
func (t *tracer) enter(call ssa.CallInstruction, c valueflow.Callee) {
	name := c.Obj.Name()
	switch c.Obj.Pkg().Path() {
	case valueflow.QueryPath:
		switch {
		case c.Obj.Signature().Recv() != nil:
		case name == "ForOrg" && len(c.Args) == 2:
			t.organization(call, "query.ForOrg", c.Args[1], "")
			t.scoping(call, c.Args[0])
			t.rendering(call, name, c.Args[0])
		case name == "CopyForOrg" && len(c.Args) > 2:
			t.organization(call, "query.CopyForOrg", c.Args[2], "")
		case name == "Unscoped" && len(c.Args) > 0:
			t.rendering(call, name, c.Args[0])
		}
	case valueflow.ScopePath:
		switch {
		case c.Obj.Signature().Recv() != nil:
		case name == "System" && len(c.Args) > 0:
			t.organization(call, systemScope, c.Args[0], "")
		case name == "ForMember" && len(c.Args) == 2:
			// A membership that was loaded vouches for the organization, which
			// has to be the one that it names.
			if path, ok := valueflow.FieldPath(c.Args[1].Type(), "OrganizationID"); ok {
				t.organization(call, "scope.ForMember", c.Args[1], path)
			}
		}
	default:
		t.declared(call, c)
		if valueflow.Renders(c.Obj) && len(c.Args) > 0 {
			t.rendering(call, name, c.Args[0])
		}
	}
}

// declared looks at a call of an interface's method, which is judged by what
// it declares: a parameter that is named as an organization has to be one,
// unless the method gets to know who asks, and so can decide by itself.
func (t *tracer) declared(call ssa.CallInstruction, c valueflow.Callee) {
	if !call.Common().IsInvoke() || sinks.Library(c.Obj.Pkg().Path()) || valueflow.Decides(c.Obj) {
		return
	}
	recv, _ := types.Unalias(c.Obj.Signature().Recv().Type()).(*types.Named)
	if recv == nil || aboutOrganizations(recv.Obj().Name()+c.Obj.Name()) {
		return
	}
	params := c.Obj.Signature().Params()
	at := -1
	for i := range params.Len() {
		switch name := strings.ToLower(params.At(i).Name()); {
		case valueflow.IsScope(params.At(i).Type()), knowsWho(name):
			return
		case isOrganization(name) && isUUID(params.At(i).Type()):
			at = i
		}
	}
	if at >= 0 {
		t.organization(call, recv.Obj().Name()+"."+c.Obj.Name(), c.Args[at+1], "")
	}
}

// aboutOrganizations tells whether a method is one of those that organizations
// are managed with: what they get is checked there.
func aboutOrganizations(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc([]string{"org", "tenant", "session", "invit", "audit", "scope"}, func(word string) bool {
		return strings.Contains(name, word)
	})
}

func knowsWho(name string) bool {
	return slices.ContainsFunc([]string{"user", "actor", "viewer", "principal", "caller", "who", "subject"}, func(word string) bool {
		return strings.Contains(name, word)
	})
}

func isOrganization(name string) bool {
	return slices.Contains([]string{"org", "orgid", "organization", "organizationid", "tenant", "tenantid"}, strings.ReplaceAll(name, "_", ""))
}

func isUUID(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Name() == "UUID"
}

// organization notes that component path of v has to be an organization that
// somebody vouches for.
func (t *tracer) organization(call ssa.CallInstruction, sink string, v ssa.Value, path string) {
	if path == "" && valueflow.IsScope(v.Type()) {
		return
	}
	t.enters(call, use{Sink: sink, Role: owner, Org: t.flow.OriginsOf(v, path, call)})
}

func (t *tracer) enters(at ssa.Instruction, u use) {
	if u.Org != nil && len(u.Org.Sub) > 0 {
		t.add(at, u)
	}
}

// scoping looks at the statement that ForOrg gets.
func (t *tracer) scoping(call ssa.CallInstruction, b ssa.Value) {
	values := t.flow.TextValues(b, call)
	for _, e := range t.flow.BuiltBy(b, call) {
		t.add(call, use{Sink: "query.ForOrg", Scoping: true, Text: e, Values: values})
	}
}

func (t *tracer) rendering(call ssa.CallInstruction, name string, b ssa.Value) {
	if from := t.flow.SharedBuilder(b, call); len(from.Sub) > 0 {
		t.add(call, use{Sink: name, Shared: from})
	}
}

// derive finds the organizations in a statement that is known by now.
func (t *tracer) derive(at ssa.Instruction, u use) {
	for _, o := range t.operands(u) {
		t.enters(at, o)
	}
}

// copied is the organization of the rows of a copy, where they are a literal
// or made by a function of this package.
func (t *tracer) copied(call ssa.CallInstruction, u use, source ssa.Value) {
	if source == nil || u.Columns == nil || u.Columns.Kind != valueflow.List {
		return
	}
	table, column := t.copiesInto(u)
	if column == "" {
		return
	}
	at := slices.IndexFunc(u.Columns.Sub, func(c *valueflow.Expr) bool {
		return c.Kind == valueflow.Text && c.Text == column
	})
	if at < 0 {
		return
	}
	t.enters(call, use{Sink: u.Sink, Role: inserted, Of: table, Org: t.flow.CopiedColumn(source, at, call)})
}

// operands are the organizations that enter with a statement, as uses.
func (j *judge) operands(u use) []use {
	if u.Text == nil || u.Org != nil || !j.owned || !u.Scoping && j.raw != rawProve {
		return nil
	}
	r := compose(j.withColumns(valueflow.Flatten(u.Text, true)))
	report, err := j.examine(r)
	if err != nil {
		return nil
	}
	var out []use
	seen := map[string]bool{} // what is bound to several tables is told once
	for _, x := range report.Uses {
		if !isOwned(x) || decidesMembership(x.Name, r.text) {
			continue
		}
		if r.fromRow(x) {
			if from := r.origins(x.Moved[0], nil); from != nil {
				out = append(out, use{Sink: u.Sink, Role: written, Of: x.Name, Org: from})
			}
		}
		role := binding
		if x.Verb == orgfilter.Insert {
			role = inserted
		}
		if u.Scoping && role != inserted {
			continue // ForOrg compares
		}
		for _, v := range x.Operands {
			if from := r.origins(v, u.Values); from != nil && !seen[from.Key()] {
				seen[from.Key()] = true
				out = append(out, use{Sink: u.Sink, Role: role, Of: x.Name, Org: from})
			}
		}
	}
	return out
}

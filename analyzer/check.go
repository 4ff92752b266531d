package analyzer

import (
	"cmp"
	"go/token"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/sigrahq/sigra/internal/directive"
	"github.com/sigrahq/sigra/internal/valueflow"
)

// check is the second analyzer: it judges what gather found and reports.
func check(pass *analysis.Pass, u *unit, c *config) error {
	switch {
	case u == nil:
		return errNoUnit
	case u.err != nil:
		return u.err
	case u.skip:
		return nil
	}
	r := &reporter{pass: pass, allows: u.directives}
	fix := &fixer{pass: pass, unit: u}

	// 1. Declarations, and structs that lack one.
	for _, p := range u.declared.problems {
		r.report(finding{pos: p.node.Pos(), end: p.node.End(), category: p.category, message: p.message})
	}
	if importsPackage(pass.Pkg, valueflow.QueryPath) {
		for _, m := range undeclaredModels(u.models, u.declared, u.tables) {
			r.report(finding{
				pos: m.obj.Pos(), end: m.obj.Pos() + token.Pos(len(m.obj.Name())), category: undeclared,
				fixes:   fix.declareIt(m),
				message: `struct ` + m.obj.Name() + ` has column ` + m.column + ` and no declaration; add query.Declare[` + m.obj.Name() + `]("` + plural(snake(m.obj.Name())) + `") in a package variable`,
			})
		}
	}

	// 2. Every statement that reaches a database.
	for _, s := range u.sites {
		r.site(s, u.judge, u.syntax(s.instr), fix)
	}

	// 3. Directives that are wrong, or that nothing needed.
	for _, bad := range r.allows.Bad {
		r.keep(finding{pos: bad.Pos, end: bad.End, category: bypassed, message: bad.Msg})
	}
	if c.Raw != rawOff {
		for _, a := range r.allows.Unused() {
			r.keep(finding{pos: a.Pos, end: a.End, category: bypassed, message: u.idle(a)})
		}
	}

	r.flush()
	return nil
}

// idle says what is wrong with a directive that nothing needed.
func (u *unit) idle(a *directive.Allow) string {
	for _, s := range u.sites {
		syntax := u.syntax(s.instr)
		if u.directives.Speaks(a, syntax.pos, syntax.stmt) {
			return "allow directive is redundant: the statement is scoped already, or touches no org-owned table; remove it"
		}
	}
	return "allow directive suppresses nothing; remove it, or put it on the line above the call that reaches the database"
}

// finding is a diagnostic before it is known whether it is allowed.
type finding struct {
	pos, end token.Pos
	stmt     token.Pos // where the statement around it begins
	category string
	message  string
	related  []analysis.RelatedInformation
	fixes    []analysis.SuggestedFix
}

type reporter struct {
	pass     *analysis.Pass
	allows   *directive.Set
	findings []finding
}

// report keeps a finding unless a directive speaks for it.
func (r *reporter) report(f finding) {
	if !r.allows.Allows(f.pos, f.stmt) {
		r.keep(f)
	}
}

// keep is for what is wrong with directives: they cannot speak for themselves.
func (r *reporter) keep(f finding) { r.findings = append(r.findings, f) }

// site judges one place, each of whose findings is told once.
func (r *reporter) site(s *site, j *judge, syntax callSyntax, fix *fixer) {
	lost, given := false, false
	for _, v := range j.all(s.uses) {
		if v.category == unproven && lost {
			continue // one hole is like another
		}
		if v.entrance && given {
			continue // and an organization that goes to several tables is one
		}
		lost = lost || v.category == unproven
		given = given || v.entrance
		if v.moot {
			// A directive here is not idle: it says why nobody need know the
			// text.
			r.allows.Allows(syntax.pos, syntax.stmt)
			continue
		}
		r.report(finding{
			pos: syntax.pos, end: syntax.end, stmt: syntax.stmt,
			category: v.category, message: v.message, related: r.related(v, syntax.pos), fixes: fix.fixes(s, v),
		})
	}
}

// related points to where the text got lost, when that is elsewhere in the
// same file.
func (r *reporter) related(v verdict, at token.Pos) []analysis.RelatedInformation {
	if v.origin == nil || !v.origin.Pos().IsValid() {
		return nil
	}
	from := v.origin.Pos()
	a, b := r.pass.Fset.Position(at), r.pass.Fset.Position(from)
	if a.Filename != b.Filename || a.Line == b.Line {
		return nil
	}
	return []analysis.RelatedInformation{{Pos: from, Message: "the text becomes unknown here"}}
}

// flush hands the findings over in the order of the source. Which file comes
// first is a question of names: drivers read files in any order.
func (r *reporter) flush() {
	place := func(pos token.Pos) (string, int) {
		at := r.pass.Fset.Position(pos)
		return at.Filename, at.Offset
	}
	slices.SortStableFunc(r.findings, func(a, b finding) int {
		fileA, offsetA := place(a.pos)
		fileB, offsetB := place(b.pos)
		return cmp.Or(cmp.Compare(fileA, fileB), cmp.Compare(offsetA, offsetB), cmp.Compare(a.category, b.category), cmp.Compare(a.message, b.message))
	})
	for _, f := range r.findings {
		r.pass.Report(analysis.Diagnostic{
			Pos: f.pos, End: f.end, Category: f.category, Message: f.message,
			Related: f.related, SuggestedFixes: f.fixes,
			URL: page(f.category),
		})
	}
}

package pgsql

import "strings"

// work tells how much PostgreSQL has to do for an expression, at the least, each
// time that it tests a row. What it works out once is none of that: see settle
// and subquery.
type work struct {
	ops    int32 // operators and function calls
	risks  int32 // what some values of its operands make fail
	casts  int32 // casts, which may be no work at all, or fail
	hasty  int32 // conditions inside that would be eager by themselves
	varies int32 // columns and subqueries
	fixed  int32 // those of varies that may have the same value in all rows
	once   int32 // risks and casts of what is worked out once
	placed int32 // those of varies that a query computes, and that may fail
	idle   int32 // conditions inside that are one operator or less over those
}

func (w work) since(start work) work {
	return work{w.ops - start.ops, w.risks - start.risks, w.casts - start.casts, w.hasty - start.hasty, w.varies - start.varies, w.fixed - start.fixed, w.once - start.once, w.placed - start.placed, w.idle - start.idle}
}

func (w work) allRisks() int32 { return w.risks + w.casts + w.once }

// light is work that may be as little as one operator, and may fail.
func (w work) light() bool { return w.ops <= 1 && w.risks > 0 || w.ops == 0 && w.casts > 0 }

// isIdle tells whether a condition is little work where what a query computes is
// none.
func (w work) isIdle() bool { return w.placed > 0 && w.ops <= 1 }

// Eager tells whether PostgreSQL may test the expression, as a term of a
// condition, before an equality that stands beside it, and may fail on the
// row. Conditions on a table are tested in the order of their cost, and an
// equality that is used for planning goes behind those of its own cost, that
// of one operator (order_qual_clauses in createplan.c,
// generate_base_implied_equalities in equivclass.c). A bare call of a function
// that is not known to fail is not eager: an index may support it.
//
// Neither is the shape of a condition kept: NOT (a OR b) becomes two terms,
// what all arms of an OR share becomes a term of its own, and (a) = true, a
// CASE or an OR whose other parts turn out to be constants become a
// (canonicalize_qual in prepqual.c, eval_const_expressions in clauses.c). So a
// condition is eager that has an eager one inside.
func (e *Expr) Eager() bool {
	if e.Kind == FunctionCall && e.Name != "" && !failing[e.Name] {
		return false
	}
	return e.work.hasty > 0 || e.work.light()
}

// isTest tells whether the expression is known to give a boolean.
func (e *Expr) isTest() bool {
	return e.test || e.Kind == Cast && (e.Name == "bool" || e.Name == "boolean") || e.Kind == FunctionCall && failing[e.Name]
}

// MayFail tells whether some values of what the expression is about make it
// fail.
func (e *Expr) MayFail() bool { return e.work.allRisks() > 0 }

// Varies tells whether the expression may have another value for each row.
func (e *Expr) Varies() bool { return e.work.varies > 0 }

// failing are functions of PostgreSQL that give a boolean, cost as much as an
// operator, and fail on some values or do something that others notice.
var failing = func() map[string]bool {
	m := map[string]bool{}
	for _, name := range strings.Fields(`bool in_range row_security_active xmlexists xpath_exists
		jsonb_path_exists jsonb_path_exists_tz jsonb_path_exists_opr jsonb_path_match jsonb_path_match_tz jsonb_path_match_opr
		like notlike textlike textnlike texticlike texticnlike namelike namenlike nameiclike nameicnlike
		bpcharlike bpcharnlike bpchariclike bpcharicnlike bytealike byteanlike
		regexp_like textregexeq textregexne texticregexeq texticregexne nameregexeq nameregexne nameicregexeq nameicregexne
		bpcharregexeq bpcharregexne bpcharicregexeq bpcharicregexne
		pg_has_role has_any_column_privilege has_column_privilege has_database_privilege has_foreign_data_wrapper_privilege
		has_function_privilege has_language_privilege has_largeobject_privilege has_parameter_privilege has_schema_privilege
		has_sequence_privilege has_server_privilege has_table_privilege has_tablespace_privilege has_type_privilege
		pg_try_advisory_lock pg_try_advisory_lock_shared pg_try_advisory_xact_lock pg_try_advisory_xact_lock_shared
		pg_advisory_unlock pg_advisory_unlock_shared pg_log_backend_memory_contexts`) {
		m[name] = true
	}
	return m
}()

// settle takes the work of an operand that is the same for every row from what
// an expression costs: PostgreSQL may put its value in its place
// (eval_const_expressions in clauses.c). lower($1) ~ title is one operator. So it
// may be with a column of FROM that stands for such a value.
func (p *parser) settle(e *Expr) {
	switch w := e.work; w.varies {
	case 0:
		p.work = p.work.since(w)
		p.work.once += w.allRisks()
	case w.fixed:
		p.work.ops -= w.ops
	}
}

// converts counts a cast. That of a given value is none of a row, and everything
// can be text.
func (p *parser) converts(given bool, to string) {
	if !given && to != "text" {
		p.work.casts++
	}
}

// works counts an operator or a function call.
func (p *parser) works(risky bool) {
	p.work.ops++
	if risky {
		p.work.risks++
	}
}

// effortless counts what may fail and costs nothing.
func (p *parser) effortless() {
	p.work.risks++
	p.tree.Effortless = true
}

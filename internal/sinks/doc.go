// Package sinks knows the calls that hand SQL to a database.
//
// A sink is recognised by the name and the shape of what is called, so that
// interfaces (sqlc's DBTX, a mock, a team's own querier) count like the
// drivers' own types. What the shape cannot say is how sure that is: Sure is
// set for the known libraries and for methods whose signature mentions one of
// their types, and only there is text that cannot be known worth a finding.
//
//	if s, ok := sinks.Match(fn); ok {
//		text := call.Args[s.Text]
//	}
package sinks

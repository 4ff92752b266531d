// Command bench prints what scoping costs, as ratios to the same statements
// with the predicates written by hand.
//
//	go run ./bench            a table
//	go run ./bench -json      one JSON line for each row
//
// Each shape is built in four ways: by hand (go-sqlbuilder with the
// organization's predicates), raw (without them), warm (through ForOrg with a
// text that was seen before) and cold (through ForOrg with a text that was not).
// They run in interleaved rounds on one processor, in process CPU time with the
// garbage collector's share, so that the noise of a busy machine falls on all
// alike. Compare ratios, never times.
package main

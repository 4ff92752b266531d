// Command bench prints what scoping costs, as ratios to the same statements
// with the predicates written by hand.
//
//	go run ./bench                    building a statement
//	go run ./bench -postgres          building it, running it and reading the rows
//	go run ./bench -texts 10000000    memory while texts never end
//
// With -json each prints one JSON line for each row of its table.
//
// A statement is built in six ways: by hand (go-sqlbuilder with the
// organization's predicates), raw (without them), warm (through ForOrg, with a
// text that came before), and with a text that is new each time by hand, raw and
// cold (through ForOrg). They take turns, in process CPU time
// with the garbage collector's share, so that the noise of a busy machine falls
// on all alike. What is compared are lower quartiles, with the same text built
// by hand; of several passes the median counts, and the lowest and the highest
// stand beside it.
//
// On PostgreSQL the turns are single statements, in wall time, and before that
// both ways must have given the same rows.
//
// Compare ratios, never times.
package main

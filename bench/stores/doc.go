// Command stores prints what runtime/store costs.
//
//	go run ./bench/stores
//
// The first table compares [store.Sessions.Resolve] with a query written by hand
// that joins session, membership and organization: what a request cannot do
// without. They run in interleaved rounds over one connection, in wall time, the
// server's share included; compare the ratio of the lower quartiles. Rounds are
// short, so that what else the machine does comes by both of them alike. The
// number of statements is counted, not assumed.
//
// The second one is for the record: invitations that are sent and accepted in a
// second, by several users at once, in organizations of their own and in one.
package main

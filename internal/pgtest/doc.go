// Package pgtest gives tests a PostgreSQL server and each test a database of
// its own.
//
//	func TestMain(m *testing.M) { pgtest.Main(m) }
//
//	func TestInvoices(t *testing.T) {
//		t.Parallel()
//		db := pgtest.Pool(t, `CREATE TABLE invoices (id uuid PRIMARY KEY)`)
//		…
//	}
//
// The scripts run once, in a template database; each test gets a clone of it,
// which costs some tens of milliseconds, and which is dropped when the test
// ends.
//
// # Which server
//
// The first of these that there is:
//
//  1. the server that the environment variable SIGRA_TEST_DATABASE_URL names, by
//     a URL or by keywords and values. The user must be allowed to create
//     databases, and whatever else the tests do: policies and roles need a
//     superuser. Templates stay on that server and are found again;
//  2. the server binaries of this machine, 14 or later: in PATH, where
//     pg_config points, or where packages usually put them;
//  3. binaries that github.com/fergusstrange/embedded-postgres downloads.
//
// Without any of them tests fail and say what to do. They never skip.
//
// # Life of the cluster
//
// For 2 and 3 each test binary starts a cluster of its own under the directory
// for temporary files: initdb takes about a second, and nothing has to be
// agreed between binaries that run at the same time. It listens on a socket in
// a directory that only its user may enter, and on no port. Durability is off.
// Root is not allowed to run PostgreSQL, so for root the cluster runs as the
// user postgres, or nobody.
//
// A cluster must not survive its test binary, however that ends: a panic,
// os.Exit, a timeout, SIGKILL. The server is therefore the child of a small
// shell script in a session of its own, which holds the reading end of a pipe.
// When the writing end closes, because Main closes it or because the kernel
// does, the script stops the server at once and removes the directory. There is
// one way to stop, and every run takes it. A parent-death signal would do
// without the script, but exists on Linux only, and fires when the thread that
// started the child ends, which the Go runtime decides.
//
// # A server that a test may stop
//
// [NewOwn] starts one for the test alone, from 2 or 3, whose commits outlive it.
// A server that is not the test's to stop is no substitute: with 1 alone such a
// test fails and says what to install. It needs Unix signals, so on other systems
// there are no such tests.
//
// # What tests can rely on
//
// Databases are in UTF-8 and sort and fold text as in the C locale, on every
// server. A cluster's time zone is UTC, and it allows 300 connections. Roles
// belong to the whole server: a script that creates one must expect it to exist.
package pgtest

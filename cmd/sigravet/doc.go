// Command sigravet finds SQL that reaches the rows of more than one
// organization.
//
// It is a tool for go vet, which caches its results:
//
//	go vet -vettool=$(which sigravet) ./...
//
// and a command of its own:
//
//	sigravet [-columns list] [-schema globs] [-raw mode] [-tests=false] [-format text|json|github] [-fix] [packages]
//	sigravet explain CATEGORY
//	sigravet help
//
// The exit status is 0 when nothing is found, 1 when something is, and 2 when
// the command is used wrongly or a package does not load.
//
// The file .sigravet.yml beside go.mod holds the first three; flags win:
//
//	columns: [organization_id]
//	schema: [migrations/*.sql]
//	raw: auto
package main

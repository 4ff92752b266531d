module github.com/sigrahq/sigra/integration/pgquery

go 1.26.0

require (
	github.com/pganalyze/pg_query_go/v6 v6.2.5
	github.com/sigrahq/sigra v0.0.0
)

require google.golang.org/protobuf v1.33.0

replace github.com/sigrahq/sigra => ../..

module corpus.test/fieldwork

go 1.26.0

require (
	github.com/gin-gonic/gin v0.0.0
	github.com/go-chi/chi/v5 v5.5.0
	github.com/google/uuid v1.6.0
	github.com/huandu/go-sqlbuilder v1.43.0
	github.com/jackc/pgx/v5 v5.12.0
	github.com/sigrahq/sigra v0.0.0
	golang.org/x/sync v0.24.0
	google.golang.org/grpc v0.0.0
)

require (
	github.com/huandu/go-clone v1.7.3 // indirect
	github.com/huandu/xstrings v1.4.0 // indirect
	github.com/jackc/pgpassfile v1.0.0 // indirect
	github.com/jackc/pgservicefile v0.0.0-20240606120523-5a60cdf6a761 // indirect
	github.com/jackc/puddle/v2 v2.2.3 // indirect
	golang.org/x/text v0.41.0 // indirect
)

replace (
	github.com/gin-gonic/gin => ../stubs/gin
	github.com/sigrahq/sigra => ../../..
	google.golang.org/grpc => ../stubs/grpc
)

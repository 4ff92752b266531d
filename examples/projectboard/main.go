// Projectboard is a small application for several organizations in one database: projects, tasks, comments, labels.
//
//	export DATABASE_URL=postgres://localhost/projectboard
//	go run ./examples/projectboard migrate
//	go run ./examples/projectboard seed      # two organizations, and requests to try
//	go run ./examples/projectboard serve -addr localhost:8080
//
// Read it in this order: model says which tables belong to organizations, store holds every statement, web turns a
// request into a scope and calls store. The folder leaky next to this one is the same application without the care.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sigrahq/sigra/examples/projectboard/migrations"
	"github.com/sigrahq/sigra/examples/projectboard/store"
	"github.com/sigrahq/sigra/examples/projectboard/web"
	"github.com/sigrahq/sigra/runtime/audit"
	"github.com/sigrahq/sigra/runtime/query"
	orgs "github.com/sigrahq/sigra/runtime/store"
)

const usage = "usage: projectboard migrate | seed | serve [-addr host:port]"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 {
		return errors.New(usage)
	}
	dsn := os.Getenv("DATABASE_URL")
	if dsn == "" {
		return errors.New("projectboard: set DATABASE_URL to a PostgreSQL database of its own")
	}
	db, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return err
	}
	defer db.Close()

	switch args[0] {
	case "migrate":
		return migrations.Up(ctx, db)
	case "seed":
		return seed(ctx, store.New(db), out)
	case "serve":
		query.OnBypass(audit.Hook(db, slog.Default()))
		return serve(ctx, db, args[1:])
	}
	return errors.New(usage)
}

func serve(ctx context.Context, db *pgxpool.Pool, args []string) error {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	addr := flags.String("addr", "localhost:8080", "where to listen")
	if err := flags.Parse(args); err != nil {
		return err
	}
	srv := &http.Server{
		Addr:              *addr,
		Handler:           web.Handler(store.New(db, orgs.Mail(printMail)), slog.Default()),
		ReadHeaderTimeout: 5 * time.Second,
	}
	stopped := make(chan error, 1)
	context.AfterFunc(ctx, func() {
		grace, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		stopped <- srv.Shutdown(grace)
	})
	slog.Info("serving", "addr", *addr)
	if err := srv.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped // the pool closes after the last request
}

// printMail stands for a mailer. The token belongs into a link to a page of the application.
func printMail(_ context.Context, m orgs.Mailing) error {
	fmt.Printf("To: %s\nSubject: Join %s\n\ncurl -H 'Authorization: Bearer …' -d '{\"token\":\"%s\"}' localhost:8080/invitations/accept\n",
		m.Invitation.Email, m.Organization.Name, string(m.Token))
	return nil
}

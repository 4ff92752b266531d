// Leaky is the application of examples/projectboard as a team in a hurry might have written it. Leaks between
// organizations are planted in it, each of another kind: do not copy from here. A line that leaks ends in a comment
// with the number of the leak and the category of the finding that sigravet has for it; go run ./examples/demo compares
// the two, and the tests show every leak at work on a live server.
//
//	export DATABASE_URL=postgres://localhost/leaky
//	go run ./examples/leaky migrate
//	go run ./examples/leaky seed      # two organizations, and requests to try
//	go run ./examples/leaky serve -addr localhost:8080
//
// A look at diff -r examples/projectboard examples/leaky shows what would fix them.
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

	"github.com/sigrahq/sigra/examples/leaky/migrations"
	"github.com/sigrahq/sigra/examples/leaky/store"
	"github.com/sigrahq/sigra/examples/leaky/web"
	orgs "github.com/sigrahq/sigra/runtime/store"
)

const usage = "usage: leaky migrate | seed | serve [-addr host:port]"

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
		return errors.New("leaky: set DATABASE_URL to a PostgreSQL database of its own")
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

package pgtest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"net/url"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
)

// clone creates a database from the template for the scripts and returns its
// name.
func clone(ctx context.Context, admin string, schema []string) (string, error) {
	conn, err := pgx.Connect(ctx, admin)
	if err != nil {
		return "", fmt.Errorf("pgtest: connect to create a database: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))

	template, err := ensureTemplate(ctx, conn, admin, schema)
	if err != nil {
		return "", err
	}
	name := "sigra_test_" + strings.ToLower(rand.Text())
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+name+" TEMPLATE "+template); err != nil {
		return "", fmt.Errorf("pgtest: create a database from its template: %w", err)
	}
	return name, nil
}

func drop(ctx context.Context, admin, name string) error {
	conn, err := pgx.Connect(ctx, admin)
	if err != nil {
		return fmt.Errorf("pgtest: connect to drop database %s: %w", name, err)
	}
	defer conn.Close(ctx)
	// FORCE, because pgx closes the connection of a cancelled query in the
	// background, which a test cannot wait for.
	if _, err := conn.Exec(ctx, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
		return fmt.Errorf("pgtest: drop database %s: %w", name, err)
	}
	return nil
}

// ready holds the names of the templates that this process has seen complete,
// by connection string, so that most tests need not ask the server.
var ready sync.Map

// ensureTemplate returns the name of the template for the scripts and creates
// it when it is missing. Tests, and test binaries on one server, that want the
// same one wait for each other on an advisory lock.
func ensureTemplate(ctx context.Context, conn *pgx.Conn, admin string, schema []string) (string, error) {
	name := templateName(schema)
	if _, ok := ready.Load(admin + name); ok {
		return name, nil
	}
	const lock, unlock = "SELECT pg_advisory_lock(hashtext($1))", "SELECT pg_advisory_unlock(hashtext($1))"
	if _, err := conn.Exec(ctx, lock, name); err != nil {
		return "", fmt.Errorf("pgtest: lock template %s: %w", name, err)
	}
	defer conn.Exec(ctx, unlock, name)

	var done bool
	err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1 AND datistemplate)", name).Scan(&done)
	if err != nil {
		return "", fmt.Errorf("pgtest: look for template %s: %w", name, err)
	}
	if !done {
		if err := createTemplate(ctx, conn, admin, name, schema); err != nil {
			return "", err
		}
	}
	ready.Store(admin+name, true)
	return name, nil
}

func createTemplate(ctx context.Context, conn *pgx.Conn, admin, name string, schema []string) error {
	// A database of that name that is not marked as a template is what an
	// earlier attempt left when a script failed.
	for _, statement := range []string{
		"DROP DATABASE IF EXISTS " + name + " WITH (FORCE)",
		"CREATE DATABASE " + name + " TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'",
	} {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return fmt.Errorf("pgtest: create template %s: %w", name, err)
		}
	}
	if err := runScripts(ctx, withDatabase(admin, name), schema); err != nil {
		return err
	}
	// Nobody can connect from here on: a template that is in use cannot be
	// cloned.
	if _, err := conn.Exec(ctx, "ALTER DATABASE "+name+" IS_TEMPLATE true ALLOW_CONNECTIONS false"); err != nil {
		return fmt.Errorf("pgtest: complete template %s: %w", name, err)
	}
	return nil
}

func runScripts(ctx context.Context, dsn string, schema []string) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return fmt.Errorf("pgtest: connect to the template: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	for i, script := range schema {
		// Without arguments pgx sends the text as it is, so that it may
		// hold several statements.
		if _, err := conn.Exec(ctx, script); err != nil {
			return fmt.Errorf("pgtest: schema script %d of %d: %w", i+1, len(schema), err)
		}
	}
	return nil
}

// templateName is the same for the same scripts in the same order. The lengths
// keep two scripts apart from one that is both.
func templateName(schema []string) string {
	h := sha256.New()
	for _, script := range schema {
		var length [8]byte
		binary.BigEndian.PutUint64(length[:], uint64(len(script)))
		h.Write(length[:])
		h.Write([]byte(script))
	}
	return fmt.Sprintf("sigra_template_%x", h.Sum(nil)[:12])
}

// withDatabase returns dsn with another database and everything else as it is.
func withDatabase(dsn, name string) string {
	if !strings.HasPrefix(dsn, "postgres://") && !strings.HasPrefix(dsn, "postgresql://") {
		return dsn + " dbname=" + name // of two, the later one counts
	}
	u, err := url.Parse(dsn)
	if err != nil {
		return dsn // not reached: whoever uses it has connected with it
	}
	u.Path = "/" + name
	q := u.Query()
	q.Del("dbname")
	q.Del("database")
	u.RawQuery = q.Encode()
	return u.String()
}

package pgtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/jackc/pgx/v5"
)

// Environment names the variable that points to a server to use instead of
// starting one.
const Environment = "SIGRA_TEST_DATABASE_URL"

// oldest is the first major version of PostgreSQL that the product supports.
const oldest = 14

const connectTimeout = 15 * time.Second

// start finds or starts the server of this process.
func start() (dsn string, stop func() error, err error) {
	if dsn := os.Getenv(Environment); dsn != "" {
		if err := checkServer(dsn); err != nil {
			return "", nil, fmt.Errorf("pgtest: server of %s: %w", Environment, err)
		}
		return dsn, func() error { return nil }, nil
	}
	return startFrom(thisMachine())
}

func startFrom(m machine) (dsn string, stop func() error, err error) {
	c, err := newCluster()
	if err != nil {
		return "", nil, err
	}
	bin, err := m.find(c.dir)
	if err != nil {
		err = fmt.Errorf("pgtest: no PostgreSQL for the tests: set %s to the connection string of a server, or %w", Environment, err)
		return "", nil, errors.Join(err, c.stop())
	}
	if err := c.run(bin); err != nil {
		return "", nil, errors.Join(err, c.stop())
	}
	return c.dsn(), c.stop, nil
}

func checkServer(dsn string) error {
	ctx, cancel := context.WithTimeout(context.Background(), connectTimeout)
	defer cancel()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	var version int
	if err := conn.QueryRow(ctx, "SELECT current_setting('server_version_num')::int / 10000").Scan(&version); err != nil {
		return err
	}
	if version < oldest {
		return fmt.Errorf("is PostgreSQL %d; use %d or later", version, oldest)
	}
	return nil
}

//go:build !unix

package pgtest

import "errors"

// cluster needs a shell, signals and sockets in the file system.
type cluster struct{ dir string }

func newCluster() (*cluster, error) {
	return nil, errors.New("pgtest: no cluster of its own on this system; set " + Environment + " to the connection string of a server")
}

func (c *cluster) run(string) error { return nil }
func (c *cluster) dsn() string      { return "" }
func (c *cluster) stop() error      { return nil }

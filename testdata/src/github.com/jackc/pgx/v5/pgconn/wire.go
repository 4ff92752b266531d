package pgconn

import (
	"context"
	"io"
)

func (*PgConn) ExecParams(ctx context.Context, sql string, values [][]byte, oids []uint32, formats, results []int16) any {
	return nil
}

func (*PgConn) Prepare(ctx context.Context, name, sql string, oids []uint32) (any, error) {
	return nil, nil
}

func (*PgConn) CopyTo(ctx context.Context, w io.Writer, sql string) (CommandTag, error) {
	return CommandTag{}, nil
}

func (*PgConn) CopyFrom(ctx context.Context, r io.Reader, sql string) (CommandTag, error) {
	return CommandTag{}, nil
}

type Batch struct{}

func (*Batch) ExecParams(sql string, values [][]byte, oids []uint32, formats, results []int16) {}

type Pipeline struct{}

func (*Pipeline) SendPrepare(name, sql string, oids []uint32) {}

func (*Pipeline) SendQueryParams(sql string, values [][]byte, oids []uint32, formats, results []int16) {
}

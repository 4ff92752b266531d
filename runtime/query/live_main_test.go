package query_test

import (
	"testing"

	"github.com/sigrahq/sigra/internal/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

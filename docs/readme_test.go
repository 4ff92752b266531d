package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// TestCodeOfTheReadmeCompiles holds the README to the packages: its code has only
// the imports, the arguments and the type Count added.
func TestCodeOfTheReadmeCompiles(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(string(readme), -1)
	if len(blocks) != 2 {
		t.Fatalf("the README has %d blocks of Go, want one of statements and one of a start", len(blocks))
	}
	const scopes = "// The scope comes"
	declarations, statements, ok := strings.Cut(blocks[0][1], scopes)
	if !ok {
		t.Fatalf("the first block has no %q between declarations and statements", scopes)
	}
	program := strings.NewReplacer("DECLARATIONS", declarations, "STATEMENTS", scopes+statements, "START", blocks[1][1]).Replace(readmeProgram)

	dir, err := filepath.Abs("readme")
	if err != nil {
		t.Fatal(err)
	}
	pkgs, err := packages.Load(&packages.Config{
		Mode:    packages.LoadSyntax,
		Overlay: map[string][]byte{filepath.Join(dir, "readme.go"): []byte(program)},
	}, "./readme")
	if err != nil {
		t.Fatal(err)
	}
	if len(pkgs) != 1 || pkgs[0].Types == nil || pkgs[0].Types.Scope().Lookup("start") == nil {
		t.Fatalf("loaded %v, want the program", pkgs)
	}
	for _, e := range pkgs[0].Errors {
		t.Error(e)
	}
}

const readmeProgram = `package readme

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sigrahq/sigra/runtime/audit"
	"github.com/sigrahq/sigra/runtime/migrations"
	"github.com/sigrahq/sigra/runtime/query"
	"github.com/sigrahq/sigra/runtime/scope"
	"github.com/sigrahq/sigra/runtime/store"
)

DECLARATIONS

type Count struct {
	Name string
	Open int64
}

func statements(ctx context.Context, pool *pgxpool.Pool, organization scope.Organization, membership scope.Membership, id uuid.UUID) {
	STATEMENTS
	_, _, _ = projects, counts, err
}

func start(ctx context.Context, pool *pgxpool.Pool, userID uuid.UUID, cookie *http.Cookie) {
	START
	_, _, _, _ = token, owner, projects, err
}
`

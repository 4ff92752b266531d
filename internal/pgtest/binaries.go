package pgtest

import (
	"cmp"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	embeddedpostgres "github.com/fergusstrange/embedded-postgres"
)

// machine says where to look for server binaries. Tests look elsewhere.
type machine struct {
	path     string   // a list of directories, as in PATH
	globs    []string // directories where packages put the binaries
	download func(dir string) (bin string, err error)
}

func thisMachine() machine {
	return machine{
		path: os.Getenv("PATH"),
		globs: []string{
			"/usr/lib/postgresql/*/bin",                          // Debian, Ubuntu
			"/usr/pgsql-*/bin",                                   // PGDG on Fedora and RHEL
			"/usr/libexec/postgresql*",                           // Alpine
			"/opt/homebrew/opt/postgresql*/bin",                  // Homebrew on Apple silicon
			"/usr/local/opt/postgresql*/bin",                     // Homebrew on Intel
			"/home/linuxbrew/.linuxbrew/opt/postgresql*/bin",     // Homebrew on Linux
			"/opt/local/lib/postgresql*/bin",                     // MacPorts
			"/Applications/Postgres.app/Contents/Versions/*/bin", // Postgres.app
			"/usr/local/pgsql/bin",                               // built from source
			"/usr/local/bin",                                     // FreeBSD
			"/run/current-system/sw/bin",                         // NixOS
		},
		download: download,
	}
}

// find returns a directory with server binaries, which it downloads to below dir
// when the machine has none. The error says what to do.
func (m machine) find(dir string) (bin string, err error) {
	if bin, ok := m.binaries(); ok {
		return bin, nil
	}
	bin, err = m.download(dir)
	if err != nil {
		return "", fmt.Errorf("install PostgreSQL %d or later (apt-get install postgresql, brew install postgresql), "+
			"or allow the download of its binaries, which failed: %w", oldest, err)
	}
	return bin, nil
}

// binaries returns the directory of the newest supported server on the machine.
// What PATH or pg_config point to is preferred, because somebody chose it.
func (m machine) binaries() (bin string, ok bool) {
	for _, dir := range append(m.inPath(), m.configured()...) {
		if version, ok := serverVersion(dir); ok && version >= oldest {
			return dir, true
		}
	}
	best := 0
	for _, pattern := range m.globs {
		dirs, _ := filepath.Glob(pattern) // the only error is a wrong pattern
		slices.SortFunc(dirs, func(a, b string) int { return cmp.Compare(b, a) })
		for _, dir := range dirs {
			if version, ok := serverVersion(dir); ok && version >= oldest && version > best {
				best, bin = version, dir
			}
		}
	}
	return bin, best > 0
}

// inPath leaves out what PATH means by an empty entry: the working directory.
func (m machine) inPath() []string {
	return slices.DeleteFunc(filepath.SplitList(m.path), func(dir string) bool { return dir == "" })
}

// configured asks the pg_config in the path where its server is.
func (m machine) configured() []string {
	for _, dir := range m.inPath() {
		out, err := exec.Command(filepath.Join(dir, "pg_config"), "--bindir").Output()
		if err == nil {
			return []string{strings.TrimSpace(string(out))}
		}
	}
	return nil
}

var versionText = regexp.MustCompile(`^postgres \(PostgreSQL\) (\d+)`)

// serverVersion returns the major version of the server in dir. A directory
// without both server and initdb holds a client only.
func serverVersion(dir string) (int, bool) {
	if _, err := os.Stat(filepath.Join(dir, "initdb")); err != nil {
		return 0, false
	}
	out, err := exec.Command(filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return 0, false
	}
	match := versionText.FindSubmatch(out)
	if match == nil {
		return 0, false
	}
	version, err := strconv.Atoi(string(match[1]))
	return version, err == nil
}

// download puts the binaries of embedded-postgres under dir. Only they are
// wanted: its server refuses to run for root and outlives a test that is killed.
// It has no function that stops there, so it is given a locale that does not
// exist, on which initdb gives up once everything is in place.
func download(dir string) (bin string, err error) {
	port, err := freePort()
	if err != nil {
		return "", err
	}
	root := filepath.Join(dir, "embedded")
	startErr := embeddedpostgres.NewDatabase(embeddedpostgres.DefaultConfig().
		Port(port).
		Locale("binaries-only").
		RuntimePath(filepath.Join(dir, "unused")).
		BinariesPath(root).
		Logger(io.Discard)).Start()

	bin = filepath.Join(root, "bin")
	if _, ok := serverVersion(bin); !ok {
		return "", fmt.Errorf("embedded-postgres: %w", startErr)
	}
	return bin, nil
}

func freePort() (uint32, error) {
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return uint32(l.Addr().(*net.TCPAddr).Port), nil
}

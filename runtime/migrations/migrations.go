package migrations

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/sigrahq/sigra/internal/pgsql"
	"github.com/sigrahq/sigra/runtime/scope"
)

//go:embed core/*.sql identity/*.sql
var files embed.FS

// Set is an ordered list of migrations. Its methods show it in the forms of the
// common tools.
type Set struct {
	list     []migration
	identity bool // has users and user_sessions
}

type migration struct {
	number   int
	name     string // without number and extension
	up, down string
}

// Core returns organizations, memberships, invitations, slug aliases and the
// audit trail. The table of users must exist when they are applied; see [Users].
// Tell package store of users and sessions of your own: store.Users, and
// store.SessionTable or store.NoSessions.
func Core(opts ...Option) Set { return load([]string{"core"}, opts) }

// All returns [Core] together with tables of users and of their sessions. It
// panics when it is given [Users].
func All(opts ...Option) Set { return load([]string{"core", "identity"}, opts) }

// Option adapts a set to an application. Options panic when what they are given
// cannot be right, because a set is made once and from constants.
type Option func(*options)

type options struct {
	users   string
	ranking scope.Ranking
	first   int
}

// Users names the table that holds the application's users, as in SQL:
// "accounts", "auth.users". It needs a primary or unique key on id, a uuid. The
// default is users. Only [Core] has use for it: the users of [All] are its own.
func Users(table string) Option {
	schema, name, err := pgsql.ParseName(table)
	if err != nil {
		panic(fmt.Sprintf("migrations: table of users %q: %v", table, err))
	}
	return func(o *options) { o.users = pgsql.QuoteTable(schema, name) }
}

// Roles sets the roles that the database accepts, and which of them is the
// owner's: the first. Give package store the same ranking. The default is
// owner, admin, member.
func Roles(ranking scope.Ranking) Option {
	return func(o *options) { o.ranking = ranking }
}

// First sets the number of the first migration, where the tool wants one
// numbering for everything. The default is 1.
func First(number int) Option {
	if number < 1 {
		panic(fmt.Sprintf("migrations: first number is %d; number migrations from 1", number))
	}
	return func(o *options) { o.first = number }
}

// A file is number_name.up.sql or number_name.down.sql.
var fileName = regexp.MustCompile(`^([0-9]+)_([a-z_]+)\.(up|down)\.sql$`)

func load(folders []string, opts []Option) Set {
	o := options{users: "users", first: 1}
	for _, opt := range opts {
		opt(&o)
	}
	if slices.Contains(folders, "identity") && o.users != "users" {
		panic(fmt.Sprintf("migrations: All brings its own table of users; use Core with Users(%q)", o.users))
	}
	byNumber := map[int]*migration{}
	for _, folder := range folders {
		entries, err := fs.ReadDir(files, folder)
		if err != nil {
			panic(err) // not reached: the folder is embedded
		}
		for _, e := range entries {
			text, err := fs.ReadFile(files, path.Join(folder, e.Name()))
			if err != nil {
				panic(err) // not reached: the file is embedded
			}
			part := fileName.FindStringSubmatch(e.Name())
			number, _ := strconv.Atoi(part[1])
			m := byNumber[number]
			if m == nil {
				m = &migration{number: number, name: part[2]}
				byNumber[number] = m
			}
			if part[3] == "up" {
				m.up = o.adapt(string(text))
			} else {
				m.down = string(text)
			}
		}
	}
	s := Set{identity: slices.Contains(folders, "identity")}
	for _, m := range byNumber {
		s.list = append(s.list, *m)
	}
	slices.SortFunc(s.list, func(a, b migration) int { return a.number - b.number })
	for i := range s.list {
		s.list[i].number = o.first + i
	}
	return s
}

// The files are SQL that runs as it is, with the default names. These are the
// places that options change.
const (
	usersReference = "REFERENCES users (id)"
	roleList       = "role IN ('owner', 'admin', 'member')"
	ownerRole      = "role = 'owner'"
)

func (o options) adapt(text string) string {
	roles := o.ranking.Roles()
	list := make([]string, len(roles))
	for i, r := range roles {
		list[i] = literal(string(r))
	}
	return strings.NewReplacer(
		usersReference, "REFERENCES "+o.users+" (id)",
		roleList, "role IN ("+strings.Join(list, ", ")+")",
		ownerRole, "role = "+list[0],
	).Replace(text)
}

// literal quotes a string for SQL, also one that stands in a function's dollar
// quotes: those would end at "$$".
func literal(s string) string {
	if strings.ContainsAny(s, "\\$\x00") {
		panic(fmt.Sprintf("migrations: role %q has a character that is no part of a name", s))
	}
	return "'" + strings.ReplaceAll(s, "'", "''") + "'"
}

// Up returns the whole set as one script, for a database that has none of it: a
// second time it fails. pgx sends it as one transaction when Exec gets it without
// arguments.
func (s Set) Up() string {
	var b strings.Builder
	for _, m := range s.list {
		b.WriteString(m.up)
	}
	return b.String()
}

// Down returns the script that undoes [Set.Up]. It deletes all of the data.
func (s Set) Down() string {
	var b strings.Builder
	for _, m := range slices.Backward(s.list) {
		b.WriteString(m.down)
	}
	return b.String()
}

// Grant returns the statements that give a role, the one that the application
// connects as, what package store needs, and take from it and from everybody what
// they had beyond that: events can be added and read, and nothing be truncated, for
// which no trigger of a row runs. The role is named as PostgreSQL stores it, without
// quotes. They mean nothing for a superuser or the owner of the tables; connect as
// neither.
func (s Set) Grant(role string) string {
	role = pgsql.QuoteName(role)
	tables := "organizations, organization_slug_aliases, organization_memberships, organization_invitations"
	if s.identity {
		tables += ", users, user_sessions"
	}
	return "REVOKE ALL ON " + tables + ", audit_events FROM PUBLIC, " + role + ";\n" +
		"GRANT SELECT, INSERT, UPDATE, DELETE ON " + tables + " TO " + role + ";\n" +
		"GRANT SELECT, INSERT ON audit_events TO " + role + ";\n"
}

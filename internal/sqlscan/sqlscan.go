package sqlscan

import (
	"strings"
)

// Hole stands for text that is not known. A NUL cannot be in a statement.
const Hole = "\x00"

// Ref is a name in table position. An unknown name has Unknown set.
type Ref struct {
	Schema, Name string // folded as PostgreSQL folds them
	Unknown      bool
}

// Tables returns the names that follow FROM, JOIN, INTO, UPDATE, USING,
// TABLE, TRUNCATE, ONLY or MERGE INTO, and the rest of a comma list, in the
// order of the text.
func Tables(text string) []Ref {
	s := scanner{text: text}
	var refs []Ref
	for s.next() {
		if s.kind != word || !beforeTable[s.lower()] {
			continue
		}
		refs = s.tableList(refs)
	}
	return refs
}

// FirstWord is the first word of a statement in lower case, comments and
// opening brackets skipped; empty when the text begins with a hole.
func FirstWord(text string) string {
	s := scanner{text: text}
	for s.next() {
		switch {
		case s.kind == word:
			return s.lower()
		case s.kind == punct && s.tok() == "(":
		default:
			return ""
		}
	}
	return ""
}

// LooksLikeSQL tells whether text begins as a statement that touches rows.
func LooksLikeSQL(text string) bool { return touchesRows[FirstWord(text)] }

// TouchesNoRows tells whether each statement of text is one of those that
// define, set or signal something: whatever is in its holes, it reads and
// writes no rows.
func TouchesNoRows(text string) bool {
	if !noRows[FirstWord(text)] {
		return false
	}
	s := scanner{text: text}
	begins := false
	for s.next() {
		if begins && s.kind == word && !noRows[s.lower()] {
			return false
		}
		begins = s.kind == punct && s.tok() == ";"
	}
	return true
}

// Block returns the code of a DO statement.
func Block(text string) (code string, ok bool) {
	if FirstWord(text) != "do" {
		return "", false
	}
	do := scanner{text: text}
	do.next() // comments before it may hold quotes
	for i := do.pos; i < len(text); i++ {
		s := scanner{text: text, pos: i}
		switch {
		case text[i] == '\'':
			return text[i+1:], true
		case text[i] == '$' && s.dollarQuote():
			end := strings.IndexByte(text[i+1:], '$') + i + 2
			return strings.TrimSuffix(text[end:s.pos], text[i:end]), true
		}
	}
	return "", false
}

var beforeTable = set("from", "join", "into", "update", "using", "table", "truncate")

var touchesRows = set("select", "insert", "update", "delete", "with", "merge", "copy",
	"truncate", "table", "values", "explain", "declare", "prepare")

var noRows = set("create", "alter", "drop", "set", "reset", "show", "listen", "unlisten",
	"notify", "vacuum", "analyze", "grant", "revoke", "begin", "start", "commit", "rollback",
	"savepoint", "release", "discard", "deallocate", "close", "checkpoint", "cluster",
	"comment", "reindex", "refresh", "lock", "load", "security", "reassign", "abort", "end",
	"import")

func set(words ...string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}

type tokenKind uint8

const (
	word tokenKind = iota + 1
	quoted
	hole
	punct
)

type scanner struct {
	text  string
	start int
	pos   int
	kind  tokenKind
}

func (s *scanner) tok() string { return s.text[s.start:s.pos] }

func (s *scanner) lower() string { return strings.ToLower(s.tok()) }

// next moves to the next token; strings, numbers and comments are passed.
func (s *scanner) next() bool {
	for s.pos < len(s.text) {
		s.start = s.pos
		c := s.text[s.pos]
		switch {
		case c == Hole[0]:
			s.pos++
			s.kind = hole
			return true
		case c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v':
			s.pos++
		case strings.HasPrefix(s.text[s.pos:], "--"):
			s.skipPast("\n")
		case strings.HasPrefix(s.text[s.pos:], "/*"):
			s.skipPast("*/")
		case c == '\'':
			s.pos++
			s.skipPast("'")
		case c == '$' && s.dollarQuote():
		case c == '"' || c == '`':
			s.pos++
			s.skipPast(string(c))
			s.kind = quoted
			return true
		case isLetter(c):
			for s.pos < len(s.text) && (isLetter(s.text[s.pos]) || isDigit(s.text[s.pos])) {
				s.pos++
			}
			s.kind = word
			return true
		default:
			s.pos++
			s.kind = punct
			return true
		}
	}
	return false
}

func (s *scanner) skipPast(end string) {
	if i := strings.Index(s.text[s.pos:], end); i >= 0 {
		s.pos += i + len(end)
	} else {
		s.pos = len(s.text)
	}
}

func (s *scanner) dollarQuote() bool {
	end := s.pos + 1
	for end < len(s.text) && isLetter(s.text[end]) && s.text[end] != '$' {
		end++
	}
	if end >= len(s.text) || s.text[end] != '$' {
		return false
	}
	tag := s.text[s.pos : end+1]
	s.pos = end + 1
	s.skipPast(tag)
	return true
}

// tableList reads the names after a word that announces them.
func (s *scanner) tableList(refs []Ref) []Ref {
	for {
		ref, ok := s.table()
		if !ok {
			return refs
		}
		refs = append(refs, ref)
		if !s.toComma() {
			return refs
		}
	}
}

// table reads one name; words that may stand in front of it are passed.
func (s *scanner) table() (Ref, bool) {
	save := *s
	found := s.next()
	for found && (s.kind == word && beforeName[s.lower()] || s.kind == punct && s.tok() == "(") {
		save = *s
		found = s.next()
	}
	switch {
	case !found:
		return Ref{}, false
	case s.kind == hole:
		return Ref{Unknown: true}, true
	case s.kind == word && notTable[s.lower()], s.kind == punct:
		*s = save // SELECT in brackets, SET after UPDATE: not a name
		return Ref{}, false
	}
	ref := Ref{Name: s.name()}
	for {
		save = *s
		if !s.next() || s.kind != punct || s.tok() != "." {
			break
		}
		if !s.next() || s.kind == punct {
			break
		}
		if s.kind == hole {
			return Ref{Unknown: true}, true
		}
		ref.Schema, ref.Name = ref.Name, s.name()
	}
	// A name with a hole directly behind it is only the beginning of a name.
	if s.kind == hole && s.start == save.pos {
		return Ref{Unknown: true}, true
	}
	*s = save
	return ref, true
}

var (
	beforeName = set("only", "lateral", "table", "into", "if", "exists", "from")
	notTable   = set("select", "set", "values", "with", "where", "of", "nothing", "do")
)

func (s *scanner) name() string {
	if s.kind == quoted {
		return strings.Trim(s.tok(), "\"`")
	}
	return s.lower()
}

// toComma passes an alias and stops behind a comma, if that is what follows.
func (s *scanner) toComma() bool {
	for range 3 {
		save := *s
		if !s.next() {
			return false
		}
		if s.kind == punct && s.tok() == "," {
			return true
		}
		if s.kind != word && s.kind != quoted || s.kind == word && (beforeTable[s.lower()] || clause[s.lower()]) {
			*s = save
			return false
		}
	}
	return false
}

var clause = set("where", "on", "join", "left", "right", "inner", "full", "cross", "natural", "group",
	"order", "limit", "set", "returning", "union", "values", "select", "having")

func isLetter(c byte) bool {
	return c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= 0x80
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' || c == '$' }

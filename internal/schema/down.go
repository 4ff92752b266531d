package schema

import (
	"strings"
)

// isDown tells by its name whether a file is the way down: golang-migrate's
// 1_x.down.sql, Flyway's undo migration U1__x.sql.
func isDown(name string) bool {
	lower := strings.ToLower(name)
	if strings.HasSuffix(lower, ".down.sql") || strings.HasSuffix(lower, "_down.sql") || lower == "down.sql" {
		return true
	}
	version, _, ok := strings.Cut(name, "__")
	return ok && len(version) > 1 && version[0] == 'U' && strings.Trim(version[1:], "0123456789._") == ""
}

// up removes what the file marks as the way down. goose, sql-migrate and
// dbmate mark both ways with a comment; tern has one line between them.
func up(text string) string {
	var b strings.Builder
	down := false
	for line := range strings.Lines(text) {
		switch direction(line) {
		case "up":
			down = false
		case "down":
			down = true
		}
		if !down {
			b.WriteString(line)
		}
	}
	return b.String()
}

// direction reads a line that a migration tool reads: "up", "down" or "".
func direction(line string) string {
	line = strings.TrimSpace(line)
	if !strings.HasPrefix(line, "--") {
		return ""
	}
	if strings.HasPrefix(line, "---- create above / drop below ----") {
		return "down"
	}
	words := strings.Fields(strings.ToLower(strings.TrimLeft(line, "- ")))
	switch {
	case len(words) == 0:
		return ""
	case words[0] == "migrate:up":
		return "up"
	case words[0] == "migrate:down":
		return "down"
	case len(words) > 1 && (words[0] == "+goose" || words[0] == "+migrate") && (words[1] == "up" || words[1] == "down"):
		return words[1]
	}
	return ""
}

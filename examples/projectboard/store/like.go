package store

import "strings"

var literal = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// contains returns the LIKE pattern of all texts with words in them; what is special to LIKE stands for itself.
func contains(words string) string {
	return "%" + literal.Replace(words) + "%"
}

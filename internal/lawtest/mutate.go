package lawtest

import (
	"slices"
)

// strays are tokens that a mutation puts anywhere.
var strays = []string{
	"(", ")", "'", `"`, ",", ";", "--", "/*", "*/", "$$", "$1", "OR", "AND", "NOT", "true", "WHERE", "FROM", "SELECT", "ON", "USING", "UNION", "AS",
	"LEFT", "FULL", "NATURAL", "JOIN", "tasks", "projects", "organization_id", "ONLY", "LATERAL", "LIMIT", "ORDER", "BY", "*", ".", "::", "=", "E'", `\'`,
	"RETURNING", "DELETE", "WITH", "EXISTS", "CASE", "END", "BETWEEN", "DISTINCT", "IS", "[", "]", "VALUES",
	"\n", "\r", "U&'", `U&"`, "$a$", `\`, "@", "?", ":", "é", "\u00a0", "x", "RIGHT", ", tasks", "FROM tasks", "ON true", "AS x", "OR true",
	"JOIN tasks", "USING (id)", "BETWEEN 1 AND", "CASE WHEN", "GROUP BY 1", "ORDER BY 1", "LIMIT 1", "FOR UPDATE", `COLLATE "C"`, "ESCAPE '!'", "ARRAY",
	"(SELECT max(name) FROM tasks)", "WITH tasks AS (SELECT name FROM projects)", "UNION ALL SELECT name FROM projects", "VALUES (1)",
	"OVER ()", "FILTER (WHERE true)", "RETURNING *",
}

// mutate breaks a statement in one to three places.
func (g *generator) mutate(s Statement) Statement {
	tokens := tokenize(s.Text)
	breaks := 1
	if g.chance(35) {
		breaks += 1 + g.rng.IntN(2)
	}
	for range breaks {
		if len(tokens) < 3 {
			break
		}
		i := g.rng.IntN(len(tokens))
		j := g.rng.IntN(len(tokens))
		switch g.rng.IntN(9) {
		case 8:
			at := g.rng.IntN(len(tokens[i].text) + 1)
			tokens[i].text = tokens[i].text[:at] + pick(g, strays) + tokens[i].text[at:]
		case 0, 1:
			tokens = slices.Delete(tokens, i, i+1)
		case 2:
			tokens = slices.Insert(tokens, i, tokens[i])
			tokens[i+1].spaced = true
		case 3:
			tokens[i].text, tokens[j].text = tokens[j].text, tokens[i].text
			tokens[i].class, tokens[j].class = tokens[j].class, tokens[i].class
		case 4:
			if i+1 < len(tokens) {
				tokens[i], tokens[i+1] = tokens[i+1], tokens[i]
			}
		case 5:
			tokens[i] = token{tokens[j].text, tokens[j].class, tokens[i].spaced}
		case 6:
			tokens = slices.Insert(tokens, i, token{text: pick(g, strays), spaced: true})
		default:
			// Break a quote or a bracket, or cut a piece out.
			if text := tokens[i].text; len(text) > 1 && tokens[i].class != wordToken {
				tokens[i].text = text[:len(text)-1]
			} else if j > i && j-i < 12 {
				tokens = slices.Delete(tokens, i, j)
			}
		}
	}
	s.Text, s.Mutant, s.Ordered = join(tokens), true, false
	return s
}

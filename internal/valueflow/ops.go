package valueflow

import (
	"go/token"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// apply carries out an operation on texts and slices. As long as an operand
// depends on parameters, the operation waits in a Call.
func apply(op string, pos token.Pos, args ...*Expr) *Expr {
	if anyNever(args) {
		return impossible
	}
	if guards(op) {
		return when(op, nil, args[0], args[1])
	}
	if waits(op) {
		return finish(&Expr{Kind: Call, Text: op, Sub: slices.Clone(args), pos: pos})
	}
	for _, a := range args {
		if a.open() || a.pending() {
			return finish(&Expr{Kind: Call, Text: op, Sub: slices.Clone(args), pos: pos})
		}
	}
	for _, a := range args {
		if a.Kind == Edited {
			return a
		}
	}
	switch op {
	case "append":
		return list(append(elements(args[0]), elements(args[1])...)...)
	case "join":
		return join(pos, args[0], args[1])
	case "sprintf":
		return sprintf(pos, args[0], elements(args[1]))
	case "sprint":
		return concat(pos, elements(args[0])...)
	case "quote":
		return join(pos, list(each(elements(args[0]), func(s string) string {
			return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
		})...), text("."))
	case "identifier": // goqu's names of tables
		return each(args[:1], identifier)[0]
	case "column": // and of columns
		return column(args[0])
	case "junction": // goqu's conditions
		return conjoined(args[0], args[1].Text)
	case "derived": // goqu's datasets
		return derived(args[0])
	case "concat":
		var all []*Expr
		for _, l := range elements(args[0]) {
			all = append(all, elements(l)...)
		}
		return list(all...)
	case "replacer":
		return replacer(pos, args[0], elements(args[1]))
	case "part":
		return list(hole("a part of a slice", pos))
	case "split":
		return split(pos, args[0], args[1])
	case "placeholders": // go-sqlbuilder's Build and BuildNamed
		return rewriteText(args[0], markers, op, pos)
	case "buildf":
		return rewriteText(args[0], func(s string) string {
			return strings.NewReplacer("%v", "$1", "%s", "$1", "%%", "%").Replace(s)
		}, op, pos)
	}
	// Have: an operation on the characters of args[0].
	subject := args[0]
	switch subject.Kind {
	case Scoped:
		return edited("is changed by "+editName(op), pos)
	case Hole:
		return subject
	case Number:
		return number
	}
	if strings.HasPrefix(op, "replace") && args[1].Kind == Text && args[2].Kind != Text {
		return substituteText(pos, subject, args[1].Text, args[2], op == "replace1")
	}
	var consts []string
	for _, a := range args[1:] {
		if op == "repeat" && (a.Kind == Number || a.Kind == Hole) {
			a = text("2") // enough to see what each time adds
		}
		if a.Kind != Text {
			return hole(editName(op)+" with an argument that is not constant", pos)
		}
		consts = append(consts, a.Text)
	}
	return change(op, pos, subject, consts)
}

// elements is what a slice holds; a slice that is not known is one hole.
func elements(e *Expr) []*Expr {
	if e.Kind == List {
		return e.Sub
	}
	return []*Expr{e}
}

func each(elems []*Expr, f func(string) string) []*Expr {
	out := make([]*Expr, len(elems))
	for i, e := range elems {
		if out[i] = e; e.Kind == Text {
			out[i] = text(f(e.Text))
		}
	}
	return out
}

func join(pos token.Pos, l, sep *Expr) *Expr {
	var parts []*Expr
	for i, e := range elements(l) {
		if i > 0 {
			parts = append(parts, sep)
		}
		parts = append(parts, e)
	}
	return concat(pos, parts...)
}

// replacer is what strings.NewReplacer(pairs...) makes of s.
func replacer(pos token.Pos, s *Expr, pairs []*Expr) *Expr {
	var constants []string
	for _, p := range pairs {
		if p.Kind != Text {
			return hole("package strings with an argument that is not constant", pos)
		}
		constants = append(constants, p.Text)
	}
	if len(constants)%2 != 0 {
		return hole("a strings.Replacer", pos)
	}
	return rewriteText(s, strings.NewReplacer(constants...).Replace, "replacer", pos)
}

func split(pos token.Pos, s, sep *Expr) *Expr {
	if s.Kind != Text || sep.Kind != Text {
		return list(hole("a part of a text", pos))
	}
	var elems []*Expr
	for part := range strings.SplitSeq(s.Text, sep.Text) {
		elems = append(elems, text(part))
	}
	return list(elems...)
}

// substituteText puts an expression in place of a constant, as a template of
// one's own does: strings.ReplaceAll(q, "{{table}}", table).
func substituteText(pos token.Pos, subject *Expr, old string, by *Expr, once bool) *Expr {
	pieces := []*Expr{subject}
	if subject.Kind == Concat {
		pieces = subject.Sub
	}
	var out []*Expr
	done := old == ""
	for _, p := range pieces {
		if p.Kind != Text {
			out = append(out, p)
			continue
		}
		rest := p.Text
		for !done {
			before, after, found := strings.Cut(rest, old)
			if !found {
				break
			}
			out = append(out, text(before), by)
			rest, done = after, once
		}
		out = append(out, text(rest))
	}
	return concat(pos, out...)
}

// change applies a function of package strings. Where the text has holes, it
// is applied to the constant pieces, if that comes to the same.
func change(op string, pos token.Pos, subject *Expr, args []string) *Expr {
	var f func(string) string
	switch op {
	case "replace":
		f = func(s string) string { return strings.ReplaceAll(s, args[0], args[1]) }
	case "replace1":
		done := false
		f = func(s string) string {
			if done || !strings.Contains(s, args[0]) {
				return s
			}
			done = true
			return strings.Replace(s, args[0], args[1], 1)
		}
	case "lower":
		f = strings.ToLower
	case "upper":
		f = strings.ToUpper
	case "repeat":
		n, err := strconv.Atoi(args[0])
		if err != nil || n < 0 || n > 1000 || n*subject.parts > maxParts {
			return hole(editName(op)+" of an unknown count", pos)
		}
		return concat(pos, slices.Repeat([]*Expr{subject}, n)...)
	case "trimspace", "trim", "trimprefix", "trimsuffix", "trimleft", "trimright", "cut":
		return trim(op, pos, subject, args)
	default:
		return hole(editName(op), pos)
	}
	return rewriteText(subject, f, op, pos)
}

func rewriteText(subject *Expr, f func(string) string, op string, pos token.Pos) *Expr {
	switch subject.Kind {
	case Text:
		return text(f(subject.Text))
	case Concat:
		return concat(pos, each(subject.Sub, f)...)
	case Number, Hole, Scoped:
		return subject
	}
	return hole(editName(op), pos)
}

// trim takes something off the ends of a text. Text in front of an end that
// is not constant stays as it is, which is what trimming SQL comes to.
func trim(op string, pos token.Pos, subject *Expr, args []string) *Expr {
	parts := []*Expr{subject}
	if subject.Kind == Concat {
		parts = append([]*Expr(nil), subject.Sub...)
	}
	at := func(e **Expr, f func(string) string) {
		if (*e).Kind == Text {
			*e = text(f((*e).Text))
		}
	}
	switch op {
	case "trimspace":
		at(&parts[0], func(s string) string { return strings.TrimLeft(s, " \t\r\n") })
		at(&parts[len(parts)-1], func(s string) string { return strings.TrimRight(s, " \t\r\n") })
	case "trim":
		at(&parts[0], func(s string) string { return strings.TrimLeft(s, args[0]) })
		at(&parts[len(parts)-1], func(s string) string { return strings.TrimRight(s, args[0]) })
	case "trimleft":
		at(&parts[0], func(s string) string { return strings.TrimLeft(s, args[0]) })
	case "trimright":
		at(&parts[len(parts)-1], func(s string) string { return strings.TrimRight(s, args[0]) })
	case "trimprefix":
		at(&parts[0], func(s string) string { return strings.TrimPrefix(s, args[0]) })
	case "trimsuffix":
		at(&parts[len(parts)-1], func(s string) string { return strings.TrimSuffix(s, args[0]) })
	case "cut":
		n, err := strconv.Atoi(args[0])
		end := parts[len(parts)-1]
		if err != nil || end.Kind == Text && len(end.Text) < n {
			return hole("a part of a text", pos)
		}
		if end.Kind == Text {
			parts[len(parts)-1] = text(end.Text[:len(end.Text)-n])
		}
	}
	return concat(pos, parts...)
}

func editName(op string) string {
	switch op {
	case "substring", "cut", "part":
		return "taking a part of it"
	case "sprintf", "sprint":
		return "fmt"
	}
	return "package strings"
}

// sprintf formats. A verb whose argument is not known becomes a hole, one for
// a number becomes a number.
func sprintf(pos token.Pos, format *Expr, args []*Expr) *Expr {
	pieces := []*Expr{format}
	if format.Kind == Concat {
		pieces = format.Sub
	}
	v := verbs{pos: pos, args: args}
	for _, p := range pieces {
		if p.Kind == Text {
			v.format(p.Text)
			continue
		}
		v.out = append(v.out, p)
	}
	return concat(pos, v.out...)
}

type verbs struct {
	pos  token.Pos
	args []*Expr
	next int
	out  []*Expr
}

func (v *verbs) format(s string) {
	for s != "" {
		i := strings.IndexByte(s, '%')
		if i < 0 {
			v.out = append(v.out, text(s))
			return
		}
		v.out = append(v.out, text(s[:i]))
		s = v.verb(s[i+1:])
	}
}

// verb handles what follows a percent sign and returns the rest.
func (v *verbs) verb(s string) string {
	if strings.HasPrefix(s, "%") {
		v.out = append(v.out, text("%"))
		return s[1:]
	}
	s = strings.TrimLeft(s, "+-# 0")
	s = v.width(s)
	if strings.HasPrefix(s, ".") {
		s = v.width(s[1:])
	}
	if rest, ok := strings.CutPrefix(s, "["); ok {
		if n, after, ok := strings.Cut(rest, "]"); ok {
			if i, err := strconv.Atoi(n); err == nil {
				v.next = i - 1
			}
			s = after
		}
	}
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return ""
	}
	v.out = append(v.out, v.arg(r))
	return s[n:]
}

func isDigits(e *Expr) bool {
	_, err := strconv.ParseInt(e.Text, 10, 64)
	return e.Kind == Text && err == nil
}

func (v *verbs) width(s string) string {
	if strings.HasPrefix(s, "*") {
		v.next++
		return s[1:]
	}
	return strings.TrimLeft(s, "0123456789")
}

func (v *verbs) arg(verb rune) *Expr {
	i := v.next
	v.next++
	if i < 0 || i >= len(v.args) {
		// The arguments came as a slice that is not known.
		if n := len(v.args); n > 0 && v.args[n-1].Kind == Hole {
			return v.args[n-1]
		}
		return hole("an argument of fmt that is not there", v.pos)
	}
	a := v.args[i]
	switch {
	case verb == 'q' && a.Kind == Text:
		return text(strconv.Quote(a.Text))
	case verb == 'd' && !isDigits(a), verb == 't', verb == 'f', verb == 'e', verb == 'g', verb == 'x', verb == 'b', verb == 'o':
		return number
	case a.Kind == List, a.Kind == Arg, a.Kind == Statement, a.Kind == Bypass:
		return hole("a value that fmt formats", v.pos)
	case a.Kind == Builder:
		return built(a)
	}
	return a
}

// markers replaces go-sqlbuilder's $?, $0 and ${name} by placeholders.
func markers(s string) string {
	var b strings.Builder
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] != '$' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		switch c := s[i+1]; {
		case c == '$':
			b.WriteByte('$')
			i++
		case c == '?':
			n++
			b.WriteString("$" + strconv.Itoa(n))
			i++
		case c == '{':
			end := strings.IndexByte(s[i:], '}')
			if end < 0 {
				b.WriteByte('$')
				continue
			}
			n++
			b.WriteString("$" + strconv.Itoa(n))
			i += end
		case '0' <= c && c <= '9':
			j := i + 1
			for j < len(s) && '0' <= s[j] && s[j] <= '9' {
				j++
			}
			k, _ := strconv.Atoi(s[i+1 : j])
			b.WriteString("$" + strconv.Itoa(k+1))
			i = j - 1
		default:
			b.WriteByte('$')
		}
	}
	return b.String()
}

package pgsql

import "strings"

const (
	operatorChars = "~!@#^&|`?+-*/%<>="
	// An operator may end in + or - only if it has one of these.
	operatorMarks = "~!@#^&|`?%"
)

func (l *lexer) operator(start int) {
	if !l.loose && !isOperator(l.peek(1)) {
		l.pos++
		l.emit(kinds[l.text[start]], start)
		return
	}
	l.longOperator(start)
}

// longOperator passes an operator of any length.
func (l *lexer) longOperator(start int) {
	for l.pos < len(l.text) && isOperator(l.text[l.pos]) {
		if l.pos > start && (l.text[l.pos] == '-' && l.peek(1) == '-' || l.text[l.pos] == '/' && l.peek(1) == '*') {
			break // a comment begins inside the run
		}
		l.pos++
	}
	op := l.text[start:l.pos]
	if !strings.ContainsAny(op, operatorMarks) {
		for len(op) > 1 && (op[len(op)-1] == '+' || op[len(op)-1] == '-') {
			op = op[:len(op)-1]
		}
	}
	if l.loose {
		op = l.splitPlaceholder(start, op)
	}
	l.pos = start + len(op)
	if len(op) > maxIdentifier {
		fail(start, "operator is longer than %d bytes", maxIdentifier)
	}
	if op == "@" && l.loose && isIdentStart(l.peek(0)) {
		l.named(start)
		return
	}
	l.emit(operatorKind(op), start)
}

// splitPlaceholder cuts a placeholder off an operator that it touches, as in
// =? and =@name.
func (l *lexer) splitPlaceholder(start int, op string) string {
	if len(op) == 1 {
		return op
	}
	last := len(op) - 1
	if op[last] == '?' && op != "@?" {
		return op[:last]
	}
	if after := start + len(op); op[last] == '@' && after < len(l.text) && isIdentStart(l.text[after]) {
		return op[:last]
	}
	return op
}

func operatorKind(op string) tokenKind {
	switch op {
	case "<=":
		return tokLessEq
	case ">=":
		return tokGreaterEq
	case "<>", "!=":
		return tokNotEq
	case "=>":
		return tokEqGreater
	}
	if len(op) == 1 {
		return kinds[op[0]]
	}
	return tokOp
}

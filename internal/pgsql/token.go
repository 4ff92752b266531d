package pgsql

// token is one lexical element. For brackets, match is the index of the
// partner in the token list; for $n it is n, or one more than may be.
type token struct {
	kind  tokenKind
	upper bool    // an unquoted identifier has letters in upper case
	key   keyword // for unquoted identifiers that are key words
	start int32
	end   int32
	match int32
}

type tokenKind uint8

const (
	tokEOF      tokenKind = iota
	tokIdent              // unquoted identifier or key word
	tokLeading            // first word of NOT IN, NULLS FIRST, WITH TIME and their like: no name
	tokQuoted             // "identifier", U&"identifier" with its UESCAPE
	tokString             // '…', E'…', U&'…', $tag$…$tag$
	tokBits               // B'…' and X'…'
	tokNational           // N'…'
	tokInt
	tokFloat
	tokParam // $1, or in loose mode @name, :name
	tokOp    // an operator of more than one character, or one of ~!@#&|`?
	tokEqual // =
	tokLess  // <
	tokGreater
	tokLessEq    // <=
	tokGreaterEq // >=
	tokNotEq     // <> and !=
	tokPlus
	tokMinus
	tokStar
	tokSlash
	tokPercent
	tokCaret
	tokComma
	tokDot
	tokSemicolon
	tokColon
	tokColonEq    // :=
	tokEqGreater  // =>
	tokCast       // ::
	tokOpen       // (
	tokOpenIndex  // [
	tokClose      // )
	tokCloseIndex // ]
)

package cli

import (
	"math"
	"strconv"
	"strings"
	"unicode"
)

// number reads a number in the peer's syntax, JavaScript's: decimal with a
// sign, a fraction and an exponent, or 0x, 0o, 0b without a sign; blanks around
// it do not matter, and nothing is zero.
func number(text string) (float64, bool) {
	text = strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == '\uFEFF' })
	if text == "" {
		return 0, true
	}
	if f, ok := radix(text); ok {
		return f, true
	}
	unsigned := strings.TrimPrefix(strings.TrimPrefix(text, "+"), "-")
	if len(text)-len(unsigned) > 1 {
		return 0, false
	}
	if unsigned == "Infinity" {
		return math.Inf(1), true
	}
	if !isDecimal(unsigned, "eE") {
		return 0, false
	}
	f, err := strconv.ParseFloat(text, 64)
	// Beyond the range it is an infinity, which is a number all the same.
	return f, err == nil || math.IsInf(f, 0)
}

// radix reads whole numbers that say their base.
func radix(text string) (float64, bool) {
	if len(text) < 3 || text[0] != '0' {
		return 0, false
	}
	var base int
	switch text[1] {
	case 'x', 'X':
		base = 16
	case 'o', 'O':
		base = 8
	case 'b', 'B':
		base = 2
	default:
		return 0, false
	}
	u, err := strconv.ParseUint(text[2:], base, 64)
	return float64(u), err == nil
}

// isDecimal accepts digits with an optional point and an exponent after one of
// the given letters.
func isDecimal(s, exponent string) bool {
	mantissa := s
	if i := strings.IndexAny(s, exponent); i >= 0 {
		mantissa = s[:i]
		e := s[i+1:]
		if e != "" && (e[0] == '+' || e[0] == '-') {
			e = e[1:]
		}
		if !isDigits(e) {
			return false
		}
	}
	whole, fraction, point := strings.Cut(mantissa, ".")
	switch {
	case whole == "":
		return point && isDigits(fraction)
	case !isDigits(whole):
		return false
	default:
		return fraction == "" || isDigits(fraction)
	}
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// positive is f as a positive integer that the contract can carry.
func positive(f float64) (int64, bool) {
	if !(f >= 1) || f >= 1<<63 || f != math.Trunc(f) {
		return 0, false
	}
	return int64(f), true
}

// safe is the first integer that the peer's numbers do not tell from the next.
const safe = 1 << 53

// wordText is how an unwanted word is reported. As in the peer a word that
// looks like a number is shown as the number, unless it is literal.
func wordText(word string, literal bool) string {
	if literal {
		return printable(word)
	}
	unsigned := strings.TrimLeft(word, "+")
	hex := len(word) > 2 && word[0] == '0' && (word[1] == 'x' || word[1] == 'X')
	if !hex && (len(word)-len(unsigned) > 1 || !isDecimal(unsigned, "e")) {
		return printable(word)
	}
	f, ok := number(word)
	if !ok || f >= safe {
		return printable(word)
	}
	return numberText(f)
}

// numberText writes a number as JavaScript does, for what wordText rewrites.
func numberText(f float64) string {
	if f == 0 || f >= 1e-6 {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e-")
	return mantissa + "e-" + strings.TrimLeft(exponent, "0")
}

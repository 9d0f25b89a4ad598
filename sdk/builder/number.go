package builder

import (
	"math"
	"strconv"
	"strings"
)

// formatNumber prints a number as JavaScript does.
func formatNumber(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case f == 0:
		return "0"
	case f == math.Trunc(f) && math.Abs(f) < 1<<53:
		return strconv.FormatInt(int64(f), 10)
	}
	// d.ddde±xx, with as few digits as tell the number from all others
	digits, exponent, _ := strings.Cut(strconv.FormatFloat(math.Abs(f), 'e', -1, 64), "e")
	digits = strings.Replace(digits, ".", "", 1)
	e, _ := strconv.Atoi(exponent) // always a number
	sign := ""
	if f < 0 {
		sign = "-"
	}
	switch {
	case e >= 21 || e < -6:
		if len(digits) > 1 {
			digits = digits[:1] + "." + digits[1:]
		}
		if e > 0 {
			return sign + digits + "e+" + strconv.Itoa(e)
		}
		return sign + digits + "e" + strconv.Itoa(e)
	case e < 0:
		return sign + "0." + strings.Repeat("0", -e-1) + digits
	case len(digits) <= e+1:
		return sign + digits + strings.Repeat("0", e+1-len(digits))
	}
	return sign + digits[:e+1] + "." + digits[e+1:]
}

// parseNumber is JavaScript's Number(text), NaN for what is no number.
func parseNumber(text string) float64 {
	text = trimBlanks(text)
	if text == "" {
		return 0
	}
	if len(text) > 2 && text[0] == '0' {
		if base := strings.IndexByte("....b.....o.....x", text[1]|0x20); base > 0 {
			return parseDigits(text[2:], map[int]int{4: 2, 10: 8, 16: 16}[base])
		}
	}
	switch strings.TrimLeft(text, "+-") {
	case "Infinity":
		if len(text) <= len("+Infinity") {
			return parseFloat(text)
		}
		return math.NaN()
	}
	for _, c := range []byte(text) {
		if (c < '0' || c > '9') && c != '.' && c != 'e' && c != 'E' && c != '+' && c != '-' {
			return math.NaN() // Go also reads inf, nan, 0x1p-2 and 1_000
		}
	}
	return parseFloat(text)
}

func parseDigits(text string, base int) float64 {
	n := 0.0
	for _, c := range text {
		digit := strings.IndexRune("0123456789abcdef", c|0x20)
		if c < '0' || digit < 0 || digit >= base {
			return math.NaN()
		}
		n = n*float64(base) + float64(digit)
	}
	return n
}

// parseFloat reads a decimal number; one that is too large is infinite.
func parseFloat(text string) float64 {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil && !math.IsInf(f, 0) {
		return math.NaN()
	}
	return f
}

// toInteger drops the fraction; NaN is 0.
func toInteger(f float64) float64 {
	if math.IsNaN(f) {
		return 0
	}
	return math.Trunc(f)
}

// clamp brings f into what an index may be.
func clamp(f float64, length int) int {
	return int(max(0, min(toInteger(f), float64(length))))
}

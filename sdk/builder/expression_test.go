package builder_test

import (
	"strings"
	"testing"

	"github.com/electricimp/impt/sdk/builder/buildertest"
)

// expressions has a statement, and below it expressions and their values, or
// their errors behind an exclamation mark.
const expressions = `
numbers
	.5 | 0.5
	5. | 5
	1e6 | 1000000
	007 | 7
	1a | !Variable names cannot start with a number (1a) at character 1
	0x10 | !Variable names cannot start with a number (0x) at character 1
	1e | !Expected exponent (1e) at character 2
strings
	"a\n\t\q\\" == 'a\n\t' + "q\\" | true
	"a\x41" | ax41
literals
	[true, false, null] | true,false,
	this | !` + "`this`" + ` keyword is not supported
names may have all characters beyond ASCII
	é | null
members and calls apply to names and parentheses only
	([1, 2])[1] | 2
	([1, 2]).length | 2
	[1, 2][0] | !Syntax error
	"abc".length | !Variable names cannot start with a number (.l) at character 6
semicolons and commas around do not matter
	1; | 1
	,1, | 1
	1 2 | !Syntax error
	1,2 | !Syntax error
operators that do not exist
	1 === 1 | !Expected expression after == at character 4
	1 & 1 | !Unexpected "&" at character 2
	1 = 1 | !Unexpected "=" at character 2
	1 << 1 | !Expected expression after < at character 3
precedence
	1 + 2 * 3 - 4 / 2 | 5
	1 + 1 == 2 && 2 < 3 | true
	0 && 0 || 1 | 1
	-2 * -3 | 6
	!0 + 1 | 2
	1 - 2 - 3 | -4
	0 ? 1 : 0 ? 2 : 3 | 3
values are JavaScript's
	1 + "1" | 11
	"3" * "2" | 6
	"3" - 1 | 2
	"a" * 1 | NaN
	null + 1 | 1
	[1] + [2, 3] | 12,3
	"5" == 5 | true
	"" == 0 | true
	null == 0 | false
	null == n | true
	[] == [] | false
	"10" < "9" | true
	"10" < 9 | false
	1 / 0 | !Division by zero
	1 % 0 | !Division by zero
	1 / "0" | Infinity
	+"5" + 1 | 51
	0.1 + 0.2 | 0.30000000000000004
	1e21 | 1e+21
	1e-7 | 1e-7
	123456789012345680000 | 123456789012345680000
	0 * -1 | 0
	[1, null, [2, n]] | 1,,2,
	S | [object Object]
both sides are always evaluated, and an operand is the value
	"" || "a" | a
	0 && 1 | 0
	1 || f() | !Function "f" is not defined
a ternary evaluates one branch
	1 ? 2 : f() | 2
filters
	5 | max(7) @@ 7
	-5 | abs | max(1) @@ 5
	1 + 2 | abs @@ 3
	"a" | S.toUpperCase @@ A
	5 | ("m" + "ax") @@ 5
	1 | max || 0 @@ 1
	"a" | nothing @@ !Function "nothing" is not defined
members
	n.a | !Owner of "a" property is undefined
	(false).a | !Owner of "a" property is undefined
	S.a | !Property "a" is not defined
	("abc").a | !Cannot use 'in' operator to search for 'a' in abc
calls
	f() | !Function "f" is not defined
	(1)() | !Can't call a non-callable expression
	("max")(1, 2) | 2
	max | max
defined takes a name
	defined(n) | false
	defined(max) | true
	defined("n") | !defined() can only be called with an identifier as an argument
escape
	escape("'\"\\\n\t") | \'\"\\\n\t
base64
	base64("é") | w6k=
min, max and abs
	min(3, "2") | 2
	max(1, 5, 3) | 5
	abs(-2) | 2
	min() | !Wrong number of arguments for min()
include
	include() | !Wrong number of arguments for include()
	include(null) | !Cannot read properties of null (reading 'replace')
S has JavaScript's methods of strings
	S.concat("a", 1, null) | a1null
	S.endsWith("abc", "c") | true
	S.includes("abc", "b", 2) | false
	S.repeat("ab", 2) | abab
	S.repeat("ab", -1) | !Invalid count value: -1
	S.split("a-b-c", "-", 2) | a,b
	S.startsWith("abc", "b", 1) | true
	S.substr("abcdef", -3, 2) | de
	S.substring("abcdef", 4, 1) | bcd
	S.substr("é😀x", 3) | x
	S.substr("é😀x", 2, 0) + S.substr("é😀x", 1, 2) | 😀
	"\"" < "é" && "😀" < "ﬀ" && !("😀" < "é") && "a😀" < "a😁" | true
	S.toLowerCase("ÀΣ") | àς
	S.toUpperCase("straße") | STRASSE
	"[" + S.trim(" a ") + "]" | [a]
	"[" + S.trimLeft(" a ") + "]" | [a ]
	"[" + S.trimRight(" a ") + "]" | [ a]
	S.trim() | !Missing string as required first argument in trim()
`

func TestExpressions(t *testing.T) {
	t.Parallel()
	var all []statement
	says := ""
	for line := range strings.SplitSeq(strings.Trim(expressions, "\n"), "\n") {
		row, ok := strings.CutPrefix(line, "\t")
		if !ok {
			says = line
			continue
		}
		separator := " | "
		if strings.Contains(row, " @@ ") {
			separator = " @@ "
		}
		in, out, _ := strings.Cut(row, separator)
		if strings.HasPrefix(out, "!") {
			out += " (/case/main:1)"
		}
		all = append(all, statement{says + ": " + in, "@set a = " + in + "\n@{a}", out})
	}
	check(t, all, buildertest.Case{})
}

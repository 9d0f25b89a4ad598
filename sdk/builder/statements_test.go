package builder_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/builder/buildertest"
)

// statement is something that the language promises, and a source that shows
// it. The file "inc" has the line "included" without an end, "lines" has two
// lines, and "twin" is like "lines".
type statement struct {
	says string
	in   string
	out  string // an error if it begins with an exclamation mark
}

var aroundStatements = buildertest.Files{
	"inc": "included", "lines": "one\ntwo\n", "twin": "one\ntwo\n", "d/here": "here @{__PATH__}/@{__FILE__}:@{__LINE__}\n@include \"near\"\n",
	"d/near": "near in d\n", "near": "near\n", "macros": "@macro m(a)\nm @{a} @{__FILE__}:@{__LINE__}\n@end\n",
	"sets": "@set made = 7\n", "bad": "ok\n@set\n", "wrong": "ok\n@{x.y}\n", "crlf": "x\r\n",
}

func check(t *testing.T, all []statement, c buildertest.Case) {
	t.Helper()
	c.Files = aroundStatements
	for _, s := range all {
		t.Run(s.says, func(t *testing.T) {
			t.Parallel()
			c := c
			c.Text = s.in
			o := c.Run(t.Context())
			got := o.Text
			if o.Error != "" {
				got = "!" + o.Error
			}
			require.Equal(t, s.out, got)
		})
	}
}

func TestLines(t *testing.T) {
	t.Parallel()
	check(t, []statement{
		{"text is output as it is", "a\n\n b\n", "a\n\n b\n"},
		{"the text that is built gets no final newline", "a", "a"},
		{"what is included gets a final newline", "@include \"inc\"\nb", "included\nb"},
		{"CRLF stays", "a\r\n@set x 1\r\n@{x}\r\n", "a\r\n1\r\n"},
		{"blanks may surround a directive", " \t@set x 1 \t\n@{x}", "1"},
		{"a keyword ends at a word's end", "@settings\n@foo\n@set_a\n", "@settings\n@foo\n@set_a\n"},
		{"a directive has a line of its own", "x @set a 1", "x @set a 1"},
		{"a doubled at sign is text", "@@set a 1", "@@set a 1"},
		{"an at sign and a blank make a comment", "a\n@ b\n@\n  @\tc\nd", "a\nd"},
		{"comments are left out of arguments", "@set a 1 // b\n@set c \"//\" /* d */ + \"/*\"\n@{a}@{c}", "1///*"},
		{"comments in text stay, expressions in them count", "a // @{1 + 1}", "a // 2"},
		{"an unclosed quote swallows the argument", "@set a 1 + \"b", "!Unclosed quote after \"\" at character 5 (/case/main:1)"},
		{"a carriage return alone ends a line and is dropped", "a\rb@{__LINE__}", "ab3"},
	}, buildertest.Case{})
}

func TestDirectives(t *testing.T) {
	t.Parallel()
	check(t, []statement{
		{"set takes a name and a value", "@set a 1\n@set b = 2\n@set c=3\n@{a}@{b}@{c}", "123"},
		{"a dollar sign may begin a name", "@set $a 1\n@{$a}", "1"},
		{"a name begins with no digit", "@set 1a 1", "!Syntax error in @set (main:1)"},
		{"if takes the first branch that holds", "@if 0\na\n@elseif 1\nb\n@elseif 1\nc\n@else\nd\n@endif", "b\n"},
		{"else is for when none holds", "@if 0\na\n@elseif null\nb\n@else\nc\n@end", "c\n"},
		{"an elseif has the line of its if", "@if 0\n@elseif x.y\n@end", "!Owner of \"y\" property is undefined (/case/main:1)"},
		{"while repeats as long as it holds", "@while n < 2\n@set n n + 1\n@{n}\n@endwhile", "1\n2\n"},
		{"repeat repeats so many times", "@repeat 2\n@{loop.index}@{loop.iteration}\n@endrepeat", "01\n12\n"},
		{"repeat asks each time how often", "@set n 1\n@repeat n\n@set n 2\nx\n@end", "x\nx\n"},
		{"repeat wants a whole number", "@repeat 1.5\n@end", "!@repeat cannot be done 1.5 times (/case/main:1)"},
		{"a macro is declared before it is used", "@include m()\n@macro m()\n@end", "!Function \"m\" is not defined (/case/main:1)"},
		{"a macro may be declared on a condition", "@if 1\n@macro m()\nx\n@end\n@end\n@include m()", "x\n"},
		{"a macro is declared once", "@macro m()\n@end\n@macro m()\n@end", "!Macro \"m\" is already declared in main:1 (/case/main:3)"},
		{"a macro's parameters are names", "@macro m(1)\n@end", "!Syntax error in macro declaration (/case/main:1)"},
		{"include takes an expression", "@include \"l\" + \"ines\"", "one\ntwo\n"},
		{"include trims the reference", "@include \" lines \"", "one\ntwo\n"},
		{"backslashes in an include are slashes", "@include \"d\\near\"", "near in d\n"},
		{"include takes the call of a macro", "@macro m()\nx\n@end\n@include m()", "x\n"},
		{"a macro's arguments keep their backslashes", "@macro m(a)\n@{a}\n@end\n@include m(\"a\\\\b\")", "a\\b\n"},
		{"include once leaves out what was included", "@include \"lines\"\n@include once \"lines\"", "one\ntwo\n"},
		{"include once leaves out what has the same text", "@include \"lines\"\n@include once \"twin\"", "one\ntwo\n"},
		{"macros ignore once", "@macro m()\nx\n@end\n@include once m()\n@include once m()", "x\nx\n"},
		{"error stops with its message alone", "a\n@error \"b\" + 1", "!b1"},
		{"an end has no argument", "@if 1\n@endif 1", "!Syntax error in @endif (main:2)"},
		{"an else has no argument", "@if 1\n@else 1\n@end", "!Syntax error in @else (main:2)"},
		{"a directive without its argument is refused", "@if // nothing", "!Syntax error in @if (main:1)"},
		{"end ends whatever is open", "@repeat 1\n@while 0\n@end\n@end", ""},
	}, buildertest.Case{Suppress: true})
}

func TestInlineExpressions(t *testing.T) {
	t.Parallel()
	check(t, []statement{
		{"a value is put into the text", "a@{1 + 1}b@{\"c\"}", "a2bc"},
		{"a brace may be in a string", "@{'}'}", "}"},
		{"more braces are text", "@{1}}", "1}"},
		{"what is no expression is refused", "@{~}", "!Syntax error in the inline instruction at (main:1)"},
		{"without a brace on the line it is text", "@{1\n}", "@{1\n}"},
		{"nothing is an error when it is executed", "@if 0\n@{}\n@end\n@{}", "!Syntax error (/case/main:4)"},
		{"there is no escape", "\\@{1}", "\\1"},
		{"an include within loses one newline", "[@{include(\"lines\")}][@{include(\"crlf\")}]", "[one\ntwo][x]"},
		{"a macro within loses one newline", "@macro m()\nx\n\n@end\n[@{m()}]", "[x\n]"},
	}, buildertest.Case{})
}

func TestScope(t *testing.T) {
	t.Parallel()
	check(t, []statement{
		{"a passed variable is before a set one", "@set v 1\n@{v}", "passed"},
		{"a set one is before the environment", "@set e 1\n@{e}", "1"},
		{"the environment is before nothing", "@{e}@{n}", "envnull"},
		{"the environment does not define", "@{defined(e)}@{defined(v)}@{defined(n)}", "falsetruefalse"},
		{"set is global in macros and loops", "@macro m()\n@set a 1\n@end\n@include m()\n@repeat 1\n@set b 2\n@end\n@{a}@{b}", "12"},
		{"set is global across files", "@include \"sets\"\n@{made}", "7"},
		{"a built-in hides a macro of its name", "@macro max(a)\nmine\n@end\n@{max(1)}", "1"},
		{"include takes the macro all the same", "@macro max(a)\nmine\n@end\n@include max(1)", "mine\n"},
		{"parameters are layered over what is around", "@macro m(a)\n@{a}@{b}\n@end\n@macro n(b)\n@include m(1)\n@end\n@include n(2)", "12\n"},
		{"extra arguments are dropped", "@macro m(a)\n@{a}\n@end\n@include m(1, 2)", "1\n"},
		{"a missing one is what it is outside", "@macro m(v, w)\n@{v}@{w}\n@end\n@include m()", "passednull\n"},
		{"a macro has the file of its declaration and its own lines", "@include \"macros\"\n@include m(1)\n@{__FILE__}:@{__LINE__}", "m 1 macros:2\nmain:3"},
		{"a macro may call itself", "@macro m(a)\n@{a}\n@if a\n@include m(a - 1)\n@end\n@end\n@include m(2)", "2\n1\n0\n"},
		{"a macro may be a value or a filter", "@include \"macros\"\n@set a m(1)\n@{a}@{2|m}", "m 1 macros:2m 2 macros:2"},
		{"loop is known in loops only", "@repeat 1\n@{defined(loop)}\n@end\n@{defined(loop)}", "true\nfalse"},
		{"the innermost loop counts", "@repeat 2\n@repeat 1\n@{loop.index}\n@end\n@end", "0\n0\n"},
		{"the variables about the place are those of the file", "@{__PATH__}/@{__FILE__}\n@include \"d/here\"", "/case/main\nhere /case/d/here:1\nnear in d\n"},
		{"what does not apply is null", "@{__REPO_PREFIX__}@{__REPO_REF__}@{__URL_ROOT__}@{__URL_PATH__}", "nullnullnullnull"},
	}, buildertest.Case{Variables: map[string]any{"v": "passed"}, Environment: map[string]string{"e": "env", "v": "no"}})
}

func TestLineControl(t *testing.T) {
	t.Parallel()
	check(t, []statement{
		{"a line says where the next comes from", "a\n@include \"lines\"\nb", "#line 1 \"/case/main\"\na\n#line 1 \"/case/lines\"\none\ntwo\n#line 3 \"/case/main\"\nb"},
		{"none is needed within a file", "a\n@set x 1\nb", "#line 1 \"/case/main\"\na\nb"},
		{"nothing is written for nothing", "@set x 1", ""},
		{"files of the same base name are not told apart", "@include \"d/near\"\n@include \"near\"", "#line 1 \"/case/d/near\"\nnear in d\nnear\n"},
		{"none is in inline includes", "[@{include(\"lines\")}]", "#line 1 \"/case/main\"\n[one\ntwo]"},
		{"a macro's lines are those of its declaration", "@include \"macros\"\n@include m(1)\na", "#line 2 \"/case/macros\"\nm 1 macros:2\n#line 3 \"/case/main\"\na"},
	}, buildertest.Case{LineControl: true})
}

func TestErrors(t *testing.T) {
	t.Parallel()
	check(t, []statement{
		{"a file that cannot be parsed is named alone", "@include \"bad\"", "!Syntax error in @set (bad:2)"},
		{"what cannot be evaluated has its directory too", "@include \"wrong\"", "!Owner of \"y\" property is undefined (/case/wrong:2)"},
		{"an expression that includes adds its own position", "\n@{include(\"wrong\")}", "!Owner of \"y\" property is undefined (/case/wrong:2) (/case/main:2)"},
		{"what is missing is not found", "@include \"nothing\"", "!Local file \"nothing\" not found (/case/main:1)"},
		{"an end without a begin is unexpected", "a\n@end", "!Unexpected @end (main:2)"},
		{"an else without an if is unexpected", "@while 0\n@else\n@end", "!Unexpected @else (main:2)"},
		{"another end is unexpected", "@if 0\n@endwhile", "!Unexpected @endwhile (main:2)"},
		{"what is open at the end is unclosed", "@if 0\na\n\n", "!Unclosed @if statement (main:3)"},
		{"there is one else", "@if 0\n@else\n@else\n@end", "!Multiple @else statements are not allowed (main:3)"},
		{"else is last", "@if 0\n@else\n@elseif 1\n@end", "!@elseif after @else is not allowed (main:3)"},
		{"an include of null has no position", "@include null", "!Cannot read properties of null (reading 'trim')"},
		{"an expression says which character", "@if ~\n@end", "!Unexpected \"~\" at character 0 (/case/main:1)"},
		{"a cycle is found", "@include \"main\"", "!Local file \"main\" not found (/case/main:1)"},
	}, buildertest.Case{})
}

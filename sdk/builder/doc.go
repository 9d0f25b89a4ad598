// Package builder is the Builder language: a preprocessor for the Squirrel code
// of devices and agents. It is pure: what a source includes comes from a Reader,
// and the package itself reads no files, no network and no environment.
//
// # Text and directives
//
// A source is text, in which whole lines are directives. Everything else is
// output as it is, but for expressions in @{…}, whose values are put in.
//
//	@ a comment
//	@set NAME = EXPRESSION
//	@include EXPRESSION                  a source, or the call of a macro
//	@include once EXPRESSION             unless it was included before
//	@if EXPRESSION … @elseif EXPRESSION … @else … @endif
//	@while EXPRESSION … @endwhile        loop.index and loop.iteration count
//	@repeat EXPRESSION … @endrepeat
//	@macro NAME(PARAMETERS) … @endmacro
//	@error EXPRESSION
//	@warning EXPRESSION
//
// @end ends whatever was begun last. Comments as in JavaScript are left out of
// the arguments of directives.
//
// # Expressions
//
// Values are JavaScript's: numbers, strings, true, false, null, arrays and
// objects, with its rules for + and ==. From loose to tight, the operators are
// ?:, ||, &&, | (a filter: v|f(a) is f(v, a)), == !=, < > <= >=, + -, * / %, and
// the unary - + !. A name means, in this order: a macro's parameter or a loop's
// counter; a variable that was passed to the build, or a function; a variable
// of @set, or a macro; an environment variable; null.
//
// Functions are defined, include, escape, base64, min, max, abs, and in S
// JavaScript's methods of strings: S.split("a,b", ","). Variables about the place
// are __LINE__, __FILE__, __PATH__, __REPO_PREFIX__, __REPO_REF__, __URL_ROOT__ and
// __URL_PATH__. Libraries add to all of these; package jslib runs those in
// JavaScript. docs/builder.md has the language in examples.
//
// # Errors and lines
//
// What is wrong in a source is an *Error, which knows the line, the column and the
// includes that led there. Result.Position tells where a line of
// the result comes from, for the errors of the compiler. A source that does not
// end, or that grows without end, is an error too; see Limits.
package builder

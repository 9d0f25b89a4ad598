package jslib_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/builder"
	"github.com/electricimp/impt/sdk/builder/buildertest"
	"github.com/electricimp/impt/sdk/builder/jslib"
)

// build builds a source with a library.
func build(t *testing.T, library, source string) (string, error) {
	t.Helper()
	exports, err := jslib.Load(t.Context(), []jslib.Library{{Name: "lib.js", Text: library}}, jslib.Settings{})
	require.NoError(t, err)
	result, err := builder.Build(t.Context(), source, builder.Place{File: "main", Path: buildertest.Root}, builder.Settings{
		Reader:    buildertest.Files{"part": "part @{__FILE__}\n", "bad": "\n@{null.x}\n"},
		Variables: map[string]any{"passed": map[string]any{"a": []any{1, "b"}}},
		Libraries: exports,
	})
	if err != nil {
		return "", err
	}
	return result.Text, nil
}

func TestWhatLibrariesExport(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ says, library, source, want string }{
		{"a text", `module.exports = {name: "n"}`, `@{name}`, "n"},
		{"through exports", `exports.one = 1; exports.yes = true; exports.none = null; exports.missing = undefined`, `@{one}@{yes}@{none}@{missing}`, "1truenullundefined"},
		{"an array", `exports.a = [1, , [2, "x"], null]`, `@{a}@{(a)[2]}@{(a).length}`, "1,,2,x,2,x4"},
		{"the same array twice", `const a = [1]; exports.a = [a, a]`, `@{(a)[0] == (a)[1]}`, "true"},
		{"an object", `exports.o = {a: {b: 7}}`, `@{o.a.b}@{o}@{o == o}@{o.a == o}`, "7[object Object]truefalse"},
		{"a function", `exports.f = (a, b) => a + b`, `@{f(1, 2)}@{"x" | f("y")}@{f}@{defined(f)}`, "3xyftrue"},
		{"a function of an object", `exports.o = {f(s) { return s.toUpperCase(); }}`, `@{o.f("a")}@{"b" | o.f}`, "AB"},
		{"a class's function, without its object", `class C { constructor() { this.x = 1; } f() { return this.x; } }; exports.c = new C()`, `@{c.x}@{c.f()}`, "1undefined"},
		{"an object with a text", `class C { toString() { return "me"; } }; exports.c = new C()`, `@{c}@{c + 1}@{c == "me"}`, "meme1true"},
		{"a number as an object", `exports.d = {valueOf() { return 5; }, toString() { return "5"; }}`, `@{d * 2}`, "10"},
		{"nothing", `module.exports = null`, `@{name}`, "null"},
		{"a function alone has no names", `module.exports = function f() {}`, `@{f}`, "null"},
		{"what the language has, but min", `exports.escape = () => "mine"; exports.min = () => "mine"`, `@{escape("'")}@{min(2)}`, "mine2"},
		{"state", `let n = 0; exports.next = () => ++n`, "@repeat 3\n@{next()}\n@end", "1\n2\n3\n"},
		{"large and small numbers", `exports.f = () => [1e300, 0.1, -0, 9007199254740993, NaN, 10n]`, `@{f()}`, "1e+300,0.1,0,9007199254740992,NaN,10"},
		{"beyond ASCII", `exports.f = (s) => s + s.length`, `@{f("é😀")}`, "é😀3"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			got, err := build(t, c.library, c.source)
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
}

func TestWhatFunctionsGet(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ says, function, source, want string }{
		{"values as they are", `(...a) => JSON.stringify(a)`, `@{f(1, "x", null, true, [1, ["a"]], passed)}`, `[1,"x",null,true,[1,["a"]],{"a":[1,"b"]}]`},
		{"their own objects", `function (o) { return o ? o === this.f.o : (this.f.o = {}) }`, `@{f(1)}`, "false"},
		{"nothing is undefined", `(a) => a === undefined`, `@{f()}`, "true"},
		{"the place", `function () { return this.__FILE__ + this.__LINE__ + this.__PATH__ }`, "\n@{f()}", "\nmain2/case"},
		{"a macro's parameters", `function () { return this.p }`, "@macro m(p)\n@{f()}\n@end\n@include m(3)", "3\n"},
		{"a loop's counter", `function () { return this.loop.index }`, "@repeat 2\n@{f()}\n@end", "0\n1\n"},
		{"passed variables", `function () { return this.passed.a[1] }`, `@{f()}`, "b"},
		{"functions of the language", `function () { return this.max(1, 2) + this.S.trim(" a ") }`, `@{f()}`, "2a"},
		{"each other", `function (n) { return n ? n + this.f(n - 1) : 0 }`, `@{f(4)}`, "10"},
		{"include", `function () { return this.include("part") }`, `[@{f()}]`, "[part part]"},
		{"macros", `function () { return this.globals.m(5) }`, "@macro m(a)\n<@{a}>\n@end\n@{f()}", "<5>"},
		{"globals", `function () { this.globals.n += 1; this.globals.o = [1]; return this.globals.n }`, "@set n 1\n@{f()}@{n}@{o}@{f()}", "2213"},
		{"what is there", `function () { return ['f' in this, 'globals' in this, 'x' in this, 'n' in this.globals] }`, "@set n 1\n@{f()}", "true,true,false,true"},
		{"its names", `function () { return Object.keys(this).filter((n) => n[0] == "f" || n == "globals") + Object.keys(this.globals) }`, "@set n 1\n@{f()}", "f,globalsn"},
		{"what may be changed for the call", `function () { this.x = 1; delete this.f; return [this.x, this.f, 'f' in this, Object.keys(this).includes('x')] }`, "@{f()}@{x}", "1,,false,truenull"},
		{"globals that stay", `function () { return delete this.globals.n }`, "@set n 1\n@{f()}@{n}", "false1"},
	} {
		t.Run(c.says, func(t *testing.T) {
			t.Parallel()
			got, err := build(t, "exports.f = "+c.function, c.source)
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
}

func TestErrorsOfFunctions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ library, source, want string }{
		{`exports.f = () => { throw new Error("oh") }`, "\n@{f()}", "oh (/case/main:2)"},
		{`exports.f = () => { throw "text" }`, "@{f()}", "text (/case/main:1)"},
		{`exports.f = () => { throw null }`, "@{f()}", "null (/case/main:1)"},
		{`exports.f = () => nothing`, "@{f()}", "nothing is not defined (/case/main:1)"},
		{`exports.f = () => Symbol()`, "@{f()}", "a value that is none of the language (/case/main:1)"},
		{`exports.f = () => { const a = []; a[0] = [a, a]; return a }`, "@{f()}", "an array that is too large (/case/main:1)"},
		{`exports.f = () => { const a = []; a.length = 4e9; return a }`, "@{f()}", "an array that is too large (/case/main:1)"},
		{`exports.f = function () { return this.include("bad") }`, "@{f()}", `Owner of "x" property is undefined (/case/bad:2) (/case/main:1)`},
		{`exports.f = function () { return this.min() }`, "@{f()}", "Wrong number of arguments for min() (/case/main:1)"},
		{`exports.f = function () { this.globals.x = Symbol() }`, "@{f()}", "a value that is none of the language (/case/main:1)"},
		{`exports.o = {get x() { throw new Error("no x") }}`, "@{o.x}", "no x (/case/main:1)"},
		{`exports.o = {toString() { throw new Error("no text") }}`, "@{o}", "no text (/case/main:1)"},
		{`exports.o = {}`, "@{o.toString}", `Property "toString" is not defined (/case/main:1)`},
		{`exports.o = {}`, "@{o.hasOwnProperty}", `Property "hasOwnProperty" is not defined (/case/main:1)`},
		{`exports.C = class {}`, "@{C()}", "Class constructor cannot be invoked without 'new' (/case/main:1)"},
		{`exports.f = () => { throw {get message() { throw 1 }} }`, "@{f()}", "(an error that cannot be shown) (/case/main:1)"},
	} {
		_, err := build(t, c.library, c.source)
		require.EqualError(t, err, c.want, c.library)
	}
	_, err := build(t, "\nfunction g() { throw new Error('oh') }\nexports.f = () => g()", "@{f()}")
	var e *jslib.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, []string{"lib.js:2:22", "lib.js:3:20"}, e.Stack)
}

func TestALibraryCatchesWhatItCaused(t *testing.T) {
	t.Parallel()
	got, err := build(t, `
		exports.f = function () { try { this.include("bad") } catch (e) { return "caught " + e.message } };
		exports.g = function () { try { this.thrower() } catch (e) { return e.code } };
		exports.thrower = function () { throw Object.assign(new Error("x"), {code: 7}) };`, "@{f()}@{g()}@{f()}")
	require.NoError(t, err)
	require.Equal(t, "caught Owner of \"x\" property is undefined (/case/bad:2)7caught Owner of \"x\" property is undefined (/case/bad:2)", got)
}

func TestLibrariesRequireEachOther(t *testing.T) {
	t.Parallel()
	load := func(libraries ...string) (map[string]any, error) {
		var all []jslib.Library
		for i := 0; i < len(libraries); i += 2 {
			all = append(all, jslib.Library{Name: libraries[i], Text: libraries[i+1]})
		}
		return jslib.Load(t.Context(), all, jslib.Settings{})
	}
	exports, err := load(
		"d/a.js", `exports.a = require("./b").b + require("../c.js").c + __filename + __dirname`,
		"d/b.js", `exports.b = "b"; exports.back = require("./a").a`,
		"c.js", `exports.c = "c"`)
	require.NoError(t, err)
	require.Equal(t, map[string]any{"a": "bcd/a.jsd", "b": "b", "back": builder.Undefined{}, "c": "c"}, exports)

	exports, err = load("a.js", `const assert = require("assert"); assert(1); assert.ok(1); assert.equal(1, "1"); assert.strictEqual(1, 1); exports.x = 1`)
	require.NoError(t, err)
	require.Equal(t, map[string]any{"x": 1.0}, exports)

	for text, message := range map[string]string{
		`require("fs")`:                    "a.js:1:8: Cannot find module 'fs': a library may require others that are loaded, and assert",
		`require("./b")`:                   "a.js:1:8: Cannot find module './b': a library may require others that are loaded, and assert",
		"\nrequire('assert')(0)":           "a.js:2:18: Assertion failed",
		"\nrequire('assert').equal(1, 2)":  "a.js:2:24: 1 == 2",
		"\nrequire('assert')(0, 'not so')": "a.js:2:18: not so",
		"\n  throw 1":                      "a.js:2:3: 1",
		"var a = ;":                        "a.js:1:9: Unexpected token ;",
		"\nlet a; let a;":                  "a.js:2:12: Identifier 'a' has already been declared",
		"exports.x = Symbol()":             "a.js: x is a value that is none of the language",
		"#!/usr/bin/env node\nthrow 1":     "a.js:2:1: 1",
		"Object.defineProperty(exports, 'x', {enumerable: true, get() { throw new Error('gone') }})": "a.js:1:70: gone",
	} {
		_, err := load("a.js", text)
		require.EqualError(t, err, message, text)
	}
}

func TestLog(t *testing.T) {
	t.Parallel()
	var lines []string
	_, err := jslib.Load(t.Context(), []jslib.Library{{Name: "a.js", Text: `
		console.log("Hello", 1, null, undefined, {a: [1]}, new Error("e"));
		const o = {}; o.o = o; console.info(o); console.warn(); console.error("x"); console.debug("y")`}},
		jslib.Settings{Log: func(line string) { lines = append(lines, line) }})
	require.NoError(t, err)
	require.Equal(t, []string{`Hello 1 null undefined {"a":[1]} Error: e`, "[object Object]", "", "x", "y"}, lines)
	_, err = jslib.Load(t.Context(), []jslib.Library{{Name: "a.js", Text: `console.log(1)`}}, jslib.Settings{})
	require.NoError(t, err)
}

func TestNothingElseIsWithinReach(t *testing.T) {
	t.Parallel()
	got, err := build(t, `exports.f = () => Object.getOwnPropertyNames(globalThis).filter((n) => n[0] === n[0].toLowerCase() && n !== 'globalThis')
//# sourceMappingURL=/etc/passwd`, "@{f()}")
	require.NoError(t, err)
	require.ElementsMatch(t, strings.Split("eval,isNaN,parseInt,parseFloat,isFinite,decodeURI,decodeURIComponent,encodeURI,encodeURIComponent,escape,unescape,undefined,console", ","),
		strings.Split(got, ","))
	_, err = build(t, `exports.f = () => eval("//# sourceMappingURL=/etc/passwd")`, "@{f()}")
	require.NoError(t, err)
	_, err = jslib.Load(t.Context(), []jslib.Library{{Name: "a.js", Text: `process.exit()`}}, jslib.Settings{})
	require.EqualError(t, err, "a.js:1:1: process is not defined")
}

// What never ends by itself ends by the limit of time, wherever it is.
func TestTimeIsLimited(t *testing.T) {
	t.Parallel()
	for _, code := range []string{
		"for (;;) {}",
		"try { for (;;) {} } finally { for (;;) {} }",
		"/^(?=(a+)+$)\\1x/.test('a'.repeat(24) + 'b')", // cannot be stopped
	} {
		_, err := jslib.Load(t.Context(), []jslib.Library{{Name: "a.js", Text: code}}, jslib.Settings{Time: 20 * time.Millisecond})
		require.EqualError(t, err, "Libraries run too long, possible endless loop?", code)
	}
}

func TestTimeIsLimitedOverABuild(t *testing.T) {
	t.Parallel()
	exports, err := jslib.Load(t.Context(), []jslib.Library{{Name: "a.js", Text: `
		exports.f = function (n) { for (let i = 0; i < n; i++) { this.max(i, 1) } return 1 }; exports.o = {get x() { for (;;) {} }, toString() { for (;;) {} }}`}},
		jslib.Settings{Time: 100 * time.Millisecond})
	require.NoError(t, err)
	for _, text := range []string{"@while f(1000)\n@end", "@{o.x}", "@{o}", "@{f(1)}"} {
		_, err = builder.Build(t.Context(), text, builder.Place{File: "main"}, builder.Settings{Libraries: exports})
		require.EqualError(t, err, "Libraries run too long, possible endless loop? (main:1)")
	}
}

func TestMemoryIsLimited(t *testing.T) {
	t.Parallel()
	for _, code := range []string{
		"let s = 'x'; for (;;) { s += s }",
		"const a = []; for (;;) { a.push({}) }",
		"const a = []; for (;;) { a.push(new Uint8Array(100000)) }",
	} {
		_, err := jslib.Load(t.Context(), []jslib.Library{{Name: "a.js", Text: code}}, jslib.Settings{Memory: 8 << 20, Time: time.Hour})
		require.EqualError(t, err, "Libraries use too much memory", code)
	}
}

func TestNothingTakesAllMemoryAtOnce(t *testing.T) {
	t.Parallel()
	for code, message := range map[string]string{
		"'x'.repeat(2 ** 40)":                              "a.js:1:11: Invalid string length",
		"'x'.padEnd(2 ** 40)":                              "a.js:1:11: Invalid string length",
		"'x'.padStart(2 ** 40, 'ab')":                      "a.js:1:13: Invalid string length",
		"new ArrayBuffer(2 ** 40)":                         "a.js:1:1: Invalid array length",
		"new Uint8Array(2 ** 40)":                          "a.js:1:1: Invalid array length",
		"new Float64Array({length: 2 ** 40})":              "a.js:1:1: Invalid array length",
		"new (new Uint8Array(1).constructor)(2 ** 40)":     "a.js:1:1: Invalid array length",
		"Uint8Array.from({length: 2 ** 40})":               "a.js:1:16: Invalid array length",
		"const a = []; a.length = 4e9; a.sort()":           "a.js:1:37: Invalid array length",
		"console.log.apply(null, {length: 1e12})":          "a.js:1:18: Invalid array length",
		"Reflect.apply(console.log, null, {length: 1e12})": "a.js:1:14: Invalid array length",
		"Reflect.construct(Date, {length: 1e12})":          "a.js:1:18: Invalid array length",
		"const f = () => f(); f()":                         "a.js: Maximum call stack size exceeded",
	} {
		_, err := jslib.Load(t.Context(), []jslib.Library{{Name: "a.js", Text: code}}, jslib.Settings{Time: time.Hour})
		require.EqualError(t, err, message, code)
	}
	got, err := build(t, `exports.f = () => 'ab'.repeat(2) + 'x'.padStart(3) + 'x'.padEnd(3, '-') + new Uint8Array([1, 2]).map((x) => x * 2) +
		(new Uint16Array(2) instanceof Uint16Array) + Uint8Array.of(1, 2) + new Uint8Array(new ArrayBuffer(8), 2, 3).length + ArrayBuffer.isView(new DataView(new ArrayBuffer(4)))`, "@{f()}")
	require.NoError(t, err)
	require.Equal(t, "abab  xx--2,4true1,23true", got)
}

func TestALibraryEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	_, err := jslib.Load(ctx, []jslib.Library{{Name: "a.js", Text: "console.log(1); for (;;) {}"}}, jslib.Settings{Log: func(string) { cancel() }})
	require.ErrorIs(t, err, context.Canceled)
}

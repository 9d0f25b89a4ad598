package squirrel

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestLanguageOfImps(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		`print(2147483647 + 1)`:            "-2147483648",
		`print(0xFFFFFFFF)`:                "-1",
		`print("99999999999".tointeger())`: "2147483647",
		`print((2147483647).tofloat())`:    "2.14748e+09",
		`print((0.1 + 0.2) == 0.3)`:        "true",
		`print(-8 >>> 28)`:                 "15",
		`local f = function() { return v; }.bindenv({ v = 1 }); print(f())`:                   "1",
		`class C { function _cmp(o) { return 0; } } print(C() == C())`:                        "false",
		`print(typeof blob() + type(blob()))`:                                                 "blobmeta",
		`print(castf2i(1.0) + " " + (blob(2).len()))`:                                         "1065353216 2",
		`foreach (k, v in { z = 1, y = 2, x = 3 }) print(k)`:                                  "zyx",
		`print({}); print({}); print([])`:                                                     "(table : 0x20000000)(table : 0x20000020)(array : 0x20000040)",
		`print("a" + null)`:                                                                   "anull",
		`function f() { throw "bad"; } f()`:                                                   "ERROR: bad\nERROR:   in f f.nut:1\nERROR:   in main f.nut:1\n",
		"#line 7 \"lib.nut\"\nx.y":                                                            "ERROR: the index 'x' does not exist\nERROR:   in main lib.nut:7\n",
		`throw { a = 1 }`:                                                                     "ERROR: unknown\nERROR:   in main f.nut:1\n",
		"local a = 1;\nlocal b =":                                                             "COMPILE f.nut:2:10: expression expected\n",
		`seterrorhandler(function(e) { print("handled " + e); }); throw "x"`:                  "handled x",
		`local t = {}; t.self <- t; t.list <- [t]; print(t.self.list[0].len())`:               "2",
		`function g() { yield 1; } local a = g(); print(typeof a); foreach (v in a) print(v)`: "generator1",
		`date(0)`: "",
		`local d = date(86400); print(d.year + " " + d.month + " " + d.day + " " + d.wday)`: "1970 0 2 5",
	} {
		if got := outcome(t, "f.nut", source); got != want {
			t.Errorf("%s\n got %q\nwant %q", source, got, want)
		}
	}
}

// small are limits at which a program that asks for too much ends soon.
func small() *VM {
	return New(Config{MaxDepth: 100, MaxMemory: 1 << 20, MaxSteps: 400_000, MaxSource: 10_000})
}

func TestLimits(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]error{
		`while (true) {}`: ErrOutOfSteps,
		`for (;;) { try { throw 1; } catch (e) {} }`:            ErrOutOfSteps,
		`while (true) { try { while (true) {} } catch (e) {} }`: ErrOutOfSteps,
		`function f() { return f(); } f()`:                      ErrOutOfSteps,
		`local s = "x"; while (true) s += s`:                    ErrOutOfMemory,
		`local a = [1]; while (true) a.extend(a)`:               ErrOutOfMemory,
		`local t = {}; for (local i = 0;; i++) t[i] <- i`:       ErrOutOfMemory,
		`array(10000000)`: ErrOutOfMemory,
		`blob(4000000)`:   ErrOutOfMemory,
		`local b = blob(1); while (true) b.writeblob(b)`:    ErrOutOfMemory,
		`local f; while (true) { local g = f; f = @() g; }`: ErrOutOfMemory,
		`local s = "x"; for (local i = 0; i < 10; i++) s += s; while (true) { local t = []; for (local i = 0; i < 100; i++) t.append(s + i); }`: ErrOutOfSteps,
		`local kept = []; local s = ""; for (local i = 0; i < 1000; i++) s += "f(1);"; while (true) kept.append(compilestring(s))`:              ErrOutOfMemory,
		`while (true) { local a = array(1000, "x"); "" + a; }`:                                                                                  ErrOutOfMemory,
		`function f(...) { f.acall(vargv); } f.acall(array(1000))`:                                                                              ErrOutOfMemory,
		`while (true) compilestring("1")`:                 ErrOutOfSteps,
		`local a = array(3000, 0); while (true) a.sort()`: ErrOutOfSteps,
	} {
		vm := small()
		f, err := vm.Compile("f", source)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = vm.Run(t.Context(), f); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", source, err, want)
		}
	}
}

func TestDeepCallsAreErrorsOfTheProgram(t *testing.T) {
	t.Parallel()
	for _, source := range []string{
		`function f() { return 1 + f(); } f()`,
		`local a = [1]; local f; f = @(x) a.map(f); a.map(f)`,
		`class C { function _add(o) { return this + o; } } C() + 1`,
		`class C { function _get(k) { return this[k + 1]; } } C()[0]`,
		`class C { function _tostring() { return "" + this; } } "" + C()`,
		`class C { constructor() { C(); } } C()`,
		`local f; f = compilestring("return 1 + ::g()"); ::g <- f; f()`,
	} {
		vm := small()
		f, err := vm.Compile("f", source)
		if err != nil {
			t.Fatal(err)
		}
		_, err = vm.Run(t.Context(), f)
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(e.Text, "overflow") {
			t.Errorf("%s: %v", source, err)
		}
	}
}

func TestSourcesAreBounded(t *testing.T) {
	t.Parallel()
	for _, source := range []string{
		strings.Repeat("(", 5000), strings.Repeat("[", 5000), strings.Repeat("{", 5000), strings.Repeat("-", 5000) + "1",
		strings.Repeat("if(1)", 1000), strings.Repeat("@()", 1000), strings.Repeat("a?", 1000), strings.Repeat("x=", 1000) + "1",
		strings.Repeat(" ", 10_001), strings.Repeat("local a;", 1100), "f(" + strings.Repeat("1,", 1100) + "1)",
	} {
		var e *CompileError
		if _, err := small().Compile("f", source); !errors.As(err, &e) {
			t.Errorf("%.20s: %v", source, err)
		}
	}
}

func TestChainsAreBounded(t *testing.T) {
	t.Parallel()
	for _, link := range []string{"+1", ".b", "()", "&&a", " in a", "[0]"} {
		var e *CompileError
		if _, err := New(Config{}).Compile("f", "a"+strings.Repeat(link, 30_000)); !errors.As(err, &e) {
			t.Errorf("%s: %v", link, err)
		}
		if _, err := New(Config{}).Compile("f", "a"+strings.Repeat(link, 300)); err != nil {
			t.Errorf("%s: %v", link, err)
		}
	}
}

func TestContextEndsProgram(t *testing.T) {
	t.Parallel()
	vm := New(Config{})
	f, err := vm.Compile("f", `while (true) {}`)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(time.Millisecond, cancel)
	if _, err := vm.Run(ctx, f); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if v, err := vm.Call(t.Context(), vm.Root().GetString("format"), Null, String("%d"), Int(5)); err != nil || v != String("5") {
		t.Error(v, err)
	}
}

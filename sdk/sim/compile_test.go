package sim

import (
	"fmt"
	"testing"
)

func TestCompile(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]string{
		"":                                "",
		`local a = {b = [1, (2)]}; // "(`: "",
		"# \"open\n/* { ' */ x":           "",
		`local v = @"say ""hi"" (";`:      "",
		"local v = @\"two\nlines\"; local c = 'x';": "",
		`local s = "a\"b\\";`:                       "",
		"i++":                                       "",
		"class A </ x = 1 /> { }":                   "",
		"ünïcode <- 1":                              "",
		"f(":                                        "1:3 expected ')' f",
		"{\n  [\n}":                                 "3:1 unexpected '}' f",
		"}":                                         "1:1 unexpected '}' f",
		"x = \"a\nb\"":                              "1:5 unfinished string f",
		"x = @\"a\nb":                               "1:5 unfinished string f",
		"x = 'a":                                    "1:5 unfinished string f",
		"\n /* x":                                   "2:2 missing \"*/\" in comment f",
		"// nothing else\n\n/":                      "3:2 expression expected f",
		"local x =":                                 "1:10 expression expected f",
		"#line 7 \"lib.nut\"\n\n)":                  "8:1 unexpected ')' lib.nut",
		"#line nonsense\n)":                         "2:1 unexpected ')' f",
		"#line 3\n)":                                "3:1 unexpected ')' f",
	} {
		got := ""
		for _, e := range compile("f", src) {
			got = fmt.Sprintf("%d:%d %s %s", e.Row, e.Column, e.Text, e.File)
		}
		if got != want {
			t.Errorf("%q: %q, want %q", src, got, want)
		}
	}
}

func FuzzCompile(f *testing.F) {
	for _, s := range []string{"", "\"", "'\\", "@\"", "/*", "#line", "#line 9", "{[(", "\\", "é\""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		for _, e := range compile("f", src) {
			if e.Text == "" || e.File == "" || e.Column < 1 {
				t.Errorf("%+v", e)
			}
		}
		literals(src, "server")
	})
}

func TestLiterals(t *testing.T) {
	t.Parallel()
	src := `server.log("a\tb"); // server.log("comment")
		server . error ( @"v""w" ); server.log("a" + b); other.log("x"); server.log(x);
		local s = "server.log(\"in a string\")";`
	got := fmt.Sprint(literals(src, "agent"))
	if want := fmt.Sprint([]LogEntry{{Type: "agent.log", Msg: "a\tb"}, {Type: "agent.error", Msg: `v"w`}}); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestMatchPath(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		pattern, path string
		want          bool
	}{
		{"/devices", "/devices", true},
		{"/devices", "/devices/1", false},
		{"/devices/*", "/devices/1", true},
		{"/devices/*", "/devices/1/logs", false},
		{"/devices/*/logs", "/devices/1/logs", true},
		{"/devices/**", "/devices/1/logs", true},
		{"**", "", true},
		{"*", "/", false},
		{"/d*s", "/devices", true},
		{"", "/x", false},
	} {
		if got := matchPath(test.pattern, test.path); got != test.want {
			t.Errorf("%s on %s: %v", test.pattern, test.path, got)
		}
	}
}

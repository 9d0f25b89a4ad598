package sim

import (
	"fmt"
	"testing"
)

func TestCompile(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]string{
		"":                                     "",
		`local a = {b = [1, (2)]}; // "(`:      "",
		"# \"open\n/* { ' */ x":                "",
		"i <- 0; i++; class A </ x = 1 /> { }": "",
		"return __EI.PRODUCT_ID + __VARS.x":    "",
		"#require \"Promise.lib.nut:4.0.0\"":   "",
		"#require \"None.lib.nut:1.0.0\"":      "",
		"f(":                                   "1:2 expression expected f",
		"}":                                    "1:1 expression expected f",
		"x = \"a\nb\"":                         "1:6 newline in a constant f",
		"local x =":                            "1:9 expression expected f",
		"#line 7 \"lib.nut\"\n\n)":             "8:2 expression expected lib.nut",
		"#line nonsense\n)":                    "2:2 expression expected f",
		"#line 3\n)":                           "3:2 expression expected f",
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

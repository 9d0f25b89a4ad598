package output

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

func show(t *testing.T, m Mode, doc string, cuts ...*pluginv1.Cut) string {
	t.Helper()
	r := newRecord(m)
	require.NoError(t, r.Show([]byte(doc), cuts...))
	return r.out.String()
}

func TestTree(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ doc, want string }{
		"values begin in one column": {
			`{"Product":{"id":"30f","name":"Kitchen","description":""}}`,
			"Product: \n  id:          30f\n  name:        Kitchen\n  description: \n",
		},
		"nested keys count for the column": {
			`{"Device Group":{"id":"1","env_vars":{"mode":"dev","level":3}}}`,
			"Device Group: \n  id:       1\n  env_vars: \n    mode:  dev\n    level: 3\n",
		},
		"empty values keep the blanks": {
			`{"P":{"a":"","longer":"x"}}`,
			"P: \n  a:      \n  longer: x\n",
		},
		"scalars": {
			`{"P":{"t":true,"f":false,"n":null,"x":-1.50,"y":1e21,"z":2.0}}`,
			"P: \n  t: true\n  f: false\n  n: null\n  x: -1.5\n  y: 1e+21\n  z: 2\n",
		},
		"an inline list": {
			`{"P":{"tags":["v1",null,2,true,["a","b"]]}}`,
			"P: \n  tags: v1, , 2, true, a,b\n",
		},
		"an object in an inline list": {
			`{"P":{"l":["v1",{"a":1}]}}`,
			"P: \n  l: v1, {\"a\":1}\n",
		},
		"empty ones": {
			`{"P":{"list":[],"object":{}}}`,
			"P: \n  list: \n    -\n  object: \n",
		},
		"a list of entities": {
			`{"P":{"Devices":[{"Device":{"id":"1"}},{"Device":{"id":"2"}}]}}`,
			"P: \n  Devices: \n    Device: \n      id: 1\n    Device: \n      id: 2\n",
		},
		"lists in a list": {
			`{"P":{"l":[["a","b"],[],["c\nd"]]}}`,
			"P: \n  l: \n    a, b\n    -\n    \"\"\"\n      c\n      d\n    \"\"\"\n",
		},
		"lines": {
			`{"P":{"code":"server.log();\n  x\n"}}`,
			"P: \n  code: \n    \"\"\"\n      server.log();\n        x\n      \n    \"\"\"\n",
		},
		"whole numbers as keys": {
			`{"P":{"b":1,"10":2,"2":3,"01":4,"-1":5,"4294967294":6,"4294967295":7}}`,
			"P: \n  2:          3\n  10:         2\n  4294967294: 6\n  b:          1\n  01:         4\n  -1:         5\n  4294967295: 7\n",
		},
		"width is counted in UTF-16": {
			`{"P":{"a😀b":1,"日本":2,"abcd":3}}`,
			"P: \n  a😀b: 1\n  日本:   2\n  abcd: 3\n",
		},
		"a repeated key":       {`{"P":{"a":1,"b":2,"a":3}}`, "P: \n  a: 3\n  b: 2\n"},
		"a list":               {`[{"P":{"a":1}},{"P":{"a":2}}]`, "P: \n  a: 1\nP: \n  a: 2\n"},
		"a list of words":      {`["a","b"]`, "a, b\n"},
		"an empty list":        {`[]`, ""},
		"an empty object":      {`{}`, ""},
		"null":                 {`null`, ""},
		"an entity of nothing": {`{"P":{}}`, "P: \n"},
		"controls in a pipe":   {`{"P":{"a":"\u001b[1m\r\tx"}}`, "P: \n  a: \x1b[1m\r\tx\n"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, test.want, show(t, Text, test.doc))
			require.Equal(t, test.want, show(t, Debug, test.doc))
		})
	}
	require.Equal(t, "P: \n  tags: a,b\n", show(t, Minimal, `{"P":{"tags":["a","b"]}}`))
}

func TestLongAttributesAreCut(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 513)
	cutText := strings.Repeat("x", 512) + "\n%    ..."
	block := func(indent string) string {
		return indent + "\"\"\"\n" + indent + "  " + strings.ReplaceAll(cutText, "%    ", indent+"  ") + "\n" + indent + "\"\"\"\n"
	}
	tests := map[string]struct{ doc, want string }{
		"an attribute":       {`{"P":{"a":"` + long + `"}}`, "P: \n  a: \n" + block("    ")},
		"a related entity's": {`{"P":{"Owner":{"a":"` + long + `"}}}`, "P: \n  Owner: \n    a: \n" + block("      ")},
		"one of a list's":    {`{"P":{"Devices":[{"Device":{"a":"` + long + `"}}]}}`, "P: \n  Devices: \n    Device: \n      a: \n" + block("        ")},
		"a vendor's own":     {`{"report":{"a":"` + long + `"}}`, "report: \n  a: \n" + block("    ")},
		"a value in an attribute": {
			`{"P":{"env_vars":{"a":"` + long + `"}}}`, "P: \n  env_vars: \n    a: " + long + "\n",
		},
		"a named value in an attribute": {
			`{"P":{"env_vars":{"A":{"b":"` + long + `"}}}}`, "P: \n  env_vars: \n    A: \n      b: " + long + "\n",
		},
		"not too long": {`{"P":{"a":"` + long[1:] + `"}}`, "P: \n  a: " + long[1:] + "\n"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, test.want, show(t, Text, test.doc))
			require.Equal(t, test.want, show(t, Minimal, test.doc))
			require.Contains(t, show(t, JSON, test.doc), long[1:])
		})
	}
}

func TestShorten(t *testing.T) {
	t.Parallel()
	x := func(n int) string { return strings.Repeat("x", n) }
	tests := map[string]struct{ in, want string }{
		"bytes are not units":          {strings.Repeat("é", 512), strings.Repeat("é", 512)},
		"two units each":               {strings.Repeat("😀", 256), strings.Repeat("😀", 256)},
		"one more of two units":        {strings.Repeat("😀", 257), strings.Repeat("😀", 256) + "\n..."},
		"a character on the border":    {x(511) + "😀", x(511) + "\ufffd\n..."},
		"a character up to the border": {x(510) + "😀", x(510) + "😀"},
		"one more":                     {x(510) + "😀x", x(510) + "😀\n..."},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, test.want, shorten(test.in))
		})
	}
}

func TestCuts(t *testing.T) {
	t.Parallel()
	doc := `{"P":{"Groups":[{"G":{"Devices":[{"Device":{"id":1}},{"Device":{"id":2}},{"Device":{"id":3}}]}}]}}`
	devices := func(keep int32, noun string) *pluginv1.Cut {
		return &pluginv1.Cut{Key: "Devices", Keep: keep, Noun: noun}
	}
	head := "P: \n  Groups: \n    G: \n      Devices: \n        Device: \n          id: 1\n"
	require.Equal(t, head+"        ... 2 more Device(s)\n", show(t, Text, doc, devices(1, "Device")))
	require.Equal(t, head+"        ... 2 more Device(s)\n", show(t, Minimal, doc, devices(1, "")))
	require.Equal(t, show(t, Text, doc), show(t, Text, doc, devices(3, "Device")))
	require.Equal(t, show(t, JSON, doc), show(t, JSON, doc, devices(1, "Device")))
	require.Equal(t, "P: \n  Groups: \n    G: \n      Devices: ... 3 more Device(s)\n", show(t, Text, doc, devices(0, "Device")))
	require.Equal(t, show(t, Text, doc, devices(0, "Device")), show(t, Text, doc, devices(-7, "Device")))
	require.Equal(t, "l: ... 2 more item(s)\n", show(t, Text, `{"l":[1,2]}`, &pluginv1.Cut{Key: "l"}))
}

func TestColours(t *testing.T) {
	t.Parallel()
	doc := []byte(`{"Product":{"id":"1","Corrupted Device Group":{"id":"2","l":["a"]}}}`)
	coloured := "\x1b[32mProduct: \x1b[39m\n  \x1b[32mid: \x1b[39m                    1\n" +
		"  \x1b[31mCorrupted Device Group: \x1b[39m\n" +
		"    \x1b[31mid: \x1b[39m\x1b[31m2\x1b[39m\n    \x1b[31ml: \x1b[39m \x1b[31ma\x1b[39m\n"
	flat := "Product: \n  id:                     1\n  Corrupted Device Group: \n    id: 2\n    l:  a\n"
	tests := map[string]struct {
		mode   Mode
		change func(*Options)
		want   string
	}{
		"a terminal":          {Text, onTerminal, coloured},
		"a terminal in debug": {Debug, onTerminal, coloured},
		"minimal":             {Minimal, onTerminal, flat},
		"a pipe":              {Text, func(o *Options) { o.Term = "xterm" }, flat},
		"NO_COLOR":            {Text, func(o *Options) { onTerminal(o); o.NoColor = "1" }, flat},
		"dumb":                {Text, func(o *Options) { onTerminal(o); o.Term = "dumb" }, flat},
		"a console that is":   {Text, func(o *Options) { onTerminal(o); o.Stdout.Dumb = true }, flat},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRecord(test.mode, test.change)
			require.NoError(t, r.Show(doc))
			require.Equal(t, test.want, r.out.String())
		})
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ doc, want string }{
		"whole numbers as keys come first": {`{"b":1,"2":[{"z":1,"0":2}]}`, "{\n  \"2\": [\n    {\n      \"0\": 2,\n      \"z\": 1\n    }\n  ],\n  \"b\": 1\n}\n"},
		"empty ones":                       {`{"a":{},"b":[]}`, "{\n  \"a\": {},\n  \"b\": []\n}\n"},
		"characters":                       {`{"a":"é/<\u2028\u0001\n"}`, "{\n  \"a\": \"é/<\u2028\\u0001\\n\"\n}\n"},
		"a scalar":                         {`1.50`, "1.5\n"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, test.want, show(t, JSON, test.doc))
		})
	}
}

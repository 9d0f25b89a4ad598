package resolve

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMembers(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]map[string]string{
		``:                                     {},
		`[1]`:                                  {},
		`{}`:                                   {},
		`{"a":1}`:                              {"a": `1`},
		` { "a" : [1,{"b":"]}"}] , "c" : {} }`: {"a": `[1,{"b":"]}"}]`, "c": `{}`},
		`{"a":"x\"}","b":-1.5e3,"c":null}`:     {"a": `"x\"}"`, "b": `-1.5e3`, "c": `null`},
		`{"\u0061":true}`:                      {"a": `true`},
		`{"é\\":"\\"}`:                         {`é\`: `"\\"`},
		`{"a":1,"a":2}`:                        {"a": `2`},
		// What no decoder lets through must do no harm.
		`{"a"`: {}, `{"a":`: {}, `{"a":}`: {}, `{"a":[`: {"a": `[`}, `{"a":1,`: {"a": `1`}, `{a:1}`: {}, `{"a" 1}`: {}, `{"a":"\`: {"a": `"\`},
	} {
		got := map[string]string{}
		for key, value := range members([]byte(text)) {
			got[string(key)] = string(value)
		}
		require.Equal(t, want, got, text)
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		`"a"`: "a", `""`: "", `"\u00e9\n"`: "é\n", "\"\xff\"": "\ufffd", `"\ud83d\ude00"`: "😀",
	} {
		got, ok := text([]byte(value))
		require.True(t, ok)
		require.Equal(t, want, got)
	}
	for _, value := range []string{``, `1`, `null`, `["a"]`} {
		_, ok := text([]byte(value))
		require.False(t, ok)
	}
}

func FuzzMembers(f *testing.F) {
	for _, seed := range []string{
		`{"type":"product","id":"p","attributes":{"name":"\u00e9","tags":["a",{}]},"relationships":{"owner":{"id":"a"}}}`,
		"\t{ \"a\" :\n1 , \"b\" : [ 1 , 2 ] }", `{"a":"\\","b":{"c":"}"}}`, `{"a":tru`, `"`, `{"":0}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got := map[string][]byte{}
		for key, value := range members(text) {
			got[string(key)] = value
		}
		var want map[string]json.RawMessage
		if json.Unmarshal(text, &want) != nil {
			return
		}
		require.Len(t, got, len(want))
		for key, value := range want {
			require.Equal(t, string(bytes.TrimSpace(value)), string(got[key]))
		}
	})
}

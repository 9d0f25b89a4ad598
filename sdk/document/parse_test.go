package document_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/document"
)

func TestOrderAndNumbersSurvive(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`{"b":1,"a":{"d":[],"c":{}}}`:      `{"b":1,"a":{"d":[],"c":{}}}`,
		` [ 1 , 2.50 , -0 , 1e21, 1E-7 ] `: `[1,2.5,0,1e+21,1e-7]`,
		`{"a":1,"b":2,"a":3}`:              `{"a":3,"b":2}`,
		`"\u0041\n\/\u001f\ud83d\ude00"`:   `"A\n/\u001f😀"`,
		`12345678901234567890`:             `12345678901234567890`,
		"\t[true,false,null]\r\n":          `[true,false,null]`,
		`{"":""}`:                          `{"":""}`,
		"\"\u2028\"":                       "\"\u2028\"",
		`[[],{},"",{"x":[{"y":[]}]}]`:      `[[],{},"",{"x":[{"y":[]}]}]`,
	} {
		v, err := document.Parse([]byte(in))
		require.NoError(t, err, in)
		require.Equal(t, want, string(document.Encode(v)), in)
	}
}

func TestManyMembers(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	for i := range 100 {
		text.WriteString(`,"k` + strings.Repeat("x", i%60) + `":` + "1")
	}
	v, err := document.Parse([]byte("{" + text.String()[1:] + "}"))
	require.NoError(t, err)
	o, ok := v.(document.Object)
	require.True(t, ok)
	require.Len(t, o, 60)
}

func TestWhatIsNoJSONIsRefused(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"", " ", "{", "[1,]", "{\"a\"}", "tru", "1 2", "nul", "\"", "\"\\x\"", "[1}", "\xff"} {
		_, err := document.Parse([]byte(in))
		require.Error(t, err, in)
	}
	_, err := document.Parse([]byte(strings.Repeat("[", 5000) + strings.Repeat("]", 5000)))
	require.ErrorContains(t, err, "nested deeper")
	_, err = document.ParseObject([]byte("[]"))
	require.ErrorContains(t, err, "not an object")
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2.5,{"b":null}],"c":"\u00e9\\"}`, `[]`, `"x"`, ` -1.5e+10 `, "{\"a\":1,\"a\":2}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		v, err := document.Parse(text)
		if err != nil {
			return
		}
		require.True(t, json.Valid(text))
		compact := document.Encode(v)
		require.True(t, json.Valid(compact), "%s", compact)
		again, err := document.Parse(document.EncodeIndent(v))
		require.NoError(t, err)
		require.True(t, bytes.Equal(compact, document.Encode(again)))
	})
}

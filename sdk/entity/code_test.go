package entity_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/entity"
)

func TestLineMapsAreReadAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	code := entity.Code{
		"device_code": {{Line: 1, Source: "lib/a \"b\".nut", SourceLine: 7}, {Line: 3}},
		"agent_code":  nil,
	}
	text, err := code.Encode()
	require.NoError(t, err)
	again, err := entity.ParseCode(text)
	require.NoError(t, err)
	require.Equal(t, code, again)
}

func TestWhatIsNoLineMap(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                        "unexpected end",
		"[]":                      "cannot unmarshal",
		"{}":                      "version 0",
		`{"version":2,"code":{}}`: "version 2",
		`{"version":1,"code":{"device_code":[{"line":0}]}}`:                                       "not in order",
		`{"version":1,"code":{"device_code":[{"line":2},{"line":2}]}}`:                            "not in order",
		`{"version":1,"code":{"device_code":[{"line":1,"source":"a","sourceLine":-1}]}}`:          "not in order",
		`{"version":1,"code":{"device_code":[{"line":1,"source":"a","sourceLine":"the third"}]}}`: "cannot unmarshal",
	} {
		_, err := entity.ParseCode([]byte(text))
		require.ErrorContains(t, err, want, text)
	}
}

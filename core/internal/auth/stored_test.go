package auth

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAuthFiles(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		text string
		good bool
	}{
		"whole":             {`{"endpoint":"e","accessToken":"a","expiresAt":"2099-01-01T00:00:00.000Z","refreshToken":"r"}`, true},
		"no endpoint":       {`{"accessToken":"a","expiresAt":"2099-01-01T00:00:00Z"}`, true},
		"nulls":             {`{"endpoint":null,"accessToken":"a","expiresAt":"2099-01-01T00:00:00Z","loginKey":null}`, true},
		"milliseconds":      {`{"accessToken":"a","expiresAt":4070908800000}`, true},
		"empty":             {``, false},
		"null":              {`null`, false},
		"list":              {`[]`, false},
		"text":              {`"a"`, false},
		"cut":               {`{"accessToken":"a"`, false},
		"two":               {`{"accessToken":"a","expiresAt":"2099-01-01T00:00:00Z"}{}`, false},
		"object":            {`{}`, false},
		"no token":          {`{"expiresAt":"2099-01-01T00:00:00Z"}`, false},
		"empty token":       {`{"accessToken":"","expiresAt":"2099-01-01T00:00:00Z"}`, false},
		"token a number":    {`{"accessToken":7,"expiresAt":"2099-01-01T00:00:00Z"}`, false},
		"no time":           {`{"accessToken":"a"}`, false},
		"empty time":        {`{"accessToken":"a","expiresAt":""}`, false},
		"odd time":          {`{"accessToken":"a","expiresAt":"soon"}`, false},
		"time an object":    {`{"accessToken":"a","expiresAt":{}}`, false},
		"time a bool":       {`{"accessToken":"a","expiresAt":true}`, false},
		"endless time":      {`{"accessToken":"a","expiresAt":1e300}`, false},
		"key a list":        {`{"accessToken":"a","expiresAt":"2099-01-01T00:00:00Z","loginKey":["k"]}`, false},
		"endpoint a number": {`{"accessToken":"a","expiresAt":"2099-01-01T00:00:00Z","endpoint":1}`, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := parse([]byte(tc.text))
			require.Equal(t, tc.good, err == nil, err)
			require.NotEmpty(t, s.endpoint)
		})
	}
}

func TestTimesThatThePeerReads(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"2099-01-02T03:04:05.678Z", "2099-01-02T03:04:05Z", "2099-01-02T03:04:05+01:00", "2099-01-02T03:04:05+0100",
		"2099-01-02T03:04Z", "2099-01-02T03:04:05", "2099-01-02 03:04:05", "2099-01-02", "2099-01", "2099",
		"Fri, 02 Jan 2099 03:04:05 GMT",
	} {
		at, ok := parseTime(text)
		require.True(t, ok, text)
		require.Equal(t, 2099, at.Year(), text)
	}
	require.Equal(t, "2099-01-02T02:04:05.678Z",
		formatTime(time.Date(2099, 1, 2, 3, 4, 5, 678e6, time.FixedZone("", 3600))))
}

func FuzzAuthFile(f *testing.F) {
	for _, seed := range []string{
		``, `null`, `{}`, `{"endpoint":"e","accessToken":"a-secret","expiresAt":"2099-01-01T00:00:00.000Z","refreshToken":"r"}`,
		`{"accessToken":"a-secret","expiresAt":4070908800000,"x":{"y":[1.50,null]}}`, `{"accessToken":"a-secret"`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := parse(text)
		require.NotEmpty(t, s.endpoint)
		if err != nil {
			require.NotContains(t, err.Error(), "a-secret")
			return
		}
		require.NotEmpty(t, s.access)
		// What we write back is what we read.
		again, err := parse(s.encode())
		require.NoError(t, err)
		require.True(t, again.expires.Equal(s.expires))
		require.Equal(t, strings.ToValidUTF8(s.access, "\ufffd"), strings.ToValidUTF8(again.access, "\ufffd"))
		require.Len(t, again.doc, len(s.doc))
	})
}

package cli

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestContact(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "help@acme.example", "a.b+c@x-y.example.com", "https://acme.example", "https://acme.example:8443/issues?new=1"} {
		require.NoError(t, validateContact(s), s)
	}
	for _, s := range []string{
		"acme", "@acme.example", "a@b", "http://acme.example", "https://", "https://a b", "javascript:alert(1)",
		"help@acme.example\n", "help@acme.example and run curl evil.test", "\x1b[31m@acme.example",
		strings.Repeat("a", 200) + "@acme.example",
	} {
		require.Error(t, validateContact(s), s)
	}
}

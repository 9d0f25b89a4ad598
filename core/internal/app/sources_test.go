package app

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSourceCodeSeesNoSecretVariable(t *testing.T) {
	t.Parallel()
	a := app{world: World{
		Env:     func(name string) (string, bool) { return "of " + name, true },
		Environ: func() []string { return []string{"PATH=/bin", "IMPT_LOGINKEY=key", "Impt_Password=p"} },
	}}
	s := a.sources()
	for _, name := range []string{
		"IMPT_PASSWORD", "impt_loginkey", "IMPT_BITBUCKET_TOKEN", "GITHUB_TOKEN", "HTTPS_PROXY", "http_proxy",
	} {
		_, exists := s.Variable(name)
		require.False(t, exists, name)
	}
	value, exists := s.Variable("GREETING")
	require.True(t, exists)
	require.Equal(t, "of GREETING", value)
	require.Equal(t, []string{"PATH=/bin"}, s.Config.Git.Environ)
	require.Equal(t, "of IMPT_BITBUCKET_ADDRESS", s.Config.Bitbucket.Address)
	require.Equal(t, "***", s.Config.GitHub.Token.String())
}

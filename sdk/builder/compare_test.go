package builder_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/builder/buildertest"
)

// What the peer does with these sources was recorded; `make compare` asks it
// again.
func TestSourcesBecomeWhatTheyAlwaysBecame(t *testing.T) {
	t.Parallel()
	cases, err := buildertest.Load(os.DirFS("testdata/compare"), "*.txtar")
	require.NoError(t, err)
	require.Greater(t, len(cases), 300)
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.Want, c.Run(t.Context()), c.Text)
		})
	}
}

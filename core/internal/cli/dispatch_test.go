package cli

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

type key struct{}

// runLine runs a line as the program would and returns what it left behind.
func runLine(t *testing.T, line string, suggest bool) (code int, out, errs string, ran []*Invocation) {
	t.Helper()
	var stdout, stderr strings.Builder
	ctx := context.WithValue(t.Context(), key{}, "mine")
	code = Run(ctx, Input{
		Args:      words(line),
		Manifests: someGroups(t),
		Version:   "3.0.0",
		Width:     60,
		Out:       &stdout,
		Err:       &stderr,
		Suggest:   suggest,
		Run: func(ctx context.Context, i *Invocation) int {
			require.Equal(t, "mine", ctx.Value(key{}))
			ran = append(ran, i)
			return 42
		},
	})
	return code, stdout.String(), stderr.String(), ran
}

func TestRunRunsCommandsOnce(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"product list -o me", "-q product delete", "-- product list", "product info -p=-h", "product info -p=--version",
		"device update -d product -n 'product list'",
	} {
		code, out, errs, ran := runLine(t, line, true)
		require.Equal(t, 42, code, line)
		require.Empty(t, out, line)
		require.Empty(t, errs, line)
		require.Len(t, ran, 1, line)
		require.Contains(t, line, ran[0].Request.GetCommand())
	}
}

func TestRunPrintsWhatParseDecided(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"", "help", "--help", "-h -v", "product", "product -h", "product help", "product list --help", "product list x", "nosuch", "''",
		"--version", "-v", "nosuch -v", "--oops", "product nosuch", "product list --oops", "-x 'a b' nosuch",
	} {
		code, out, errs, ran := runLine(t, line, false)
		o := Parse(words(line), someGroups(t))
		require.Equal(t, o.Code(), code, line)
		require.Equal(t, o.Text("3.0.0", 60), out, line)
		require.Empty(t, errs, line)
		require.Empty(t, ran, line)
	}
}

func TestRunSuggestsToPeopleOnly(t *testing.T) {
	t.Parallel()
	code, out, errs, _ := runLine(t, "prodct list", true)
	require.Equal(t, 1, code)
	require.Equal(t, "Did you mean \"impt product\"?\n", errs)
	_, quiet, none, _ := runLine(t, "prodct list", false)
	require.Equal(t, out, quiet)
	require.Empty(t, none)
}

func TestSuggestions(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"prodct list":                  `Did you mean "impt product"?`,
		"porduct":                      `Did you mean "impt product"?`,
		"biuld list":                   `Did you mean "impt build"?`,
		"gd list":                      `Did you mean "impt dg"?`,
		"zebra":                        "",
		"x":                            "",
		"product lsit":                 `Did you mean "impt product list"?`,
		"product remove":               "",
		"product info --prodcut x":     `Did you mean "--product"?`,
		"product info --fulll":         `Did you mean "--full"?`,
		"product create --anme x":      `Did you mean "--name"?`,
		"product info --y":             "",
		"product info x":               "",
		"product list --help":          "",
		"product list":                 "",
		"product info --owner-id":      "",
		strings.Repeat("product", 999): "",
	} {
		require.Equal(t, want, Parse(words(line), someGroups(t)).Suggestion(), line)
	}
}

func TestRunWithNamesThatOnlyBegin(t *testing.T) {
	t.Parallel()
	all := []*pluginv1.Manifest{
		group("dg", "A.", cmd("list", "B.")),
		group("dg-x", "C.", cmd("list", "D."), cmd("list-all", "E.")),
		group("d", "F.", cmd("g", "G.")),
	}
	for _, line := range []string{"dg list", "dg-x list", "dg-x list-all", "d g"} {
		code := Run(t.Context(), Input{
			Args: words(line), Manifests: all, Out: &strings.Builder{},
			Run: func(_ context.Context, i *Invocation) int {
				require.Equal(t, line, i.Manifest.GetName()+" "+i.Command.GetName())
				return 7
			},
		})
		require.Equal(t, 7, code, line)
	}
}

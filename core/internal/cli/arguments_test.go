package cli

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

func TestHelpOfACommandWithArguments(t *testing.T) {
	t.Parallel()
	all := someGroups(t)
	m := all[slices.IndexFunc(all, func(m *pluginv1.Manifest) bool { return m.GetName() == "plugin" })]
	require.Equal(t, `
Usage: impt plugin install <SOURCE> [--as <name>] [<more>...] [--unsigned]
[--output <mode>] [--help]

Adds some.

Arguments:
  <SOURCE>  From where.                                      [string] [required]
  <more>    Others. (may be repeated several times)                      [array]

Options:
  --help, -h      Shows this text. The rest of the line does not count.[boolean]
  --as, -a        Its name.                                             [string]
  --unsigned, -u  Whoever made it.                                     [boolean]
  --output, -z    How to print.   [string] [choices: "minimal", "json", "debug"]
`, CommandHelp(m, m.GetCommands()[0], 0))
}

// What stands where among the words is what the plugin gets, whatever options
// stand between them.
func TestArgumentsByTheirPlace(t *testing.T) {
	t.Parallel()
	o := Parse(words("plugin install -a n first -u second -- --third"), someGroups(t))
	require.Equal(t, RunCommand, o.Kind, o.Error)
	got := map[string]any{}
	for _, v := range o.Invocation.Request.GetOptions() {
		got[v.GetName()] = v.GetText()
		if l := v.GetList(); l != nil {
			got[v.GetName()] = l.GetTexts()
		}
	}
	require.Equal(t, "first", got["source"])
	require.Equal(t, []string{"second", "--third"}, got["more"])
	require.Equal(t, "n", got["as"])
}

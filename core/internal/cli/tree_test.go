package cli

import (
	"testing"

	"github.com/stretchr/testify/require"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

func added(to, name string) *pluginv1.Command {
	return &pluginv1.Command{Name: name, Group: to, Synopsis: "Does " + name + "."}
}

func vendored(vendor string, m *pluginv1.Manifest) *pluginv1.Manifest {
	m.Vendor = vendor
	return m
}

// forest is a bundled group and three plugins that add to it, one of them to
// nothing else.
func forest() []*pluginv1.Manifest {
	return []*pluginv1.Manifest{
		group("build", "Code.", added("", "run"), added("", "list")),
		vendored("acme", group("stamp", "Stamps.", added("build", "stamp"), added("build", "run"), added("", "show"))),
		vendored("zeta", group("more", "More.", added("build", "stamp"), added("build", "count"), added("absent", "x"))),
		vendored("zeta", group("stamp", "Other stamps.", added("", "show"))),
	}
}

func TestCommandsOfStrangers(t *testing.T) {
	t.Parallel()
	all := forest()
	for line, want := range map[string]string{
		"build run":                "build run",
		"build stamp":              "acme/stamp build stamp",
		"build count":              "zeta/more build count",
		"stamp show":               "acme/stamp show",
		"zeta/stamp show":          "zeta/stamp show",
		"acme/stamp show":          "acme/stamp show",
		"acme/stamp build run":     "acme/stamp build run",
		"acme/stamp build stamp":   "acme/stamp build stamp",
		"zeta/more build stamp":    "zeta/more build stamp",
		"zeta/more absent x":       "zeta/more absent x",
		"--help=false build stamp": "acme/stamp build stamp",

		"stamp stamp":              "",
		"more count":               "",
		"absent x":                 "",
		"acme/stamp build":         "",
		"acme/stamp build list":    "",
		"acme/stamp build stamp x": "",
		"acme/stam build stamp":    "",
		"buil stamp":               "",
		"build stam":               "",
		"b stamp":                  "",
		"/stamp show":              "",
		"acme/ show":               "",
	} {
		o := Parse(words(line), all)
		got := ""
		if o.Kind == RunCommand {
			got = identity(o.Manifest) + " "
			if g := o.Invocation.Request.GetGroup(); g != "" {
				got += g + " "
			} else if o.Manifest.GetVendor() == "" {
				got = "build "
			}
			got += o.Invocation.Request.GetCommand()
			require.Same(t, o.Manifest, o.Invocation.Manifest)
		}
		require.Equal(t, want, got, line)
	}
}

func TestHelpsNameTheOwner(t *testing.T) {
	t.Parallel()
	all := forest()
	require.Equal(t, `
Usage: impt build <command> [options]

Code.

Commands:
  impt build count  Does count. (zeta/more)
  impt build list   Does list.
  impt build run    Does run.
  impt build stamp  Does stamp. (acme/stamp)

Options:
  --help, -h  Shows this text. The rest of the line does not count.    [boolean]
`, Parse(words("build --help"), all).Help(0))
	require.Contains(t, Parse(words("build count -h"), all).Help(0), `
Usage: impt build count [--help]

Does count.

This command was added by plugin "zeta/more".
`)
	require.Contains(t, Parse(words("acme/stamp"), all).Help(0), `
Commands:
  impt acme/stamp build run    Does run.
  impt acme/stamp build stamp  Does stamp.
  impt acme/stamp show         Does show.
`)
	require.Contains(t, Parse(words("zeta/more build stamp -h"), all).Help(0), "Usage: impt zeta/more build stamp [--help]\n")
	root := Parse(words("--help"), all).Help(0)
	require.NotContains(t, root, "impt more", "it has no group of its own")
	require.Contains(t, root, "  impt stamp  Stamps.\n")
	require.NotContains(t, root, "Other stamps")
}

func TestNobodyTakesAnotherPlace(t *testing.T) {
	t.Parallel()
	said := make([]string, 0, 4)
	for _, c := range Conflicts(forest()) {
		said = append(said, c.String())
	}
	require.Equal(t, []string{
		`plugin "acme/stamp" cannot add "run" to the group build, which has it from plugin "build"; it is reached as: impt acme/stamp build run`,
		`plugin "zeta/more" cannot add "stamp" to the group build, which has it from plugin "acme/stamp"; it is reached as: impt zeta/more build stamp`,
		`plugin "zeta/more" cannot add "x" to the group absent, which there is not; it is reached as: impt zeta/more absent x`,
		`plugin "zeta/stamp" cannot have the group stamp, which is that of plugin "acme/stamp"; it is reached as: impt zeta/stamp`,
	}, said)
	require.Empty(t, Conflicts(forest()[:1]))

	o := Parse(words("build stamp"), forest())
	require.Len(t, o.Conflicts(), 1)
	require.Len(t, Parse(words("build"), forest()).Conflicts(), 2)
	require.Len(t, Parse(words("stamp show"), forest()).Conflicts(), 1)
	require.Empty(t, Parse(words("build list"), forest()).Conflicts())
	require.Empty(t, Parse(words("acme/stamp build run"), forest()).Conflicts())
	require.Empty(t, Parse(words("--help"), forest()).Conflicts())
}

func TestPlacesThatNobodyMayHave(t *testing.T) {
	t.Parallel()
	for want, commands := range map[string][]*pluginv1.Command{
		"nothing can be added to the group auth":                          {added("auth", "x")},
		"nothing can be added to the group plugin":                        {added("plugin", "x")},
		"the command x is added to the plugin's own group":                {added("stamp", "x")},
		"build is both a command and a group to which commands are added": {added("build", "x"), added("", "build")},
		"the name x occurs twice in the group build":                      {added("build", "x"), added("build", "x")},
		`"Build" is no name of a group`:                                   {added("Build", "x")},
		`"acme/build" is no name of a group`:                              {added("acme/build", "x")},
		`"help" is no name of a group`:                                    {added("help", "x")},
		"the name help is reserved":                                       {added("build", "help")},
	} {
		require.ErrorContains(t, Validate(group("stamp", "", commands...)), want)
	}
	require.NoError(t, Validate(group("stamp", "", added("build", "x"), added("", "x"), added("device", "x"))))
}

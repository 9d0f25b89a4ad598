package cli

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// The last word of a line is the cursor's; it is empty after a blank.
func TestComplete(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"":                              "product dg auth build project log device test plugin",
		"pro":                           "product project",
		"-":                             "--help --version",
		"--v":                           "--version",
		"nothing ":                      "",
		"product ":                      "create delete info list",
		"product -":                     "--help",
		"product l":                     "list",
		"product nothing ":              "",
		"-q product delete --f":         "--force",
		"product delete ":               "--help --product --force --confirmed --output",
		"product delete --f":            "--force",
		"product delete -f ":            "true false --help --product --confirmed --output",
		"product delete -f t":           "true",
		"product delete -f --c":         "--confirmed",
		"product delete -f -q --o":      "--output",
		"product delete --no-force ":    "--help --product --confirmed --output",
		"product delete --product x ":   "--help --force --confirmed --output",
		"product delete -z ":            "minimal json debug",
		"product delete -z j":           "json",
		"product delete --output=":      "minimal json debug",
		"product delete --output=m":     "minimal",
		"product delete --unknown=m":    "",
		"product delete -- ":            "",
		"product create ":               "--name --help --descr --output",
		"product create --name ":        "",
		"product create --name - ":      "--help --descr --output",
		"product list --owner me ":      "--help --owner --output",
		"dg list --dg-type pre-f":       "pre-factory",
		"dg list --dgType pre-f":        "pre-factory",
		"build update -f ":              "true false --help --build --tag --output",
		"product list --owner x extra ": "--help --owner --output",
	}
	for line, want := range cases {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			words := strings.Split(line, " ")
			last := len(words) - 1
			var found []string
			for _, c := range Complete(words[:last], words[last], someGroups(t)).Candidates {
				found = append(found, c.Word)
			}
			if found != nil && !strings.Contains(want, " ") {
				require.Equal(t, []string{want}, found)
				return
			}
			require.Equal(t, strings.Fields(want), append([]string{}, found...))
		})
	}
}

func TestWhoseValueIsCompleted(t *testing.T) {
	t.Parallel()
	file := opt(text, "code", "c", "<file>", "A file.", func(o *pluginv1.Option) {
		o.Role = pluginv1.ValueRole_VALUE_ROLE_INPUT_FILE
	})
	all := []*pluginv1.Manifest{group("build", "", cmd("deploy", "", file, product()))}
	for line, want := range map[string]Completion{
		"build deploy -c ":       {Files: true, Option: file},
		"build deploy --code=a":  {Files: true, Option: file, Before: "--code="},
		"build deploy -c=a":      {Files: true, Option: file, Before: "-c="},
		"build deploy -p My":     {Option: all[0].Commands[0].Options[1]},
		"build deploy -c x -p ":  {Option: all[0].Commands[0].Options[1]},
		"build deploy -c x nope": {},
	} {
		words := strings.Split(line, " ")
		c := Complete(words[:len(words)-1], words[len(words)-1], all)
		require.Equal(t, want.Files, c.Files, line)
		require.Equal(t, want.Before, c.Before, line)
		require.Same(t, want.Option, c.Option, line)
	}
}

func TestArgumentsAreCompleted(t *testing.T) {
	t.Parallel()
	argument := func(kind pluginv1.OptionKind, name string, changes ...change) *pluginv1.Option {
		return opt(kind, name, "", "", "", append(changes, func(o *pluginv1.Option) { o.Positional = true })...)
	}
	color := argument(text, "color", required, oneOf("red green"))
	files := argument(list, "files", func(o *pluginv1.Option) { o.Role = pluginv1.ValueRole_VALUE_ROLE_INPUT_FILE })
	all := []*pluginv1.Manifest{group("paint", "", cmd("all", "", opt(flag, "dry", "d", "", ""), color, files))}
	for line, want := range map[string]Completion{
		"paint all ":             {Option: color},
		"paint all -d true r":    {Option: color},
		"paint all red ":         {Option: files, Files: true},
		"paint all red a -d b":   {Option: files, Files: true},
		"paint all red a -z min": {Option: all[0].Commands[0].Options[3]},
		"paint all -":            {},
	} {
		words := strings.Split(line, " ")
		c := Complete(words[:len(words)-1], words[len(words)-1], all)
		require.Same(t, want.Option, c.Option, line)
		require.Equal(t, want.Files, c.Files, line)
	}
	found := Complete([]string{"paint", "all"}, "", all).Candidates
	require.Equal(t, []Candidate{{"red", ""}, {"green", ""}, {"--help", helpText}, {"--dry", ""}, {"--output", "How to print."}}, found)
}

func FuzzComplete(f *testing.F) {
	for _, line := range []string{"product delete -f -", "dg list --dg-type=", "build - -- -z", "auth login -k"} {
		f.Add(line)
	}
	all := someGroups(f)
	f.Fuzz(func(t *testing.T, line string) {
		words := strings.Split(line, " ")
		last := words[len(words)-1]
		c := Complete(words[:len(words)-1], last, all)
		if !strings.HasPrefix(last, c.Before) {
			t.Fatalf("%q is not before %q", c.Before, last)
		}
		for _, one := range c.Candidates {
			if !strings.HasPrefix(c.Before+one.Word, last) {
				t.Fatalf("%q does not go on with %q", last, c.Before+one.Word)
			}
		}
	})
}

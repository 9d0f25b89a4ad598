package cli

import (
	"testing"

	"github.com/stretchr/testify/require"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

func lamps() *pluginv1.Manifest {
	dim := cmd("dim", "Makes a lamp darker.",
		opt(text, "lamp", "l", "<LAMP>", "Which lamp.", required),
		opt(numeric, "level", "v", "<percent>", "How bright it shall be afterwards, in percent of what it can do.", normally("50")))
	paint := cmd("paint", "Changes the colour.",
		opt(list, "colour", "c", "<colour>", "Which colour it takes next.", required,
			oneOf("red orange yellow green turquoise blue violet")),
		opt(list, "pattern", "p", "<pattern>", "Where.", normally("*.a", "b/**")),
		opt(boolean, "fade", "f", "[true|false]", "Slowly.", normally("false")),
		opt(optional, "sound", "s", "[<file>]", "What it plays meanwhile, exactly here it is full..."))
	m := group("lamp", "Lamps and what they can do.", dim, paint)
	m.Commands[0], m.Commands[1] = m.Commands[1], m.Commands[0]
	m.Description = "Lamps and what they can do.\n\nThey hang from the ceiling."
	return m
}

func TestHelpOfACommand(t *testing.T) {
	t.Parallel()
	m := lamps()
	require.Equal(t, `
Usage: impt lamp dim --lamp <LAMP> [--level <percent>] [--output <mode>]
[--help]

Makes a lamp darker.

Options:
  --help, -h    Shows this text. The rest of the line does not count.  [boolean]
  --lamp, -l    Which lamp.                                  [string] [required]
  --level, -v   How bright it shall be afterwards, in percent of what it can do.
                                                          [number] [default: 50]
  --output, -z  How to print.     [string] [choices: "minimal", "json", "debug"]
`, CommandHelp(m, m.GetCommands()[1], 80))

	require.Equal(t, `
Usage: impt lamp paint --colour <colour> [--pattern <pattern>] [--fade
[true|false]] [--sound [<file>]] [--output <mode>] [--help]

Changes the colour.

Options:
  --help, -h     Shows this text. The rest of the line does not count. [boolean]
  --colour, -c   Which colour it takes next. (may be repeated several times)
   [array] [required] [choices: "red", "orange", "yellow", "green", "turquoise",
                                                               "blue", "violet"]
  --pattern, -p  Where. (may be repeated several times)
                                               [array] [default: ["*.a","b/**"]]
  --fade, -f     Slowly.                              [boolean] [default: false]
  --sound, -s    What it plays meanwhile, exactly here it is full...    [string]
  --output, -z   How to print.    [string] [choices: "minimal", "json", "debug"]
`, CommandHelp(m, m.GetCommands()[0], 0))
}

func TestHelpOfACommandOnNarrowTerminals(t *testing.T) {
	t.Parallel()
	m := lamps()
	require.Equal(t, `
Usage: impt lamp dim --lamp <LAMP>
[--level <percent>] [--output <mode>]
[--help]

Makes a lamp darker.

Options:
  --help, -h    Shows this text. The
                rest of the line does
                not count.     [boolean]
  --lamp, -l    Which lamp.
                     [string] [required]
  --level, -v   How bright it shall be
                afterwards, in percent
                of what it can do.
                  [number] [default: 50]
  --output, -z  How to print.
   [string] [choices: "minimal", "json",
                                "debug"]
`, CommandHelp(m, m.GetCommands()[1], 40))

	require.Equal(t, `
Usage: impt lamp
<command> [options]

Lamps and what they can
do.

They hang from the
ceiling.

Commands:
  impt lamp     Makes a
  dim           lamp
                darker.
  impt lamp     Changes
  paint         the
                colour.

Options:
  --help, -h  Shows this
              text. The
              rest of
              the line
              does not
              count.
               [boolean]
`, GroupHelp(m, 24))
}

func TestHelpOfTheRootListsGroupsByName(t *testing.T) {
	t.Parallel()
	zoo := group("a-zoo", "Animals of a \x1b[31mvendor.")
	require.Equal(t, `
Usage: impt <command> [options]

Commands:
  impt a-zoo  Animals of a \x1b[31mvendor.
  impt lamp   Lamps and what they can do.

Options:
  --version, -v  Shows the version of impt.                            [boolean]
  --help, -h     Shows this text.                                      [boolean]
`, RootHelp([]*pluginv1.Manifest{lamps(), zoo}, 200))
}

func TestHelpCountsColumnsNotCharacters(t *testing.T) {
	t.Parallel()
	m := group("lamp", "明かり", cmd("dim", "暗くする。",
		opt(text, "lamp", "l", "<ランプ>", "どのランプを暗くするか、その名前を書いてください。"),
		opt(text, "name", "n", "<e\u0301>", "e\u0301te\u0301 caf\u00e9")))
	require.Equal(t, `
Usage: impt lamp dim [--lamp
<ランプ>] [--name <é>] [--output
<mode>] [--help]

暗くする。

Options:
  --help, -h    Shows this text.
                The rest of the
                line does not
                count. [boolean]
  --lamp, -l    どのランプを暗く
                するか、その名前
                を書いてください
                。      [string]
  --name, -n    été café[string]
  --output, -z  How to print.
   [string] [choices: "minimal",
                "json", "debug"]
`, CommandHelp(m, m.GetCommands()[0], 32))
}

func TestUsageGroupsExclusiveOptions(t *testing.T) {
	t.Parallel()
	options := func() []*pluginv1.Option {
		return []*pluginv1.Option{
			opt(text, "endpoint", "e", "<url>", ""), opt(text, "user", "u", "<user>", ""),
			opt(text, "pwd", "w", "<password>", ""), opt(text, "lk", "k", "<key>", ""),
			opt(flag, "temp", "t", "", ""), opt(text, "hint", "i", "<hint>", ""),
		}
	}
	for name, tc := range map[string]struct {
		rules []*pluginv1.Rule
		want  string
	}{
		"requires alone": {
			[]*pluginv1.Rule{rule(requires, "pwd user")},
			"[--endpoint <url>] [--user <user>] [--pwd <password>] [--lk <key>] [--temp] [--hint <hint>] [--help]",
		},
		"exclusive": {
			[]*pluginv1.Rule{rule(exclusive, "user lk")},
			"[--endpoint <url>] [--user <user> | --lk <key>] [--pwd <password>] [--temp] [--hint <hint>] [--help]",
		},
		"with companions": {
			[]*pluginv1.Rule{rule(exclusive, "user lk"), rule(requires, "pwd user"), rule(requires, "hint user")},
			"[--endpoint <url>] [--user <user> [--pwd <password>] [--hint <hint>] | --lk <key>] [--temp] [--help]",
		},
		"place of the first": {
			[]*pluginv1.Rule{rule(exclusive, "lk user endpoint")},
			"[--lk <key> | --user <user> | --endpoint <url>] [--pwd <password>] [--temp] [--hint <hint>] [--help]",
		},
		"two rules about one": {
			[]*pluginv1.Rule{rule(exclusive, "user lk"), rule(exclusive, "lk temp")},
			"[--endpoint <url>] [--user <user> | --lk <key>] [--pwd <password>] [--temp] [--hint <hint>] [--help]",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tc.want, usage(&pluginv1.Command{Options: options(), Rules: tc.rules}))
		})
	}
}

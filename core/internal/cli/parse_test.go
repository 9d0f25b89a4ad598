package cli

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// said is an outcome in one line: what happens, at which level, why.
func said(o Outcome) string {
	level := "root"
	if o.Manifest != nil {
		level = o.Manifest.GetName()
	}
	if o.Command != nil {
		level += " " + o.Command.GetName()
	}
	switch o.Kind {
	case ShowHelp:
		return "help of " + level
	case ShowVersion:
		return "version"
	case RunCommand:
		return "runs " + level
	case SyntaxError:
		return level + ": " + o.Error
	}
	return "nothing"
}

const (
	dgChoices   = `Choices: "development", "pre-factory", "pre-dut", "pre-production", "factory", "dut", "production"`
	modeChoices = `Choices: "minimal", "json", "debug"`
)

func TestWhatALineAsksFor(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ line, want string }{
		// How an option is spelt.
		{"product info --product X", "runs product info"},
		{"product info -product X", "runs product info"},
		{"product info --p X", "runs product info"},
		{"product info ---product X", "runs product info"},
		{"product info -p=A=B", "runs product info"},
		{"product info -uz json -p Beta", "product info: Unknown argument: uz"},
		{"product info -pX", "product info: Unknown argument: pX"},
		{"product info --prod X", "product info: Unknown argument: prod"},
		{"product info --Product X", "product info: Unknown argument: Product"},
		{"build list --nonZombie", "runs build list"},
		{"dg list -dgType dut", "runs dg list"},
		{"dg list --dg-type dut --dgType dut", "runs dg list"},
		{"log get --pageSize 1 -s 2", `log get: Option "--page-size" must not be specified multiple times.`},
		{"dg list --DgType dut", "dg list: Unknown argument: DgType"},
		{"dg list --dg-Type dut", "dg list: Unknown argument: dg-Type"},

		// Turned off.
		{"build update --no-flagged", "runs build update"},
		{"build update --no-f", "runs build update"},
		{"build list --no-nonZombie", `build list: Option "--non-zombie" has incorrect value "false".`},
		{"build list -no-f", "build list: Unknown argument: no-f"},
		{"product info --no-full=x", "product info: Unknown argument: no-full"},
		{"log get --no-page-size", "log get: Unknown argument: no-page-size"},
		{"product info --no-product X", "product info: Unknown argument: no-product"},
		{"product list --no-foo bar", "product list: Unknown argument: foo"},
		{"product list --no-", "product list: Unknown argument: no-"},

		// Names nobody knows.
		{"product info --oops 1 --oops 2 -y", "product info: Unknown arguments: oops, y"},
		{"product list --owner-id bob", "product list: Unknown argument: owner-id"},
		{"product info -p.x Beta", "product info: Unknown argument: p.x"},
		{"product list -a=1 -b --c d e", "product list: Unknown arguments: a, b, c"},
		{"product list -b -10 -2 -07 -4294967295", "product list: Unknown arguments: 2, b, 4294967295"},
		{"product list -7 x -5", "product list: Unknown arguments: 5, 7"},
		{"product list -=x", "product list: Unknown argument: =x"},
		{"product list ---", "product list: Unknown argument: -"},
		{"product list --version", "product list: Unknown argument: version"},
		{"product list '-\x1b[31m'", `product list: Unknown argument: \x1b[31m`},

		// Values.
		{"product info -p", "product info: Not enough arguments following: p"},
		{"product info -p -z json", "product info: Not enough arguments following: p"},
		{"product info --product --full", "product info: Not enough arguments following: product"},
		{"product info -p -z", "product info: Not enough arguments following: z"},
		{"product info -y -p", "product info: Not enough arguments following: p"},
		{"product info -p -x", "product info: Not enough arguments following: p"},
		{"product info -p --", "product info: Not enough arguments following: p"},
		{"product info -p=-x", "runs product info"},
		{"product info -p=--full", "runs product info"},
		{"product info -p -1", "runs product info"},
		{"product info -p -1x", "runs product info"},
		{"product info -p -", "runs product info"},
		{"product info -p ' '", "runs product info"},
		{"test update -x", "runs test update"},
		{"test update -x -f a", "runs test update"},
		{"test update -x a b", "test update: Unknown arguments: b."},
		{"test update -x -", "test update: Unknown arguments: -."},
		{"test update -x -1x", "runs test update"},
		{"test update -x=", "runs test update"},
		{"test update -x -b", "test update: Unknown argument: b"},
		{"test update -x -x", `test update: Option "--device-file" must not be specified multiple times.`},

		// Flags and truths.
		{"product info --full true", "runs product info"},
		{"product info --full yes", "product info: Unknown arguments: yes."},
		{"product info --full --full", "runs product info"},
		{"product info --full false", `product info: Option "--full" has incorrect value "false".`},
		{"product info --full --full=false", `product info: Option "--full" has incorrect value "false".`},
		{"product info --full=false --full", "runs product info"},
		{"product info --no-full", `product info: Option "--full" has incorrect value "false".`},
		{"product info --full=yes", `product info: Option "--full" has incorrect value "yes".`},
		{"build update --flagged maybe", "build update: Unknown arguments: maybe."},
		{"build update --flagged=TRUE", `build update: Option "--flagged" has incorrect value "TRUE".`},
		{"build update --flagged=", `build update: Option "--flagged" has incorrect value "".`},
		{"build update --flagged=false", "runs build update"},

		// Numbers.
		{"log get -s ' 3 '", "runs log get"},
		{"log get -s 2e0 -n 0b10", "runs log get"},
		{"log get -s abc", `log get: Option "--page-size" must be a number.`},
		{"log get -s 1.5", `log get: Option "--page-size" must have a positive integer value.`},
		{"log get -s ''", `log get: Option "--page-size" must have a positive integer value.`},
		{"log get -s -1", `log get: Option "--page-size" must have a positive integer value.`},
		{"log get -s 1e21", `log get: Option "--page-size" must have a positive integer value.`},
		{"log get -s 1 -s x", `log get: Option "--page-size" must not be specified multiple times.`},

		// Levels.
		{"", "root: Please specify a valid command."},
		{"product", "product: Please specify a valid command."},
		{"--oops", "root: Please specify a valid command."},
		{"product --oops", "product: Please specify a valid command."},
		{"nosuch list", "root: Unknown arguments: nosuch, list"},
		{"nosuch product", "root: Unknown argument: nosuch"},
		{"foo foo", "root: Unknown arguments: foo, foo"},
		{"product nosuch list", "product: Unknown argument: nosuch"},
		{"product nosuch -p X", "product: Unknown arguments: p, nosuch"},
		{"Product list", "root: Unknown arguments: Product, list"},
		{"product List", "product: Unknown argument: List"},
		{"''", "root: Unknown argument: "},
		{"product ''", "product: Unknown argument: "},
		{"007", "root: Unknown argument: 7"},
		{"version", "root: Unknown argument: version"},
		{"-p Beta product info", "runs product info"},
		{"-z json product info", "runs product info"},
		{"product -p Beta info", "runs product info"},
		{"-q product delete", "runs product delete"},
		{"product -q delete -p X", "runs product delete"},
		{"-f -q product delete", "runs product delete"},
		{"-q product nosuch", "root: Unknown arguments: q, nosuch"},
		{"nosuch product list", "root: Unknown arguments: nosuch, list"},
		{"product list product list", "product list: Unknown arguments: product, list."},
		{"product list x y", "product list: Unknown arguments: x, y."},
		{"product list ''", "product list: Unknown arguments: ."},
		{"product list 2.50 0x10 +5 1E3 1e20 .0000001", "product list: Unknown arguments: 2.5, 16, 5, 1E3, 1e20, 1e-7."},

		// Arguments.
		{"plugin install x", "runs plugin install"},
		{"plugin install", "plugin install: Missing required argument: source"},
		{"plugin install ''", `plugin install: Argument "source" must not be empty.`},
		{"plugin install -a b", "plugin install: Missing required argument: source"},
		{"plugin install --source x", "plugin install: Missing required argument: source"},
		{"plugin install x --source y", "plugin install: Unknown argument: source"},
		{"plugin install x y z -u", "runs plugin install"},
		{"plugin -u install x", "runs plugin install"},
		{"plugin install -- -x", "runs plugin install"},
		{"plugin install x help", "help of plugin install"},
		{"plugin info", "runs plugin info"},
		{"plugin info a b c", "plugin info: Unknown arguments: b, c."},
		{"plugin info c", "plugin info: Invalid values:\n  Argument: name, Given: \"c\", Choices: \"a\", \"b\""},

		// The end of the options.
		{"product list --", "runs product list"},
		{"product list -- -o me", "product list: Unknown arguments: -o, me."},
		{"product list -- 007 help", "product list: Unknown arguments: 007, help."},
		{"product list -- --help", "product list: Unknown arguments: --help."},
		{"product -- list", "runs product list"},
		{"-- product list", "runs product list"},
		{"-- help", "root: Unknown argument: help"},

		// Help and version.
		{"help", "help of root"},
		{"product help", "help of product"},
		{"product info help -p X", "help of product info"},
		{"product nosuch help", "help of product"},
		{"nosuch help", "help of root"},
		{"help product", "root: Unknown argument: help"},
		{"--help", "help of root"},
		{"-h", "help of root"},
		{"-help product", "help of product"},
		{"--help product list", "help of product list"},
		{"nosuch --help", "help of root"},
		{"product info --oops -p --help", "help of product info"},
		{"product info -p=--help", "runs product info"},
		{"-q product delete --help", "help of product delete"},
		{"--help=false product list", "runs product list"},
		{"product list --no-help", "runs product list"},
		{"product list --help --help=false", "runs product list"},
		{"product list -h x", "help of product list"},
		{"product list --help=TRUE", `product list: Option "--help" has incorrect value "TRUE".`},
		{"--help=false", "root: Please specify a valid command."},
		{"--version", "version"},
		{"-v", "version"},
		{"-v=true", "version"},
		{"--version nosuch", "version"},
		{"--version=false", "root: Please specify a valid command."},
		{"-v -h", "version"},
		{"-h -v", "help of root"},
		{"-h false -v", "version"},
		{"-v product", "product: Please specify a valid command."},
		{"--version=false nosuch -x", "root: Unknown arguments: x, nosuch"},
		{"product nosuch --version -z x -v=1", "product: Unknown arguments: version, z, v, nosuch"},
		{"--version product list", "product list: Unknown argument: version"},

		// The order of the checks.
		{"product create -n", "product create: Not enough arguments following: n"},
		{"product create --oops", "product create: Missing required argument: name"},
		{"device update -z x", "device update: Missing required arguments: device, name"},
		{"device update -d '' -n ''", `device update: Option "--device" must not be empty.`},
		{"auth login -u a -k b --oops", "auth login: Unknown argument: oops"},
		{"auth login -u a -k b surplus", `auth login: Options "--user" and "--lk" are mutually exclusive.`},
		{"product info surplus -p ''", "product info: Unknown arguments: surplus."},
		{"product info -p '' -u false", `product info: Option "--product" must not be empty.`},
		{"product info -p '' -p x", `product info: Option "--product" must not be specified multiple times.`},
		{"product info -z json -z json", `product info: Option "--output" must not be specified multiple times.`},
		{"product info -z ''", `product info: Option "--output" must not be empty.`},
		{"product info -z JSON -u false", `product info: Option "--full" has incorrect value "false".`},
		{"dg list -y ''", "dg list: Invalid values:\n  Argument: dg-type, Given: \"\", " + dgChoices},
		{
			"dg list -z x -y a -y dut -y '\"b'",
			"dg list: Invalid values:\n  Argument: output, Given: \"x\", " + modeChoices +
				"\n  Argument: dg-type, Given: \"a\", \"\\\"b\", " + dgChoices,
		},

		// Rules.
		{"auth login -u '' -k x", `auth login: Option "--user" must not be empty.`},
		{"auth login -u a -k ''", `auth login: Option "--lk" must not be empty.`},
		{"auth login -w x", `auth login: Options "--pwd" and "--user" must be specified together.`},
		{"auth login -w x -u ''", `auth login: Option "--user" must not be empty.`},
		{"auth login -w ''", "runs auth login"},
		{"dg create -n x", "runs dg create"},
		{"dg create -n x -y factory", `dg create: Option "--dut" must be specified for Device Group of type "factory".`},
		{"dg create -n x -y pre-factory -u ''", `dg create: Option "--dut" must be specified for Device Group of type "pre-factory".`},
		{"dg create -n x -y factory -u a", `dg create: Option "--target" must be specified for Device Group of type "factory".`},
		{"dg create -n x -y factory -u a -t b", "runs dg create"},
		{"dg create -n x -y production -r eu", "runs dg create"},
		{"dg create -n x -r ''", "runs dg create"},
		{"dg create -n x -r eu", wrongType("development")},
		{"dg create -n x -y nosuch -r eu", wrongType("development")},
		{"dg create -n x -y production -y dut -r eu", wrongType("unknown")},
		{"dg create -n x -y factory -y factory", `dg create: Option "--dg-type" must not be specified multiple times.`},
		{"project create -n a -p b -f", `project create: Options "--pre-factory" and "--target" must be specified together.`},
		{"project create -n a -p b -f=false -t x", `project create: Options "--pre-factory" and "--target" must be specified together.`},
		{"project create -n a -p b -f -t x", `project create: Options "--pre-factory" and "--dut" must be specified together.`},
		{"project create -n a -p b -f=x -t x -u y", `project create: Option "--pre-factory" has incorrect value "x".`},
		{"project create -n a -p b -f -t x -u y", "runs project create"},
	} {
		t.Run(tc.line, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tc.want, said(Parse(words(tc.line), someGroups(t))))
		})
	}
}

func wrongType(is string) string {
	return `dg create: Invalid option "--region" for Device Group of the type "` + is +
		`". It may be specified for "pre-production" or "production" Device Groups only.`
}

func TestRulesBeyondThoseOfBundledGroups(t *testing.T) {
	t.Parallel()
	m := group("lamp", "Lamps.", ruled(cmd("dim", "Dims.",
		opt(text, "mode", "m", "<mode>", "How.", oneOf("slow fast"), normally("slow")),
		opt(text, "speed", "s", "<n>", "How fast."),
		opt(flag, "loud", "l", "", "Beeps."),
		opt(numeric, "level", "v", "<n>", "How bright.", normally("5")),
		opt(list, "colour", "c", "<c>", "Which."),
		opt(text, "kind", "k", "<k>", "Of what kind.")),
		rule(requiredFor, "speed", "mode", "fast"),
		rule(onlyFor, "loud", "mode", "fast", "slow", "odd"),
		rule(onlyFor, "colour", "level", "7"),
		rule(onlyFor, "speed", "kind", "a", "b", "c"),
		rule(requires, "kind level"),
		rule(requiredFor, "kind", "loud", "true"),
		rule(99, "speed kind")))
	require.NoError(t, Validate(m))
	for _, tc := range []struct{ line, want string }{
		{"", "runs lamp dim"},
		{"-m fast", `lamp dim: Option "--speed" must be specified when "--mode" is "fast".`},
		{"-c red", `lamp dim: Option "--colour" may be specified only when "--level" is "7".`},
		{"-c red -v 7", "runs lamp dim"},
		{"-c red -v 0x7", "runs lamp dim"},
		{"-s 1", `lamp dim: Option "--speed" may be specified only when "--kind" is "a", "b" or "c".`},
		{"-s 1 -k b", "runs lamp dim"},
		{"-l", `lamp dim: Option "--kind" must be specified when "--loud" is "true".`},
		{"-l -k b", "runs lamp dim"},
	} {
		t.Run(tc.line, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tc.want, said(Parse(words("lamp dim "+tc.line), []*pluginv1.Manifest{m})))
		})
	}
}

func TestSyntaxErrorShowsTheHelpOfItsLevel(t *testing.T) {
	t.Parallel()
	o := Parse(words("product list -z json x"), someGroups(t))
	require.Equal(t, 1, o.Code())
	require.Equal(t,
		CommandHelp(o.Manifest, o.Command, 60)+"Error: Unknown arguments: x.\nIMPT COMMAND FAILS\n",
		o.Text("3.0.0", 60))
}

func TestManifestsThatAreNotMeantNeedNoCommands(t *testing.T) {
	t.Parallel()
	all := someGroups(t)
	want := Parse(words("product list -o me"), all)
	for _, m := range all[1:] {
		m.Commands, m.Description = nil, ""
	}
	got := Parse(words("product list -o me"), all)
	require.Equal(t, want.Invocation, got.Invocation)
	require.Equal(t, RootHelp(someGroups(t), 80), RootHelp(all, 80))
}

func TestLongLinesAreReadInTime(t *testing.T) {
	t.Parallel()
	o := Parse(words(strings.Repeat("-q product delete ", 5000)), someGroups(t))
	require.Equal(t, SyntaxError, o.Kind)
}

package cli

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// FuzzParse holds the parser to its promise: an outcome for every line, which
// is complete for what it is.
func FuzzParse(f *testing.F) {
	for _, line := range []string{
		"", "product list -o me", "-q product delete", "log get -s 0x10 -n=", "dg create -n x -y factory", "auth login -u a -w b -k c",
		"test update -x -- -x", "help", "--no-help -v", "product list 1e3 -.5 -5", "a\xffb --=", "project create -f -t x",
	} {
		f.Add(strings.Join(words(line), "\n"))
	}
	all := someGroups(f)
	f.Fuzz(func(t *testing.T, joined string) {
		o := Parse(strings.Split(joined, "\n"), all)
		switch o.Kind {
		case ShowHelp, ShowVersion:
			require.Empty(t, o.Error)
			require.Nil(t, o.Invocation)
			require.Zero(t, o.Code())
		case SyntaxError:
			require.NotEmpty(t, o.Error)
			require.Nil(t, o.Invocation)
			for row := range strings.SplitSeq(o.Error, "\n") {
				require.Equal(t, row, printable(row))
			}
		case RunCommand:
			require.Empty(t, o.Error)
			require.NotNil(t, o.Command)
			_, err := proto.Marshal(o.Invocation.Request)
			require.NoError(t, err)
			for _, v := range o.Invocation.Request.GetOptions() {
				require.NotNil(t, v.GetValue())
			}
		default:
			t.Fatalf("kind %d", o.Kind)
		}
		if o.Kind != RunCommand {
			require.True(t, strings.HasSuffix(o.Text("3.0.0", 80), "\n"))
		}
		_ = o.Suggestion()
	})
}

// FuzzManifest feeds whatever a stranger may send to all that reads manifests.
func FuzzManifest(f *testing.F) {
	for _, m := range append(someGroups(f), lamps()) {
		b, err := proto.Marshal(m)
		require.NoError(f, err)
		f.Add(b, 40, "-x 1 --no-y -z json")
	}
	f.Fuzz(func(t *testing.T, b []byte, width int, line string) {
		m := &pluginv1.Manifest{}
		if proto.Unmarshal(b, m) != nil {
			return
		}
		good := Validate(m) == nil
		all := []*pluginv1.Manifest{m}
		helps := []string{RootHelp(all, width), GroupHelp(m, width)}
		for _, c := range m.GetCommands() {
			helps = append(helps, CommandHelp(m, c, width))
			o := Parse(append([]string{m.GetName(), c.GetName()}, strings.Fields(line)...), all)
			require.NotZero(t, o.Kind)
			_ = o.Suggestion()
			if good {
				require.Same(t, m, o.Manifest)
				require.Same(t, c, o.Command)
			}
		}
		for _, h := range helps {
			requireLayout(t, h, width)
		}
	})
}

// FuzzHelp lays out arbitrary texts.
func FuzzHelp(f *testing.F) {
	f.Add("Lamps.", "Which lamp, and how far away?  ", "<LAMP>", "a b 日本", 30)
	f.Fuzz(func(t *testing.T, synopsis, help, placeholder, choices string, width int) {
		m := group("lamp", synopsis, cmd("dim", synopsis,
			opt(text, "lamp", "l", placeholder, help, oneOf(choices)),
			opt(list, "a-very-long-name-of-an-option-it-is", "", placeholder, help, normally(choices))))
		requireLayout(t, RootHelp([]*pluginv1.Manifest{m}, width), width)
		requireLayout(t, GroupHelp(m, width), width)
		requireLayout(t, CommandHelp(m, m.GetCommands()[0], width), width)
	})
}

// narrowest is the least width at which both columns have room for a character.
const narrowest = 12

func requireLayout(t *testing.T, help string, width int) {
	t.Helper()
	if width <= 0 || width > MaxWidth {
		width = MaxWidth
	}
	require.True(t, strings.HasPrefix(help, "\n"))
	require.True(t, strings.HasSuffix(help, "\n"))
	for row := range strings.SplitSeq(help, "\n") {
		require.Equal(t, row, strings.TrimRight(row, " "))
		require.Equal(t, row, printable(row))
		if width >= narrowest {
			require.LessOrEqual(t, displayWidth(row), width, row)
		}
	}
}

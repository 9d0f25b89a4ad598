package completion

import (
	"bytes"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/core/internal/cli"
)

func TestLinesOfBash(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]Question{
		`impt `:                      {Args: []string{}, Current: ""},
		`impt dev`:                   {Args: []string{}, Current: "dev"},
		`impt  device  `:             {Args: []string{"device"}, Current: ""},
		`impt x --dg=Ki`:             {Args: []string{"x"}, Current: "--dg=Ki"},
		`impt x "a b" 'c"d'`:         {Args: []string{"x", "a b"}, Current: `c"d`},
		`impt x -p "My Fr`:           {Args: []string{"x", "-p"}, Current: "My Fr", quote: '"'},
		`impt x -p My\ Fr`:           {Args: []string{"x", "-p"}, Current: "My Fr"},
		`impt x -p '$HOME\`:          {Args: []string{"x", "-p"}, Current: `$HOME\`, quote: '\''},
		`impt x -p "a\"b\c`:          {Args: []string{"x", "-p"}, Current: `a"b\c`, quote: '"'},
		"impt x -d 0c:2a\t":          {Args: []string{"x", "-d", "0c:2a"}, Current: ""},
		`impt x "" `:                 {Args: []string{"x", ""}, Current: ""},
		`VAR=1; impt x`:              {Args: []string{"impt"}, Current: "x"},
		"impt x -p Käse":             {Args: []string{"x", "-p"}, Current: "Käse"},
		`impt x -p trailing\`:        {Args: []string{"x", "-p"}, Current: `trailing\`},
		`impt x "unfinished and lo `: {Args: []string{"x"}, Current: "unfinished and lo ", quote: '"'},
	} {
		q, ok := Read([]string{"bash", strconv.Itoa(len(line)), line})
		require.True(t, ok, line)
		require.Equal(t, want.Args, append([]string{}, q.Args...), line)
		require.Equal(t, want.Current, q.Current, line)
		require.Equal(t, want.quote, q.quote, line)
	}
}

func TestQuestionsThatAreNone(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{}, {"bash"}, {"tcsh", "="}, {"fish", "word"}, {"bash", "x", "impt "}, {"bash", "99", "impt "}, {"bash", "-1", "impt "}, {"bash", "4", "impt"},
	} {
		_, ok := Read(args)
		require.False(t, ok, args)
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	names := cli.Completion{Candidates: []cli.Candidate{{Word: "My Fridge", Help: "Product\tp-1"}, {Word: "evil\nname"}, {Word: ""}}}
	joined := names
	joined.Before = "--dg="
	files := cli.Completion{Files: true}
	for _, tc := range []struct {
		shell, line string
		completion  cli.Completion
		want        string
	}{
		{"bash", `impt x -p M`, names, "My\\ Fridge\n"},
		{"bash", `impt x -p "M`, names, "My Fridge\n"},
		{"bash", `impt x --dg=M`, joined, "My\\ Fridge\n"},
		{"bash", `impt x --dg="M`, joined, "My Fridge\n"},
		{"bash", `impt x -d 0c:2`, cli.Completion{Candidates: []cli.Candidate{{Word: "0c:2a:69"}}}, "2a:69\n"},
		{"bash", `impt x -c `, files, ":files\n"},
		{"fish", "M", names, "My Fridge\tProduct p-1\n"},
		{"fish", "--dg=M", joined, "--dg=My Fridge\tProduct p-1\n"},
		{"powershell", "--dg=M", joined, "--dg=My Fridge\tProduct p-1\n"},
		{"zsh", "--dg=M", joined, ":before\t--dg=\nMy Fridge\tProduct p-1\n"},
		{"zsh", "", files, ":files\n"},
	} {
		args := []string{tc.shell, "=" + tc.line}
		if tc.shell == "bash" {
			args = []string{"bash", strconv.Itoa(len(tc.line)), tc.line}
		}
		q, ok := Read(args)
		require.True(t, ok, tc.line)
		var b bytes.Buffer
		require.NoError(t, q.Answer(&b, tc.completion))
		require.Equal(t, tc.want, b.String(), "%s %s", tc.shell, tc.line)
	}
}

// The script hands the line over as it is, and takes a word from each line of
// the answer.
func TestScriptOfBash(t *testing.T) {
	t.Parallel()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("there is no bash")
	}
	script, _ := Script("bash")
	cmd := exec.CommandContext(t.Context(), bash, "--norc", "-c", script+`
compopt() { echo "compopt $*"; }
program() { printf '%s\n' ':files' "$*" 'My\ Fridge'; }
COMP_WORDS=(program) COMP_LINE='program x "a  b' COMP_POINT=14
_impt
printf '%s\n' "${COMPREPLY[@]}"
complete -p impt
`)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, string(out))
	require.Equal(t, []string{
		"compopt -o default", `__complete bash 14 program x "a  b`, `My\ Fridge`, "complete -o nosort -F _impt impt",
	}, strings.Split(strings.TrimSpace(string(out)), "\n"))
}

func TestEveryShellHasAScript(t *testing.T) {
	t.Parallel()
	require.NoError(t, cli.Validate(Group()))
	for _, c := range Group().GetCommands() {
		script, ok := Script(c.GetName())
		require.True(t, ok)
		require.Contains(t, script, Word+" "+c.GetName())
	}
}

package output

import (
	"context"
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/fault"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// answers is a terminal on which the answers have been typed before.
type answers struct {
	lines  []string
	hidden []bool
	closed int
	end    error
	meet   func()
}

func (a *answers) ReadLine(ctx context.Context, hidden bool, prompt func()) (string, error) {
	prompt()
	if a.meet != nil {
		a.meet()
	}
	a.hidden = append(a.hidden, hidden)
	if len(a.lines) == 0 {
		if a.end == nil {
			<-ctx.Done()
			return "", ctx.Err()
		}
		return "", a.end
	}
	l := a.lines[0]
	a.lines = a.lines[1:]
	return l, nil
}

func (a *answers) Close() error { a.closed++; return nil }

func (a *answers) option(o *Options) {
	o.OpenTTY = func() (Terminal, error) { return a, nil }
}

const (
	question = "Are you sure you want to continue?\n"
	yesNo    = "Enter 'y' (yes) or 'n' (no): "
)

func TestConfirm(t *testing.T) {
	t.Parallel()
	c := &pluginv1.Confirm{Messages: []string{"The Global Auth File already exists. It will be overwritten."}}
	before := c.GetMessages()[0] + "\n" + question
	tests := map[string]struct {
		lines    []string
		end      error
		want     string
		canceled bool
	}{
		"yes":           {lines: []string{"y"}, want: before + yesNo + "\n"},
		"a big yes":     {lines: []string{" Y\t"}, want: before + yesNo + "\n"},
		"no":            {lines: []string{"n"}, want: before + yesNo + "\n", canceled: true},
		"neither":       {lines: []string{"yes", "", "y"}, want: before + yesNo + "\nInvalid value!\n" + yesNo + "\nInvalid value!\n" + yesNo + "\n"},
		"Ctrl-C":        {end: ErrInterrupt, want: before + yesNo + "\n", canceled: true},
		"end of input":  {end: io.EOF, want: before + yesNo + "\n", canceled: true},
		"lost terminal": {end: errors.New("input/output error"), want: before + yesNo + "\n", canceled: true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := &answers{lines: test.lines, end: test.end}
			r := newRecord(Text, onTerminal, a.option)
			err := r.Confirm(t.Context(), c, "confirmed")
			require.Equal(t, test.canceled, fault.Is(err, fault.CanceledKind))
			require.Equal(t, test.canceled, err != nil)
			require.Equal(t, test.want, r.out.String())
			require.Equal(t, 1, a.closed)
		})
	}
}

func TestConfirmShowsWhatIsAffected(t *testing.T) {
	t.Parallel()
	items := `[{"Product":{"id":"p"}},{"Device Group":{"id":"1"}},{"Device Group":{"id":"2"}},{"Device Group":{"id":"3"}},` +
		`{"Device Group":{"id":"4"}},{"Device Group":{"id":"5"}},{"Device Group":{"id":"6"}},{"Device Group":{"id":"7"}},{"Device":{"id":"d"}}]`
	c := &pluginv1.Confirm{Affected: []*pluginv1.Affected{
		{Heading: "The following entities will be deleted:", Items: []byte(items)},
		{Heading: "The following files will be deleted:", Items: []byte(`[{"Device/agent source files":["d.nut","a.nut"]}]`)},
		{Heading: "These go:", Lines: []string{"one", "two"}},
		{Heading: "Project File in the current directory will be deleted."},
		{Lines: []string{"There is no Auth File."}},
	}}
	const group = "Device Group: \n  id: "
	want := "The following entities will be deleted:\nProduct: \n  id: p\n" +
		group + "1\n" + group + "2\n" + group + "3\n" + group + "4\n" + group + "5\nAnd 2 more Device Group(s).\nDevice: \n  id: d\n\n" +
		"The following files will be deleted:\nDevice/agent source files: d.nut,a.nut\n\nThese go:\none\ntwo\n\n" +
		"Project File in the current directory will be deleted.\nThere is no Auth File.\n" + question + yesNo + "\n\n"
	for _, m := range []Mode{Minimal, JSON} {
		r := newRecord(m, (&answers{lines: []string{"y"}}).option)
		require.NoError(t, r.Confirm(t.Context(), c, ""))
		require.Empty(t, r.out.String(), "standard output keeps its promise")
		require.Equal(t, want, r.err.String())
	}
	r := newRecord(Text, (&answers{lines: []string{"y"}}).option)
	require.NoError(t, r.Confirm(t.Context(), c, ""))
	require.Contains(t, r.out.String(), "source files: d.nut, a.nut\n\n")
	require.Empty(t, r.err.String())

	c.Affected[0].Items = []byte("{}")
	require.Error(t, r.Confirm(t.Context(), c, ""))
}

func TestChoose(t *testing.T) {
	t.Parallel()
	c := &pluginv1.Choice{Message: "Choose authentication method:", Choices: []string{"User/Password", "Login Key"}}
	a := &answers{lines: []string{"0", "3", "1.5", "", "x", " 2 "}}
	r := newRecord(Text, onTerminal, a.option)
	n, err := r.Choose(t.Context(), c, "user")
	require.NoError(t, err)
	require.Equal(t, 1, n)
	again := "Enter 1 or 2: \nInvalid value!\n"
	require.Equal(t, "Choose authentication method:\n  (1) User/Password\n  (2) Login Key\n\n"+
		again+again+again+again+again+"Enter 1 or 2: \n", r.out.String())
	require.Equal(t, 1, a.closed)

	a.end = ErrInterrupt
	_, err = r.Choose(t.Context(), c, "user")
	require.True(t, fault.Is(err, fault.CanceledKind))
	_, err = r.Choose(t.Context(), &pluginv1.Choice{}, "")
	require.Error(t, err)
}

func TestLine(t *testing.T) {
	t.Parallel()
	a := &answers{lines: []string{" me ", "secret", "piped"}}
	r := newRecord(Text, onTerminal, a.option)
	user, err := r.Line(t.Context(), "username or email address", false, "user")
	require.NoError(t, err)
	require.Equal(t, " me ", user)
	require.Equal(t, "Enter username or email address: ", r.out.String(), "the terminal shows the line's end")
	password, err := r.Line(t.Context(), "password", true, "pwd")
	require.NoError(t, err)
	require.Equal(t, "secret", password)
	require.Equal(t, "Enter username or email address: Enter password: \n", r.out.String())
	require.Equal(t, []bool{false, true}, a.hidden)

	r = newRecord(Text, a.option)
	_, err = r.Line(t.Context(), "x", false, "")
	require.NoError(t, err)
	require.Equal(t, "Enter x: \n", r.out.String(), "nobody shows the line's end in a file")

	for _, terminal := range []bool{true, false} {
		r = newRecord(Text, (&answers{end: ErrInterrupt}).option, func(o *Options) { o.Stdout.Terminal = terminal })
		_, err = r.Line(t.Context(), "password", true, "")
		require.True(t, fault.Is(err, fault.CanceledKind))
		require.Equal(t, "Enter password: ^C\n", r.out.String())
	}
}

func TestWithoutATerminal(t *testing.T) {
	t.Parallel()
	for _, open := range []func() (Terminal, error){nil, func() (Terminal, error) { return nil, io.ErrUnexpectedEOF }} {
		r := newRecord(Text, func(o *Options) { o.OpenTTY = open })
		err := r.Confirm(t.Context(), &pluginv1.Confirm{Messages: []string{"It will be overwritten."}}, "confirmed")
		f, ok := fault.Of(err)
		require.True(t, ok)
		require.Equal(t, fault.NoTerminalKind, f.Kind)
		require.Equal(t, "A terminal is needed to confirm this. Use the --confirmed option instead.", f.Sentence)
		require.Equal(t, "It will be overwritten.\n", r.out.String(), "what it was about is said")

		_, err = r.Line(t.Context(), "password", true, "pwd")
		require.EqualError(t, err, "A terminal is needed to enter the password. Use the --pwd option instead.")
		_, err = r.Choose(t.Context(), &pluginv1.Choice{Choices: []string{"a"}}, "")
		require.EqualError(t, err, "A terminal is needed to choose.")
	}
}

func TestAnEndedContextEndsTheQuestion(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	a := &answers{meet: cancel}
	r := newRecord(Text, onTerminal, a.option)
	_, err := r.Line(ctx, "x", false, "")
	require.True(t, fault.Is(err, fault.CanceledKind))
	require.Equal(t, "Enter x: \n", r.out.String())
	require.Equal(t, 1, a.closed)
	_, err = r.Line(ctx, "y", false, "")
	require.True(t, fault.Is(err, fault.CanceledKind))
	require.Equal(t, "Enter x: \n", r.out.String(), "nothing is asked anymore")
}

func TestOutputWaitsForTheAnswer(t *testing.T) {
	t.Parallel()
	asked, typed := make(chan struct{}), make(chan struct{})
	a := &answers{lines: []string{"a", "b"}, meet: func() { asked <- struct{}{}; <-typed }}
	r := newRecord(Text, onTerminal, a.option)
	done := make(chan string, 2)
	for range 2 {
		go func() { l, _ := r.Line(t.Context(), "x", true, ""); done <- l }()
	}
	<-asked
	r.Info("one")
	r.Notice("two")
	require.Equal(t, "Enter x: ", r.out.String())
	require.Empty(t, r.err.String())
	typed <- struct{}{}
	require.Equal(t, "a", <-done)
	<-asked
	require.Equal(t, "Enter x: \none\nEnter x: ", r.out.String())
	require.Equal(t, "two\n", r.err.String())
	r.Info("three")
	r.Close()
	require.Equal(t, "Enter x: \none\nEnter x: three\n", r.out.String())
	typed <- struct{}{}
	<-done
}

func TestQuestionsAreEscapedOnTerminals(t *testing.T) {
	t.Parallel()
	c := &pluginv1.Confirm{
		Messages: []string{"\x1b[2J"},
		Affected: []*pluginv1.Affected{{Heading: "\x07", Lines: []string{"\u202e"}, Items: []byte(`[{"a\u0001":"\u0002"}]`)}},
	}
	r := newRecord(Minimal, onTerminal, (&answers{lines: []string{"y"}}).option)
	require.NoError(t, r.Confirm(t.Context(), c, ""))
	require.Equal(t, `\u001b[2J`+"\n"+`\u0007`+"\n"+`a\u0001: \u0002`+"\n"+`\u202e`+"\n\n"+question+yesNo+"\n", r.err.String())

	r = newRecord(Text, onTerminal, (&answers{lines: []string{"1"}}).option)
	_, err := r.Choose(t.Context(), &pluginv1.Choice{Message: "\x1b", Choices: []string{"\x1b"}}, "")
	require.NoError(t, err)
	require.NotContains(t, r.out.String(), "\x1b")
	r = newRecord(Text, onTerminal, (&answers{lines: []string{"1"}}).option)
	_, err = r.Line(t.Context(), "\x1b", false, "")
	require.NoError(t, err)
	require.NotContains(t, r.out.String(), "\x1b")
}

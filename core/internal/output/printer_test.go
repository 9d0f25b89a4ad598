package output

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// record is a Printer with what it wrote.
type record struct {
	*Printer
	out, err *pipe
}

// pipe remembers what is written, and in how many pieces.
type pipe struct {
	mu     sync.Mutex
	text   bytes.Buffer
	writes int
	fail   error
}

func (p *pipe) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fail != nil {
		return 0, p.fail
	}
	p.writes++
	return p.text.Write(b)
}

func (p *pipe) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String()
}

func newRecord(m Mode, change ...func(*Options)) *record {
	r := &record{out: &pipe{}, err: &pipe{}}
	o := Options{Mode: m, Stdout: Stream{Writer: r.out}, Stderr: Stream{Writer: r.err}}
	for _, c := range change {
		c(&o)
	}
	r.Printer = New(o)
	return r
}

func onTerminal(o *Options) {
	o.Stdout.Terminal, o.Stderr.Terminal = true, true
	o.Term = "xterm-256color"
}

// perMode is what is expected in each mode. An empty Debug means the same as
// Text, "-" nothing.
type perMode struct{ text, minimal, json, debug string }

func (w perMode) check(t *testing.T, do func(*record)) {
	t.Helper()
	if w.debug == "" {
		w.debug = w.text
	}
	for m, want := range map[Mode]string{Text: w.text, Minimal: w.minimal, JSON: w.json, Debug: w.debug} {
		r := newRecord(m)
		do(r)
		if want == "-" {
			want = ""
		}
		require.Equal(t, want, r.out.String(), "mode %d", m)
		require.Empty(t, r.err.String(), "mode %d", m)
	}
}

func TestParseMode(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]Mode{"": Text, "minimal": Minimal, "json": JSON, "debug": Debug} {
		m, ok := ParseMode(name)
		require.True(t, ok)
		require.Equal(t, want, m)
		require.Equal(t, want, New(Options{Mode: m}).Mode())
	}
	_, ok := ParseMode("text")
	require.False(t, ok)
}

func TestResultAndStatusInEveryMode(t *testing.T) {
	t.Parallel()
	product := `{"Product":{"id":"1","tags":["a","b"]}}`
	tests := map[string]struct {
		do   func(*record)
		want perMode
	}{
		"a result": {
			func(r *record) { _ = r.Show([]byte(product)); r.Succeed() },
			perMode{
				text:    "Product: \n  id:   1\n  tags: a, b\nIMPT COMMAND SUCCEEDS\n",
				minimal: "Product: \n  id:   1\n  tags: a,b\n",
				json:    "{\n  \"Product\": {\n    \"id\": \"1\",\n    \"tags\": [\n      \"a\",\n      \"b\"\n    ]\n  }\n}\n",
			},
		},
		"no result": {
			func(r *record) { r.Info("Product \"1\" is deleted successfully."); r.Succeed() },
			perMode{text: "Product \"1\" is deleted successfully.\nIMPT COMMAND SUCCEEDS\n", json: "{}\n"},
		},
		"an empty list": {
			func(r *record) { r.Info("No Products are found."); _ = r.Show([]byte(`[]`)); r.Succeed() },
			perMode{text: "No Products are found.\nIMPT COMMAND SUCCEEDS\n", json: "[]\n"},
		},
		"success said twice": {
			func(r *record) { r.Succeed(); r.Succeed() },
			perMode{text: "IMPT COMMAND SUCCEEDS\nIMPT COMMAND SUCCEEDS\n", json: "{}\n"},
		},
		"trouble": {
			func(r *record) { r.Trouble("Unexpected state."); r.Succeed() },
			perMode{text: "Error: Unexpected state.\nIMPT COMMAND SUCCEEDS\n", minimal: "Error: Unexpected state.\n", json: "{}\n"},
		},
		"a dump": {
			func(r *record) { r.Dump("Response code: 200") },
			perMode{text: "", debug: "Response code: 200\n"},
		},
		"a text with a layout of its own": {
			func(r *record) { r.Text("2.6.1\n") },
			perMode{text: "2.6.1\n", minimal: "2.6.1\n", json: "2.6.1\n"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.want.check(t, test.do)
		})
	}
}

func TestSay(t *testing.T) {
	t.Parallel()
	items := []byte(`[{"Device":{"id":"1"}},{"Device":{"id":"2"}},{"Device":{"id":"3"}}]`)
	say := func(k pluginv1.SayKind, keep int32, noun string) func(*record) {
		return func(r *record) {
			_ = r.Say(&pluginv1.SayRequest{Kind: k, Text: "Restarted:", Items: items, Keep: keep, Noun: noun})
		}
	}
	all := "Restarted:\nDevice: \n  id: 1\nDevice: \n  id: 2\nDevice: \n  id: 3\n"
	perMode{text: all}.check(t, say(pluginv1.SayKind_SAY_KIND_INFO, 0, ""))
	perMode{text: all}.check(t, say(pluginv1.SayKind_SAY_KIND_INFO, 3, "Device"))
	perMode{text: all}.check(t, say(pluginv1.SayKind(99), 0, ""))
	one := "Restarted:\nDevice: \n  id: 1\nAnd 2 more Device(s).\n"
	perMode{text: one}.check(t, say(pluginv1.SayKind_SAY_KIND_INFO, 1, "Device"))
	perMode{text: one}.check(t, say(pluginv1.SayKind_SAY_KIND_INFO, 1, ""))
	perMode{text: "Error: " + one, minimal: "Error: " + one}.check(t, say(pluginv1.SayKind_SAY_KIND_TROUBLE, 1, "Device"))
	perMode{debug: one}.check(t, say(pluginv1.SayKind_SAY_KIND_DEBUG, 1, "Device"))
}

func TestDocumentsThatCannotBeShown(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("[", deepest+1) + strings.Repeat("]", deepest+1)
	for _, text := range []string{"", "{", "{}x", deep} {
		r := newRecord(JSON)
		require.Error(t, r.Show([]byte(text)), text)
		require.Empty(t, r.out.String())
	}
	for _, items := range []string{"{}", "1", "[", deep} {
		r := newRecord(Text)
		require.Error(t, r.Say(&pluginv1.SayRequest{Text: "x", Items: []byte(items)}))
		require.Empty(t, r.out.String())
	}
	require.NoError(t, newRecord(Text).Show([]byte(`{"a":"[[[\\\"[["}`)))
}

func TestNoticeGoesToStandardError(t *testing.T) {
	t.Parallel()
	for _, m := range []Mode{Text, Minimal, JSON, Debug} {
		r := newRecord(m)
		r.Notice("A byte-order mark was dropped.")
		require.Empty(t, r.out.String())
		require.Equal(t, "A byte-order mark was dropped.\n", r.err.String())
	}
}

func TestClosedOutputEndsSilently(t *testing.T) {
	t.Parallel()
	r := newRecord(Text)
	require.NoError(t, r.WriteError())
	select {
	case <-r.Gone():
		t.Fatal("gone before it failed")
	default:
	}
	r.out.fail = io.ErrClosedPipe
	r.Info("one")
	<-r.Gone()
	require.ErrorIs(t, r.WriteError(), io.ErrClosedPipe)
	r.out.fail = nil
	r.Info("two")
	require.NoError(t, r.Show([]byte(`{"a":1}`)))
	r.Fail(errors.New("three"))
	require.Empty(t, r.out.String())
	r.Notice("still heard")
	require.Equal(t, "still heard\n", r.err.String())
}

func TestClosedStandardErrorIsNoMatter(t *testing.T) {
	t.Parallel()
	r := newRecord(Text)
	r.err.fail = io.ErrClosedPipe
	r.Notice("lost")
	r.Info("kept")
	require.NoError(t, r.WriteError())
	require.Equal(t, "kept\n", r.out.String())
}

func TestWhatOneCallShowsStaysTogether(t *testing.T) {
	t.Parallel()
	r := newRecord(Debug)
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() { r.Dump(fmt.Sprintf("%d a\n%d b", i, i)) })
		wg.Go(func() { _ = r.Show(fmt.Appendf(nil, `{"%d a":{"%d b":1}}`, i, i)) })
		wg.Go(func() { r.Succeed() })
	}
	wg.Wait()
	require.Equal(t, 150, r.out.writes)
	lines := strings.Split(strings.TrimSuffix(r.out.String(), "\n"), "\n")
	for i := 0; i < len(lines); i++ {
		if lines[i] == succeeds {
			continue
		}
		first, _, _ := strings.Cut(lines[i], " ")
		second, _, _ := strings.Cut(strings.TrimSpace(lines[i+1]), " ")
		require.Equal(t, first, second)
		i++
	}
}

func TestTerminalsGetNoControlCharacters(t *testing.T) {
	t.Parallel()
	evil := `{"Product":{"name":"\u001b[31mred\u202e","ke\u0007y":1,"text":"a\u009b\n\u001bb"}}`
	r := newRecord(Text, onTerminal, func(o *Options) { o.NoColor = "1" })
	require.NoError(t, r.Show([]byte(evil)))
	r.Info("\x1b]0;title\x07")
	r.Fail(errors.New("x\x1b"))
	require.NotContains(t, r.out.String(), "\x1b")
	require.NotContains(t, r.out.String(), "\x07")
	require.Contains(t, r.out.String(), `\u001b[31mred\u202e`)

	r = newRecord(JSON, onTerminal)
	require.NoError(t, r.Show([]byte(evil)))
	require.Contains(t, r.out.String(), `"text": "a\u009b\n\u001bb"`)

	r = newRecord(Text)
	require.NoError(t, r.Show([]byte(evil)))
	require.Contains(t, r.out.String(), "\x1b[31mred\u202e")
}

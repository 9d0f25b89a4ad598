package impcentral

import (
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"
)

func readAll(in io.Reader, limit int) (events []event, r *eventReader, err error) {
	r = newEventReader(in, limit)
	for {
		e, err := r.next()
		if err != nil {
			return events, r, err
		}
		events = append(events, event{e.name, append([]byte{}, e.data...)})
	}
}

func TestEvents(t *testing.T) {
	t.Parallel()
	ev := func(name, data string) event { return event{name, []byte(data)} }
	cases := map[string]struct {
		text string
		want []event
		id   string
	}{
		"nothing":             {"", nil, ""},
		"one":                 {"data: x\n\n", []event{ev("message", "x")}, ""},
		"no blank":            {"data:x\n\n", []event{ev("message", "x")}, ""},
		"one blank only":      {"data:  x\n\n", []event{ev("message", " x")}, ""},
		"named":               {"event: state_change\ndata: {}\n\n", []event{ev("state_change", "{}")}, ""},
		"name after data":     {"data: 1\nevent: n\n\n", []event{ev("n", "1")}, ""},
		"name is forgotten":   {"event: n\n\ndata: 1\n\n", []event{ev("message", "1")}, ""},
		"several lines":       {"data: a\ndata\ndata: b\n\n", []event{ev("message", "a\n\nb")}, ""},
		"empty data":          {"data\n\n", []event{ev("message", "")}, ""},
		"carriage returns":    {"data: a\rdata: b\r\rdata: c\r\r", []event{ev("message", "a\nb"), ev("message", "c")}, ""},
		"both ends":           {"data: a\r\n\r\ndata: b\r\n\r\n", []event{ev("message", "a"), ev("message", "b")}, ""},
		"comments":            {": hello\n\n:\ndata: a\n: x\n\n", []event{ev("message", "a")}, ""},
		"byte-order mark":     {"\ufeffdata: a\n\n\ufeffdata: b\n\n", []event{ev("message", "a")}, ""},
		"not finished":        {"data: a\n\ndata: b\n", []event{ev("message", "a")}, ""},
		"id":                  {"id: 7\ndata: a\n\n", []event{ev("message", "a")}, "7"},
		"id without data":     {"id: 7\n\n", nil, "7"},
		"id with a zero":      {"id: 7\n\nid: 8\x009\n\n", nil, "7"},
		"id taken back":       {"id: 7\n\nid\n\n", nil, ""},
		"unknown field":       {"foo: 1\nDATA: 2\ndata: 3\n\n", []event{ev("message", "3")}, ""},
		"colons in the value": {"data: a:b: c\n\n", []event{ev("message", "a:b: c")}, ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			readers := map[string]io.Reader{
				"whole": strings.NewReader(tc.text), "bytes": iotest.OneByteReader(strings.NewReader(tc.text)),
			}
			for how, in := range readers {
				got, r, err := readAll(in, 100)
				require.ErrorIs(t, err, io.EOF, how)
				require.Equal(t, tc.want, got, how)
				require.Equal(t, tc.id, r.lastID, how)
			}
		})
	}
}

func TestRetryIsDigits(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"retry: 1500\n": 1500 * time.Millisecond, "retry: -1\n": 0, "retry: 1.5\n": 0, "retry:\n": 0,
		"retry: 99999999999999999999\n": 0, "retry: 10\nretry: x\n": 10 * time.Millisecond,
	} {
		_, r, _ := readAll(strings.NewReader(text), 100)
		require.Equal(t, want, r.retry, text)
	}
}

// A carriage return ends a line at once: nothing that follows is waited for.
func TestEventIsThereBeforeWhatFollows(t *testing.T) {
	t.Parallel()
	in, out := io.Pipe()
	go func() { _, _ = io.WriteString(out, "data: a\r\r") }()
	e, err := newEventReader(in, 100).next()
	require.NoError(t, err)
	require.Equal(t, "a", string(e.data))
	_ = out.Close()
}

func TestLinesHaveALimit(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 2<<20)
	got, _, err := readAll(strings.NewReader("data: "+long+"\n\n"), 16<<20)
	require.ErrorIs(t, err, io.EOF)
	require.Len(t, got[0].data, 2<<20)
	_, _, err = readAll(strings.NewReader("data: "+long), 1<<20)
	require.ErrorIs(t, err, errLongLine)
	// Nor may many lines add up to more.
	_, _, err = readAll(strings.NewReader(strings.Repeat("data: xxxxxxxxxx\n", 1000)), 1000)
	require.ErrorIs(t, err, errLongLine)
}

// endless brings the same event again and again.
type endless struct {
	text string
	at   int
	left int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	n := copy(p, e.text[e.at:])
	e.at = (e.at + n) % len(e.text)
	e.left -= n
	return n, nil
}

func TestMemoryOfALongStreamStaysFlat(t *testing.T) { //nolint:paralleltest // measures memory
	r := newEventReader(&endless{text: "id: 1\ndata: " + strings.Repeat("x", 300) + "\n\n", left: 64 << 20}, 1<<20)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	events := 0
	for {
		if _, err := r.next(); err != nil {
			require.ErrorIs(t, err, io.EOF)
			break
		}
		events++
	}
	runtime.ReadMemStats(&after)
	require.Greater(t, events, 100000)
	require.Less(t, after.HeapAlloc, before.HeapAlloc+(8<<20))
	require.Less(t, (after.Mallocs-before.Mallocs)/uint64(events), uint64(3))
}

func FuzzEvents(f *testing.F) {
	for _, seed := range []string{
		"data: x\n\n", "event: a\rdata: b\r\n\r\n", "\ufeffid: 1\nretry: 5\ndata\n\n", ": c\n\n\n", "data: a\ndata: b\n\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		const limit = 1 << 10
		whole, _, err := readAll(strings.NewReader(string(text)), limit)
		require.True(t, errors.Is(err, io.EOF) || errors.Is(err, errLongLine))
		pieces, _, pieceErr := readAll(iotest.OneByteReader(strings.NewReader(string(text))), limit)
		require.Equal(t, whole, pieces)
		require.ErrorIs(t, pieceErr, err)
		for _, e := range whole {
			require.NotEmpty(t, e.name)
			require.LessOrEqual(t, len(e.data), 2*limit+1)
		}
	})
}

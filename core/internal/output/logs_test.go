package output

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/fault"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

func entries(texts ...string) [][]byte {
	var l [][]byte
	for _, t := range texts {
		l = append(l, []byte(t))
	}
	return l
}

func TestLogs(t *testing.T) {
	t.Parallel()
	two := entries(
		`{"device_id":"d1","ts":"2018-02-19T12:00:00Z","type":"server.log","msg":"hello"}`,
		`{"ts":"T","type":"status","msg":"a\nb"}`,
	)
	second := "\"\"\"\n  T [status] a\n  b\n\"\"\"\n"
	stream := "[d1] 2018-02-19T12:00:00Z [server.log] hello\n" + second
	object := "{\n  \"device_id\": \"d1\",\n  \"ts\": \"2018-02-19T12:00:00Z\",\n  \"type\": \"server.log\",\n  \"msg\": \"hello\"\n}\n" +
		"{\n  \"ts\": \"T\",\n  \"type\": \"status\",\n  \"msg\": \"a\\nb\"\n}\n"
	perMode{text: stream, minimal: stream, json: object}.check(t, func(r *record) {
		require.NoError(t, r.ShowLogs(&pluginv1.ShowLogsRequest{Entries: two}))
		require.Equal(t, 1, r.out.writes)
	})

	page := "2018-02-19T12:00:00Z [server.log] hello\n" + second
	perMode{text: page, minimal: page, json: "[\n  {\n    \"ts\": \"T\"\n  }\n]\n"}.check(t, func(r *record) {
		l := two
		if r.Mode() == JSON {
			l = entries(`{"ts":"T"}`)
		}
		require.NoError(t, r.ShowLogs(&pluginv1.ShowLogsRequest{Entries: l, Page: true}))
	})
	perMode{json: "[]\n"}.check(t, func(r *record) {
		require.NoError(t, r.ShowLogs(&pluginv1.ShowLogsRequest{Page: true}))
	})
}

func TestLogEntriesThatLackSomething(t *testing.T) {
	t.Parallel()
	for entry, want := range map[string]string{
		`{}`:                               "",
		`{"msg":"m"}`:                      "m",
		`{"ts":"T","msg":null}`:            "T",
		`{"device_id":"d","type":"t"}`:     "[d] [t]",
		`{"ts":1,"msg":{"a":[1]},"new":5}`: `1 {"a":[1]}`,
		`{"ts":"T","msg":""}`:              "T ",
		`{"msg":true}`:                     "true",
	} {
		r := newRecord(Text)
		require.NoError(t, r.ShowLogs(&pluginv1.ShowLogsRequest{Entries: entries(entry)}))
		require.Equal(t, want+"\n", r.out.String(), entry)
	}
}

func TestWhatIsNoLogEntry(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"null", "[]", "x", `"text"`} {
		r := newRecord(Text)
		err := r.ShowLogs(&pluginv1.ShowLogsRequest{Entries: entries(`{"msg":"first"}`, bad, `{"msg":"lost"}`)})
		f, ok := fault.Of(err)
		require.True(t, ok)
		require.Equal(t, "Internal error: Unexpected format of log stream message: "+bad+".", f.Sentence)
		require.Equal(t, "first\n", r.out.String())
	}
}

func TestStream(t *testing.T) {
	t.Parallel()
	opened := "Log stream for Device(s) 1, 2, 3, 4, 5, ... is opened.\nIMPT COMMAND SUCCEEDS\n\nPress <Ctrl-C> to exit.\n"
	perMode{text: opened + "The log stream is lost. Trying to reconnect...\nThe log stream is closed.\nIMPT COMMAND SUCCEEDS\n"}.check(t, func(r *record) {
		ids := []string{"1", "2", "3", "4", "5", "6"}
		r.StreamOpened(ids)
		require.Equal(t, "6", ids[5])
		r.StreamLost()
		r.StreamClosed()
		r.Succeed()
	})
	r := newRecord(Text)
	r.StreamOpened([]string{"1", "2"})
	require.Contains(t, r.out.String(), "Device(s) 1, 2 is opened.\n")
}

func TestMoreLogs(t *testing.T) {
	t.Parallel()
	r := newRecord(Text, func(o *Options) { o.Stdin = strings.NewReader("\nanything\nno line") })
	require.True(t, r.MoreLogs(t.Context()))
	require.True(t, r.MoreLogs(t.Context()))
	require.False(t, r.MoreLogs(t.Context()))
	require.False(t, r.MoreLogs(t.Context()))
	once := "IMPT COMMAND SUCCEEDS\n\nPress <Enter> to see more logs or <Ctrl-C> to exit.\n"
	require.Equal(t, strings.Repeat(once, 4), r.out.String())

	perMode{text: once}.check(t, func(r *record) { require.False(t, r.MoreLogs(t.Context())) })
}

func TestMoreLogsEndsWithTheContext(t *testing.T) {
	t.Parallel()
	in, w := io.Pipe()
	defer w.Close()
	ctx, cancel := context.WithCancel(t.Context())
	r := newRecord(JSON, func(o *Options) { o.Stdin = in })
	cancel()
	require.False(t, r.MoreLogs(ctx))
	go func() { _, _ = w.Write([]byte("late\n")) }()
	require.True(t, r.MoreLogs(t.Context()))
}

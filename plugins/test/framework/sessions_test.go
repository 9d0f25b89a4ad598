package framework_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/plugins/test/framework"
	"github.com/electricimp/impt/sdk/sim/imp"
)

// start is how a session's runners are started, as impt does it.
func start(t *testing.T, source string) string {
	t.Helper()
	options := map[string]any{}
	if _, line, given := strings.Cut(source, "\n// run: "); given {
		require.NoError(t, json.Unmarshal([]byte(line), &options))
	}
	sessions, several := options["sessions"].([]any)
	if !several {
		sessions = []any{"s-1"}
	}
	delete(options, "sessions")
	var b strings.Builder
	b.WriteString("imp.wakeup(2, function() {\n")
	for _, session := range sessions {
		b.WriteString("    local runner = __module_impUnit_exports.ImpUnitRunner();\n")
		b.WriteString("    runner.readableOutput = false;\n    runner.session = " + literal(t, session) + ";\n")
		for name, value := range options {
			b.WriteString("    runner." + name + " = " + literal(t, value) + ";\n")
		}
		b.WriteString("    runner.run();\n")
	}
	b.WriteString("});\n")
	return b.String()
}

// literal is a value as Squirrel; for what these sessions hold that is JSON.
func literal(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	require.NoError(t, err)
	return string(text)
}

// logged runs a session and returns its messages as the files have them.
func logged(t *testing.T, source string) []string {
	t.Helper()
	code := framework.Source + "\nfunction __module_tests(ImpTestCase) {\n" + source + "\n}\n" +
		"__module_tests(__module_impUnit_exports.ImpTestCase);\n" + start(t, source)
	var lines []string
	m := imp.New(imp.Config{
		DeviceCode: code, Device: "5000d8c46a56cfca", Online: true, Now: time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC),
		Log: func(l imp.Line) { lines = append(lines, message(l)) },
	})
	m.StartDevice(t.Context())
	for range 10_000 {
		next, more := m.Next()
		if !more {
			break
		}
		m.Run(t.Context(), next)
	}
	return lines
}

func message(l imp.Line) string {
	if l.Type != "server.log" {
		return l.Type + ": " + l.Msg
	}
	var m map[string]any
	if json.Unmarshal([]byte(l.Msg), &m) != nil {
		return l.Msg
	}
	delete(m, "__IMPUNIT__")
	if m["session"] == "s-1" {
		delete(m, "session")
	}
	text, err := json.Marshal(m)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// requireLike compares two lines; a string "~x" stands for any that begins with x.
func requireLike(t *testing.T, want, got string, n int) {
	t.Helper()
	var w, g any
	if json.Unmarshal([]byte(want), &w) != nil || json.Unmarshal([]byte(got), &g) != nil {
		require.Equal(t, want, got, "line %d", n+1)
		return
	}
	require.True(t, like(w, g), "line %d\nwant %s\n got %s", n+1, want, got)
}

func like(want, got any) bool {
	switch w := want.(type) {
	case string:
		g, ok := got.(string)
		if prefix, open := strings.CutPrefix(w, "~"); open {
			return ok && strings.HasPrefix(g, prefix)
		}
		return ok && g == w
	case map[string]any:
		g, ok := got.(map[string]any)
		same := ok && len(g) == len(w)
		for key := range w {
			same = same && like(w[key], g[key])
		}
		return same
	case []any:
		g, ok := got.([]any)
		same := ok && len(g) == len(w)
		for i := range w {
			same = same && like(w[i], g[i])
		}
		return same
	default:
		return want == got
	}
}

func TestSessions(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.nut")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			source, err := os.ReadFile(file)
			require.NoError(t, err)
			want, err := os.ReadFile(strings.TrimSuffix(file, ".nut") + ".want")
			require.NoError(t, err)
			lines := strings.Split(strings.TrimSpace(string(want)), "\n")
			got := logged(t, string(source))
			for i, line := range lines {
				require.Greater(t, len(got), i, "ends before line %d: %s", i+1, line)
				requireLike(t, line, got[i], i)
			}
			require.Len(t, got, len(lines))
		})
	}
}

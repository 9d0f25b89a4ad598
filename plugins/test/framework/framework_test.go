package framework_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/plugins/test/framework"
)

func TestBuilderHasNothingToDoWithTheSource(t *testing.T) {
	t.Parallel()
	for n, line := range strings.Split(framework.Source, "\n") {
		require.NotRegexp(t, `^\s*@|@\{|^\s*#line`, line, "line %d", n+1)
		require.Less(t, len(line), 140, "line %d", n+1)
	}
}

func TestLibrariesAreRequiredFirst(t *testing.T) {
	t.Parallel()
	require.Regexp(t, `\A#require "Promise\.lib\.nut:4\.0\.0"\n#require "JSONEncoder\.class\.nut:2\.0\.0"\n`, framework.Source)
	require.Len(t, regexp.MustCompile(`(?m)^#require`).FindAllString(framework.Source, -1), 2)
}

// A session in testdata is a test file, how to run it, and the messages that a
// real Squirrel VM has logged for it.
func TestSessionsAreWhole(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.nut")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			source, err := os.ReadFile(file)
			require.NoError(t, err)
			if _, options, given := strings.Cut(string(source), "\n// run: "); given {
				require.True(t, json.Valid([]byte(options)), options)
			}
			want, err := os.ReadFile(strings.TrimSuffix(file, ".nut") + ".want")
			require.NoError(t, err)
			lines := strings.Split(strings.TrimSpace(string(want)), "\n")
			require.Contains(t, lines[0], "SESSION_START")
			require.Contains(t, lines[len(lines)-1], "SESSION_RESULT")
			for _, line := range lines {
				if !strings.HasPrefix(line, "[impUnit:") {
					require.True(t, json.Valid([]byte(line)), line)
				}
			}
		})
	}
}

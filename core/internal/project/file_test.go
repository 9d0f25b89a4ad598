package project

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/fault"
)

func write(t *testing.T, content string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, Name), []byte(content), 0o600))
	return dir
}

func TestRead(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]File{
		`{"deviceGroupId":"g"}`: {DeviceGroupID: "g"},
		"{\n  \"deviceGroupId\": \"g\",\n  \"deviceFile\": \"d.nut\",\n  \"agentFile\": \"../a.nut\"\n}": {
			DeviceGroupID: "g", DeviceFile: "d.nut", AgentFile: "../a.nut",
		},
		`{"agentFile":null,"deviceFile":"","deviceGroupId":"é"}`: {DeviceGroupID: "é"},
		`{"deviceGroupId":"old","deviceGroupId":"g"}`:            {DeviceGroupID: "g"},
	} {
		f, err := Read(write(t, content))
		require.NoError(t, err, content)
		f.all = nil
		require.Equal(t, want, *f, content)
	}
}

func TestCorruptedFileIsBelieved(t *testing.T) {
	t.Parallel()
	for _, content := range []string{
		``, ` `, `null`, `5`, `"g"`, `[]`, `["deviceGroupId"]`, `{}`, `{`, `{"deviceGroupId":"g"} x`, `{"deviceGroupId":"g"}{}`,
		"\xef\xbb\xbf" + `{"deviceGroupId":"g"}`, "\xff\xfe{\x00}\x00",
		`{"deviceGroupId":""}`, `{"deviceGroupId":null}`, `{"deviceGroupId":5}`, `{"deviceGroupId":["g"]}`, `{"deviceGroupID":"g"}`,
		`{"deviceGroupId":"g","deviceFile":5}`, `{"deviceGroupId":"g","agentFile":{}}`, `{"deviceGroupId":"g","agentFile":false}`,
		`{"deviceGroupId":"g","x":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + `}`,
		`{"deviceGroupId":"g","x":"` + strings.Repeat("x", 2<<20) + `"}`,
	} {
		_, err := Read(write(t, content))
		require.EqualError(t, err, "Project File is corrupted.", "%.60s", content)
		require.True(t, fault.Is(err, fault.CorruptedFileKind))
	}
}

func TestNoFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f, err := Read(dir)
	require.NoError(t, err)
	require.Nil(t, f)
	require.NoError(t, Remove(dir))
}

func TestWriteKeepsWhatIsUnknownInItsPlace(t *testing.T) {
	t.Parallel()
	for before, after := range map[string]string{
		`{"deviceGroupId":"g"}`: `{"deviceGroupId":"h","agentFile":"b"}`,
		`{"x":[{"b":1,"a":"<>"}],"agentFile":"a","y":null,"deviceGroupId":"g","deviceFile":null}`:// as it was
		`{"x":[{"b":1,"a":"<>"}],"agentFile":"b","y":null,"deviceGroupId":"h","deviceFile":null}`,
	} {
		dir := write(t, before)
		f, err := Read(dir)
		require.NoError(t, err)
		f.DeviceGroupID, f.AgentFile = "h", "b"
		require.NoError(t, Write(dir, f))
		text, err := os.ReadFile(filepath.Join(dir, Name))
		require.NoError(t, err)
		require.JSONEq(t, after, string(text))
		o, err := document.ParseObject(text)
		require.NoError(t, err)
		require.Equal(t, after, string(document.Encode(o)))
		require.NoError(t, Remove(dir))
		f, err = Read(dir)
		require.NoError(t, err)
		require.Nil(t, f)
	}
}

func TestWriteANewFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, Write(dir, &File{DeviceGroupID: "g", DeviceFile: "d"}))
	text, err := os.ReadFile(filepath.Join(dir, Name))
	require.NoError(t, err)
	require.Equal(t, "{\n  \"deviceGroupId\": \"g\",\n  \"deviceFile\": \"d\"\n}", string(text))
}

func FuzzUnderstand(f *testing.F) {
	for _, seed := range []string{
		`{"deviceGroupId":"g","deviceFile":"d","x":1}`, `null`, `{"deviceGroupId":"\ud800"}`, `{"deviceGroupId":"g","deviceFile":null}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		o, err := document.ParseObject(text)
		if err != nil {
			return
		}
		first, err := understand(o)
		if err != nil {
			return
		}
		require.NotEmpty(t, first.DeviceGroupID)
		again, err := understand(first.object())
		require.NoError(t, err)
		require.Equal(t, first, again)
	})
}

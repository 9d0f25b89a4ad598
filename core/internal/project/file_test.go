package project

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

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
		`{"deviceGroupId":"g","x":"` + strings.Repeat("x", maxSize) + `"}`,
	} {
		_, err := Read(write(t, content))
		require.EqualError(t, err, "Project File is corrupted.", "%.60s", content)
		require.True(t, fault.Is(err, fault.FileKind))
	}
}

func TestNoFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f, err := Read(dir)
	require.NoError(t, err)
	require.Nil(t, f)
	there, err := Exists(dir)
	require.NoError(t, err)
	require.False(t, there)
	require.NoError(t, Remove(dir))
}

func TestFileThatIsADirectory(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, Name), 0o700))
	_, err := Read(dir)
	require.EqualError(t, err, "File error: .impt.project: EISDIR: illegal operation on a directory, read.")
	there, err := Exists(dir)
	require.NoError(t, err)
	require.True(t, there)
	err = Write(dir, &File{DeviceGroupID: "g"})
	require.ErrorContains(t, err, "File error: .impt.project: E")
	require.True(t, fault.Is(err, fault.FileKind))
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, left, 1)
}

func TestWrite(t *testing.T) {
	t.Parallel()
	for before, after := range map[string]string{
		`{"deviceGroupId":"g"}`: "{\n  \"deviceGroupId\": \"g\"\n}",
		`{"x":[1.50,{"b":1,"a":"<>"}],"agentFile":"a","y":null,"deviceGroupId":"g","deviceFile":"d","x2":12345678901234567890}`: strings.Join([]string{
			`{`, `  "deviceGroupId": "g",`, `  "deviceFile": "d",`, `  "agentFile": "a",`,
			`  "x": [`, `    1.5,`, `    {`, `      "b": 1,`, `      "a": "<>"`, `    }`, `  ],`,
			`  "y": null,`, `  "x2": 12345678901234567890`, `}`,
		}, "\n"),
	} {
		dir := write(t, before)
		f, err := Read(dir)
		require.NoError(t, err)
		require.NoError(t, Write(dir, f))
		text, err := os.ReadFile(filepath.Join(dir, Name))
		require.NoError(t, err)
		require.Equal(t, after, string(text))
		left, err := os.ReadDir(dir)
		require.NoError(t, err)
		require.Len(t, left, 1)
		require.NoError(t, Remove(dir))
		f, err = Read(dir)
		require.NoError(t, err)
		require.Nil(t, f)
	}
}

func TestWriteToNowhere(t *testing.T) {
	t.Parallel()
	err := Write(filepath.Join(t.TempDir(), "none"), &File{DeviceGroupID: "g"})
	require.EqualError(t, err, "File error: .impt.project: ENOENT: no such file or directory, open '.impt.project'.")
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`{"deviceGroupId":"g","deviceFile":"d","x":1}`, `null`, `{"deviceGroupId":"\ud800"}`, `{"deviceGroupId":"g","deviceFile":null}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		first, err := parse(text)
		if err != nil {
			return
		}
		require.NotEmpty(t, first.DeviceGroupID)
		again, err := parse(first.encode())
		require.NoError(t, err)
		require.Equal(t, string(first.encode()), string(again.encode()))
	})
}

package configfile

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/fault"
)

const name = ".impt.lamp"

func at(dir string) File { return File{Dir: dir, Name: name, Noun: "Lamp Settings"} }

func content(lamp string) document.Object { return document.Object{{Key: "lamp", Value: lamp}} }

func write(t *testing.T, text string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	return dir
}

func TestRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]document.Object{
		`{}`:                           nil,
		` {"a" : 1, "b":null } `:       {{Key: "a", Value: json.Number("1")}, {Key: "b"}},
		`{"b":"é","a":[],"b":"again"}`: {{Key: "b", Value: "again"}, {Key: "a", Value: document.List{}}},
	} {
		o, exists, err := at(write(t, text)).Read()
		require.NoError(t, err, text)
		require.True(t, exists)
		require.Equal(t, string(document.Encode(want)), string(document.Encode(o)), text)
	}
}

func TestCorruptedFileIsToldApartFromNone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		``, ` `, `null`, `5`, `"g"`, `[]`, `{`, `{"a":1} x`, `{}{}`,
		"\xef\xbb\xbf" + `{}`, "\xff\xfe{\x00}\x00",
		`{"x":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + `}`,
		`{"x":"` + strings.Repeat("x", maxSize) + `"}`,
	} {
		_, exists, err := at(write(t, text)).Read()
		require.EqualError(t, err, "Lamp Settings File is corrupted.", "%.60s", text)
		require.True(t, fault.Is(err, fault.CorruptedFileKind))
		require.False(t, exists)
	}
	_, exists, err := at(t.TempDir()).Read()
	require.NoError(t, err)
	require.False(t, exists)
}

func TestFileThatIsADirectory(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, name), 0o700))
	_, _, err := at(dir).Read()
	require.EqualError(t, err, "File error: .impt.lamp: EISDIR: illegal operation on a directory, read.")
	err = at(dir).Write(content("g"))
	require.ErrorContains(t, err, "File error: .impt.lamp: E")
	require.True(t, fault.Is(err, fault.FileKind))
	require.ErrorContains(t, at(dir).Remove(), "EISDIR")
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, left, 1)
}

func TestWriteKeepsOrderAndWritesNumbersAsThePeer(t *testing.T) {
	t.Parallel()
	dir := write(t, `{"x":[1.50,{"b":1,"a":"<>"}],"y":null,"x2":12345678901234567890}`)
	o, _, err := at(dir).Read()
	require.NoError(t, err)
	require.NoError(t, at(dir).Write(o))
	text, err := os.ReadFile(filepath.Join(dir, name))
	require.NoError(t, err)
	require.Equal(t, strings.Join([]string{
		`{`, `  "x": [`, `    1.5,`, `    {`, `      "b": 1,`, `      "a": "<>"`, `    }`, `  ],`,
		`  "y": null,`, `  "x2": 12345678901234567890`, `}`,
	}, "\n"), string(text))
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, left, 1)
	require.NoError(t, at(dir).Remove())
	require.NoError(t, at(dir).Remove())
	_, exists, err := at(dir).Read()
	require.NoError(t, err)
	require.False(t, exists)
}

func TestWriteToNowhere(t *testing.T) {
	t.Parallel()
	err := at(filepath.Join(t.TempDir(), "none")).Write(content("g"))
	require.EqualError(t, err, "File error: .impt.lamp: ENOENT: no such file or directory, open '.impt.lamp'.")
}

func TestTryLeavesEverythingAsItIs(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"{\"lamp\":1.50 }", "", "\xff", "null"} {
		dir := write(t, text)
		require.NoError(t, at(dir).Try())
		left, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		require.Equal(t, text, string(left))
	}
	dir := t.TempDir()
	require.NoError(t, at(dir).Try())
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left)

	require.True(t, fault.Is(at(filepath.Join(dir, "nowhere")).Try(), fault.FileKind))
	require.NoError(t, os.Mkdir(filepath.Join(dir, name), 0o700))
	require.True(t, fault.Is(at(dir).Try(), fault.FileKind))
}

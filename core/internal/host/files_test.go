package host

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/core/internal/configfile"
	"github.com/electricimp/impt/sdk/fault"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

const (
	inputRole  = pluginv1.ValueRole_VALUE_ROLE_INPUT_FILE
	outputRole = pluginv1.ValueRole_VALUE_ROLE_OUTPUT_FILE
	secretRole = pluginv1.ValueRole_VALUE_ROLE_SECRET_FILE
)

// lamp is a run of a plugin in a directory of its own, with an option of each
// role of files.
func lamp(t *testing.T, needs ...*pluginv1.Capability) (s *Session, dir string) {
	t.Helper()
	dir = t.TempDir()
	return New(Config{
		Plugin: "lamp",
		Dir:    dir,
		ConfigFile: &pluginv1.ConfigFile{Noun: "Lamp Settings", Files: []*pluginv1.FileMember{
			{Name: "bulbs", Role: inputRole}, {Name: "report", Role: outputRole}, {Name: "key", Role: secretRole},
		}},
		Command: &pluginv1.Command{
			Options: []*pluginv1.Option{
				{Name: "in", Role: inputRole}, {Name: "out", Role: outputRole}, {Name: "secret", Role: secretRole}, {Name: "name"},
			},
			Needs: needs,
		},
		Options: []*pluginv1.OptionValue{
			text("in", "in.txt"), text("out", "out.txt"), text("secret", "secret.json"), text("name", "name.txt"),
			{Name: "pwd", Value: &pluginv1.OptionValue_Secret{}},
		},
		Secrets: map[string]string{"pwd": "pass\"word"},
	}), dir
}

func text(name, value string) *pluginv1.OptionValue {
	return &pluginv1.OptionValue{Name: name, Given: true, Value: &pluginv1.OptionValue_Text{Text: value}}
}

func can(resource string, access pluginv1.Access) *pluginv1.Capability {
	return &pluginv1.Capability{Resource: resource, Access: access}
}

// outcome tells a denied call from one that was tried.
func outcome[R any](t *testing.T, _ R, err error) string {
	t.Helper()
	if err == nil {
		return "done"
	}
	f, ok := fault.Of(err)
	require.True(t, ok, "%v", err)
	if f.Kind == fault.DeniedKind {
		return "denied"
	}
	return f.Sentence
}

func put(t *testing.T, dir, name, content string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600))
}

func read(ctx context.Context, t *testing.T, s *Session, path string) string {
	t.Helper()
	r, err := s.ReadFile(ctx, &pluginv1.ReadFileRequest{Path: path})
	return outcome(t, r, err)
}

func write(ctx context.Context, t *testing.T, s *Session, path string) string {
	t.Helper()
	r, err := s.WriteFile(ctx, &pluginv1.WriteFileRequest{Path: path, Content: []byte(`{}`)})
	return outcome(t, r, err)
}

func remove(ctx context.Context, t *testing.T, s *Session, path string) string {
	t.Helper()
	r, err := s.DeleteFile(ctx, &pluginv1.DeleteFileRequest{Path: path})
	return outcome(t, r, err)
}

func stat(ctx context.Context, t *testing.T, s *Session, path string) string {
	t.Helper()
	r, err := s.StatFile(ctx, &pluginv1.StatFileRequest{Path: path})
	return outcome(t, r, err)
}

func TestRightsFollowTheRoleOfTheOption(t *testing.T) {
	t.Parallel()
	for path, want := range map[string][4]string{ // read, write, stat, delete
		"in.txt":       {"done", "denied", "done", "denied"},
		"out.txt":      {"done", "done", "done", "done"},
		"secret.json":  {"denied", "done", "done", "done"},
		"name.txt":     {"denied", "denied", "denied", "denied"},
		"":             {"denied", "denied", "denied", "denied"},
		"other.txt":    {"denied", "denied", "denied", "denied"},
		".impt.lamp":   {"denied", "denied", "denied", "denied"},
		".build":       {"denied", "denied", "denied", "denied"},
		"../out.txt":   {"denied", "denied", "denied", "denied"},
		"/etc/passwd":  {"denied", "denied", "denied", "denied"},
		"./in.txt/../": {"denied", "denied", "denied", "denied"},
	} {
		s, dir := lamp(t)
		for _, name := range []string{"in.txt", "out.txt", "secret.json", "name.txt", "other.txt"} {
			put(t, dir, name, "x")
		}
		ctx := t.Context()
		require.Equal(t, want, [4]string{
			read(ctx, t, s, path), write(ctx, t, s, path), stat(ctx, t, s, path), remove(ctx, t, s, path),
		}, path)
	}
}

func TestSecretFileIsUnreadableByAnyName(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put(t, dir, "gh", "token")
	s := New(Config{
		Plugin: "lamp", Dir: dir,
		Command: &pluginv1.Command{Options: []*pluginv1.Option{{Name: "in", Role: outputRole}, {Name: "secret", Role: secretRole}}},
		Options: []*pluginv1.OptionValue{text("in", "./gh"), text("secret", filepath.Join(dir, "gh"))},
	})
	require.Equal(t, "denied", read(t.Context(), t, s, "./gh"))
	require.Equal(t, "denied", read(t.Context(), t, s, filepath.Join(dir, "gh")))
}

func TestHostFillsInSecrets(t *testing.T) {
	t.Parallel()
	s, dir := lamp(t)
	put(t, dir, "secret.json", "old")
	require.NoError(t, os.Chmod(filepath.Join(dir, "secret.json"), 0o644))
	password := s.cfg.Options[4].GetSecret()
	content := []byte(`{"user":"me","token":"` + password.GetHandle() + `"}`)
	require.NotContains(t, string(content), "pass")
	_, err := s.WriteFile(t.Context(), &pluginv1.WriteFileRequest{
		Path: "secret.json", Content: content, Secrets: []*pluginv1.Secret{password},
	})
	require.NoError(t, err)
	written, err := os.ReadFile(filepath.Join(dir, "secret.json"))
	require.NoError(t, err)
	require.Equal(t, `{"user":"me","token":"pass\"word"}`, string(written))
	if runtime.GOOS != "windows" {
		info, err := os.Stat(filepath.Join(dir, "secret.json"))
		require.NoError(t, err)
		require.Equal(t, fs.FileMode(0o600), info.Mode().Perm())
	}

	// Nowhere else.
	r, err := s.WriteFile(t.Context(), &pluginv1.WriteFileRequest{
		Path: "out.txt", Content: content, Secrets: []*pluginv1.Secret{password},
	})
	require.Equal(t, "denied", outcome(t, r, err))
	r, err = s.WriteFile(t.Context(), &pluginv1.WriteFileRequest{
		Path: "secret.json", Content: content, Secrets: []*pluginv1.Secret{{Handle: "of another run"}},
	})
	require.Equal(t, "denied", outcome(t, r, err))
}

func TestDirectoriesOfBuilder(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s, dir := lamp(t, can("builder", changing))
	inside := filepath.Join(dir, ".build", "a", "b")
	require.NoError(t, os.MkdirAll(inside, 0o700))
	require.Equal(t, "done", stat(ctx, t, s, ".build"))
	require.Equal(t, "denied", read(ctx, t, s, ".build/a"))
	require.Equal(t, "done", remove(ctx, t, s, ".build"))
	require.NoDirExists(t, filepath.Join(dir, ".build"))
	require.Equal(t, "done", remove(ctx, t, s, ".build"))
	require.Equal(t, "denied", remove(ctx, t, s, ".git"))
	put(t, dir, ".builder-cache", "")
	require.Equal(t, "File error: .builder-cache: ENOTDIR: not a directory, scandir '.builder-cache'.", remove(ctx, t, s, ".builder-cache"))

	reader, _ := lamp(t, can("builder", reading))
	require.Equal(t, "denied", remove(ctx, t, reader, ".build"))
}

func TestDirectoryIsNoFileToDelete(t *testing.T) {
	t.Parallel()
	s, dir := lamp(t)
	require.NoError(t, os.Mkdir(filepath.Join(dir, "out.txt"), 0o700))
	require.Equal(t, "File error: out.txt: EISDIR: illegal operation on a directory, unlink 'out.txt'.", remove(t.Context(), t, s, "out.txt"))
	require.DirExists(t, filepath.Join(dir, "out.txt"))
}

func save(ctx context.Context, t *testing.T, s *Session, content string) string {
	t.Helper()
	r, err := s.SaveConfig(ctx, &pluginv1.SaveConfigRequest{Content: []byte(content)})
	return outcome(t, r, err)
}

func TestConfigurationFile(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s, dir := lamp(t, can("config", changing))
	c, err := s.Config(ctx, nil)
	require.NoError(t, err)
	require.False(t, c.GetExists())
	require.Equal(t, "done", save(ctx, t, s, `{"z":1.50,"bulbs":"in.txt","key":"secret.json"}`))
	written, err := os.ReadFile(filepath.Join(dir, ".impt.lamp"))
	require.NoError(t, err)
	require.Equal(t, "{\n  \"z\": 1.5,\n  \"bulbs\": \"in.txt\",\n  \"key\": \"secret.json\"\n}", string(written))
	c, err = s.Config(ctx, nil)
	require.NoError(t, err)
	require.True(t, c.GetExists())
	require.JSONEq(t, `{"z":1.5,"bulbs":"in.txt","key":"secret.json"}`, string(c.GetContent()))
	require.Equal(t, "denied", save(ctx, t, s, `[]`))
	_, err = s.DeleteConfig(ctx, nil)
	require.NoError(t, err)
	require.NoFileExists(t, filepath.Join(dir, ".impt.lamp"))

	put(t, dir, ".impt.lamp", "null")
	_, err = s.Config(ctx, nil)
	require.True(t, fault.Is(err, fault.CorruptedFileKind))
	require.Equal(t, "done", save(ctx, t, s, `{}`))
}

func TestConfigurationNeedsItsCapability(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	for _, needs := range [][]*pluginv1.Capability{nil, {can("config", reading)}, {can("project", changing)}} {
		s, dir := lamp(t, needs...)
		put(t, dir, ".impt.lamp", "{}")
		require.Equal(t, "denied", save(ctx, t, s, `{}`))
		r, err := s.DeleteConfig(ctx, nil)
		require.Equal(t, "denied", outcome(t, r, err))
	}
	for _, name := range []string{"auth", "project"} {
		s := New(Config{
			Plugin: name, Dir: t.TempDir(), ConfigFile: &pluginv1.ConfigFile{},
			Command: &pluginv1.Command{Needs: []*pluginv1.Capability{can("config", changing)}},
		})
		r, err := s.Config(ctx, nil)
		require.Equal(t, "denied", outcome(t, r, err))
		require.Equal(t, "denied", save(ctx, t, s, `{}`))
	}
	s := New(Config{Plugin: "plain", Dir: t.TempDir(), Command: &pluginv1.Command{Needs: []*pluginv1.Capability{can("config", changing)}}})
	require.Equal(t, "denied", save(ctx, t, s, `{}`))
}

func TestFilesThatTheConfigurationNames(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	const content = `{"bulbs":"b","report":"r","key":"k","other":"o"}`
	for _, access := range []pluginv1.Access{reading, changing} {
		s, dir := lamp(t, can("config", access))
		for _, name := range []string{"b", "r", "k", "o"} {
			put(t, dir, name, "x")
		}
		put(t, dir, ".impt.lamp", content)
		require.Equal(t, "denied", read(ctx, t, s, "b"))
		_, err := s.Config(ctx, nil)
		require.NoError(t, err)
		writing := "denied"
		if access == changing {
			writing = "done"
		}
		require.Equal(t, []string{"done", "done", "denied", "denied"}, []string{
			read(ctx, t, s, "b"), read(ctx, t, s, "r"), read(ctx, t, s, "k"), read(ctx, t, s, "o"),
		})
		require.Equal(t, []string{"denied", writing, writing, "denied"}, []string{
			remove(ctx, t, s, "b"), remove(ctx, t, s, "r"), remove(ctx, t, s, "k"), remove(ctx, t, s, "o"),
		})
	}
}

// A plugin that could name files in its configuration would read them in its
// next run.
func TestPluginCannotNameFiles(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s, dir := lamp(t, can("config", changing), can("project", changing))
	require.Equal(t, "denied", save(ctx, t, s, `{"bulbs":"/etc/passwd"}`))
	require.Equal(t, "done", save(ctx, t, s, `{"other":"/etc/passwd"}`))
	file := configfile.File{Dir: dir, Name: ".impt.lamp", Noun: "Lamp Settings"}
	put(t, dir, file.Name, `{"bulbs":"b"}`)
	require.Equal(t, "done", save(ctx, t, s, `{"bulbs":"b","report":"out.txt"}`))

	project := func(device string, keep bool) string {
		r, err := s.SaveProject(ctx, &pluginv1.SaveProjectRequest{DeviceGroupId: "g", DeviceFile: device, KeepOthers: keep})
		return outcome(t, r, err)
	}
	require.Equal(t, "denied", project("/etc/passwd", false))
	require.Equal(t, "done", project("out.txt", false))
	put(t, dir, ".impt.project", `{"deviceGroupId":"g","deviceFile":"d.nut"}`)
	require.Equal(t, "denied", project("d.nut", false))
	require.Equal(t, "done", project("d.nut", true))
}

package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"aead.dev/minisign"
	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/core/internal/plugin"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

const thisSystem = "linux/amd64"

// publisher signs archives of fleet.
type publisher struct {
	secret minisign.PrivateKey
	public string
}

func newPublisher(t testing.TB) publisher {
	t.Helper()
	public, secret, err := minisign.GenerateKey(rand.Reader)
	require.NoError(t, err)
	return publisher{secret, public.String()}
}

// program is what executables of these tests are: what they declare, as text.
func program(vendor, name, version string, needs ...string) string {
	return strings.Join([]string{vendor, name, version, strings.Join(needs, ",")}, "\n")
}

// declared is what a program of program would declare.
func declared(path string) (*pluginv1.Manifest, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	lines := strings.Split(string(b), "\n")
	if len(lines) < 4 {
		return nil, errors.New("it crashes")
	}
	m := &pluginv1.Manifest{Vendor: lines[0], Name: lines[1], Version: lines[2]}
	if lines[3] != "" {
		m.Commands = []*pluginv1.Command{{Name: "go", Needs: Grants(strings.Split(lines[3], ",")).Capabilities()}}
	}
	return m, nil
}

func digest(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:])
}

// release is an archive as its author means it, to be changed by tests.
type release struct {
	manifest Manifest
	content  map[string]string // by path
	by       *publisher
	raw      []byte // of the manifest; nil: made from it
	sign     []byte // of the signature; nil: made, empty: none
}

func newRelease(version string, by *publisher, needs ...string) *release {
	r := &release{by: by, content: map[string]string{
		"linux-amd64/impt-plugin-fleet": program("acme", "fleet", version, needs...),
		"windows-amd64/impt-plugin.exe": "for Windows",
		"README.md":                     "Read me.",
	}}
	r.manifest = Manifest{Format: 1, Vendor: "acme", Name: "fleet", Version: version, Needs: Grants(needs)}
	for _, path := range []string{"linux-amd64/impt-plugin-fleet", "windows-amd64/impt-plugin.exe", "README.md"} {
		f := File{Path: path, Size: int64(len(r.content[path])), SHA256: digest(r.content[path])}
		if system, _, ok := strings.Cut(path, "/"); ok {
			f.System = strings.Replace(system, "-", "/", 1)
		}
		r.manifest.Files = append(r.manifest.Files, f)
	}
	if by != nil {
		r.manifest.Key = by.public
	}
	return r
}

// head returns the bytes of the manifest and of its signature.
func (r *release) head(t testing.TB) (raw, signature []byte) {
	t.Helper()
	raw, signature = r.raw, r.sign
	if raw == nil {
		var err error
		raw, err = json.MarshalIndent(r.manifest, "", " ")
		require.NoError(t, err)
	}
	if signature == nil && r.by != nil {
		signature = minisign.Sign(r.by.secret, raw)
	}
	return raw, signature
}

func (r *release) bytes(t testing.TB) []byte {
	t.Helper()
	raw, signature := r.head(t)
	var b bytes.Buffer
	require.NoError(t, writeArchive(&b, &r.manifest, raw, signature, func(f File) (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(r.content[f.Path])), nil
	}))
	return b.Bytes()
}

// file writes the archive into a folder.
func (r *release) file(t testing.TB, dir string) string {
	t.Helper()
	path := filepath.Join(dir, "fleet-"+r.manifest.Version+".tar.gz")
	require.NoError(t, os.WriteFile(path, r.bytes(t), 0o600))
	return path
}

// shop is a store with its surroundings.
type shop struct {
	*Store
	root string
	// started are the executables that were started, asked the questions.
	started []string
	asked   [][]string
	answer  error
}

func newShop(t testing.TB) *shop {
	t.Helper()
	return shopIn(t.TempDir())
}

func shopIn(root string) *shop {
	h := &shop{root: root}
	h.Store = &Store{
		Dir: filepath.Join(root, "store"), Cache: filepath.Join(root, "cache"), WorkDir: filepath.Join(root, "work"),
		Index: &plugin.Index{}, System: thisSystem,
		Describe: func(_ context.Context, path, _, want string) (*pluginv1.Manifest, error) {
			got, err := digestOf(path)
			if err != nil || got != want {
				return nil, errors.Join(err, errors.New("it is another file"))
			}
			h.started = append(h.started, path)
			return declared(path)
		},
		Ask: func(_ context.Context, _ string, lines []string) error {
			h.asked = append(h.asked, slices.Clone(lines))
			return h.answer
		},
	}
	_ = os.MkdirAll(h.WorkDir, 0o700)
	return h
}

// all grants whatever is wanted.
var all = Options{Grants: []string{"all"}}

func (h *shop) install(t testing.TB, source string, o Options) (*pluginv1.InstalledPlugin, error) {
	t.Helper()
	return h.Install(t.Context(), source, "", o)
}

// active is the version that would be started; "" if there is none. Its file
// must be the one that was installed.
func (h *shop) active(t testing.TB) string {
	t.Helper()
	plugins, err := h.Active()
	require.NoError(t, err)
	if len(plugins) == 0 {
		return ""
	}
	require.Len(t, plugins, 1)
	got, err := digestOf(plugins[0].Path)
	require.NoError(t, err)
	require.Equal(t, hex.EncodeToString(plugins[0].SHA256), got)
	return plugins[0].Version
}

// leftovers are files outside of what the store has to have.
func (h *shop) leftovers(t testing.TB) []string {
	t.Helper()
	entries, err := os.ReadDir(h.Dir)
	require.NoError(t, err)
	var left []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), half) {
			left = append(left, e.Name())
		}
	}
	return left
}

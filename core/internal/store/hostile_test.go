package store

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"aead.dev/minisign"
	"github.com/stretchr/testify/require"
)

// raw is an entry of an archive that no packer would write.
type raw struct {
	tar.Header
	content string
}

func entryOf(name, content string) raw {
	return raw{tar.Header{Typeflag: tar.TypeReg, Name: name, Size: int64(len(content)), Mode: 0o755}, content}
}

func zipped(t testing.TB, entries ...raw) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for _, e := range entries {
		require.NoError(t, w.WriteHeader(&e.Header))
		_, err := io.WriteString(w, e.content)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	require.NoError(t, z.Close())
	return b.Bytes()
}

// whole are the entries of a release.
func (r *release) whole(t testing.TB) []raw {
	t.Helper()
	manifest, signature := r.head(t)
	all := []raw{entryOf(ManifestFile, string(manifest))}
	if len(signature) > 0 {
		all = append(all, entryOf(SignatureFile, string(signature)))
	}
	for _, f := range r.manifest.Files {
		all = append(all, entryOf(f.Path, r.content[f.Path]))
	}
	return all
}

// badPaths leave the folder, or mean something on some system.
var badPaths = []string{
	"../evil", "../../evil", "a/../../evil", "a/..", "..", ".", "/etc/evil", "//etc/evil", "/", "", "a//b", "a/./b", "./a", "a/",
	`..\evil`, `C:\evil`, "C:evil", `\\host\share\evil`, "a\\..\\b", "a:b", "con", "NUL", "aux.txt", "a/com1", "lpt1.log", "a/prn.exe",
	"a.", "a ", " a", ".hidden", "a/.ssh/b", "-rf", "a/-x", "a\x00b", "a\nb", "a\x1b[2J", "é", "a\u202eb", "a\u2044b", "%2e%2e/evil", "~/evil", "$HOME/evil", "a*b", "a?b", "a|b", "a\"b", "a<b",
	strings.Repeat("a/", 9) + "b", strings.Repeat("a", 201), "plugin.json", "PLUGIN.JSON", "plugin.json.minisig", "Plugin.Json.Minisig", "readme.md",
}

func hostileArchives(t testing.TB, acme, evil publisher) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	fresh := func() *release { return newRelease("2.0.0", &acme, "device") }
	// With an entry that the manifest does not know.
	for _, p := range badPaths {
		if strings.ContainsRune(p, 0) || strings.HasSuffix(p, "/") || p == "" {
			continue // no tar has it as a file
		}
		all["an entry "+fmt.Sprintf("%.30q", p)] = zipped(t, append(fresh().whole(t), entryOf(p, "evil"))...)
	}
	// With a manifest that names such a path, signed by its publisher.
	for _, p := range badPaths {
		r := fresh()
		r.manifest.Files = append(r.manifest.Files, File{Path: p, Size: 4, SHA256: digest("evil")})
		manifest, signature := r.head(t)
		entries := []raw{entryOf(ManifestFile, string(manifest)), entryOf(SignatureFile, string(signature))}
		all["a file "+fmt.Sprintf("%.30q", p)] = zipped(t, append(entries, fresh().whole(t)[2:]...)...)
	}
	for name, kind := range map[string]byte{
		"a link": tar.TypeSymlink, "a hard link": tar.TypeLink, "a device": tar.TypeChar, "a block device": tar.TypeBlock,
		"a pipe": tar.TypeFifo, "a folder": tar.TypeDir, "a contiguous file": tar.TypeCont,
	} {
		e := raw{tar.Header{Typeflag: kind, Name: "README.md", Linkname: "/etc/passwd", Mode: 0o777}, ""}
		whole := fresh().whole(t)
		whole[len(whole)-1] = e
		all[name+" in place of a file"] = zipped(t, whole...)
		e.Name = "linux-amd64"
		all[name+" in place of a folder"] = zipped(t, append([]raw{whole[0], whole[1], e}, fresh().whole(t)[2:]...)...)
		e.Name = ManifestFile
		all[name+" in place of the manifest"] = zipped(t, append([]raw{e}, fresh().whole(t)[1:]...)...)
	}
	change := func(name string, f func(r *release)) {
		r := fresh()
		f(r)
		all[name] = zipped(t, r.whole(t)...)
	}
	change("signed by another", func(r *release) { r.by = &evil })
	change("named and signed by another", func(r *release) { r.by, r.manifest.Key = &evil, evil.public })
	change("no signature", func(r *release) { r.by = nil })
	change("no signature and no key", func(r *release) { r.by, r.manifest.Key = nil, "" })
	change("signature of an older version", func(r *release) {
		old, _ := newRelease("1.0.0", &acme, "device").head(t)
		r.sign = minisign.Sign(acme.secret, old)
	})
	change("signature is HTML", func(r *release) { r.sign = []byte("<html>Sign in</html>") })
	change("signature of great length", func(r *release) { r.sign = bytes.Repeat([]byte("x"), maxSignature+1) })
	change("manifest is HTML", func(r *release) { r.raw = []byte("<html>Sign in</html>") })
	change("manifest of great length", func(r *release) { r.raw = bytes.Repeat([]byte(" "), maxManifest+1) })
	change("manifest of great depth", func(r *release) { r.raw = bytes.Repeat([]byte("["), maxManifest) })
	change("format of the future", func(r *release) { r.manifest.Format = 2 })
	change("no files", func(r *release) { r.manifest.Files = nil })
	change("many files", func(r *release) {
		for i := range maxFiles {
			r.manifest.Files = append(r.manifest.Files, File{Path: fmt.Sprint("f", i), SHA256: digest("")})
		}
	})
	change("huge file", func(r *release) { r.manifest.Files[0].Size = maxFileSize + 1 })
	change("negative size", func(r *release) { r.manifest.Files[0].Size = -1 })
	change("other size", func(r *release) { r.manifest.Files[0].Size++ })
	change("other content", func(r *release) {
		r.content["linux-amd64/impt-plugin-fleet"] = program("acme", "fleet", "2.0.0", "devicf")
	})
	change("other content for another system", func(r *release) { r.content["windows-amd64/impt-plugin.exe"] = "for windows" })
	change("no digest", func(r *release) { r.manifest.Files[0].SHA256 = "" })
	change("digest in capitals", func(r *release) { r.manifest.Files[0].SHA256 = strings.ToUpper(r.manifest.Files[0].SHA256) })
	change("two executables", func(r *release) { r.manifest.Files[1].System = thisSystem })
	change("system that is a path", func(r *release) { r.manifest.Files[1].System = "../../x" })
	change("vendor that climbs", func(r *release) { r.manifest.Vendor = ".." })
	change("name that climbs", func(r *release) { r.manifest.Name = "../x" })
	change("version that climbs", func(r *release) { r.manifest.Version = "/../" })
	change("vendor of another", func(r *release) { r.manifest.Vendor = "evil" })
	change("needs with a path", func(r *release) { r.manifest.Needs = Grants{"../x"} })
	change("endless needs", func(r *release) { r.manifest.Needs = make(Grants, maxGrantCount+1) })

	good := zipped(t, fresh().whole(t)...)
	whole := fresh().whole(t)
	all["twice the manifest"] = zipped(t, append([]raw{whole[0]}, whole...)...)
	all["twice the signature"] = zipped(t, append([]raw{whole[0], whole[1]}, whole[1:]...)...)
	all["signature first"] = zipped(t, append([]raw{whole[1], whole[0]}, whole[2:]...)...)
	all["signature last"] = zipped(t, append(append([]raw{whole[0]}, whole[2:]...), whole[1])...)
	all["twice the executable"] = zipped(t, append(whole, whole[2])...)
	all["a file missing"] = zipped(t, whole[:len(whole)-1]...)
	all["nothing"] = nil
	all["no archive"] = []byte("<html>Sign in</html>")
	all["cut"] = good[:len(good)/2]
	all["cut at its end"] = good[:len(good)-4]
	all["check sum"] = append(good[:len(good)-8:len(good)-8], 1, 2, 3, 4, 5, 6, 7, 8)
	all["twice"] = append(bytes.Clone(good), good...)
	all["bomb in the manifest"] = bomb(t, ManifestFile)
	all["bomb behind the manifest"] = append(zipped(t, whole[:2]...), bomb(t, "x")...)
	return all
}

// bomb is a small archive of much.
func bomb(t testing.TB, name string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	require.NoError(t, w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: 8 << 20}))
	_, err := io.CopyN(w, zeros{}, 8<<20)
	require.NoError(t, err)
	require.NoError(t, z.Close())
	return b.Bytes()
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

// Nothing of a hostile archive is started or written, and what was installed
// before still is.
func TestHostileArchives(t *testing.T) {
	t.Parallel()
	acme, evil := newPublisher(t), newPublisher(t)
	hostile := hostileArchives(t, acme, evil)
	require.Greater(t, len(hostile), 100)
	t.Log(len(hostile), "hostile archives")
	root := t.TempDir()
	h := shopIn(filepath.Join(root, "in", "here"))
	_, err := h.install(t, newRelease("1.0.0", &acme, "device").file(t, root), all)
	require.NoError(t, err)
	h.started = nil
	before := tree(t, root)
	path := filepath.Join(t.TempDir(), "hostile.tar.gz")
	for name, archive := range hostile {
		require.NoError(t, os.WriteFile(path, archive, 0o600))
		_, err := h.Install(t.Context(), path, "", Options{Grants: []string{"all"}, Choice: Choice{Unsigned: true}})
		require.Error(t, err, name)
		require.Empty(t, h.started, name)
		require.Equal(t, before, tree(t, root), name)
	}
	require.Equal(t, "1.0.0", h.active(t))
}

// tree is all that is below a folder, with digests.
func tree(t testing.TB, root string) map[string]string {
	t.Helper()
	found := map[string]string{}
	require.NoError(t, filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		found[path] = digest(string(b))
		return err
	}))
	return found
}

// Nor of an answer from elsewhere.
func TestHostileAnswers(t *testing.T) {
	t.Parallel()
	acme := newPublisher(t)
	good := newRelease("1.0.0", &acme).bytes(t)
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t.Error("somebody went elsewhere:", r.URL)
	}))
	defer elsewhere.Close()
	over := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/good":
			w.Write(good)
		case "/once":
			http.Redirect(w, r, "/good", http.StatusFound)
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		case "/file":
			http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
		case "/plain":
			http.Redirect(w, r, "http://plugins.example.com/x", http.StatusFound)
		case "/missing":
			http.NotFound(w, r)
		case "/html":
			w.Write([]byte("<html>Sign in</html>"))
		case "/short":
			w.Header().Set("Content-Length", fmt.Sprint(len(good)+1))
			w.Write(good)
		case "/huge":
			w.Header().Set("Content-Length", fmt.Sprint(int64(maxArchive)+1))
		case "/never":
			w.Write(good[:10])
			w.(http.Flusher).Flush()
			<-over
		case "/partial":
			w.WriteHeader(http.StatusPartialContent)
			w.Write(good)
		case "/empty":
		}
	}))
	defer server.Close()
	defer close(over)
	h := newShop(t)
	for _, path := range []string{"/loop", "/file", "/plain", "/missing", "/html", "/short", "/huge", "/partial", "/empty", "/never"} {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		if path == "/never" {
			cancel() // as the user, or the limit on time
		}
		_, err := h.Install(ctx, server.URL+path, "", all)
		cancel()
		require.Error(t, err, path)
		require.Empty(t, h.started, path)
		require.Empty(t, h.active(t), path)
	}
	for _, source := range []string{
		"http://plugins.example.com/x", "ftp://127.0.0.1/x", "https://user:secret@127.0.0.1/x", "https:///x", "http://127.0.0.1.example.com/x",
		"http://localhost.example.com/x", server.URL + "/good#x", "oci://UPPER/x", "oci://host", "oci://host/x:latest", "oci://host/../x", "acme/fleet@../x", "acme/fleet@latest",
	} {
		_, err := h.Install(t.Context(), source, t.TempDir(), all)
		require.Error(t, err, source)
	}
	_, err := h.Install(t.Context(), server.URL+"/once", "", all)
	require.NoError(t, err)
	require.Equal(t, "1.0.0", h.active(t))
}

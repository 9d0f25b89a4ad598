package main

import (
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSourcesWithACertificate installs from a server whose certificate an
// organization has made itself: an archive, and one of an index.
func TestSourcesWithACertificate(t *testing.T) {
	t.Parallel()
	a := newAuthor(t)
	fleet(t, filepath.Join(a.dir, "dist", runtime.GOOS+"-"+runtime.GOARCH, "impt-plugin-fleet"), "1.0.0", "")
	public := filepath.Join(a.dir, "public")
	require.NoError(t, os.Mkdir(public, 0o700))
	var packed struct {
		Archive struct{ SHA256 string }
	}
	require.NoError(t, json.Unmarshal([]byte(a.does("", "impt", "plugin", "pack", "dist", "--to", "public/fleet.tar.gz", "-z", "json")), &packed))
	a.write("public/index.json", `{
  "format": 1, "date": "2026-01-31T12:00:00Z",
  "plugins": [{"vendor": "acme", "name": "fleet", "version": "1.0.0", "date": "2026-01-31T12:00:00Z", "url": "fleet.tar.gz", "sha256": "`+packed.Archive.SHA256+`"}]
}`)
	server := httptest.NewTLSServer(http.FileServer(http.Dir(public)))
	t.Cleanup(server.Close)

	out, err := a.tries("", "impt", "plugin", "install", server.URL+"/fleet.tar.gz", "--unsigned", "--grant", "all")
	require.Error(t, err)
	require.Contains(t, out, "certificate")
	a.write("ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})))
	a.env = append(a.env, "NODE_EXTRA_CA_CERTS="+filepath.Join(a.dir, "ca.pem"))
	for _, source := range [][]string{{server.URL + "/fleet.tar.gz"}, {"acme/fleet", "--index", server.URL + "/index.json"}} {
		a.does("", "impt", append(append([]string{"plugin", "install"}, source...), "--unsigned", "--grant", "all")...)
		require.Contains(t, a.does("", "impt", "plugin", "info", "fleet"), server.URL)
		a.does("", "impt", "plugin", "remove", "fleet", "--confirmed")
	}
}

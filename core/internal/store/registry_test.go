package store

import (
	"bufio"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	ocidigest "github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/bcrypt"
	"oras.land/oras-go/v2"
)

const (
	registryUser     = "impt"
	registryPassword = "a password for the tests"
)

// realRegistry starts Debian's registry with one user, and returns its address.
func realRegistry(t *testing.T) string {
	t.Helper()
	program, err := exec.LookPath("docker-registry")
	if err != nil {
		t.Skip("there is no docker-registry (Debian: apt-get install docker-registry)")
	}
	dir := t.TempDir()
	hash, err := bcrypt.GenerateFromPassword([]byte(registryPassword), bcrypt.MinCost)
	require.NoError(t, err)
	users := filepath.Join(dir, "htpasswd")
	require.NoError(t, os.WriteFile(users, fmt.Appendf(nil, "%s:%s\n", registryUser, hash), 0o600))
	config := filepath.Join(dir, "config.yml")
	require.NoError(t, os.WriteFile(config, fmt.Appendf(nil, `version: 0.1
storage:
  filesystem:
    rootdirectory: %s
http:
  addr: 127.0.0.1:0
  secret: x
auth:
  htpasswd:
    realm: impt
    path: %s
`, filepath.Join(dir, "data"), users), 0o600))
	cmd := exec.CommandContext(t.Context(), program, "serve", config)
	words, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	listening := regexp.MustCompile(`listening on (127\.0\.0\.1:\d+)`)
	lines := bufio.NewScanner(words)
	for lines.Scan() {
		if m := listening.FindStringSubmatch(lines.Text()); m != nil {
			var rest sync.WaitGroup
			rest.Go(func() { _, _ = io.Copy(io.Discard, words) })
			t.Cleanup(func() {
				_ = cmd.Process.Kill()
				rest.Wait()
				_ = cmd.Wait()
			})
			return m[1]
		}
	}
	t.Fatalf("the registry ended: %v", cmd.Wait())
	return ""
}

// push puts a release into a repository, as any client of registries does.
func push(t testing.TB, h *shop, repository string, r *release) {
	t.Helper()
	repo, err := h.repository(repository)
	require.NoError(t, err)
	archive := r.bytes(t)
	layer := ocispec.Descriptor{MediaType: LayerType, Digest: ocidigest.FromBytes(archive), Size: int64(len(archive))}
	require.NoError(t, repo.Push(t.Context(), layer, strings.NewReader(string(archive))))
	image, err := oras.PackManifest(t.Context(), repo, oras.PackManifestVersion1_1, "application/vnd.impt.plugin.v1", oras.PackManifestOptions{Layers: []ocispec.Descriptor{layer}})
	require.NoError(t, err)
	require.NoError(t, repo.Tag(t.Context(), image, r.manifest.Version))
}

// recorder notes who is sent what authorizes.
type recorder struct {
	mu    sync.Mutex
	hosts map[string]bool
}

func (r *recorder) RoundTrip(q *http.Request) (*http.Response, error) {
	if q.Header.Get("Authorization") != "" {
		r.mu.Lock()
		r.hosts[q.URL.Host] = true
		r.mu.Unlock()
	}
	return http.DefaultTransport.RoundTrip(q)
}

// A private repository serves installation, update and --frozen, and its
// credentials go to it alone.
func TestRegistry(t *testing.T) {
	t.Parallel()
	host := realRegistry(t)
	acme := newPublisher(t)
	repository := host + "/plugins/fleet"
	credentials := Credentials{Host: host, User: registryUser, Password: registryPassword}
	publisher := newShop(t)
	publisher.Registry = credentials
	push(t, publisher, repository, newRelease("1.0.0", &acme, "device"))

	stranger := newShop(t)
	_, err := stranger.install(t, "oci://"+repository, all)
	require.ErrorContains(t, err, "cannot be read")
	stranger.Registry = Credentials{Host: "registry.example.com", User: registryUser, Password: registryPassword}
	_, err = stranger.install(t, "oci://"+repository, all)
	require.Error(t, err, "credentials of another registry")

	sent := &recorder{hosts: map[string]bool{}}
	h := newShop(t)
	h.Registry, h.HTTP = credentials, sent
	_, err = h.install(t, "oci://"+repository, Options{Grants: []string{"all"}, Lock: true})
	require.NoError(t, err)
	require.Equal(t, "1.0.0", h.active(t))
	first := read(t, h.lockFile())

	push(t, publisher, repository, newRelease("1.1.0", &acme, "device"))
	push(t, publisher, repository, newRelease("2.0.0-rc.1", &acme, "device"))
	updated, err := h.Update(t.Context(), nil, Options{})
	require.NoError(t, err)
	require.Len(t, updated, 1)
	require.Equal(t, "1.1.0", h.active(t))
	require.Equal(t, map[string]bool{host: true}, sent.hosts)

	// The lock file of before, from Docker's own configuration file.
	other := newShop(t)
	other.DockerConfig = filepath.Join(other.root, "config.json")
	auth := base64.StdEncoding.EncodeToString([]byte(registryUser + ":" + registryPassword))
	require.NoError(t, os.WriteFile(other.DockerConfig, fmt.Appendf(nil, `{"auths": {%q: {"auth": %q}}}`, host, auth), 0o600))
	require.NoError(t, os.WriteFile(other.lockFile(), first, 0o600))
	_, err = other.InstallFrozen(t.Context(), "", Options{})
	require.NoError(t, err)
	require.Equal(t, "1.0.0", other.active(t))
	_, err = other.install(t, "oci://"+repository+":1.1.0", Options{})
	require.NoError(t, err)
	require.Equal(t, "1.1.0", other.active(t))
	_, err = other.install(t, "oci://"+repository+":3.0.0", Options{})
	require.Error(t, err)
}

// A registry that redirects, or that wants the credentials at an address of its
// choice, does not get them there.
func TestRegistryThatWantsCredentialsElsewhere(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var heard []string
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		heard = append(heard, r.Header.Get("Authorization")+r.Header.Get("Cookie")+string(body)+r.URL.RawQuery)
		_, _ = io.WriteString(w, `{"token": "x", "access_token": "x"}`)
	}))
	defer elsewhere.Close()
	for name, answer := range map[string]func(w http.ResponseWriter, r *http.Request){
		"realm": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("WWW-Authenticate", `Bearer realm="`+elsewhere.URL+`/token",service="x",scope="repository:a:pull"`)
			w.WriteHeader(http.StatusUnauthorized)
		},
		"redirect": func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") == "" {
				w.Header().Set("WWW-Authenticate", `Basic realm="x"`)
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			http.Redirect(w, r, elsewhere.URL+r.URL.Path, http.StatusTemporaryRedirect)
		},
	} {
		server := httptest.NewServer(http.HandlerFunc(answer))
		host := strings.TrimPrefix(server.URL, "http://")
		h := newShop(t)
		h.Registry = Credentials{Host: host, User: registryUser, Password: registryPassword}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		_, err := h.Install(ctx, "oci://"+host+"/plugins/fleet:1.0.0", "", all)
		cancel()
		require.Error(t, err, name)
		server.Close()
	}
	mu.Lock()
	defer mu.Unlock()
	secret := base64.StdEncoding.EncodeToString([]byte(registryUser + ":" + registryPassword))
	for _, h := range heard {
		require.NotContains(t, h, registryPassword)
		require.NotContains(t, h, "password+for")
		require.NotContains(t, h, secret)
	}
}

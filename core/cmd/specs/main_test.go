package main

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/url"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCounts(t *testing.T) {
	t.Parallel()
	for printed, want := range map[string][]string{
		"\n\n1 spec, 0 failures\nFinished in 0.5 seconds\n":          {"1", "0", ""},
		"..F\n28 specs, 1 failure, 4 pending specs\nFinished in 1 s": {"28", "1", "4"},
		"\n7 specs, 2 failures, 1 pending spec\n":                    {"7", "2", "1"},
	} {
		require.Equal(t, want, counted.FindStringSubmatch(printed)[1:])
	}
	require.Nil(t, counted.FindStringSubmatch("Error: no such file"))
}

// Whoever trusts the authority finds the simulator where impCloud would be.
func TestCloud(t *testing.T) {
	t.Parallel()
	c, err := newCloud(t.TempDir())
	require.NoError(t, err)
	defer c.close()
	authority, err := os.ReadFile(c.authority)
	require.NoError(t, err)
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(authority))
	proxy, err := url.Parse(c.proxy.URL)
	require.NoError(t, err)
	client := &http.Client{Transport: &http.Transport{
		Proxy: http.ProxyURL(proxy), TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
	}}
	defer client.CloseIdleConnections()
	for address, works := range map[string]bool{"https://" + host + "/v5/products": true, "https://example.com/": false} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
		require.NoError(t, err)
		answer, err := client.Do(r)
		if !works {
			require.Error(t, err)
			continue
		}
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		require.Equal(t, http.StatusUnauthorized, answer.StatusCode)
	}
}

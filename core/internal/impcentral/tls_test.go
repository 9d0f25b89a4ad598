package impcentral_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/core/internal/impcentral"
)

// authority signs certificates; a nil one makes them sign themselves.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func certificate(t *testing.T, by *authority, change func(*x509.Certificate)) (tls.Certificate, *authority) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()),
		Subject:      pkix.Name{CommonName: "impt " + t.Name() + time.Now().String()},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
		DNSNames:     []string{"localhost"},
		KeyUsage:     x509.KeyUsageDigitalSignature,
	}
	change(template)
	parent, signer := template, key
	if by != nil {
		parent, signer = by.cert, by.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	require.NoError(t, err)
	cert, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, &authority{cert, key}
}

func isAuthority(c *x509.Certificate) {
	c.IsCA, c.BasicConstraintsValid, c.KeyUsage = true, true, x509.KeyUsageCertSign
}

func secureServer(t *testing.T, cert tls.Certificate) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(empty))
	}))
	server.TLS = &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

func pemFile(t *testing.T, certs ...*x509.Certificate) string {
	t.Helper()
	var text bytes.Buffer
	for _, c := range certs {
		require.NoError(t, pem.Encode(&text, &pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}))
	}
	file := filepath.Join(t.TempDir(), "certs.pem")
	require.NoError(t, os.WriteFile(file, text.Bytes(), 0o600))
	return file
}

func TestSentencesOfCertificates(t *testing.T) {
	t.Parallel()
	_, ca := certificate(t, nil, isAuthority)
	inter, interCA := certificate(t, ca, isAuthority)
	plain := func(*x509.Certificate) {}
	with := func(cert tls.Certificate, more ...tls.Certificate) tls.Certificate {
		for _, m := range more {
			cert.Certificate = append(cert.Certificate, m.Certificate...)
		}
		return cert
	}
	self, _ := certificate(t, nil, plain)
	leaf, _ := certificate(t, ca, plain)
	deep, _ := certificate(t, interCA, plain)
	old, oldCA := certificate(t, ca, func(c *x509.Certificate) {
		c.NotBefore, c.NotAfter = time.Now().Add(-2*time.Hour), time.Now().Add(-time.Hour)
	})
	_ = oldCA
	early, _ := certificate(t, ca, func(c *x509.Certificate) {
		c.NotBefore, c.NotAfter = time.Now().Add(time.Hour), time.Now().Add(2*time.Hour)
	})
	other, _ := certificate(t, ca, func(c *x509.Certificate) {
		c.IPAddresses, c.DNSNames = []net.IP{net.IPv4(10, 0, 0, 1)}, []string{"example.com"}
	})
	rootCert := tls.Certificate{Certificate: [][]byte{ca.cert.Raw}}
	known, unknown := x509.NewCertPool(), x509.NewCertPool()
	known.AddCert(ca.cert)
	cases := map[string]struct {
		cert  tls.Certificate
		roots *x509.CertPool
		want  string
	}{
		"self-signed":   {self, unknown, "self-signed certificate"},
		"unknown root":  {with(leaf, rootCert), unknown, "self-signed certificate in certificate chain"},
		"leaf alone":    {leaf, unknown, "unable to verify the first certificate"},
		"no root":       {with(deep, inter), unknown, "unable to get local issuer certificate"},
		"expired":       {old, known, "certificate has expired"},
		"not yet valid": {early, known, "certificate is not yet valid"},
		"other name": {other, known, "Hostname/IP does not match certificate's altnames: " +
			"IP: 127.0.0.1 is not in the cert's list: 10.0.0.1"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := secureServer(t, tc.cert)
			c := newClient(t, impcentral.Config{Endpoint: server.URL, Roots: tc.roots, Tokens: &tokens{}})
			_, err := c.Do(t.Context(), get("x"))
			require.Equal(t, "Request error: Error: "+tc.want+".", faultOf(t, err).Error())
		})
	}
}

func TestCertificatesOfTheUser(t *testing.T) {
	t.Parallel()
	_, ca := certificate(t, nil, isAuthority)
	_, otherCA := certificate(t, nil, isAuthority)
	leaf, _ := certificate(t, ca, func(*x509.Certificate) {})
	server := secureServer(t, leaf)
	bundle, more := pemFile(t, otherCA.cert), pemFile(t, ca.cert)
	cases := map[string]struct {
		cfg  impcentral.Config
		good bool
	}{
		"in the bundle":        {impcentral.Config{BundleFile: more}, true},
		"beside the bundle":    {impcentral.Config{BundleFile: bundle, RootFiles: []string{"/nonexistent", more}}, true},
		"beside the system's":  {impcentral.Config{BundleFile: "/nonexistent", RootFiles: []string{more}}, true},
		"nowhere":              {impcentral.Config{BundleFile: bundle}, false},
		"not when replaced":    {impcentral.Config{Roots: x509.NewCertPool(), RootFiles: []string{more}}, false},
		"in the usual bundles": {impcentral.Config{RootFiles: []string{more}}, true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tc.cfg.Endpoint = server.URL
			c := newClient(t, tc.cfg)
			c.Warm(t.Context())
			_, err := c.Do(t.Context(), get("x"))
			if tc.good {
				require.NoError(t, err)
				return
			}
			require.Equal(t, "Request error: Error: unable to verify the first certificate.", faultOf(t, err).Error())
		})
	}
}

func TestPlainServerAtASecureAddress(t *testing.T) {
	t.Parallel()
	server := newCloud(t, answering(200, empty))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	c := newClient(t, impcentral.Config{Endpoint: "https" + server.URL[len("http"):], Roots: x509.NewCertPool()})
	_, err := c.Do(t.Context(), get("x"))
	require.Equal(t, "Request error: Error: the address does not answer in TLS.", faultOf(t, err).Error())
}

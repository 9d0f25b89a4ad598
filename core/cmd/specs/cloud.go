package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/electricimp/impt/sdk/sim"
)

// host is that of the endpoint which both programs have by themselves: some
// specifications say no other.
const host = "api.electricimp.com"

// cloud is a simulated impCloud under the address of the real one, behind a
// proxy.
type cloud struct {
	sim           *sim.Sim
	server, proxy *httptest.Server
	authority     string // the file with its certificate
}

func newCloud(dir string) (*cloud, error) {
	c := &cloud{sim: sim.New(sim.Config{}), authority: filepath.Join(dir, "authority.pem")}
	if err := c.sim.Seed(sim.Demo()); err != nil {
		return nil, err
	}
	certificate, err := selfSigned()
	if err != nil {
		return nil, fmt.Errorf("making a certificate: %w", err)
	}
	public := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Certificate[0]})
	if err := os.WriteFile(c.authority, public, 0o600); err != nil {
		return nil, err
	}
	c.server = httptest.NewUnstartedServer(c.sim.Handler())
	c.server.Config.ErrorLog = log.New(io.Discard, "", 0) // who opens a connection need not use it
	c.server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	c.server.StartTLS()
	c.proxy = httptest.NewServer(http.HandlerFunc(c.connect))
	return c, nil
}

func (c *cloud) close() {
	c.sim.Close()
	c.proxy.CloseClientConnections()
	c.server.CloseClientConnections()
	c.proxy.Close()
	c.server.Close()
}

// env tells the specifications of the account and the devices.
func (c *cloud) env() []string {
	return []string{
		"HTTPS_PROXY=" + c.proxy.URL, "NODE_EXTRA_CA_CERTS=" + c.authority,
		"IMPT_USER_NAME=demo", "IMPT_USER_PASSWORD=demo", "IMPT_DEVICE_IDS=234776801163a9ee,23522f6938a609ee",
		"IMPT_GITHUB_USER=user", "IMPT_GITHUB_TOKEN=token",
	}
}

// connect leads to the simulator, wherever somebody wants to.
func (c *cloud) connect(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodConnect || r.Host != host+":443" {
		http.Error(w, "only "+host+" is here", http.StatusBadGateway)
		return
	}
	there, err := (&net.Dialer{}).DialContext(r.Context(), "tcp", strings.TrimPrefix(c.server.URL, "https://"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer func() { _ = there.Close() }()
	here, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer func() { _ = here.Close() }()
	if _, err := io.WriteString(here, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		return
	}
	go func() {
		_, _ = io.Copy(there, buffered)
		_ = there.Close()
	}()
	_, _ = io.Copy(here, there)
}

// selfSigned is a certificate for the host, which is its own authority.
func selfSigned() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: host}, DNSNames: []string{host},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
}

package app

import (
	"crypto/tls"
	"net/http"
	"sync"
	"time"

	"github.com/electricimp/impt/core/internal/impcentral"
)

// web makes requests without a login, to where plugins and source code come
// from. It is made ready for the first one: certificates take long to read.
type web struct {
	vars variables
	// How long a handshake, and the beginning of an answer, may take; 0 is as
	// long as whoever asks has time.
	handshake, answer time.Duration

	once sync.Once
	next http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (w *web) RoundTrip(r *http.Request) (*http.Response, error) {
	w.once.Do(func() {
		w.next = &http.Transport{
			Proxy:                 w.vars.proxies.For,
			TLSClientConfig:       &tls.Config{RootCAs: impcentral.TrustedRoots(w.vars.rootFiles), MinVersion: tls.VersionTLS12},
			TLSHandshakeTimeout:   w.handshake,
			ResponseHeaderTimeout: w.answer,
			IdleConnTimeout:       30 * time.Second,
			MaxIdleConnsPerHost:   4,
			ForceAttemptHTTP2:     true,
		}
	})
	return w.next.RoundTrip(r)
}

package app_test

import (
	"net/http"
	"net/http/httptest"
	"sync"
)

// elsewhere is another server, which is none of impCentral's.
type elsewhere struct {
	url string

	mu       sync.Mutex
	requests []*http.Request
}

func (w *world) elsewhere() *elsewhere {
	e := &elsewhere{}
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.requests = append(e.requests, r)
		rw.Header().Set("Content-Type", "application/vnd.api+json")
		_, _ = rw.Write([]byte(`{"data": [], "links": {}}`))
	}))
	w.t.Cleanup(server.Close)
	e.url = server.URL
	return e
}

package impcentral_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/core/internal/impcentral"
)

// pages is a list of so many pages with two resources each.
type pages struct {
	count    int
	told     int // page that links.last names, 0 for none
	endless  string
	mu       sync.Mutex
	asked    []int
	together atomic.Int64
	most     atomic.Int64
	gate     func(n int)
}

func (p *pages) serve(_ int, w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.Atoi(r.URL.Query().Get("page[number]"))
	now := p.together.Add(1)
	defer p.together.Add(-1)
	for most := p.most.Load(); now > most && !p.most.CompareAndSwap(most, now); most = p.most.Load() {
	}
	p.mu.Lock()
	p.asked = append(p.asked, n)
	p.mu.Unlock()
	if p.gate != nil {
		p.gate(n)
	}
	links := map[string]any{"first": "x"}
	if n < p.count {
		links["next"] = fmt.Sprintf("http://elsewhere/?page%%5Bnumber%%5D=%d", n+1)
	} else if p.endless != "" {
		links["next"] = nil
	}
	if p.told > 0 {
		links["last"] = fmt.Sprintf("http://x/products?page%%5Bnumber%%5D=%d&page%%5Bsize%%5D=100", p.told)
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"links": links, "data": []any{
		map[string]any{"type": "product", "id": fmt.Sprint("p", n)},
		map[string]any{"type": "product", "id": fmt.Sprint("p", n+1)}, // comes again with the next page
	}})
}

func ids(t *testing.T, c *impcentral.Client) []string {
	t.Helper()
	var got []string
	for page, err := range c.Pages(t.Context(), []string{"products"}, []impcentral.Param{{"filter[owner.id]", "me"}}) {
		require.NoError(t, err)
		for _, r := range page {
			var head struct{ ID string }
			require.NoError(t, json.Unmarshal(r, &head))
			got = append(got, head.ID)
		}
	}
	return got
}

func TestAllPagesOnceAndInOrder(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ count, told int }{
		"one": {1, 0}, "one told": {1, 1}, "two": {2, 0}, "many": {7, 0}, "many told": {12, 12},
		"fewer than told": {3, 12}, "more than told": {6, 2},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := &pages{count: tc.count, told: tc.told}
			server := newCloud(t, p.serve)
			got := ids(t, newClient(t, impcentral.Config{Endpoint: server.URL}))
			want := []string{}
			for n := 1; n <= tc.count+1; n++ {
				want = append(want, fmt.Sprint("p", n))
			}
			require.Equal(t, want, got)
			if tc.told <= tc.count {
				require.Len(t, p.asked, tc.count)
			}
			require.LessOrEqual(t, p.most.Load(), int64(4))
			require.Equal(t, "/products?filter%5Bowner.id%5D=me&page%5Bnumber%5D=1&page%5Bsize%5D=100", server.Seen()[0].uri)
		})
	}
}

func TestToldPagesAreAskedForSideBySide(t *testing.T) {
	t.Parallel()
	var arrived sync.WaitGroup
	arrived.Add(4)
	p := &pages{count: 5, told: 5, gate: func(n int) {
		if n > 1 {
			// Each waits for the other three.
			arrived.Done()
			arrived.Wait()
		}
	}}
	server := newCloud(t, p.serve)
	require.Len(t, ids(t, newClient(t, impcentral.Config{Endpoint: server.URL})), 6)
}

func TestNextPageIsUnderWayWhileOneIsUsed(t *testing.T) {
	t.Parallel()
	second := make(chan struct{})
	p := &pages{count: 2, gate: func(n int) {
		if n == 2 {
			close(second)
		}
	}}
	server := newCloud(t, p.serve)
	c := newClient(t, impcentral.Config{Endpoint: server.URL})
	for _, err := range c.Pages(t.Context(), []string{"products"}, nil) {
		require.NoError(t, err)
		<-second
	}
}

func TestListsThatEndEarly(t *testing.T) {
	t.Parallel()
	p := &pages{count: 1000, told: 1000}
	server := newCloud(t, p.serve)
	c := newClient(t, impcentral.Config{Endpoint: server.URL})
	n := 0
	for range c.Pages(t.Context(), []string{"products"}, nil) {
		if n++; n == 3 {
			break
		}
	}
	require.Equal(t, 3, n)
	p.mu.Lock()
	require.Less(t, len(p.asked), 10)
	p.mu.Unlock()

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last error
	for _, err := range c.Pages(ctx, []string{"products"}, nil) {
		cancel()
		last = err
	}
	require.ErrorIs(t, last, context.Canceled)
}

func TestErrorEndsTheList(t *testing.T) {
	t.Parallel()
	p := &pages{count: 9, told: 9}
	server := newCloud(t, func(n int, w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("page[number]") == "3" {
			w.WriteHeader(500)
			return
		}
		p.serve(n, w, r)
	})
	c := newClient(t, impcentral.Config{Endpoint: server.URL})
	var errs []error
	count := 0
	for page, err := range c.Pages(t.Context(), []string{"products"}, nil) {
		count += len(page)
		if err != nil {
			errs = append(errs, err)
		}
	}
	require.Len(t, errs, 1)
	require.Equal(t, 500, faultOf(t, errs[0]).Status)
	require.Equal(t, 3, count)
}

func TestWhatIsNoListIsSaidSo(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"data":[]}`, `{"data":{},"links":{}}`, `{"data":[],"links":[]}`, `{"data":[],"links":null}`, `{"data":"x","links":{}}`} {
		server := newCloud(t, answering(200, body))
		c := newClient(t, impcentral.Config{Endpoint: server.URL})
		for _, err := range c.Pages(t.Context(), []string{"products"}, nil) {
			require.Equal(t, "Internal error: Unexpected format of impCentral response.", faultOf(t, err).Error(), body)
		}
	}
	// A next page that is null is none; odd links to the last one are no help.
	for _, last := range []string{`7`, `"%zz"`, `"x?page%5Bnumber%5D=-1"`, `"x?page%5Bnumber%5D=many"`} {
		server := newCloud(t, answering(200, `{"data":[{},{"id":5},"x"],"links":{"next":null,"last":`+last+`}}`))
		c := newClient(t, impcentral.Config{Endpoint: server.URL})
		for page, err := range c.Pages(t.Context(), []string{"products"}, nil) {
			require.NoError(t, err)
			require.Len(t, page, 3)
		}
		require.Len(t, server.Seen(), 1)
	}
}

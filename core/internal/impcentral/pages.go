package impcentral

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"sync"
)

const pageSize = 100

// page is one page of a list.
type page struct {
	resources []json.RawMessage
	more      bool
	last      int // number of the last page, 0 if it was not told
	err       error
}

// Pages returns a whole list, a page at a time, in order; no resource comes
// twice, though impCentral may send one twice. The pages after the one that
// the caller works on are already under way. Errors are those of Do, and end
// the list.
func (c *Client) Pages(ctx context.Context, path []string, query []Param) iter.Seq2[[]json.RawMessage, error] {
	return func(yield func([]json.RawMessage, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		var running sync.WaitGroup
		defer running.Wait()
		defer cancel()
		ask := func(number int) <-chan page {
			result := make(chan page, 1)
			running.Go(func() { result <- c.page(ctx, path, query, number) })
			return result
		}
		seen := map[string]bool{}
		asked := 1
		for pending := []<-chan page{ask(1)}; len(pending) > 0; {
			p := <-pending[0]
			pending = pending[1:]
			if p.err != nil {
				yield(nil, p.err)
				return
			}
			if p.more {
				// The next page there is; those after it, if they were told of.
				for len(pending) == 0 || asked < p.last && len(pending) < c.cfg.Limits.Ahead {
					asked++
					pending = append(pending, ask(asked))
				}
			} else {
				pending = nil
				cancel()
			}
			if fresh := unseen(p.resources, seen); len(fresh) > 0 && !yield(fresh, nil) {
				return
			}
		}
	}
}

func (c *Client) page(ctx context.Context, path []string, query []Param, number int) page {
	params := make([]Param, 0, len(query)+2)
	params = append(params, query...)
	params = append(params, Param{"page[number]", strconv.Itoa(number)}, Param{"page[size]", strconv.Itoa(pageSize)})
	resp, err := c.Do(ctx, Request{Method: http.MethodGet, Path: path, Query: params})
	if err != nil {
		return page{err: err}
	}
	p, err := readPage(resp.Body)
	if err != nil {
		return page{err: unexpected(fmt.Errorf("reading page %d: %w", number, err))}
	}
	return p
}

func readPage(body []byte) (page, error) {
	var doc struct {
		Data  []json.RawMessage `json:"data"`
		Links map[string]any    `json:"links"`
	}
	if err := json.Unmarshal(body, &doc); err != nil {
		return page{}, err
	}
	if doc.Data == nil || doc.Links == nil {
		return page{}, errors.New("no list")
	}
	last, _ := doc.Links["last"].(string)
	return page{resources: doc.Data, more: doc.Links["next"] != nil, last: pageNumber(last)}, nil
}

// pageNumber reads the number of a page from a link to it, 0 if there is none.
func pageNumber(link string) int {
	u, err := url.Parse(link)
	if err != nil {
		return 0
	}
	n, err := strconv.Atoi(u.Query().Get("page[number]"))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

func unseen(resources []json.RawMessage, seen map[string]bool) []json.RawMessage {
	fresh := make([]json.RawMessage, 0, len(resources))
	for _, r := range resources {
		var head struct {
			ID string `json:"id"`
		}
		if err := json.Unmarshal(r, &head); err == nil && head.ID != "" {
			if seen[head.ID] {
				continue
			}
			seen[head.ID] = true
		}
		fresh = append(fresh, r)
	}
	return fresh
}

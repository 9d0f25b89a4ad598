package sim

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// page is the part of a list that was asked for. Its number counts from 1.
type page struct{ number, size int }

func (c *call) page() (page, error) {
	p := page{1, c.s.cfg.PageSize}
	q := c.r.URL.Query()
	for key, into := range map[string]*int{"page[number]": &p.number, "page[size]": &p.size} {
		v := q.Get(key)
		if v == "" {
			continue
		}
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 {
			return p, invalid("%s must be a positive number, not %q.", key, v)
		}
		*into = n
	}
	p.size = min(p.size, c.s.cfg.MaxPageSize)
	return p, nil
}

// filters returns the filters that are not empty. An unknown one is refused: a
// client that misspells it would otherwise get, and perhaps delete, everything.
func (c *call) filters(known ...string) (filters, error) {
	out := filters{}
	for key, values := range c.r.URL.Query() {
		name, isFilter := strings.CutPrefix(key, "filter[")
		if !isFilter {
			continue
		}
		name = strings.TrimSuffix(name, "]")
		if !slices.Contains(known, name) {
			return nil, invalid("There is no filter %q here.", name)
		}
		if len(values) > 1 {
			return nil, invalid("The filter %q may be given once.", name)
		}
		if values[0] != "" {
			out[name] = values[0]
		}
	}
	return out, nil
}

// filters are those of a request, by their names.
type filters map[string]string

// allow tells whether a value passes a filter.
func (f filters) allow(name, value string) bool { return f[name] == "" || f[name] == value }

// wide tells whether they say whose or where; some lists have else one's own
// alone.
func (f filters) wide() bool {
	return f["owner.id"] != "" || f["product.id"] != "" || f["devicegroup.id"] != ""
}

// list answers one page of the entities that keep accepts, in insertion order.
// Only the page itself is converted.
func list[T any](c *call, t *table[T], keep func(*T) bool, show func(*T) resourceOut) (*reply, error) {
	p, err := c.page()
	if err != nil {
		return nil, err
	}
	total, from := 0, (p.number-1)*p.size
	data := []resourceOut{}
	for v := range t.all() {
		if !keep(v) {
			continue
		}
		if total >= from && len(data) < p.size {
			data = append(data, show(v))
		}
		total++
	}
	return ok(document{Data: data, Links: c.pageLinks(p, total)}), nil
}

func (c *call) pageLinks(p page, total int) *links {
	last := max(1, (total+p.size-1)/p.size)
	l := &links{First: c.pageURL(1, p.size), Last: c.pageURL(last, p.size), Self: c.pageURL(p.number, p.size)}
	if p.number < last {
		l.Next = c.pageURL(p.number+1, p.size)
	}
	if p.number > 1 {
		l.Prev = c.pageURL(min(p.number-1, last), p.size)
	}
	return l
}

func (c *call) pageURL(number, size int) string {
	q := url.Values{}
	for k, v := range c.r.URL.Query() {
		q[k] = v
	}
	q.Set("page[number]", strconv.Itoa(number))
	q.Set("page[size]", strconv.Itoa(size))
	path, _ := c.s.below(c.r)
	return c.url(path) + "?" + q.Encode()
}

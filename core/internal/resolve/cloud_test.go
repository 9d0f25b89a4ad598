package resolve_test

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/electricimp/impt/core/internal/impcentral"
	"github.com/electricimp/impt/core/internal/resolve"
	"github.com/electricimp/impt/sdk/fault"
)

// thing is an entity of the cloud below.
type thing struct {
	id, kind string
	// attributes is a JSON object.
	attributes string
	// relations are name, id pairs.
	relations map[string]string
	// aka is something else that is taken for the id.
	aka string
	// shared ones are somebody else's, and not in the list.
	shared bool
}

func (e thing) json() string {
	var relations []string
	for name, id := range e.relations {
		relations = append(relations, fmt.Sprintf(`%q:{"type":%q,"id":%q}`, name, name, id))
	}
	slices.Sort(relations)
	attributes := e.attributes
	if attributes == "" {
		attributes = "{}"
	}
	return fmt.Sprintf(`{"type":%q,"id":%q,"attributes":%s,"relationships":{%s}}`,
		e.kind, e.id, attributes, strings.Join(relations, ","))
}

// cloud answers as impCentral does, and notes what it was asked.
type cloud struct {
	collections map[string][]thing
	pageSize    int
	// before is called for each request; its error is the answer.
	before func(ctx context.Context, asked string) error

	mu    sync.Mutex
	asked []string
}

func (c *cloud) requests() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.asked)
}

func (c *cloud) Do(ctx context.Context, r impcentral.Request) (impcentral.Response, error) {
	if err := ctx.Err(); err != nil {
		return impcentral.Response{}, err
	}
	asked := describe(r)
	c.mu.Lock()
	c.asked = append(c.asked, asked)
	c.mu.Unlock()
	if c.before != nil {
		if err := c.before(ctx, asked); err != nil {
			return impcentral.Response{}, err
		}
	}
	if r.Method != http.MethodGet || r.Path[len(r.Path)-1] == "logs" {
		return impcentral.Response{Status: http.StatusNoContent}, nil
	}
	if things, ok := c.collections[strings.Join(r.Path, "/")]; ok {
		return ok200(c.list(things, r.Query)), nil
	}
	collection, id := strings.Join(r.Path[:len(r.Path)-1], "/"), r.Path[len(r.Path)-1]
	for _, e := range c.collections[collection] {
		if e.id == id || e.aka != "" && e.aka == id {
			return ok200(`{"data":` + e.json() + `}`), nil
		}
	}
	return impcentral.Response{}, &fault.Fault{Kind: fault.APIKind, Status: http.StatusNotFound}
}

func ok200(body string) impcentral.Response {
	return impcentral.Response{Status: http.StatusOK, Body: []byte(body)}
}

// describe is GET x/ID, LIST x?filter, or METHOD path.
func describe(r impcentral.Request) string {
	text := r.Method + " " + strings.Join(r.Path, "/")
	listed := false
	var query []string
	for _, p := range r.Query {
		if p.Name == "page[number]" {
			listed = true
			if p.Value != "1" {
				query = append(query, "page="+p.Value)
			}
		} else if name, ok := strings.CutPrefix(p.Name, "filter["); ok {
			query = append(query, strings.TrimSuffix(name, "]")+"="+p.Value)
		}
	}
	if listed {
		text = "LIST " + strings.Join(r.Path, "/")
	}
	if query != nil {
		text += "?" + strings.Join(query, "&")
	}
	return text
}

func (c *cloud) list(things []thing, query []impcentral.Param) string {
	number := 1
	var texts []string
	for _, e := range things {
		keep := !e.shared || len(query) > 2
		for _, p := range query {
			if p.Name == "page[number]" {
				number, _ = strconv.Atoi(p.Value)
			}
			if relation, ok := strings.CutPrefix(p.Name, "filter["); ok {
				keep = keep && e.relations[strings.TrimSuffix(relation, ".id]")] == p.Value
			}
		}
		if keep {
			texts = append(texts, e.json())
		}
	}
	size := c.pageSize
	if size == 0 {
		size = 100
	}
	last := max(1, (len(texts)+size-1)/size)
	from, to := min(len(texts), (number-1)*size), min(len(texts), number*size)
	links := map[string]string{"last": pageLink(last)}
	if number < last {
		links["next"] = pageLink(number + 1)
	}
	encoded, _ := json.Marshal(links)
	return fmt.Sprintf(`{"data":[%s],"links":%s}`, strings.Join(texts[from:to], ","), encoded)
}

func pageLink(number int) string {
	return "https://api.example.com/v5/x?" + url.Values{"page[number]": {strconv.Itoa(number)}}.Encode()
}

type pages = iter.Seq2[[]json.RawMessage, error]

func (c *cloud) Pages(ctx context.Context, path []string, query []impcentral.Param) pages {
	return pagesOf(ctx, c.Do, path, query)
}

type doer = func(context.Context, impcentral.Request) (impcentral.Response, error)

func pagesOf(ctx context.Context, do doer, path []string, query []impcentral.Param) pages {
	return func(yield func([]json.RawMessage, error) bool) {
		for number := 1; ; number++ {
			params := append(slices.Clone(query),
				impcentral.Param{Name: "page[number]", Value: strconv.Itoa(number)},
				impcentral.Param{Name: "page[size]", Value: "100"})
			answer, err := do(ctx, impcentral.Request{Method: http.MethodGet, Path: path, Query: params})
			if err != nil {
				yield(nil, err)
				return
			}
			var page struct {
				Data  []json.RawMessage
				Links map[string]string
			}
			if err := json.Unmarshal(answer.Body, &page); err != nil {
				yield(nil, err)
				return
			}
			if !yield(page.Data, nil) || page.Links["next"] == "" {
				return
			}
		}
	}
}

func named(id, name string, relations ...string) thing {
	e := thing{id: id, attributes: fmt.Sprintf(`{"name":%q}`, name), relations: map[string]string{}}
	for i := 0; i < len(relations); i += 2 {
		e.relations[relations[i]] = relations[i+1]
	}
	return e
}

func (e thing) of(kind string) thing {
	e.kind = kind
	return e
}

func (e thing) elsewhere() thing {
	e.shared = true
	return e
}

// small has two accounts, some of whose things have the same names.
func small() *cloud {
	return &cloud{collections: map[string][]thing{
		"accounts": {
			{id: "a-1", kind: "account", aka: "me", attributes: `{"email":"me@x.io","username":"myself"}`},
			{id: "a-2", kind: "account", attributes: `{"email":"alice@x.io","username":"alice"}`},
		},
		"products": {
			named("p-1", "Alpha", "owner", "a-1").of("product"),
			named("p-2", "Alpha", "owner", "a-2").of("product"),
			named("p-3", "Beta", "owner", "a-1").of("product"),
			named("p-4", "{me}{odd}", "owner", "a-1").of("product"),
			named("p-5", "Gamma é", "owner", "a-2").of("product"),
			named("p-6", "{x}{twice}", "owner", "a-2").of("product"),
			named("p-7", "{x}{twice}", "owner", "a-1").of("product"),
		},
		"devicegroups": {
			named("g-1", "Kitchen", "owner", "a-1", "product", "p-1", "current_deployment", "b-2").of("development_devicegroup"),
			named("g-2", "Kitchen", "owner", "a-2", "product", "p-2").of("production_devicegroup"),
			named("g-3", "Hall", "owner", "a-1", "product", "p-1").of("odd"),
			named("g-4", "Lost", "owner", "a-1", "product", "p-gone").of("development_devicegroup"),
		},
		"devices": {
			{
				id: "d-1", kind: "device", aka: "0c:2a", relations: map[string]string{"owner": "a-1", "devicegroup": "g-1"},
				attributes: `{"name":"lamp","mac_address":"0c:2a","agent_id":"AG1","device_online":true}`,
			},
			{
				id: "d-2", kind: "device", relations: map[string]string{"owner": "a-1", "devicegroup": "g-1"},
				attributes: `{"name":"0c:2b","mac_address":"0c:2c","agent_id":null,"device_online":false}`,
			},
			{
				id: "d-3", kind: "device", relations: map[string]string{"owner": "a-1", "devicegroup": "g-3"},
				attributes: `{"name":"AG9","mac_address":"0c:2b","agent_id":"AG9"}`,
			},
			named("d-4", "elsewhere", "owner", "a-2", "devicegroup", "g-2").of("device").elsewhere(),
		},
		"deployments": {
			{
				id: "b-1", kind: "deployment", relations: map[string]string{"owner": "a-1"},
				attributes: `{"sha":"abc","tags":["v1","rc"],"origin":"git","flagged":true}`,
			},
			{
				id: "b-2", kind: "deployment", relations: map[string]string{"owner": "a-1", "devicegroup": "g-1"},
				attributes: `{"sha":"def","tags":["rc","rc"],"origin":"v1","flagged":false}`,
			},
			{
				id: "b-3", kind: "deployment", relations: map[string]string{"owner": "a-1", "devicegroup": "g-gone"},
				attributes: `{"sha":"v2","tags":[],"origin":null}`,
			},
		},
		"webhooks":               {named("w-1", "hook", "devicegroup", "g-1").of("webhook")},
		"accounts/me/login_keys": {named("k-1", "key").of("login_key")},
	}}
}

func storeOf(c *cloud) *resolve.Store { return resolve.New(resolve.Config{API: c}) }

func ids(resources []resolve.Resource) []string {
	all := make([]string, len(resources))
	for i, r := range resources {
		all[i] = r.ID
	}
	return all
}

// everything reads a list to its end.
func everything(pages iter.Seq2[[]resolve.Resource, error]) ([]resolve.Resource, error) {
	var found []resolve.Resource
	for page, err := range pages {
		if err != nil {
			return found, err
		}
		found = append(found, page...)
	}
	return found, nil
}

func manyIDs(prefix string, n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("%s-%d", prefix, i)
	}
	return all
}

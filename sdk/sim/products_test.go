package sim_test

import (
	"strings"
	"testing"
	"time"

	"github.com/electricimp/impt/sdk/sim"
)

func TestProducts(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{Clock: sim.NewManualClock(start2030)}, house)
	r := c.want(201, "POST", "/products", data("product", "", `{"name": "New", "description": "d"}`, ""))
	id := r.str("data.id")
	equal(t, "type", r.str("data.type"), "product")
	equal(t, "owner", r.str("data.relationships.owner.id"), "a-ann")
	equal(t, "creator", r.str("data.relationships.creator.type"), "account")
	equal(t, "media type", r.header.Get("Content-Type"), "application/vnd.api+json")
	if i, j := strings.Index(r.text, `"name"`), strings.Index(r.text, `"created_at"`); i < 0 || j < i {
		t.Errorf("order of attributes: %s", r.text)
	}
	made, err := time.Parse(time.RFC3339, r.str("data.attributes.created_at"))
	if err != nil || made.Before(start2030) {
		t.Errorf("created_at: %v", r.get("data.attributes.created_at"))
	}

	r = c.want(200, "PATCH", "/products/"+id, data("product", id, `{"description": ""}`, ""))
	equal(t, "name stays", r.str("data.attributes.name"), "New")
	equal(t, "description", r.get("data.attributes.description"), any(""))
	if r.str("data.attributes.updated_at") <= r.str("data.attributes.created_at") {
		t.Errorf("updated_at: %s", r.text)
	}
	c.want(204, "DELETE", "/products/"+id, "")
	c.refuse(404, id, "GET", "/products/"+id, "")
	c.want(404, "DELETE", "/products/"+id, "")
}

func TestProductsRefused(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{}, house)
	long := strings.Repeat("ü", 81)
	for name, test := range map[string]struct {
		status             int
		says, method, path string
		body               string
	}{
		"no name":           {400, "name is required", "POST", "/products", data("product", "", `{}`, "")},
		"null name":         {400, "name must not be null", "POST", "/products", data("product", "", `{"name": null}`, "")},
		"empty name":        {400, "1 to 80", "POST", "/products", data("product", "", `{"name": ""}`, "")},
		"long name":         {400, "1 to 80", "POST", "/products", data("product", "", `{"name": "`+long+`"}`, "")},
		"name of a number":  {400, "must be a string", "POST", "/products", data("product", "", `{"name": 1}`, "")},
		"long description":  {400, "0 to 255", "POST", "/products", data("product", "", `{"name": "x", "description": "`+strings.Repeat("x", 256)+`"}`, "")},
		"unknown attribute": {400, "colour", "POST", "/products", data("product", "", `{"name": "x", "colour": 1}`, "")},
		"same name":         {409, "Duplicate Resource: Products must have unique names.", "POST", "/products", data("product", "", `{"name": "Home"}`, "")},
		"wrong type":        {409, "type", "POST", "/products", data("device", "", `{"name": "x"}`, "")},
		"owner is a stranger": {404, "a-dave", "POST", "/products",
			data("product", "", `{"name": "x"}`, `{"owner": {"type": "account", "id": "a-dave"}}`)},
		"owner of wrong type": {409, "owner", "POST", "/products",
			data("product", "", `{"name": "x"}`, `{"owner": {"type": "product", "id": "a-ann"}}`)},
		"owner nested":     {400, "owner", "POST", "/products", data("product", "", `{"name": "x"}`, `{"owner": {"data": {"type": "account", "id": "a-ann"}}}`)},
		"no data":          {400, "no data", "POST", "/products", `{}`},
		"no body":          {400, "needs a body", "POST", "/products", ``},
		"no JSON":          {400, "not what is expected", "POST", "/products", `{`},
		"not empty":        {409, "Dependent Devicegroups Exist: Cannot delete a product with associated devicegroups.", "DELETE", "/products/p-home", ``},
		"PATCH of another": {409, "p-bob", "PATCH", "/products/p-home", data("product", "p-bob", `{}`, "")},
		"not shared":       {404, "p-bob", "GET", "/products/p-bob", ``},
		"not there":        {404, "nothing", "PATCH", "/products/nothing", data("product", "", `{}`, "")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := *c
			c.t = t
			c.refuse(test.status, test.says, test.method, test.path, test.body)
		})
	}
}

func TestAllWrongAttributesAreNamed(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{}, house)
	r := c.want(400, "POST", "/products", data("product", "", `{"description": 3, "a": 1, "b": 2}`, ""))
	if list, _ := r.get("errors").([]any); len(list) != 4 {
		t.Errorf("%d errors: %s", len(list), r.text)
	}
}

func TestCollaboratorsOfProducts(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{}, house)
	equal(t, "bob's list", c.want(200, "GET", "/products", "", as("bob")).ids(), "p-home p-bob")
	equal(t, "ann's list", c.want(200, "GET", "/products", "").ids(), "p-home")
	equal(t, "of ann", c.want(200, "GET", "/products?filter[owner.id]=a-ann", "", as("bob")).ids(), "p-home")
	equal(t, "of bob for ann", c.want(200, "GET", "/products?filter[owner.id]=a-bob", "").ids(), "")
	r := c.want(201, "POST", "/products",
		data("product", "", `{"name": "Ours"}`, `{"owner": {"type": "account", "id": "a-ann"}}`), as("bob"))
	equal(t, "owner", r.str("data.relationships.owner.id"), "a-ann")
	equal(t, "creator", r.str("data.relationships.creator.id"), "a-bob")
	c.want(200, "GET", "/products/p-home", "", as("carol"))
	c.refuse(403, "not change", "PATCH", "/products/p-home", data("product", "", `{"name": "x"}`, ""), as("carol"))
	c.refuse(403, "not change", "POST", "/products",
		data("product", "", `{"name": "x"}`, `{"owner": {"type": "account", "id": "a-ann"}}`), as("carol"))
}

func TestPathsAndMethods(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{}, house)
	c.refuse(404, "/v5/nothing", "GET", "/nothing", "", noToken)
	c.refuse(404, "nothing", "GET", "/../nothing", "")
	c.refuse(404, `a/b`, "GET", "/products/a%2Fb", "")
	equal(t, "Allow", c.refuse(405, "PUT", "PUT", "/products/x", "").header.Get("Allow"), "GET, PATCH, DELETE")
	c.want(200, "GET", "/products/", "")
	// Some clients send a body of null with everything.
	c.want(200, "GET", "/products", "null")
	c.refuse(415, "application/vnd.api+json", "POST", "/products", data("product", "", `{"name": "x"}`, ""), "Content-Type: application/json")
	c.want(201, "POST", "/products", data("product", "", `{"name": "x"}`, ""), "Content-Type: application/vnd.api+json; charset=utf-8")
	c.refuse(413, "bytes at most", "POST", "/products", strings.Repeat(" ", 8<<20+1))
}

func TestAnotherBase(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{Base: "/cloud/v6/"}, house)
	c.refuse(404, "/v5/products", "GET", "/products", "")
	c.base = strings.TrimSuffix(c.base, "/v5") + "/cloud/v6"
	r := c.want(200, "GET", "/products", "")
	if first := r.str("links.first"); !strings.HasPrefix(first, c.base+"/products?") {
		t.Errorf("first: %s", first)
	}
	equal(t, "recorded path", c.Requests()[1].Path, "/products")
}

func TestPaging(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{}, house)
	for range 50 {
		c.want(201, "POST", "/accounts/me/login_keys", data("login_key", "", "", ""), "X-Electricimp-Password: dave", as("dave"))
		if c.do("GET", "/accounts/me/login_keys", "", as("dave")).str("data.9.id") != "" {
			break
		}
	}
	for query, want := range map[string]struct {
		n                      int
		next, prev, last, self string
	}{
		"":                              {10, "", "", "1", "1"},
		"?page[size]=4":                 {4, "2", "", "3", "1"},
		"?page[size]=4&page[number]=2":  {4, "3", "1", "3", "2"},
		"?page[size]=4&page[number]=3":  {2, "", "2", "3", "3"},
		"?page[size]=4&page[number]=9":  {0, "", "3", "3", "9"},
		"?page[size]=5&page[number]=2":  {5, "", "1", "2", "2"},
		"?page[size]=1000":              {10, "", "", "1", "1"},
		"?page%5Bsize%5D=3&format=json": {3, "2", "", "4", "1"},
	} {
		r := c.want(200, "GET", "/accounts/me/login_keys"+query, "", as("dave"))
		equal(t, query+" entries", len(strings.Fields(r.ids())), want.n)
		for name, number := range map[string]string{"next": want.next, "prev": want.prev, "last": want.last, "self": want.self, "first": "1"} {
			link := r.str("links." + name)
			if number == "" && link != "" || number != "" && !strings.Contains(link+"&", "page%5Bnumber%5D="+number+"&") {
				t.Errorf("%s %s: %q, want page %q", query, name, link, number)
			}
			if link != "" && !strings.HasPrefix(link, c.base+"/accounts/me/login_keys?") {
				t.Errorf("%s %s: %q", query, name, link)
			}
		}
	}
	for _, query := range []string{"?page[number]=0", "?page[size]=-1", "?page[number]=x"} {
		c.refuse(400, "positive number", "GET", "/products"+query, "")
	}
	c.refuse(400, "no filter", "GET", "/products?filter[name]=x", "")
	c.refuse(400, "once", "GET", "/products?filter[owner.id]=a&filter[owner.id]=b", "")
	equal(t, "empty filter", c.want(200, "GET", "/products?filter[owner.id]=", "").ids(), "p-home")
}

func TestPageSizeIsCut(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{PageSize: 2, MaxPageSize: 3}, house)
	equal(t, "default", c.want(200, "GET", "/devicegroups", "").ids(), "g-kitchen g-prod")
	r := c.want(200, "GET", "/devicegroups?page[size]=50&filter[product.id]=p-home", "")
	equal(t, "cut", r.ids(), "g-kitchen g-prod g-pre")
	if !strings.Contains(r.str("links.next"), "filter%5Bproduct.id%5D=p-home") {
		t.Errorf("next forgets the filter: %s", r.str("links.next"))
	}
}

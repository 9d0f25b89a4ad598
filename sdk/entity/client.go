package entity

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"strconv"

	"github.com/electricimp/impt/sdk/document"
)

var errNoAnswer = errors.New("impCentral sent no entity")

// Filter is one filter of a collection, for example product.id.
type Filter struct{ Name, Value string }

// Request is one request to impCentral; the path is given by segments below
// the endpoint.
type Request struct {
	Method string
	Path   []string
	Query  []Filter
	Body   document.Value
	Secret []SecretHeader
	// Code is what code in the body is made of.
	Code Code
}

// SecretHeader is a header whose value the host knows by this handle.
type SecretHeader struct{ Name, Handle string }

// Host is what the client rides on.
type Host interface {
	Fetch(ctx context.Context, t Type, ids []string, full bool) (found [][]byte, missing []string, err error)
	Collect(ctx context.Context, t Type, filters []Filter) iter.Seq2[[][]byte, error]
	Call(ctx context.Context, r Request) ([]byte, error)
}

// Client reads and changes entities. It holds no token: the host adds that,
// and denies what the command did not declare that it needs. All failures are
// of package fault: NotFound, API, Unreachable, NotLoggedIn, Denied.
type Client struct{ host Host }

// NewClient returns a client that rides on h.
func NewClient(h Host) *Client { return &Client{host: h} }

// Fetch returns the entities with the given ids, each once, and the ids that
// do not exist. Attributes may be those of a list, which lack the code of
// deployments. GET /<collection>/{id}, at most once per run.
func (c *Client) Fetch(ctx context.Context, t Type, ids ...string) (map[string]Entity, error) {
	found := make(map[string]Entity, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	resources, _, err := c.host.Fetch(ctx, t, ids, false)
	if err != nil {
		return nil, err
	}
	all, err := ParseAll(t, resources)
	for _, e := range all {
		found[e.ID] = e
	}
	return found, err
}

// Me returns the account that is logged in. GET /accounts/me.
func (c *Client) Me(ctx context.Context) (Entity, error) {
	resources, _, err := c.host.Fetch(ctx, Account, []string{"me"}, false)
	if err != nil {
		return Entity{}, err
	}
	if len(resources) == 0 {
		return Entity{}, fmt.Errorf("reading the own account: %w", errNoAnswer)
	}
	return Parse(Account, resources[0])
}

// List returns a whole collection. GET /<collection>, all pages.
func (c *Client) List(ctx context.Context, t Type, filters ...Filter) ([]Entity, error) {
	var all []Entity
	for page, err := range c.host.Collect(ctx, t, filters) {
		if err != nil {
			return nil, err
		}
		entities, err := ParseAll(t, page)
		if err != nil {
			return nil, err
		}
		all = append(all, entities...)
	}
	return all, nil
}

// New describes an entity to be created.
type New struct {
	Type Type
	// Resource is impCentral's type, if it differs from Type.
	Resource   string
	Attributes document.Object
	Relations  document.Object
	// Secret headers go with the request.
	Secret []SecretHeader
	// Code is what the code among the attributes is made of: errors of the
	// compiler are shown at their places in the sources.
	Code Code
}

// Create makes an entity. POST /<collection>.
func (c *Client) Create(ctx context.Context, n New) (Entity, error) {
	resource := n.Resource
	if resource == "" {
		resource = string(n.Type)
	}
	data := document.Object{{Key: "type", Value: resource}, {Key: "attributes", Value: n.Attributes}}
	if len(n.Relations) > 0 {
		data.Set("relationships", n.Relations)
	}
	answer, err := c.host.Call(ctx, Request{
		Method: http.MethodPost,
		Path:   n.Type.Collection(),
		Body:   document.Object{{Key: "data", Value: data}},
		Secret: n.Secret,
		Code:   n.Code,
	})
	if err != nil {
		return Entity{}, err
	}
	return parseData(n.Type, answer)
}

// Update changes the given attributes. PATCH /<collection>/{id}.
func (c *Client) Update(ctx context.Context, e Entity, attributes document.Object) error {
	return c.Change(ctx, e, attributes, nil)
}

// Change changes the given attributes and relations. PATCH /<collection>/{id}.
func (c *Client) Change(ctx context.Context, e Entity, attributes, relations document.Object, secret ...SecretHeader) error {
	data := e.Ref()
	data.Set("attributes", attributes)
	if len(relations) > 0 {
		data.Set("relationships", relations)
	}
	_, err := c.host.Call(ctx, Request{
		Method: http.MethodPatch,
		Path:   e.Type.path(e.ID),
		Body:   document.Object{{Key: "data", Value: data}},
		Secret: secret,
	})
	return err
}

// Delete deletes the entity. DELETE /<collection>/{id}.
func (c *Client) Delete(ctx context.Context, e Entity, secret ...SecretHeader) error {
	_, err := c.host.Call(ctx, Request{Method: http.MethodDelete, Path: e.Type.path(e.ID), Secret: secret})
	return err
}

// Assign puts devices into a group; they are restarted with its code.
// POST /devicegroups/{id}/relationships/devices.
func (c *Client) Assign(ctx context.Context, group Entity, devices ...Entity) error {
	return c.devices(ctx, http.MethodPost, group, devices, nil)
}

// Unassign takes devices out of a group; key is for production groups.
// DELETE /devicegroups/{id}/relationships/devices.
func (c *Client) Unassign(ctx context.Context, group Entity, devices []Entity, key ...SecretHeader) error {
	return c.devices(ctx, http.MethodDelete, group, devices, key)
}

func (c *Client) devices(ctx context.Context, method string, group Entity, devices []Entity, key []SecretHeader) error {
	refs := make(document.List, len(devices))
	for i, d := range devices {
		refs[i] = d.Ref()
	}
	_, err := c.host.Call(ctx, Request{
		Method: method,
		Path:   DeviceGroup.path(group.ID, "relationships", "devices"),
		Body:   document.Object{{Key: "data", Value: refs}},
		Secret: key,
	})
	return err
}

// SetMinSupported makes a deployment the oldest that devices of the group may
// run. PUT /devicegroups/{id}/relationships/min_supported_deployment.
func (c *Client) SetMinSupported(ctx context.Context, group, deployment Entity) error {
	_, err := c.host.Call(ctx, Request{
		Method: http.MethodPut,
		Path:   DeviceGroup.path(group.ID, "relationships", "min_supported_deployment"),
		Body:   document.Object{{Key: "data", Value: deployment.Ref()}},
	})
	return err
}

// Restart asks a device, or all devices of a group, to restart, and returns
// once impCentral has accepted that. A conditional restart waits until the
// devices are ready. POST /<collection>/{id}/restart or conditional_restart.
func (c *Client) Restart(ctx context.Context, e Entity, conditional bool) error {
	action := "restart"
	if conditional {
		action = "conditional_restart"
	}
	_, err := c.host.Call(ctx, Request{Method: http.MethodPost, Path: e.Type.path(e.ID, action)})
	return err
}

// Logs returns a page of the stored logs of a device as JSON texts, newest
// first; pages count from 1. GET /devices/{id}/logs.
func (c *Client) Logs(ctx context.Context, device Entity, page, size int) ([][]byte, error) {
	answer, err := c.host.Call(ctx, Request{
		Method: http.MethodGet,
		Path:   Device.path(device.ID, "logs"),
		Query:  []Filter{{"page[number]", strconv.Itoa(page)}, {"page[size]", strconv.Itoa(size)}},
	})
	if err != nil {
		return nil, err
	}
	var logs struct {
		Data []json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(answer, &logs); err != nil {
		return nil, fmt.Errorf("reading the logs of %s: %w", device.ID, err)
	}
	entries := make([][]byte, len(logs.Data))
	for i, e := range logs.Data {
		entries[i] = e
	}
	return entries, nil
}

func (t Type) path(segments ...string) []string { return append(t.Collection(), segments...) }

func parseData(t Type, answer []byte) (Entity, error) {
	o, err := document.ParseObject(answer)
	if err != nil {
		return Entity{}, fmt.Errorf("reading the answer: %w", err)
	}
	data := o.Object("data")
	if data.Text("id") == "" {
		return Entity{}, errNoAnswer
	}
	return Entity{
		Type:       t,
		Resource:   data.Text("type"),
		ID:         data.Text("id"),
		Attributes: data.Object("attributes"),
		relations:  data.Object("relationships"),
	}, nil
}

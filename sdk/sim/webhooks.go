package sim

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

const formMedia = "application/x-www-form-urlencoded"

var (
	hookEvents       = []string{"blessing", "blinkup", "deployment"}
	hookContentTypes = []string{mediaJSON, formMedia}
)

type hookRelations struct {
	DeviceGroup *reference `json:"devicegroup,omitempty"`
	Owner       *reference `json:"owner,omitempty"`
	Creator     *reference `json:"creator,omitempty"`
}

func (st *state) hookOwner(h *webhook) string {
	if g := st.groups.get(h.DeviceGroup); g != nil {
		return st.groupOwner(g)
	}
	return h.Creator
}

func (c *call) showWebhook(h *webhook) resourceOut {
	return resourceOut{
		Type: "webhook", ID: h.ID, Links: c.self("/webhooks/" + h.ID),
		Attributes: struct {
			URL         string `json:"url"`
			Event       string `json:"event"`
			ContentType string `json:"content_type"`
			Created     string `json:"created_at"`
			Updated     string `json:"updated_at"`
		}{h.URL, h.Event, h.ContentType, formatTime(h.Created), formatTime(h.Updated)},
		Relationships: hookRelations{
			DeviceGroup: c.st.refToGroup(h.DeviceGroup),
			Owner:       refTo("account", c.st.hookOwner(h)), Creator: refTo("account", h.Creator),
		},
	}
}

func (c *call) webhook(id string, want rights) (*webhook, error) {
	h := c.st.webhooks.get(id)
	if h == nil {
		return nil, notFound("webhook", id)
	}
	switch has := c.st.rights(c.me.ID, c.st.hookOwner(h)); {
	case has == none:
		return nil, notFound("webhook", id)
	case has < want:
		return nil, readOnly("webhook")
	}
	return h, nil
}

// listWebhooks lists one's own, unless the filter says of which group.
func (c *call) listWebhooks() (*reply, error) {
	f, err := c.filters("devicegroup.id")
	if err != nil {
		return nil, err
	}
	visible, wide := c.visible(), f.wide()
	return list(c, c.st.webhooks, func(h *webhook) bool {
		owner := c.st.hookOwner(h)
		return (wide || owner == c.me.ID) && f.allow("devicegroup.id", h.DeviceGroup) && visible(owner)
	}, c.showWebhook)
}

// checkURL has the real service's words for what will not do.
func checkURL(v string) error {
	u, err := url.Parse(v)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fail(http.StatusBadRequest, "Invalid URL", "The provided URL is invalid.")
	}
	return nil
}

func (a *attributes) oneOf(name string, v *string, known []string) {
	if v != nil && !slices.Contains(known, *v) {
		a.bad(name, "must be %s", strings.Join(known, " or "))
	}
}

func (c *call) createWebhook() (*reply, error) {
	in, err := c.resource("webhook")
	if err != nil {
		return nil, err
	}
	a := in.attributes()
	h := &webhook{
		URL: a.required("url", 1, 0), Event: a.required("event", 1, 0),
		ContentType: a.required("content_type", 1, 0), Creator: c.me.ID,
	}
	if len(a.errors) == 0 {
		a.oneOf("event", &h.Event, hookEvents)
		a.oneOf("content_type", &h.ContentType, hookContentTypes)
	}
	if err := a.done(); err != nil {
		return nil, err
	}
	if err := checkURL(h.URL); err != nil {
		return nil, err
	}
	ref, err := in.relation("devicegroup", groupTypes...)
	if err != nil {
		return nil, err
	}
	if ref == nil {
		return nil, invalid("The relationship devicegroup is required.")
	}
	g, err := c.group(ref.ID, write)
	if err != nil {
		return nil, err
	}
	if ref.Type != g.Type {
		return nil, conflict("Wrong Type", "The devicegroup is a %s, not a %s.", g.Type, ref.Type)
	}
	h.DeviceGroup = g.ID
	h.ID = c.st.ids.unused("webhook", shapeUUID, c.st.webhooks.has)
	h.Created = c.st.stamp(c.now)
	h.Updated = h.Created
	c.st.webhooks.add(h.ID, h)
	return created(one(c.showWebhook(h))), nil
}

func (c *call) getWebhook() (*reply, error) {
	h, err := c.webhook(c.params[0], read)
	if err != nil {
		return nil, err
	}
	return ok(one(c.showWebhook(h))), nil
}

func (c *call) updateWebhook() (*reply, error) {
	h, err := c.webhook(c.params[0], write)
	if err != nil {
		return nil, err
	}
	in, err := c.resourceFor(h.ID, "webhook")
	if err != nil {
		return nil, err
	}
	a := in.attributes()
	address, _ := a.text("url", 1, 0)
	contentType, _ := a.text("content_type", 1, 0)
	a.oneOf("content_type", contentType, hookContentTypes)
	if err := a.done(); err != nil {
		return nil, err
	}
	if address != nil {
		if err := checkURL(*address); err != nil {
			return nil, err
		}
		h.URL = *address
	}
	if contentType != nil {
		h.ContentType = *contentType
	}
	h.Updated = c.st.stamp(c.now)
	return ok(one(c.showWebhook(h))), nil
}

func (c *call) deleteWebhook() (*reply, error) {
	h, err := c.webhook(c.params[0], write)
	if err != nil {
		return nil, err
	}
	c.st.webhooks.remove(h.ID)
	return noContent(), nil
}

// fire starts the deliveries of an event to a group's webhooks. The lock is held.
func (s *Sim) fire(g *deviceGroup, event string, data map[string]string) {
	for h := range s.st.webhooks.all() {
		if h.DeviceGroup != g.ID || h.Event != event || !s.begin() {
			continue
		}
		s.hooks++
		go s.deliver(s.ctx, h.URL, h.ContentType, data)
	}
}

// deliver posts once. What the receiver answers, or that it does not, has no
// consequence.
func (s *Sim) deliver(ctx context.Context, address, contentType string, data map[string]string) {
	defer s.work.Done()
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.hooks--
		s.notify()
	}()
	var body string
	if contentType == formMedia {
		form := url.Values{}
		for k, v := range data {
			form.Set(k, v)
		}
		body = form.Encode()
	} else if b, err := encode(data); err == nil {
		body = string(b)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		return
	}
	req.Header.Set("Content-Type", contentType)
	if res, err := s.cfg.Webhooks.Do(req); err == nil {
		_ = res.Body.Close()
	}
}

// WaitWebhooks returns once no delivery is under way, or with the context's error.
func (s *Sim) WaitWebhooks(ctx context.Context) error {
	return s.wait(ctx, func() bool { return s.hooks == 0 })
}

// Bless fires the blessing webhooks of the device's group, with device_id and
// imp_id.
func (s *Sim) Bless(device string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, g, err := s.assigned(device)
	if err != nil {
		return err
	}
	s.fire(g, "blessing", map[string]string{"device_id": d.ID, "imp_id": d.ID})
	return nil
}

// BlinkUp enrols the device anew and fires the blinkup webhooks of its group,
// with device_id, plan_id and token.
func (s *Sim) BlinkUp(device, planID, enrolmentToken string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, g, err := s.assigned(device)
	if err != nil {
		return err
	}
	now := s.clock.Now().UTC()
	d.PlanID, d.Enrolled = &planID, &now
	s.fire(g, "blinkup", map[string]string{"device_id": d.ID, "plan_id": planID, "token": enrolmentToken})
	return nil
}

func (s *Sim) assigned(id string) (*device, *deviceGroup, error) {
	d := s.st.device(id)
	if d == nil {
		return nil, nil, fmt.Errorf("no device %q", id)
	}
	g := s.st.groups.get(d.DeviceGroup)
	if g == nil {
		return nil, nil, fmt.Errorf("device %q is not assigned to a group", id)
	}
	return d, g, nil
}

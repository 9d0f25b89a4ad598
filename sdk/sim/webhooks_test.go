package sim_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/electricimp/impt/sdk/sim"
)

func hook(url, event, contentType string) string {
	return data("webhook", "", `{"url": "`+url+`", "event": "`+event+`", "content_type": "`+contentType+`"}`, forKitchen)
}

func TestWebhooks(t *testing.T) {
	t.Parallel()
	c := start(t, sim.Config{}, house)
	r := c.want(201, "POST", "/webhooks", hook("http://127.0.0.1:9/", "blinkup", "application/json"))
	id := r.str("data.id")
	equal(t, "group", r.str("data.relationships.devicegroup.id"), "g-kitchen")
	equal(t, "owner", r.str("data.relationships.owner.id"), "a-ann")
	r = c.want(200, "PATCH", "/webhooks/"+id, data("webhook", id, `{"url": "https://example.com/x"}`, ""))
	equal(t, "url", r.str("data.attributes.url"), "https://example.com/x")
	equal(t, "content type", r.str("data.attributes.content_type"), "application/json")
	equal(t, "ann's", c.want(200, "GET", "/webhooks", "").ids(), id)
	equal(t, "bob's own", c.want(200, "GET", "/webhooks", "", as("bob")).ids(), "")
	equal(t, "bob's of the group", c.want(200, "GET", "/webhooks?filter[devicegroup.id]=g-kitchen", "", as("bob")).ids(), id)
	equal(t, "dave's of the group", c.want(200, "GET", "/webhooks?filter[devicegroup.id]=g-kitchen", "", as("dave")).ids(), "")
	c.want(404, "GET", "/webhooks/"+id, "", as("dave"))
	c.refuse(403, "not change", "DELETE", "/webhooks/"+id, "", as("carol"))

	c.refuse(400, "Invalid URL: The provided URL is invalid.", "PATCH", "/webhooks/"+id, data("webhook", id, `{"url": "x"}`, ""))
	c.refuse(400, "event", "PATCH", "/webhooks/"+id, data("webhook", id, `{"event": "blessing"}`, ""))
	c.refuse(400, "content_type", "PATCH", "/webhooks/"+id, data("webhook", id, `{"content_type": "text/plain"}`, ""))
	c.refuse(400, "Invalid URL: The provided URL is invalid.", "POST", "/webhooks", hook("nonsense", "blinkup", "application/json"))
	c.refuse(400, "blessing or blinkup or deployment", "POST", "/webhooks", hook("http://x/", "rain", "application/json"))
	c.refuse(400, "content_type", "POST", "/webhooks", hook("http://x/", "blinkup", "text/plain"))
	c.refuse(400, "url is required", "POST", "/webhooks", data("webhook", "", `{"event": "blinkup", "content_type": "application/json"}`, forKitchen))
	c.refuse(400, "devicegroup is required", "POST", "/webhooks",
		data("webhook", "", `{"url": "http://x/", "event": "blinkup", "content_type": "application/json"}`, ""))
	c.want(204, "DELETE", "/webhooks/"+id, "")
	c.want(404, "DELETE", "/webhooks/"+id, "")
}

func TestWebhooksFire(t *testing.T) {
	t.Parallel()
	got := make(chan string, 9)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		got <- r.Method + " " + r.URL.Path + " " + r.Header.Get("Content-Type") + " " + string(b)
	}))
	t.Cleanup(receiver.Close)
	c := start(t, sim.Config{}, house)
	c.want(201, "POST", "/webhooks", hook(receiver.URL+"/deployed", "deployment", "application/json"))
	c.want(201, "POST", "/webhooks", hook(receiver.URL+"/blinked", "blinkup", "application/x-www-form-urlencoded"))
	c.want(201, "POST", "/webhooks", hook(receiver.URL+"/blessed", "blessing", "application/json"))
	c.want(201, "POST", "/webhooks", hook("http://127.0.0.1:1/refused", "deployment", "application/json"))

	r := c.want(201, "POST", "/deployments", data("deployment", "", emptyCode, forKitchen))
	equal(t, "deployment", <-got, `POST /deployed application/json {"deployment_id":"`+r.str("data.id")+
		`","devicegroup_id":"g-kitchen","product_id":"p-home","sha":"`+r.str("data.attributes.sha")+`"}`)
	if err := c.BlinkUp("0c:2a:69:00:00:01", "plan", "a b"); err != nil {
		t.Fatal(err)
	}
	equal(t, "blinkup", <-got, "POST /blinked application/x-www-form-urlencoded device_id=d-1&plan_id=plan&token=a+b")
	equal(t, "plan", c.want(200, "GET", "/devices/d-1", "").str("data.attributes.plan_id"), "plan")
	if err := c.Bless("d-1"); err != nil {
		t.Fatal(err)
	}
	equal(t, "blessing", <-got, `POST /blessed application/json {"device_id":"d-1","imp_id":"d-1"}`)
	if err := c.WaitWebhooks(c.ctx()); err != nil {
		t.Fatal(err)
	}
	equal(t, "left over", len(got), 0)
	for _, id := range []string{"nothing", "d-2"} {
		if c.Bless(id) == nil || c.BlinkUp(id, "", "") == nil {
			t.Errorf("%s has no group to tell", id)
		}
	}
}

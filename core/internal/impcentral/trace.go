package impcentral

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/electricimp/impt/sdk/document"
)

// TraceRequest is a request for people who debug. Secrets are hidden.
type TraceRequest struct {
	// URL is without the query.
	URL, Method string
	// Header is what the request is about: the media type, the
	// authorization, additional ones.
	Header []Param
	Query  []Param
	// Body is nil for none.
	Body document.Value
}

// TraceResponse is an answer for people who debug. Secrets are hidden.
type TraceResponse struct {
	Status int
	// Header has names in lower case, in their order: that of the answer is
	// not known.
	Header []Param
	// Body is a document; the text itself if it is no JSON, or NoBody.
	Body document.Value
	// Failure is what impCentral reports, as `HTTP/404: title: detail`, or
	// empty.
	Failure string
}

// NoBody is the body of an answer that has none.
type NoBody struct{}

// Text is the request as debug output shows it, without a final line end.
func (t TraceRequest) Text() string {
	o := document.Object{
		{Key: "url", Value: t.URL},
		{Key: "method", Value: t.Method},
		{Key: "headers", Value: members(t.Header, func(p Param) document.Value { return p.Value })},
		{Key: "json", Value: true},
		{Key: "qs", Value: nil},
		{Key: "body", Value: t.Body},
		{Key: "qsStringifyOptions", Value: document.Object{{Key: "arrayFormat", Value: "repeat"}}},
		{Key: "forever", Value: true},
	}
	if len(t.Query) > 0 {
		o.Set("qs", members(t.Query, queryValue))
	}
	return "Doing the request with options:\n" + string(document.EncodeIndent(o))
}

// Text is the answer as debug output shows it, without a final line end.
func (t TraceResponse) Text() string {
	header := members(t.Header, func(p Param) document.Value { return p.Value })
	body := "undefined"
	if _, none := t.Body.(NoBody); !none {
		body = string(document.EncodeIndent(t.Body))
	}
	text := fmt.Sprintf("\nResponse code: %d\nResponse headers: %s\nResponse body: %s",
		t.Status, document.EncodeIndent(header), body)
	if t.Failure != "" {
		text += "\nERROR: " + t.Failure
	}
	return text
}

func members(params []Param, value func(Param) document.Value) document.Object {
	o := document.Object{}
	for _, p := range params {
		if old, repeated := o.Get(p.Name); repeated {
			list, ok := old.(document.List)
			if !ok {
				list = document.List{old}
			}
			o.Set(p.Name, append(list, value(p)))
			continue
		}
		o.Set(p.Name, value(p))
	}
	return o
}

// queryValue shows the numbers of pages as numbers and flags as true and false,
// like the peer.
func queryValue(p Param) document.Value {
	if p.Name == "filter[flagged]" {
		if truth, err := strconv.ParseBool(p.Value); err == nil {
			return truth
		}
	}
	if strings.HasPrefix(p.Name, "page[") {
		if _, err := strconv.ParseInt(p.Value, 10, 32); err == nil {
			return json.Number(p.Value)
		}
	}
	return p.Value
}

// told hands an answer to the tracer of its request.
type told struct {
	trace Tracer
	blot  *blot
}

func (c *Client) traceRequest(r Request, target *url.URL, header http.Header) *told {
	if c.cfg.Trace == nil {
		return nil
	}
	b := newBlot(&c.secrets, r, header)
	plainURL := url.URL{Scheme: target.Scheme, Host: target.Host, Path: target.Path, RawPath: target.RawPath}
	t := TraceRequest{URL: b.text(plainURL.String()), Method: r.Method}
	t.Header = append(t.Header, Param{"Content-type", header.Get("Content-Type")})
	if header.Get("Authorization") != "" {
		t.Header = append(t.Header, Param{"Authorization", hidden})
	}
	for _, name := range sortedNames(r.Header) {
		t.Header = append(t.Header, Param{name, hidden})
	}
	for _, p := range r.Query {
		t.Query = append(t.Query, Param{p.Name, b.text(p.Value)})
	}
	if r.Body != nil {
		t.Body = b.body(r.Body)
	}
	c.cfg.Trace.Request(t)
	return &told{c.cfg.Trace, b}
}

func (t *told) answered(a answer) {
	if t == nil {
		return
	}
	shown := TraceResponse{Status: a.status, Body: NoBody{}}
	if len(a.body) > 0 {
		shown.Body = t.blot.body(a.body)
	}
	for _, name := range sortedNames(a.header) {
		for _, v := range a.header[name] {
			shown.Header = append(shown.Header, Param{strings.ToLower(name), t.blot.header(name, v)})
		}
	}
	if a.status >= http.StatusMultipleChoices {
		f := apiFault(a)
		text := strings.TrimSuffix(f.Sentence, ".")
		if len(f.Problems) > 0 {
			text = f.Problems[0].GetTitle() + ": " + f.Problems[0].GetDetail()
		}
		shown.Failure = fmt.Sprintf("HTTP/%d: %s", a.status, t.blot.text(text))
	}
	t.trace.Response(shown)
}

func sortedNames(h http.Header) []string {
	names := make([]string, 0, len(h))
	for name := range h {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

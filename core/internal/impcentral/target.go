package impcentral

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/electricimp/impt/sdk/fault"
)

// origin is what a token belongs to.
type origin struct{ scheme, host, port string }

func originOf(u *url.URL) origin {
	o := origin{strings.ToLower(u.Scheme), strings.ToLower(u.Hostname()), u.Port()}
	if o.port == "" {
		o.port = map[string]string{"http": "80", "https": "443"}[o.scheme]
	}
	return o
}

// target is the URL of a request. Segments are escaped, so that an identifier
// never reaches another resource than its own.
func (c *Client) target(r Request) (*url.URL, error) {
	base, err := url.Parse(c.cfg.Endpoint)
	if err != nil || base.Host == "" || (base.Scheme != "http" && base.Scheme != "https") || !goodPort(base.Port()) {
		return nil, &fault.Fault{
			Kind:     fault.UnreachableKind,
			Sentence: fmt.Sprintf("impCentral API endpoint %q is no HTTP address.", c.cfg.Endpoint),
		}
	}
	var path, raw strings.Builder
	path.WriteString(strings.TrimRight(base.Path, "/"))
	raw.WriteString(strings.TrimRight(base.EscapedPath(), "/"))
	for _, segment := range r.Path {
		// No server is sure to take %2E%2E or nothing at all for a name;
		// and nothing can have such an id.
		if segment == "" || segment == "." || segment == ".." {
			return nil, noResource(segment)
		}
		path.WriteString("/" + segment)
		raw.WriteString("/" + url.PathEscape(segment))
	}
	return &url.URL{
		Scheme:   base.Scheme,
		Host:     base.Host,
		Path:     path.String(),
		RawPath:  raw.String(),
		RawQuery: encodeQuery(r.Query),
	}, nil
}

// goodPort is for what the parser of URLs lets pass.
func goodPort(port string) bool {
	_, err := strconv.ParseUint(port, 10, 16)
	return port == "" || err == nil
}

// noResource is the answer to an identifier that no path can carry.
func noResource(segment string) *fault.Fault {
	return &fault.Fault{
		Kind:   fault.APIKind,
		Status: http.StatusNotFound,
		Problems: []*fault.Problem{{
			Title:  "Not Found",
			Detail: fmt.Sprintf("nothing has the id %q", segment),
			Status: "404",
		}},
	}
}

func encodeQuery(params []Param) string {
	pairs := make([]string, len(params))
	for i, p := range params {
		pairs[i] = url.QueryEscape(p.Name) + "=" + url.QueryEscape(p.Value)
	}
	return strings.ReplaceAll(strings.Join(pairs, "&"), "+", "%20")
}

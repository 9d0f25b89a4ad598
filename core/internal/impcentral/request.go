package impcentral

import "net/http"

// A Param is one query parameter. Their order is kept.
type Param struct{ Name, Value string }

// A Request is one request to impCentral, before the token is added. Requests
// below `auth` carry no token and are plain JSON, all others JSON:API.
type Request struct {
	Method string
	// Path below the endpoint, a segment each; the client escapes them.
	Path  []string
	Query []Param
	// Body is a JSON text; nil for none.
	Body []byte
	// Header holds additional headers, whose values are secret.
	Header http.Header
}

// A Response is an answer of a status from 200 to 299.
type Response struct {
	Status int
	Header http.Header
	// Body is a JSON text, or empty. That of a GET is never empty, and has
	// `data`.
	Body []byte
}

// isLogin tells requests that obtain a token from those that need one.
func (r Request) isLogin() bool { return len(r.Path) > 0 && r.Path[0] == "auth" }

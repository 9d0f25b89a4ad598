// Package impcentral is the client of the impCentral API: requests, pages,
// retries, the rate limit and log streams.
package impcentral

import "net/http"

// A Param is one query parameter. Their order is kept.
type Param struct{ Name, Value string }

// A Request is one request to impCentral, before the token is added.
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
	Body   []byte
}

// Package impcentral is the client of the impCentral API: requests, pages,
// retries, the rate limit, log streams and redacted traces. It knows paths and
// answers, not entities; what an answer means is the caller's business.
//
// A client is cheap to make: certificates are read and connections opened when
// the first request, or Warm, needs them. The access token goes nowhere but to
// the scheme, host and port of the endpoint it belongs to.
package impcentral

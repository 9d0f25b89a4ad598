package impcentral

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// Proxies are the proxies of the environment.
type Proxies struct {
	// HTTPS and HTTP are the values of HTTPS_PROXY and HTTP_PROXY.
	HTTPS, HTTP string
	// None is the value of NO_PROXY: `*`, or domains, addresses and networks
	// with commas between, each with a port or not.
	None string
}

// For chooses the proxy of a request, nil for none. HTTPS requests take the
// HTTP proxy when there is no other. Unlike in Go's own rules, this machine's
// names are not excepted: the peer doesn't.
func (p Proxies) For(r *http.Request) (*url.URL, error) {
	value := p.HTTP
	if r.URL.Scheme == "https" && p.HTTPS != "" {
		value = p.HTTPS
	}
	if value == "" || p.spares(originOf(r.URL)) {
		return nil, nil //nolint:nilnil // as net/http wants it
	}
	u, err := url.Parse(value)
	if err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https" || u.Scheme == "socks5") {
		return u, nil
	}
	// The value may hold a password, and so may the parser's error.
	return nil, errors.New("the proxy address is no URL with a scheme")
}

// spares tells whether NO_PROXY names the address.
func (p Proxies) spares(o origin) bool {
	for entry := range strings.SplitSeq(p.None, ",") {
		entry = strings.ToLower(strings.TrimSpace(entry))
		if entry == "*" {
			return true
		}
		if network, err := netip.ParsePrefix(entry); err == nil {
			ip, err := netip.ParseAddr(o.host)
			if err == nil && network.Contains(ip.Unmap()) {
				return true
			}
			continue
		}
		host, port := entry, ""
		if h, p, err := net.SplitHostPort(entry); err == nil {
			host, port = h, p
		}
		host = strings.TrimPrefix(strings.TrimPrefix(host, "*"), ".")
		if host == "" || port != "" && port != o.port {
			continue
		}
		if o.host == strings.Trim(host, "[]") || strings.HasSuffix(o.host, "."+host) {
			return true
		}
	}
	return false
}

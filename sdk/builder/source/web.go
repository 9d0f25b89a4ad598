package source

import (
	"context"
	"net/url"
)

// fromWeb reads what a URL names. A login in the URL is kept for what is
// included from the same host.
func (s *Sources) fromWeb(ctx context.Context, r reference) ([]byte, error) {
	address, user := splitLogin(r.url)
	u, err := url.Parse(address)
	if err != nil {
		return nil, failed(r.name, "not a URL", nil)
	}
	from := origin(u)
	s.mu.Lock()
	if user != nil {
		s.logins[from] = user
	} else {
		user = s.logins[from]
	}
	s.mu.Unlock()
	var l *login
	if user != nil {
		password, _ := user.Password()
		l = &login{origin: from, header: basic(user.Username(), password)}
	}
	data, err := s.get(ctx, request{name: r.name, url: address, login: l, limit: maxSource})
	return data, asFault(r.name, err)
}

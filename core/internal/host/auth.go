package host

import (
	"context"

	"github.com/electricimp/impt/core/internal/auth"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

const (
	reading  = pluginv1.Access_ACCESS_READ
	changing = pluginv1.Access_ACCESS_WRITE
)

// AuthStatus tells which login applies.
func (s *Session) AuthStatus(_ context.Context, r *pluginv1.AuthStatusRequest) (*pluginv1.AuthStatusResponse, error) {
	if err := s.grants.need("login", reading); err != nil {
		return nil, s.failure(err)
	}
	return auth.Status(s.cfg.Auth, r.GetScope()), nil
}

// Login logs in and replaces the auth file.
func (s *Session) Login(ctx context.Context, r *pluginv1.LoginRequest) (*pluginv1.LoginResponse, error) {
	return &pluginv1.LoginResponse{}, s.failure(s.logIn(ctx, r))
}

func (s *Session) logIn(ctx context.Context, r *pluginv1.LoginRequest) error {
	if err := s.grants.need("login", changing); err != nil {
		return err
	}
	with := auth.Request{
		Scope:     r.GetScope(),
		Endpoint:  r.GetEndpoint(),
		Temporary: r.GetTemporary(),
		User:      r.GetUser(),
	}
	if r.GetLoginKey() != nil {
		key, err := s.vault.open(r.GetLoginKey())
		if err != nil {
			return err
		}
		with.LoginKey = &key
		s.keys.keep(key)
	} else {
		password, err := s.vault.open(r.GetPassword())
		if err != nil {
			return err
		}
		with.Password = password
	}
	return auth.LogIn(ctx, s.cfg.Auth, with)
}

// Logout deletes the auth file.
func (s *Session) Logout(ctx context.Context, r *pluginv1.LogoutRequest) (*pluginv1.LogoutResponse, error) {
	if err := s.grants.need("login", changing); err != nil {
		return nil, s.failure(err)
	}
	return &pluginv1.LogoutResponse{}, s.failure(auth.LogOut(ctx, s.cfg.Auth, r.GetScope()))
}

package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/electricimp/impt/sdk/sim"
)

// devices are enough for two pages of a list.
const devices = 120

// seed is a small fleet.
func seed() string {
	var fleet strings.Builder
	for i := range devices {
		if i > 0 {
			fleet.WriteString(", ")
		}
		fmt.Fprintf(&fleet, `{"name": "meter-%d", "owner": "demo", "devicegroup": "Kitchen", "mac_address": "0c:2a:69:00:00:%02x"}`, i, i)
	}
	return `{
		"accounts": [{"username": "demo", "email": "demo@example.com", "password": "demo"}],
		"products": [{"name": "Fridge"}, {"name": "Oven"}, {"name": "Kettle"}],
		"devicegroups": [{"name": "Kitchen", "product": "Fridge"}],
		"devices": [` + fleet.String() + `]
	}`
}

// simulate serves a simulated impCloud, and returns its endpoint.
func simulate(ctx context.Context) (endpoint string, stop func(), err error) {
	s := sim.New(sim.Config{})
	if err := s.Seed(strings.NewReader(seed())); err != nil {
		s.Close()
		return "", nil, err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		s.Close()
		return "", nil, err
	}
	server := &http.Server{Handler: s.Handler(), ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }()
	return "http://" + listener.Addr().String() + "/v5", func() { s.Close(); _ = server.Close() }, nil
}

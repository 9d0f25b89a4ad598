package sim_test

import (
	"fmt"
	"net/http/httptest"
	"strings"

	"github.com/electricimp/impt/sdk/sim"
)

func Example() {
	s := sim.New(sim.Config{})
	server := httptest.NewServer(s.Handler())
	defer func() { s.Close(); server.Close() }()
	if err := s.Seed(sim.Demo()); err != nil {
		fmt.Println(err)
		return
	}
	failing := s.Inject(sim.Fault{Path: "/auth", Status: 503})
	for range 2 {
		body := strings.NewReader(`{"id": "demo", "password": "demo"}`)
		res, err := server.Client().Post(server.URL+"/v5/auth", "application/json", body)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(res.Status)
		_ = res.Body.Close()
	}
	fmt.Println(failing.Hits(), len(s.Requests()))
	// Output:
	// 503 Service Unavailable
	// 200 OK
	// 1 2
}

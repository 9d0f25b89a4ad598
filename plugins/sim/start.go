package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/fault"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/sim"
)

var (
	port      = option.NewNumber("port", "p", "<port>", "Port to listen on. Default: a free one.")
	seed      = option.NewInputFile("seed", "s", "<seed_file>", "JSON file with the entities to begin with. Default: the account \"demo\" with two Devices.")
	state     = option.NewOutputFile("state", "f", "<state_file>", "File that keeps everything from one start to the next. The seed counts only while it does not exist.")
	latency   = option.NewNumber("latency", "l", "<milliseconds>", "Time before each answer.")
	boot      = option.NewNumber("boot", "b", "<milliseconds>", "Time that a Device takes to start. Default: 500.").Default("500")
	rateLimit = option.NewNumber("rate-limit", "r", "<requests>", "How many requests an account may make in a second. Default: any number.")
)

var start = sdk.Command{
	Name:     "start",
	Synopsis: "Starts a simulated impCloud, which ends with Ctrl-C.",
	Details: "It speaks version 5 of the impCentral API. Its Devices come online and restart like real ones, " +
		"and they and their agents run their code, with the part of the imp API that needs neither hardware nor a network.",
	Examples: []string{"impt sim start", "impt sim start --port 8448 --state impcloud.json"},
	Options:  sdk.Options{port, seed, state, latency, boot, rateLimit},
	Needs:    sdk.Interrupt,
	Run: func(ctx context.Context, c *sdk.Call) error {
		cloud := sim.New(sim.Config{
			Latency:   time.Duration(latency.Of(c)) * time.Millisecond,
			BootTime:  time.Duration(boot.Of(c)) * time.Millisecond,
			RateLimit: sim.RateLimit{Requests: rateLimit.Of(c), Window: time.Second},
		})
		defer cloud.Close()
		if err := fill(ctx, c, cloud); err != nil {
			return err
		}
		listener, err := listen(ctx, port.Of(c))
		if err != nil {
			return err
		}
		defer func() { _ = listener.Close() }()
		// A file that cannot be written is better known now than at the end.
		if err := save(ctx, c, cloud); err != nil {
			return err
		}
		err = serve(ctx, c, cloud, listener)
		// Nothing changes while it is saved.
		cloud.Close()
		return errors.Join(err, save(context.WithoutCancel(ctx), c, cloud))
	},
}

func listen(ctx context.Context, port int) (net.Listener, error) {
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, &fault.Fault{
			Kind:     fault.ConflictKind,
			Sentence: fmt.Sprintf("Nothing can listen on %s; another --port may be free.", address),
			Cause:    err,
		}
	}
	return listener, nil
}

// serve answers requests until the user has enough.
func serve(ctx context.Context, c *sdk.Call, cloud *sim.Sim, listener net.Listener) error {
	server := &http.Server{Handler: cloud.Handler(), ReadHeaderTimeout: time.Minute}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	defer func() { _ = server.Close() }()

	// Whoever is told of Ctrl-C may press it at once.
	interrupted := make(chan error, 1)
	go func() { interrupted <- c.AwaitInterrupt(ctx) }()
	if err := introduce(ctx, c, "http://"+listener.Addr().String()+"/v5"); err != nil {
		return err
	}
	select {
	case err := <-interrupted:
		return err
	case err := <-ended:
		return fmt.Errorf("serving: %w", err)
	}
}

// introduce says how to point impt at the simulator.
func introduce(ctx context.Context, c *sdk.Call, endpoint string) error {
	err := c.Show(ctx, document.Object{{Key: "Simulator", Value: document.Object{{Key: "endpoint", Value: endpoint}}}})
	if err != nil {
		return err
	}
	account := " --user demo --pwd demo"
	if seed.Of(c) != "" || state.Of(c) != "" {
		account = "" // who that is, is for the files to say
	}
	return c.Say(ctx, "Log in from another terminal, in a directory of its own:\n"+
		"  impt auth login --local --endpoint %s%s\n"+
		"Press <Ctrl-C> to exit.", endpoint, account)
}

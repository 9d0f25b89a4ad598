package plugintest

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/sim"
)

// endpoint is where impCentral seems to be: the simulator is its proxy. The
// domain is reserved for tests.
const endpoint = "http://impcentral.test/v5"

// Tokens of the login that sim writes.
const (
	accessToken  = "transcript-access-token"
	refreshToken = "transcript-refresh-token"
)

// start is the time of all transcripts, far enough away for tokens to be valid.
var start = time.Date(2040, time.January, 2, 3, 4, 5, 0, time.UTC)

// clock shows the same time for ever, or goes from there. Timers are real.
type clock struct {
	sim.SystemClock
	began time.Time // zero: it stands still
}

func (c clock) Now() time.Time {
	if c.began.IsZero() {
		return start
	}
	return start.Add(time.Since(c.began))
}

// cloud is the simulator of one transcript.
type cloud struct {
	sim    *sim.Sim
	server *http.Server
	served sync.WaitGroup
}

func (c *cloud) close() {
	c.sim.Close()
	_ = c.server.Close()
	c.served.Wait()
}

func (x *script) sim(ts *testscript.TestScript, args []string) error {
	var (
		flags     = flag.NewFlagSet("sim", flag.ContinueOnError)
		noLogin   = flags.Bool("no-login", false, "")
		as        = flags.String("as", "", "")
		rateLimit = flags.Int("rate-limit", 0, "")
		pageSize  = flags.Int("page-size", 0, "")
		zombies   = flags.Bool("keep-zombies", false, "")
	)
	flags.SetOutput(io.Discard)
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 1 {
		return errors.New("usage: sim [flags] SEED")
	}
	config := sim.Config{
		Clock:       clock{},
		Instant:     *rateLimit == 0,
		RateLimit:   sim.RateLimit{Requests: *rateLimit},
		MaxPageSize: *pageSize,
		KeepZombies: *zombies,
	}
	if *rateLimit > 0 {
		config.Clock = clock{began: time.Now()}
	}
	seed := ts.ReadFile(flags.Arg(0))
	if err := x.serve(ts, config, seed); err != nil {
		if x.suite.world.update {
			x.t.Fatal("sim: ", err) // nothing that follows is worth keeping
		}
		return err
	}
	if *noLogin {
		return nil
	}
	return x.logIn(*as, seed)
}

// serve starts a simulator, and leads all requests to it.
func (x *script) serve(ts *testscript.TestScript, config sim.Config, seed string) error {
	if x.cloud != nil {
		x.cloud.close()
		x.cloud = nil
	}
	s := sim.New(config)
	listener, err := (&net.ListenConfig{}).Listen(x.context(), "tcp", "127.0.0.1:0")
	if err == nil {
		err = s.Seed(strings.NewReader(seed))
	}
	if err != nil {
		s.Close()
		return err
	}
	handler := s.Handler()
	x.cloud = &cloud{sim: s, server: &http.Server{
		ReadHeaderTimeout: time.Minute,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header()["Date"] = nil // it would differ in every run
			handler.ServeHTTP(w, r)
		}),
	}}
	x.cloud.served.Go(func() { _ = x.cloud.server.Serve(listener) })
	for _, name := range proxyVariables() {
		ts.Setenv(name, "http://"+listener.Addr().String())
	}
	return nil
}

// logIn gives the account, or the first of the seed, tokens, and writes them
// as `impt auth login` does.
func (x *script) logIn(account, seed string) error {
	if account == "" {
		var accounts struct {
			Accounts []struct{ ID, Username, Email string }
		}
		if err := json.Unmarshal([]byte(seed), &accounts); err != nil || len(accounts.Accounts) == 0 {
			return errors.New("nobody can log in: the seed has no accounts")
		}
		first := accounts.Accounts[0]
		for _, name := range []string{first.ID, first.Email, first.Username} {
			if name != "" {
				account = name
			}
		}
	}
	expires := start.Add(time.Hour).Format("2006-01-02T15:04:05.000Z")
	tokens, err := json.Marshal(map[string]any{
		"access_tokens":  []any{map[string]any{"token": accessToken, "account": account, "expires_at": expires}},
		"refresh_tokens": []any{map[string]any{"token": refreshToken, "account": account}},
	})
	if err == nil {
		err = x.cloud.sim.Seed(strings.NewReader(string(tokens)))
	}
	if err != nil {
		return fmt.Errorf("logging in: %w", err)
	}
	return os.WriteFile(filepath.Join(x.home, ".impt.auth"), document.EncodeIndent(document.Object{
		{Key: "endpoint", Value: endpoint},
		{Key: "accessToken", Value: accessToken},
		{Key: "expiresAt", Value: expires},
		{Key: "refreshToken", Value: refreshToken},
	}), 0o600)
}

var errNoCloud = errors.New("there is no simulator; begin with sim")

// fail lets requests go wrong.
func (x *script) fail(ts *testscript.TestScript, args []string) error {
	if x.cloud == nil {
		return errNoCloud
	}
	flags := flag.NewFlagSet("fail", flag.ContinueOnError)
	after := flags.Bool("after", false, "")
	flags.SetOutput(io.Discard)
	if err := flags.Parse(args); err != nil {
		return err
	}
	if args = flags.Args(); len(args) != 4 && len(args) != 5 {
		return errors.New("usage: fail [-after] METHOD /path NTH STATUS [FILE], or fail [-after] METHOD /path NTH drop")
	}
	fault := sim.Fault{Method: args[0], Path: args[1], After: *after}
	if fault.Method == "*" {
		fault.Method = ""
	}
	nth, all := strings.CutSuffix(args[2], "+")
	var err error
	if fault.Nth, err = strconv.Atoi(nth); err != nil || fault.Nth < 1 {
		return fmt.Errorf("%s is not the number of a request", quoted(args[2]))
	}
	if all {
		fault.Count = -1
	}
	if args[3] == "drop" {
		fault.DropConnection = true
	} else {
		if fault.Status, err = strconv.Atoi(args[3]); err != nil || http.StatusText(fault.Status) == "" {
			return fmt.Errorf("%s is not a status", quoted(args[3]))
		}
		fault.Body = fmt.Sprintf(`{"errors":[{"status":"%d","title":"%s","detail":"The transcript wants it."}]}`,
			fault.Status, http.StatusText(fault.Status))
	}
	if len(args) == 5 {
		fault.Body = ts.ReadFile(args[4])
	}
	x.cloud.sim.Inject(fault)
	return nil
}

// emit logs a line, or ends the log streams.
func (x *script) emit(ts *testscript.TestScript, args []string) error {
	var (
		flags = flag.NewFlagSet("emit", flag.ContinueOnError)
		kind  = flags.String("type", "server.log", "")
		end   = flags.Bool("close", false, "")
		cut   = flags.Bool("drop", false, "")
	)
	flags.SetOutput(io.Discard)
	if err := flags.Parse(args); err != nil {
		return err
	}
	switch {
	case x.cloud == nil:
		return errNoCloud
	case *end || *cut:
		x.waiting(ts, "a log stream", func(ctx context.Context) error { return x.cloud.sim.WaitStreams(ctx, 1) })
		if *end {
			x.cloud.sim.CloseStreams()
		} else {
			x.cloud.sim.DropStreams()
		}
		return nil
	case flags.NArg() != 2:
		return errors.New("usage: emit [-type TYPE] DEVICE TEXT, or emit -close | -drop")
	}
	device := flags.Arg(0)
	x.waiting(ts, "a log stream of "+device, func(ctx context.Context) error { return x.cloud.sim.WaitSubscribed(ctx, device) })
	return x.cloud.sim.Emit(device, sim.LogEntry{Type: *kind, Msg: flags.Arg(1)})
}

package main

import (
	"context"
	"errors"
	"os"
	"strconv"
	"time"

	"github.com/electricimp/impt/sdk/fault"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// commands are the ways to attack, by name.
func commands() map[string]command {
	return map[string]command{
		"beg":     {run: beg},
		"smuggle": {run: smuggle, needs: map[string]pluginv1.Access{"product": read}, options: []*pluginv1.Option{secret}},
		"keys":    {run: keys, needs: map[string]pluginv1.Access{"login_key": write}, options: []*pluginv1.Option{secret, key}},
		"files":   {run: files, options: append([]*pluginv1.Option{input, result, text}, sneaky...)},
		"project": {run: project, needs: map[string]pluginv1.Access{"project": write}, options: []*pluginv1.Option{result, text}},
		"spy":     {run: spy, options: []*pluginv1.Option{secret}},
		"listen":  {run: listen},
		"escape":  {run: escape, options: []*pluginv1.Option{text}},
		"shout":   {run: shout, options: []*pluginv1.Option{text}},
		"whine":   {run: whine},
		"nag":     {run: nag},
		"swallow": {run: swallow, needs: map[string]pluginv1.Access{"interrupt": read}},
		"linger":  {run: linger},
		"stay":    {run: stay},
		"late":    {run: late},
		"borrow":  {run: borrow, options: []*pluginv1.Option{text, extra}},
		"breed":   {run: breed},
		"further": {run: func(ctx context.Context, c *call) error { return c.say(ctx, "from "+c.name) }},
		"good":    {run: func(ctx context.Context, c *call) error { return c.say(ctx, "hello") }},
		"vandal":  {run: vandal, needs: map[string]pluginv1.Access{"product": write, "device": write}, options: []*pluginv1.Option{text}},
		"mute":    {run: func(context.Context, *call) error { forever(); return nil }},
		"chatter": {run: chatter},
		"crowd":   {run: crowd, needs: map[string]pluginv1.Access{"interrupt": read}},
		"glutton": {run: glutton},
		"hoard":   {run: hoard, needs: map[string]pluginv1.Access{"product": read}},
		"garble":  {run: garble},
		"flee":    {run: flee, options: []*pluginv1.Option{text}},
		"gape":    {run: gape},
		"swarm":   {run: swarm},
		"deny":    {run: deny, options: []*pluginv1.Option{text}},
		"large":   {run: func(context.Context, *call) error { return nil }},
		"status":  {run: func(context.Context, *call) error { return errors.New("a text for nobody") }},
		"exit":    {run: func(context.Context, *call) error { os.Exit(0); return nil }},
		"crash": {run: func(ctx context.Context, _ *call) error {
			go panic("in a goroutine \x1b[31mof mine")
			<-ctx.Done()
			return nil
		}},
		"fault": {run: func(context.Context, *call) error { return fault.Status(fault.NotFound("device", "meter-7")) }},
	}
}

// swallow makes every Ctrl-C its own.
func swallow(ctx context.Context, c *call) error {
	for {
		_, err := c.host.Ask(ctx, &pluginv1.AskRequest{Question: &pluginv1.AskRequest_NextPage{NextPage: &pluginv1.NextPage{}}})
		if err != nil {
			return err
		}
		_ = c.say(ctx, "swallowed")
	}
}

// nag asks again whenever the user leaves the question.
func nag(ctx context.Context, c *call) error {
	for i := range 100 {
		_, err := c.host.Ask(ctx, &pluginv1.AskRequest{Question: &pluginv1.AskRequest_Line{Line: &pluginv1.Line{What: "answer " + strconv.Itoa(i)}}})
		if ctx.Err() != nil {
			return err
		}
	}
	return errors.New("asked a hundred times")
}

// linger obeys.
func linger(ctx context.Context, c *call) error {
	c.tried("host", c.group.host, nil)
	c.tried("token", c.token, nil)
	c.tried("pid", strconv.Itoa(os.Getpid()), nil)
	c.file()
	_ = c.say(ctx, "waiting")
	<-ctx.Done()
	return ctx.Err()
}

// stay does not.
func stay(ctx context.Context, c *call) error {
	_ = c.say(ctx, "waiting")
	forever()
	return nil
}

// late answers, and goes on calling until it is refused.
func late(_ context.Context, c *call) error {
	go func() {
		for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); {
			err := c.say(context.Background(), "still here")
			if err == nil {
				continue
			}
			c.tried("say", "", err)
			_, err = c.host.ReadFile(context.Background(), &pluginv1.ReadFileRequest{Path: "x"})
			c.tried("read", "", err)
			c.file()
			return
		}
	}()
	return nil
}

// borrow calls its own host with another's token, and another's host with its
// own.
func borrow(ctx context.Context, c *call) error {
	for what, with := range map[string][2]string{
		"another's token": {c.group.host, c.text("extra")},
		"another's host":  {c.text("text"), c.token},
		"no token":        {c.group.host, ""},
		"a made-up token": {c.group.host, "AAAAAAAAAAAAAAAAAAAAAAAAAA"},
	} {
		h, err := c.dial(with[0], with[1])
		if err == nil {
			_, err = h.Say(ctx, &pluginv1.SayRequest{Kind: pluginv1.SayKind_SAY_KIND_INFO, Text: what})
		}
		c.tried(what, "", err)
	}
	return nil
}

// breed leaves children that hold what they can.
func breed(ctx context.Context, c *call) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	for range 3 {
		_, err := os.StartProcess(self, []string{self, c.beside("impt-plugin-hangs")}, &os.ProcAttr{
			Files: []*os.File{os.Stdin, os.Stdout, os.Stderr},
		})
		if err != nil {
			return err
		}
	}
	return c.say(ctx, "bred")
}

package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/fault"
	"github.com/electricimp/impt/sdk/option"
)

var (
	deviceFile      = option.NewInputFile("device-file", "x", "<device_file>", "File with code for the Devices that is deployed together with the tests.")
	agentFile       = option.NewInputFile("agent-file", "y", "<agent_file>", "File with code for the agents that is deployed together with the tests.")
	timeout         = option.NewNumber("timeout", "t", "<timeout>", "Seconds that a test may take.")
	stopOnFail      = option.NewBool("stop-on-fail", "s", "Ends everything after the first test that fails.")
	allowDisconnect = option.NewBool("allow-disconnect", "a", "Lets a Device be offline for a while.")
	builderCache    = option.NewBool("builder-cache", "e", "Keeps libraries from elsewhere in the directory .builder-cache. What is there now is deleted if it is false.")
	testFiles       = option.NewList("test-file", "f", "<test_file_name_pattern>", "Files with tests: a path below the current directory, in which *, ** and ? stand for anything.")
	githubConfig    = option.NewSecretFile("github-config", "i", "<github_credentials_file_name>", "File with the GitHub credentials, as `impt test github` writes it. It need not exist yet.")
	builderConfig   = option.NewInputFile("builder-config", "j", "<builder_file_name>", "File with variables for Builder, a JSON object. It need not exist yet.")
)

// bools and files are the options by their members of the configuration.
var (
	bools = []struct {
		key    string
		option option.Bool
	}{
		{"stopOnFail", stopOnFail}, {"allowDisconnect", allowDisconnect}, {"builderCache", builderCache},
	}
	files = []struct {
		key    string
		option option.File
	}{
		{"deviceFile", deviceFile}, {"agentFile", agentFile}, {"githubConfig", githubConfig}, {"builderConfig", builderConfig},
	}
)

// set puts what was given into a configuration, and with defaults also what
// applies otherwise. A file without a path is taken out.
func set(c *sdk.Call, o *document.Object, defaults bool) {
	if defaults || timeout.Given(c) {
		o.Set("timeout", timeout.Of(c))
	}
	for _, b := range bools {
		if defaults || b.option.Given(c) {
			o.Set(b.key, b.option.Of(c))
		}
	}
	if defaults || testFiles.Given(c) {
		o.Set("testFiles", testFiles.Of(c))
	}
	for _, f := range files {
		if path := f.option.Of(c); path != "" {
			o.Set(f.key, path)
		} else if f.option.Given(c) {
			o.Remove(f.key)
		}
	}
}

// check looks for the files that were given. Code must be there; of the others
// the user is told.
func check(ctx context.Context, c *sdk.Call) error {
	for _, f := range []struct {
		what   string
		option option.File
	}{{"Device", deviceFile}, {"Agent", agentFile}} {
		path := f.option.Of(c)
		if path == "" {
			continue
		}
		there, err := c.StatFile(ctx, path)
		if err != nil {
			return err
		}
		if !there.Exists {
			return &fault.Fault{
				Kind:     fault.FileKind,
				Sentence: fmt.Sprintf("%s file \"%s\" is not found.", f.what, path),
			}
		}
	}
	for _, f := range []struct {
		noun   string
		option option.File
	}{{githubNoun, githubConfig}, {builderNoun, builderConfig}} {
		path := f.option.Of(c)
		if path == "" {
			continue
		}
		there, err := exists(ctx, c, path)
		if err != nil {
			return err
		}
		if there {
			continue
		}
		if err := c.Say(ctx, "%s", missing(f.noun, path)); err != nil {
			return err
		}
	}
	return nil
}

func missing(noun, path string) string { return fmt.Sprintf("%s File %s is not found.", noun, path) }

// needs is what setting up a configuration takes.
var needs = shownNeeds.And(sdk.ChangeConfig).And(sdk.Builder)

// settings are what the configuration says.
type settings struct {
	testFiles                                 []string
	deviceFile, agentFile                     string
	timeout                                   float64
	stopOnFail, allowDisconnect, builderCache bool
	githubConfig, builderConfig               string
}

func readSettings(o document.Object) settings {
	s := settings{
		deviceFile: o.Text("deviceFile"), agentFile: o.Text("agentFile"),
		githubConfig: o.Text("githubConfig"), builderConfig: o.Text("builderConfig"),
	}
	for _, flag := range []struct {
		key string
		to  *bool
	}{{"stopOnFail", &s.stopOnFail}, {"allowDisconnect", &s.allowDisconnect}, {"builderCache", &s.builderCache}} {
		v, _ := o.Get(flag.key)
		*flag.to, _ = v.(bool)
	}
	v, _ := o.Get("testFiles")
	list, _ := v.(document.List)
	for _, p := range list {
		if pattern, ok := p.(string); ok {
			s.testFiles = append(s.testFiles, pattern)
		}
	}
	v, _ = o.Get("timeout")
	if n, ok := v.(json.Number); ok {
		s.timeout, _ = n.Float64()
	}
	return s
}

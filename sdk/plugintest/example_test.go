package plugintest_test

import (
	"context"
	"testing"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/plugintest"
)

var group = sdk.Group{
	Name:     "hello",
	Synopsis: "Greetings.",
	Commands: []sdk.Command{{
		Name:     "world",
		Synopsis: "Greets the world.",
		Run:      func(ctx context.Context, c *sdk.Call) error { return c.Say(ctx, "Hello, world.") },
	}},
}

// A package that serves a group has these two functions in its main_test.go,
// and testdata/world.txtar:
//
//	exec impt hello world
//	stdout '^Hello, world\.$'
func Example() {
	_ = func(m *testing.M) { plugintest.Main(m, group) }         // TestMain
	_ = func(t *testing.T) { plugintest.Scripts(t, "testdata") } // TestScripts
}

package option_test

import (
	"context"
	"fmt"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/option"
)

// Options that other commands have, too, are taken from here, with a help text of
// your own where theirs does not say enough.
func Example() {
	device := option.Device.Required()
	target := option.DeviceGroup.Help("Device Group to move the Device to. Default: the project's.")
	for _, o := range []sdk.Option{device, target, option.Confirmed} {
		s := o.Spec()
		fmt.Printf("--%s, -%s %s\n", s.Name, s.Alias, s.Placeholder)
	}
	// Output:
	// --device, -d <DEVICE_IDENTIFIER>
	// --dg, -g <DEVICE_GROUP_IDENTIFIER>
	// --confirmed, -q
}

// An option with a few values says so, and what it is without being given.
func ExampleNewText() {
	order := option.NewText("order", "o", "<order>", "What comes first.").Choices("name", "age").Default("name")
	command := sdk.Command{
		Name:    "queue",
		Options: sdk.Options{order},
		Run:     func(ctx context.Context, c *sdk.Call) error { return c.Say(ctx, "By %s.", order.Of(c)) },
	}
	fmt.Println(command.Options[0].Spec().Choices)
	// Output: [name age]
}

// The value of a secret stays in impt: the command gets a handle for it, which it
// can keep with the user's other secrets, or send with a request.
func ExampleNewSecret() {
	key := option.NewSecret("key", "k", "<key>", "The company's key for approvals.")
	command := sdk.Command{
		Name:    "setup",
		Options: sdk.Options{key},
		Needs:   sdk.ChangeSettings,
		Run: func(ctx context.Context, c *sdk.Call) error {
			return c.KeepSecret(ctx, "key", key.Of(c))
		},
	}
	fmt.Println(command.Options[0].Spec().Kind == sdk.Text)
	// Output: true
}

// A word after the command needs no dashes.
func ExampleNewArgument() {
	folder := option.NewArgument("folder", "<FOLDER>", "Folder to look into.").Required()
	fmt.Println(folder.Spec().Positional, folder.Spec().Required)
	// Output: true true
}

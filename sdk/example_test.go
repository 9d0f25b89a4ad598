package sdk_test

import (
	"context"
	"fmt"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/option"
)

// The options of a command are values, which are also the keys to what was given.
var (
	product = option.Product.Required()
	least   = option.NewNumber("least", "l", "<number>", "Fails with fewer Devices than that.")
)

var count = sdk.Command{
	Name:     "count",
	Synopsis: "Counts the Devices of a Product.",
	Examples: []string{"impt stock count --product Fridge --least 10"},
	Options:  sdk.Options{product, least},
	Needs:    sdk.Read(entity.Device),
	Run: func(ctx context.Context, c *sdk.Call) error {
		p, err := product.Of(ctx, c)
		if err != nil {
			return err
		}
		devices, err := c.Cloud.List(ctx, entity.Device, entity.Filter{Name: "product.id", Value: p.ID})
		if err != nil {
			return err
		}
		if len(devices) < least.Of(c) {
			return fmt.Errorf("%s has only %d Devices", p, len(devices))
		}
		return c.Show(ctx, document.Object{{Key: "Stock", Value: document.Object{{Key: "devices", Value: len(devices)}}}})
	},
}

var group = sdk.Group{
	Name:     "stock",
	Synopsis: "What there is.",
	Vendor:   "acme",
	Version:  "1.0.0",
	Contact:  "help@acme.example",
	Commands: []sdk.Command{count},
}

// A plugin is a group of commands, and its main function one statement. Help,
// completion and the checks of the command line follow from the declaration.
func ExampleGroup() {
	_ = func() { sdk.Serve(group) } // main
	for _, c := range group.Commands {
		fmt.Printf("impt %s %s: %s\n", group.Name, c.Name, c.Synopsis)
		for _, o := range c.Options {
			fmt.Println(" --" + o.Spec().Name)
		}
	}
	// Output:
	// impt stock count: Counts the Devices of a Product.
	//  --product
	//  --least
}

// What a command needs is the most that it can ask for; the host denies the rest.
func ExampleNeeds() {
	needs := sdk.Read(entity.Product).And(sdk.Write(entity.Device, entity.DeviceGroup))
	for _, n := range needs {
		fmt.Println(n.Resource, n.Write)
	}
	// Output:
	// product false
	// device true
	// devicegroup true
}

// Work on many things is done side by side.
func ExampleEach() {
	names := []string{"one", "two", "three"}
	lengths := make([]int, len(names))
	ctx := context.Background() // in a command: what Run is given
	err := sdk.Each(ctx, len(names), func(_ context.Context, i int) error {
		lengths[i] = len(names[i])
		return nil
	})
	fmt.Println(lengths, err)
	// Output: [3 3 5] <nil>
}

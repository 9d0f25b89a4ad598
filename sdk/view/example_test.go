package view_test

import (
	"context"
	"fmt"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/view"
)

// Entities are listed as the other groups list them.
func ExampleShowList() {
	command := sdk.Command{
		Name:     "old",
		Synopsis: "Lists what is old.",
		Needs:    view.ListNeeds(entity.Product),
		Run: func(ctx context.Context, c *sdk.Call) error {
			products, err := c.Cloud.List(ctx, entity.Product)
			if err != nil {
				return err
			}
			return view.ShowList(ctx, c, entity.Product, products)
		},
	}
	fmt.Println(command.Needs)
	// Output: [{product false} {account false}]
}

// In a result of your own an entity is brief.
func ExampleBrief() {
	p, err := entity.Parse(entity.Product, []byte(`{"type": "product", "id": "p-1", "attributes": {"name": "Fridge", "description": ""}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s\n", document.Encode(view.Brief(p)))
	// Output: {"Product":{"id":"p-1","name":"Fridge"}}
}

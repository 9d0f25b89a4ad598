package entity_test

import (
	"fmt"

	"github.com/electricimp/impt/sdk/entity"
)

const kitchen = `{
  "type": "development_devicegroup", "id": "g-1",
  "attributes": {"name": "Kitchen", "description": "All that is cold."},
  "relationships": {"product": {"type": "product", "id": "p-1"}}
}`

// Entities are what impCentral has: attributes by their names, and relations.
func Example() {
	g, err := entity.Parse(entity.DeviceGroup, []byte(kitchen))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(g)
	fmt.Println(g.Text("name"), g.GroupType(), g.ForProduction())
	fmt.Println(g.Related("product"))
	// Output:
	// Device Group "g-1"
	// Kitchen development false
	// p-1
}

// Lists that overlap become one.
func ExampleUnique() {
	a, b, c := entity.Entity{ID: "a"}, entity.Entity{ID: "b"}, entity.Entity{ID: "c"}
	fmt.Println(entity.IDs(entity.Unique([]entity.Entity{a, b}, []entity.Entity{b, c})))
	// Output: [a b c]
}

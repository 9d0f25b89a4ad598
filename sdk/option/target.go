package option

import (
	"context"
	"fmt"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
)

// Options that say where fixture groups send devices.
var (
	Target = NewEntity(entity.DeviceGroup, "target", "t", "<DEVICE_GROUP_IDENTIFIER>", "Device Group that blessed Devices go to: its id or name.")
	DUT    = NewEntity(entity.DeviceGroup, "dut", "u", "<DEVICE_GROUP_IDENTIFIER>", "Device Group for the devices under test: its id or name.")
)

// targetOf is what the target of each type of fixture group must be.
var targetOf = map[string]map[string]string{
	"target": {"pre-factory": "pre-production", "factory": "production"},
	"dut":    {"pre-factory": "pre-dut", "factory": "dut"},
}

var targetNoun = map[string]string{"target": "Production Target", "dut": "DUT Target"}

// AddTargets puts the targets that the user gave into the relations of a
// device group of the given type and product. It fails if a target is unknown,
// of the wrong type or of another product, or if the group cannot have one.
func AddTargets(ctx context.Context, c *sdk.Call, relations *document.Object, product entity.Entity, groupType string, options ...Entity) error {
	for _, o := range options {
		if !o.Given(c) {
			continue
		}
		g, err := targetFor(ctx, c, o, groupType, product.ID)
		if err != nil {
			return err
		}
		name := "production_target"
		if o.spec.Name == "dut" {
			name = "dut_target"
		}
		relations.Set(name, g.Ref())
	}
	return nil
}

// targetFor finds a target among the groups of the product first, so that a
// name need be unique there alone.
func targetFor(ctx context.Context, c *sdk.Call, o Entity, groupType, product string) (entity.Entity, error) {
	var none entity.Entity
	noun := targetNoun[o.spec.Name]
	wanted := targetOf[o.spec.Name][groupType]
	if wanted == "" {
		return none, fault.OptionNotFor(o.spec.Name, groupType, "pre-factory", "factory")
	}
	typed := c.Value(o).Text()
	found, err := c.Resolve(ctx, sdk.Lookup{Type: entity.DeviceGroup, Identifier: typed, All: true})
	if err != nil {
		return none, err
	}
	if len(found) == 0 {
		return none, fault.TargetNotFound(noun, typed)
	}
	var own []entity.Entity
	for _, g := range found {
		if g.Related("product") == product {
			own = append(own, g)
		}
	}
	switch {
	case len(own) == 0:
		return none, fault.TargetOfOtherProduct(noun)
	case len(own) > 1:
		// Names are unique within a product; only the host can show what is meant.
		if _, err := o.Of(ctx, c); err != nil {
			return none, err
		}
	}
	if got := own[0].GroupType(); got != wanted {
		return none, fault.TargetOfWrongType(noun, fmt.Sprintf("%s \"%s\"", entity.DeviceGroup.Noun(), typed), got, wanted)
	}
	return own[0], nil
}

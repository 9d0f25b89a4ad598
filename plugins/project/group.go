package main

import (
	"context"
	"fmt"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/verb"
)

// findProduct finds the product of the project, or tells that it has to be made
// as is wanted.
func findProduct(ctx context.Context, c *sdk.Call) (p entity.Entity, missing bool, err error) {
	p, err = product.Of(ctx, c)
	f, _ := fault.Of(err)
	if err == nil || !makeProduct.Of(c) || f == nil || f.Kind != fault.NotFoundKind || f.Identifier != product.Typed(c) {
		return p, false, err
	}
	return p, true, nil
}

// targetGroup is a target of a pre-factory group.
type targetGroup struct {
	relation, resource, name string
	// ref is how it is referred to; nil as long as it does not exist.
	ref document.Object
}

// findTargets finds the targets of a pre-factory group. Those that do not exist
// have no ref, if they are to be made.
func findTargets(ctx context.Context, c *sdk.Call, p entity.Entity) ([]targetGroup, error) {
	var found []targetGroup
	for _, t := range []struct {
		option   option.Entity
		make     option.Flag
		relation string
		resource string
	}{
		{target, makeTarget, "production_target", entity.GroupResource("pre-production")},
		{dut, makeDUT, "dut_target", entity.GroupResource("pre-dut")},
	} {
		if !t.option.Given(c) {
			continue
		}
		var relations document.Object
		err := option.AddTargets(ctx, c, &relations, p, projectTypes[preFactory.Of(c)], t.option)
		if err != nil && (!fault.Is(err, fault.NotFoundKind) || !t.make.Of(c)) {
			return nil, fmt.Errorf("finding the targets: %w", err)
		}
		found = append(found, targetGroup{t.relation, t.resource, t.option.Typed(c), relations.Object(t.relation)})
	}
	return found, nil
}

// newGroup is the project's group, for which the targets are made that do not
// exist.
func newGroup(ctx context.Context, c *sdk.Call, p entity.Entity, targets []targetGroup) (entity.New, error) {
	n := entity.New{
		Type:       entity.DeviceGroup,
		Resource:   entity.GroupResource(projectTypes[preFactory.Of(c)]),
		Attributes: verb.Given(c, name, descr),
		Relations:  document.Object{{Key: "product", Value: p.Ref()}},
	}
	for _, t := range targets {
		if t.ref == nil {
			g, err := made(ctx, c, t.name, entity.New{
				Type:      entity.DeviceGroup,
				Resource:  t.resource,
				Relations: document.Object{{Key: "product", Value: p.Ref()}},
			})
			if err != nil {
				return n, err
			}
			t.ref = g.Ref()
		}
		n.Relations.Set(t.relation, t.ref)
	}
	return n, nil
}

// createGroup makes the project's group, unless an earlier run has.
func createGroup(ctx context.Context, c *sdk.Call, n entity.New) (entity.Entity, error) {
	g, err := c.Cloud.Create(ctx, n)
	if err != nil {
		g, err = madeBefore(ctx, c, n, err)
	}
	if err != nil {
		return g, err
	}
	g.Typed = name.Of(c)
	return g, verb.Said(ctx, c, g, "created")
}

// made creates an entity of a name, and says so.
func made(ctx context.Context, c *sdk.Call, name string, n entity.New) (entity.Entity, error) {
	n.Attributes = document.Object{{Key: "name", Value: name}}
	e, err := c.Cloud.Create(ctx, n)
	if err != nil {
		return e, err
	}
	e.Typed = name
	return e, verb.Said(ctx, c, e, "created")
}

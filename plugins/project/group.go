package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"

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

// createGroup makes the project's group, and before it the targets that do not
// exist.
func createGroup(ctx context.Context, c *sdk.Call, p entity.Entity, targets []targetGroup) (entity.Entity, error) {
	relations := document.Object{{Key: "product", Value: p.Ref()}}
	for _, t := range targets {
		if t.ref == nil {
			g, err := made(ctx, c, t.name, entity.New{
				Type:      entity.DeviceGroup,
				Resource:  t.resource,
				Relations: document.Object{{Key: "product", Value: p.Ref()}},
			})
			if err != nil {
				return g, err
			}
			t.ref = g.Ref()
		}
		relations.Set(t.relation, t.ref)
	}
	g, err := c.Cloud.Create(ctx, entity.New{
		Type:       entity.DeviceGroup,
		Resource:   entity.GroupResource(projectTypes[preFactory.Of(c)]),
		Attributes: verb.Given(c, name, descr),
		Relations:  relations,
	})
	if err != nil {
		return g, unsure(err)
	}
	g.Typed = name.Of(c)
	return g, verb.Said(ctx, c, g, "created")
}

// unsure adds to a failure after which the group may exist what to do then:
// nobody can make it twice.
func unsure(err error) error {
	f, ok := fault.Of(err)
	if !ok || f.Kind != fault.UnreachableKind && f.Status < http.StatusInternalServerError {
		return err
	}
	hinted := *f
	hinted.Hints = append(slices.Clone(f.Hints),
		"The Device Group may be there all the same. If so, \"impt project link\" makes the project of it.")
	return &hinted
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

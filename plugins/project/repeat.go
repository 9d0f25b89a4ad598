package main

import (
	"context"
	"net/http"
	"slices"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
	"github.com/electricimp/impt/sdk/verb"
)

// attempt is what the note is about that a run leaves which may have made the
// group n, and has not made the project of it: nobody can make it twice.
func attempt(n entity.New) string {
	return "create " + string(document.Encode(document.Object{
		{Key: "type", Value: n.Resource}, {Key: "attributes", Value: n.Attributes}, {Key: "relationships", Value: n.Relations},
	}))
}

// isRefusal tells whether impCentral has answered that it does not do it.
func isRefusal(err error) bool {
	f, ok := fault.Of(err)
	return ok && f.Status >= http.StatusBadRequest && f.Status < http.StatusInternalServerError
}

// repeatable sees to it that the command can be run again if it has failed.
func repeatable(ctx context.Context, c *sdk.Call, n entity.New, err error) error {
	if err == nil {
		return verb.Finished(ctx, c, attempt(n))
	}
	f, ok := fault.Of(err)
	if verb.Leave(ctx, c, attempt(n)) == nil || !ok {
		return err
	}
	hinted := *f
	hinted.Hints = append(slices.Clone(f.Hints),
		"The Device Group may be there all the same. If so, \"impt project link\" makes the project of it.")
	return &hinted
}

// madeBefore finds the group that an earlier run has made, if impCentral
// refuses to make it for that; else it fails with the refusal.
func madeBefore(ctx context.Context, c *sdk.Call, n entity.New, refusal error) (entity.Entity, error) {
	if f, ok := fault.Of(refusal); !ok || f.Status != http.StatusConflict {
		return entity.Entity{}, refusal
	}
	if _, found, err := verb.Left(ctx, c, attempt(n)); err != nil || !found {
		return entity.Entity{}, refusal
	}
	groups, err := c.Cloud.List(ctx, entity.DeviceGroup,
		entity.Filter{Name: "product.id", Value: n.Relations.Object("product").Text("id")})
	if err != nil {
		return entity.Entity{}, err
	}
	i := slices.IndexFunc(groups, func(g entity.Entity) bool { return isAsMade(g, n) })
	if i < 0 {
		return entity.Entity{}, refusal
	}
	return groups[i], nil
}

// isAsMade tells whether a group is as it was made, and not used yet.
func isAsMade(g entity.Entity, n entity.New) bool {
	for _, relation := range []string{"production_target", "dut_target"} {
		if g.Related(relation) != n.Relations.Object(relation).Text("id") {
			return false
		}
	}
	return g.Resource == n.Resource && g.Text("name") == n.Attributes.Text("name") &&
		g.Text("description") == n.Attributes.Text("description") && g.Related("current_deployment") == ""
}

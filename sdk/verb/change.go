package verb

import (
	"context"
	"fmt"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/view"
)

// attributes are what impCentral calls the values of options.
var attributes = map[string]string{"descr": "description"}

// Given are the attributes that the user gave by options of the same name.
func Given(c *sdk.Call, options ...option.Text) document.Object {
	o := document.Object{}
	for _, t := range options {
		if !t.Given(c) {
			continue
		}
		name := t.Spec().Name
		if a, ok := attributes[name]; ok {
			name = a
		}
		o.Set(name, t.Of(c))
	}
	return o
}

// Create creates an entity, says so by the given name (or its id, without
// one) and shows it.
func Create(ctx context.Context, c *sdk.Call, n entity.New, name string) error {
	e, err := c.Cloud.Create(ctx, n)
	if err != nil {
		return err
	}
	e.Typed = name
	if err := Said(ctx, c, e, "created"); err != nil {
		return err
	}
	return c.Show(ctx, view.Brief(e))
}

// Update changes attributes of an entity and says so.
func Update(ctx context.Context, c *sdk.Call, e entity.Entity, attributes document.Object) error {
	if err := c.Cloud.Update(ctx, e, attributes); err != nil {
		return err
	}
	return Said(ctx, c, e, "updated")
}

// Said says what was done to an entity.
func Said(ctx context.Context, c *sdk.Call, e entity.Entity, did string) error {
	return c.Did(ctx, intent(e, did), "%s", success(e, did))
}

// verbs are what is going to be done, by what is said when it is done.
var verbs = map[string]string{
	"created": "create", "updated": "update", "deleted": "delete", "removed": "remove",
	"unassigned": "unassign", "reassigned": "reassign",
}

// intent is what is going to be done to an entity.
func intent(e entity.Entity, did string) string { return fmt.Sprintf("%s %s", verbs[did], e) }

func success(e entity.Entity, did string) string {
	return fmt.Sprintf("%s is %s successfully.", e, did)
}

// SetEnv puts the environment variables of a device group, given as a JSON
// text, into its attributes.
func SetEnv(c *sdk.Call, attributes *document.Object, env option.Text) error {
	if !env.Given(c) {
		return nil
	}
	v, err := document.Parse([]byte(env.Of(c)))
	if err != nil {
		return fault.InvalidJSON(env.Spec().Name, err)
	}
	attributes.Set("env_vars", v)
	return nil
}

// UpdateAll changes attributes of several entities side by side, and says so
// of each. What is deleted next is announced too.
func UpdateAll(ctx context.Context, c *sdk.Call, entities []entity.Entity, attributes document.Object, next *Deletion) error {
	s := step{entities, "updated", func(ctx context.Context, e entity.Entity) (string, error) {
		return outcome(e, "updated", "deleted", c.Cloud.Update(ctx, e, attributes))
	}}
	s.intend(c)
	next.Intend(c)
	return s.run(ctx, c)
}

// OldestSupported is the oldest deployment that devices of a group may run; an
// entity without an id if there is none.
func OldestSupported(ctx context.Context, c *sdk.Call, g entity.Entity) (entity.Entity, error) {
	id := g.Related("min_supported_deployment")
	if id == "" {
		return entity.Entity{}, nil
	}
	found, err := c.Cloud.Fetch(ctx, entity.Deployment, id)
	return found[id], err
}

// IntendUpdate announces that an entity is going to be updated, for a command
// that changes something else before.
func IntendUpdate(c *sdk.Call, e entity.Entity) { c.Intend(intent(e, "updated")) }

// IntendCreate announces that an entity is going to be created.
func IntendCreate(c *sdk.Call, t entity.Type, name string) {
	c.Intend(intent(entity.Entity{Type: t, Typed: name}, "created"))
}

// IntendRun announces what it takes to run a new build on a device group.
func IntendRun(c *sdk.Call, g entity.Entity) {
	c.Intend(minSupportedIntent(g), intent(g, "updated"), restartIntent(g))
}

func minSupportedIntent(g entity.Entity) string {
	return "update Min supported Deployment for " + g.String()
}

func restartIntent(g entity.Entity) string { return "restart Devices assigned to " + g.String() }

// SetMinSupported makes a deployment the oldest that devices of a group may
// run, and says so.
func SetMinSupported(ctx context.Context, c *sdk.Call, g, b entity.Entity) error {
	if err := c.Cloud.SetMinSupported(ctx, g, b); err != nil {
		return err
	}
	return c.Did(ctx, minSupportedIntent(g), "Min supported Deployment for %s is updated successfully.", g)
}

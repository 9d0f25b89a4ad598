package verb

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
	"github.com/electricimp/impt/sdk/view"
)

// Deletion is what a delete command is going to do. Nothing is changed before
// the user has seen and confirmed it.
type Deletion struct {
	// Unassign are devices to be taken out of their groups.
	Unassign []entity.Entity
	// Unflag are deployments whose flag keeps them from being deleted.
	Unflag []entity.Entity
	// Delete are the entities to be deleted.
	Delete []entity.Entity
	// Remove are devices to be removed from the account.
	Remove []entity.Entity
	// Leads is the entity of Delete by which the command found the others, if
	// it would not find them again without it. The command needs
	// UnfinishedNeeds then, and calls Resume when Leads is gone.
	Leads entity.Entity
	// Refused tells that a group of the product stays, so that impCentral will
	// not let the product go; nothing shall be deleted before it has said so.
	Refused bool
	// Then is what the command changes afterwards, as it is announced.
	Then []string

	announced bool
	// led tells that Leads may be gone, resumed that it was from the beginning.
	led, resumed bool
}

// Delete deletes the entity that an option identifies, after a confirmation.
func Delete(o option.Entity) sdk.Command {
	t := o.Spec().Entity
	return sdk.Command{
		Name:     "delete",
		Synopsis: fmt.Sprintf("Deletes the specified %s.", t.Noun()),
		Details:  "Asks for a confirmation.",
		Options:  sdk.Options{o, option.Confirmed},
		Needs:    sdk.Write(t),
		Run: func(ctx context.Context, c *sdk.Call) error {
			e, err := o.Of(ctx, c)
			if err != nil {
				return err
			}
			d := Deletion{Delete: []entity.Entity{e}}
			return d.Run(ctx, c)
		},
	}
}

// Include adds what stands in the way of deleting a device group: its devices
// and its flagged deployments.
func (d *Deletion) Include(ctx context.Context, c *sdk.Call, groups ...entity.Entity) error {
	devices := make([][]entity.Entity, len(groups))
	flagged := make([][]entity.Entity, len(groups))
	err := sdk.Each(ctx, 2*len(groups), func(ctx context.Context, i int) error {
		inGroup := entity.Filter{Name: "devicegroup.id", Value: groups[i/2].ID}
		var err error
		if i%2 == 0 {
			devices[i/2], err = c.Cloud.List(ctx, entity.Device, inGroup)
		} else {
			flagged[i/2], err = c.Cloud.List(ctx, entity.Deployment, inGroup, Flagged)
		}
		return err
	})
	d.Unassign = entity.Unique(append([][]entity.Entity{d.Unassign}, devices...)...)
	d.Unflag = entity.Unique(append([][]entity.Entity{d.Unflag}, flagged...)...)
	return err
}

// IncludeBuilds adds the deployments of device groups.
func (d *Deletion) IncludeBuilds(ctx context.Context, c *sdk.Call, groups ...entity.Entity) error {
	lists := make([][]entity.Entity, len(groups))
	err := sdk.Each(ctx, len(groups), func(ctx context.Context, i int) error {
		var err error
		lists[i], err = c.Cloud.List(ctx, entity.Deployment, entity.Filter{Name: "devicegroup.id", Value: groups[i].ID})
		return err
	})
	d.Delete = append(d.Delete, entity.Unique(lists...)...)
	return err
}

// UnflagZombies adds the flagged ones of deployments that have lost their
// group; those of a group are found by Include. Without force they are a
// Conflict, found before anything is changed.
func (d *Deletion) UnflagZombies(deployments []entity.Entity, force bool) error {
	for _, e := range deployments {
		if e.Related("devicegroup") != "" || !e.Truth("flagged") {
			continue
		}
		if !force {
			return fault.Flagged(e)
		}
		d.Unflag = append(d.Unflag, e)
	}
	return nil
}

// Flagged finds the deployments that cannot be deleted, Unflagged the others.
var (
	Flagged   = entity.Filter{Name: "flagged", Value: "true"}
	Unflagged = entity.Filter{Name: "flagged", Value: "false"}
)

// DeleteNeeds is what a Deletion with Include changes.
func DeleteNeeds() sdk.Needs {
	return sdk.Write(entity.DeviceGroup, entity.Device, entity.Deployment)
}

// Types in the order in which the user reads what will be deleted.
var reading = []entity.Type{
	entity.Product, entity.DeviceGroup, entity.Device, entity.Deployment,
	entity.LoginKey, entity.Account, entity.Webhook,
}

// Run asks for a confirmation and does the work step by step. What was done
// is said as it is done; a step that fails ends it, and running the command
// again goes on from there.
func (d *Deletion) Run(ctx context.Context, c *sdk.Call) error {
	if err := c.Confirm(ctx, d.Plan()); err != nil {
		return err
	}
	return d.Do(ctx, c)
}

// Do does the work of Run without a question.
func (d *Deletion) Do(ctx context.Context, c *sdk.Call) error {
	d.Intend(c)
	for _, s := range d.steps(c) {
		if err := s.run(ctx, c); err != nil {
			d.leave(ctx, c)
			return err
		}
	}
	if d.resumed {
		return Finished(ctx, c, d.Leads.ID)
	}
	return nil
}

// leave sees to it that the command can be run again without the entity by
// which it found the others.
func (d *Deletion) leave(ctx context.Context, c *sdk.Call) {
	if !d.led {
		return
	}
	if err := Leave(ctx, c, d.Leads.ID, d.Delete...); err != nil {
		c.Lose(fmt.Sprintf("Without %s the command does not find the rest, which has to be deleted one by one.", d.Leads))
	}
}

// Resume finds what a run of the same command has left that had deleted the
// entity with an id, which led it to the rest.
func (d *Deletion) Resume(ctx context.Context, c *sdk.Call, id string) (found bool, err error) {
	d.Leads.ID = id
	if d.Delete, found, err = Left(ctx, c, d.Leads.ID); found {
		d.resumed = true
	}
	return found, err
}

// Intend announces the work, for a command that changes something else before.
func (d *Deletion) Intend(c *sdk.Call) {
	if d.announced {
		return
	}
	d.announced = true
	for _, s := range d.steps(c) {
		s.intend(c)
	}
	c.Intend(d.Then...)
}

func (d *Deletion) steps(c *sdk.Call) []step {
	steps := []step{
		{d.Unassign, "unassigned", func(ctx context.Context, e entity.Entity) (string, error) {
			group := entity.Entity{Type: entity.DeviceGroup, ID: e.Related("devicegroup")}
			err := c.Cloud.Unassign(ctx, group, []entity.Entity{e})
			return outcome(e, "unassigned", "unassigned", err)
		}},
		{d.Unflag, "updated", func(ctx context.Context, e entity.Entity) (string, error) {
			err := c.Cloud.Update(ctx, e, document.Object{{Key: "flagged", Value: false}})
			return outcome(e, "updated", "deleted", err)
		}},
	}
	for _, entities := range append(d.deletions(), d.Remove) {
		if len(entities) == 0 {
			continue
		}
		steps = append(steps, step{entities, did(entities[0]), func(ctx context.Context, e entity.Entity) (string, error) {
			if d.Leads.ID != "" && e.ID == d.Leads.ID {
				d.led = true
			}
			return outcome(e, did(e), "deleted", c.Cloud.Delete(ctx, e))
		}})
	}
	return steps
}

// Plan is what the user reads before the question.
func (d *Deletion) Plan() sdk.Plan {
	var deleted document.List
	for _, t := range reading {
		deleted = append(deleted, view.BriefList(ofType(d.Delete, t))...)
	}
	var p sdk.Plan
	for _, part := range []sdk.Affected{
		{Heading: "The following entities will be deleted:", Items: deleted},
		{Heading: "The following Devices will be unassigned from Device Groups:", Items: view.BriefList(d.Unassign)},
		{Heading: "The following Devices will be removed from the account:", Items: view.BriefList(d.Remove)},
		{Heading: `The following Deployments are marked "flagged" to prevent deleting. ` +
			`They will be modified by setting "flagged" attribute to false:`, Items: view.BriefList(d.Unflag)},
	} {
		if len(part.Items) > 0 {
			p.Affected = append(p.Affected, part)
		}
	}
	return p
}

// deletions are the entities to be deleted, in the order in which impCentral
// lets them go: fixture groups refer to others. Whatever leads to others goes
// after them, so that the same command finds them again; but a build whose
// group stays goes after the product, which the group keeps from going.
func (d *Deletion) deletions() [][]entity.Entity {
	groups := ofType(d.Delete, entity.DeviceGroup)
	hasTarget := func(g entity.Entity) bool {
		return g.Related("production_target") != "" || g.Related("dut_target") != ""
	}
	fixtures := slices.DeleteFunc(slices.Clone(groups), func(g entity.Entity) bool { return !hasTarget(g) })
	others := slices.DeleteFunc(slices.Clone(groups), hasTarget)
	steps := [][]entity.Entity{fixtures, others}
	kept := func(b entity.Entity) bool {
		g := b.Related("devicegroup")
		return d.Refused || g != "" && !slices.ContainsFunc(groups, func(e entity.Entity) bool { return e.ID == g })
	}
	builds := ofType(d.Delete, entity.Deployment)
	steps = append(steps,
		slices.DeleteFunc(slices.Clone(builds), kept),
		ofType(d.Delete, entity.Product),
		slices.DeleteFunc(slices.Clone(builds), func(b entity.Entity) bool { return !kept(b) }))
	for _, t := range []entity.Type{entity.Device, entity.LoginKey, entity.Webhook} {
		steps = append(steps, ofType(d.Delete, t))
	}
	return steps
}

// did is what happens to an entity that is deleted.
func did(e entity.Entity) string {
	if e.Type == entity.Device {
		return "removed"
	}
	return "deleted"
}

func ofType(entities []entity.Entity, t entity.Type) []entity.Entity {
	return slices.DeleteFunc(slices.Clone(entities), func(e entity.Entity) bool { return e.Type != t })
}

// step does the same to several entities, and returns what to say of each.
type step struct {
	entities []entity.Entity
	did      string
	do       func(context.Context, entity.Entity) (string, error)
}

func (s step) intend(c *sdk.Call) {
	for _, e := range s.entities {
		c.Intend(intent(e, s.did))
	}
}

// run does the step side by side, and says what was done in the order of the
// list, also when it failed for one of them.
func (s step) run(ctx context.Context, c *sdk.Call) error {
	texts := make([]string, len(s.entities))
	// What has begun is let finish when another fails: an answer that nobody
	// waits for would be a change that nobody knows of.
	err := sdk.Each(ctx, len(s.entities), func(_ context.Context, i int) error {
		var err error
		texts[i], err = s.do(ctx, s.entities[i])
		return err
	})
	for i, text := range texts {
		if text == "" {
			continue
		}
		if sayErr := c.Did(ctx, intent(s.entities[i], s.did), "%s", text); err == nil {
			err = sayErr
		}
	}
	return err
}

// outcome says what became of an entity; one that was gone already is as good
// as done.
func outcome(e entity.Entity, did, gone string, err error) (string, error) {
	switch {
	case err == nil:
		return success(e, did), nil
	case IsGone(err):
		return fmt.Sprintf("%s is already %s.", e, gone), nil
	default:
		return "", err
	}
}

// IsGone reports whether a request failed only because its entity is gone.
func IsGone(err error) bool {
	f, ok := fault.Of(err)
	if !ok {
		return false
	}
	if f.Kind == fault.NotFoundKind {
		return true
	}
	if f.Status != http.StatusBadRequest || len(f.Problems) == 0 {
		return false
	}
	return !slices.ContainsFunc(f.Problems, func(p *fault.Problem) bool { return p.GetStatus() != "404" })
}

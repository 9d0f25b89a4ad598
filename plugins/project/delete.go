package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/verb"
)

var (
	entities = option.NewFlag("entities", "e", "Deletes the project's Device Group with its builds, its targets and its Product too, unless others use them.")
	files    = option.NewFlag("files", "f", "Deletes the source files too.")
	all      = option.NewFlag("all", "a", "The same as --entities --files.")
)

var remove = sdk.Command{
	Name:     "delete",
	Synopsis: "Deletes the project in the current directory.",
	Details:  "Without options, only the project file is deleted. Shows what will be changed, and asks for a confirmation.",
	Examples: []string{"impt project delete --all --confirmed"},
	Options:  sdk.Options{entities, files, all, option.Confirmed},
	Needs:    verb.DeleteNeeds().And(sdk.Write(entity.Product)).And(sdk.ChangeProject),
	Run: func(ctx context.Context, c *sdk.Call) error {
		p, err := c.ProjectFile(ctx)
		if err == nil && !p.Exists {
			return c.Say(ctx, "There is no %s File in the current directory.", noun)
		}
		// A file that cannot be understood can be deleted all the same.
		if err != nil && !fault.Is(err, fault.CorruptedFileKind) {
			return err
		}
		var d verb.Deletion
		if err == nil && (entities.Of(c) || all.Of(c)) {
			if err := collect(ctx, c, &d); err != nil {
				return err
			}
		}
		sources, err := existing(ctx, c, p)
		if err != nil {
			return err
		}
		plan := d.Plan()
		if len(sources) > 0 {
			plan.Affected = append(plan.Affected, sdk.Affected{
				Heading: "The following files will be deleted:",
				Items: document.List{
					document.Object{{Key: "Device/agent source files", Value: sources}},
				},
			})
		}
		plan.Affected = append(plan.Affected, sdk.Affected{
			Lines: []string{noun + " File in the current directory will be deleted."},
		})
		if err := c.Confirm(ctx, plan); err != nil {
			return err
		}
		if len(sources) > 0 {
			d.Then = append(d.Then, deletion(sources))
		}
		d.Then = append(d.Then, deletion(nil))
		if err := d.Do(ctx, c); err != nil {
			return err
		}
		return deleteFiles(ctx, c, sources)
	},
}

// existing are the source files to be deleted.
func existing(ctx context.Context, c *sdk.Call, p sdk.ProjectFile) ([]string, error) {
	var sources []string
	if !files.Of(c) && !all.Of(c) {
		return nil, nil
	}
	for _, path := range []string{p.DeviceFile, p.AgentFile} {
		if path == "" {
			continue
		}
		there, err := c.StatFile(ctx, path)
		if err != nil {
			return nil, err
		}
		if there.Exists {
			sources = append(sources, path)
		}
	}
	return sources, nil
}

func deleteFiles(ctx context.Context, c *sdk.Call, sources []string) error {
	var err error
	gone := 0
	for gone < len(sources) && err == nil {
		if err = c.DeleteFile(ctx, sources[gone]); err == nil {
			gone++
		}
	}
	if gone > 0 {
		sayErr := c.Did(ctx, deletion(sources), "%s are deleted successfully.", named(sources[:gone]))
		if err == nil {
			err = sayErr
		} else {
			c.Intend(deletion(sources[gone:]))
		}
	}
	if err != nil {
		return err
	}
	if err := c.DeleteProject(ctx); err != nil {
		return err
	}
	return c.Did(ctx, deletion(nil), "%s is deleted successfully.", noun)
}

// deletion is how it is announced that source files, or without any the
// project file, will be deleted.
func deletion(sources []string) string {
	if len(sources) == 0 {
		return "delete " + noun
	}
	return "delete " + named(sources)
}

func named(sources []string) string {
	quoted := make([]string, len(sources))
	for i, path := range sources {
		quoted[i] = fmt.Sprintf("\"%s\"", path)
	}
	return "Device/agent source files " + strings.Join(quoted, ", ")
}

// collect finds what belongs to the project alone. A group that is gone has
// nothing.
func collect(ctx context.Context, c *sdk.Call, d *verb.Deletion) error {
	found, err := c.Resolve(ctx, sdk.Lookup{Type: entity.DeviceGroup, Default: true})
	if fault.Is(err, fault.NotFoundKind) {
		return nil
	}
	if err != nil {
		return err
	}
	g := found[0]
	d.Leads = g
	ofProduct := entity.Filter{Name: "product.id", Value: g.Related("product")}
	siblings, err := c.Cloud.List(ctx, entity.DeviceGroup, ofProduct)
	if err != nil {
		return err
	}
	groups := append(ownTargets(g, siblings), g)
	if len(siblings) == len(groups) && (len(groups) == 1 || len(groups) == 3) {
		products, err := c.Cloud.Fetch(ctx, entity.Product, g.Related("product"))
		if err != nil {
			return err
		}
		for _, p := range products {
			d.Delete = append(d.Delete, p)
		}
	}
	d.Delete = append(d.Delete, groups...)
	if err := d.Include(ctx, c, groups...); err != nil {
		return err
	}
	return d.IncludeBuilds(ctx, c, groups...)
}

// ownTargets are the targets of a group that no other group of its product
// uses in the same way.
func ownTargets(g entity.Entity, siblings []entity.Entity) []entity.Entity {
	var own []entity.Entity
	for _, relation := range []string{"production_target", "dut_target"} {
		id := g.Related(relation)
		shared := slices.ContainsFunc(siblings, func(s entity.Entity) bool {
			return s.ID != g.ID && s.Related(relation) == id
		})
		if id == "" || shared {
			continue
		}
		for _, s := range siblings {
			if s.ID == id {
				own = append(own, s)
			}
		}
	}
	return own
}

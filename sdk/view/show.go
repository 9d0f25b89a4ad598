package view

import (
	"context"
	"fmt"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
)

// ShowList shows entities as the result of a list command: how many there
// are, then each briefly with what it belongs to and an owner who is somebody
// else.
func ShowList(ctx context.Context, c *sdk.Call, t entity.Type, entities []entity.Entity) error {
	list, gone, err := listDocuments(ctx, c.Cloud, t, entities)
	if err != nil {
		return err
	}
	if err := report(ctx, c, gone); err != nil {
		return err
	}
	heading := fmt.Sprintf("%s list (%d items):", t.Noun(), len(list))
	if len(list) == 0 {
		heading = fmt.Sprintf("No %ss are found.", t.Noun())
	}
	if err := c.Say(ctx, "%s", heading); err != nil {
		return err
	}
	return c.Show(ctx, list)
}

func listDocuments(ctx context.Context, cloud *entity.Client, t entity.Type, entities []entity.Entity) (document.List, []corrupted, error) {
	all, err := read(ctx, cloud, entities, inList[t])
	if err != nil {
		return nil, nil, err
	}
	var gone []corrupted
	list := make(document.List, len(entities))
	for i, e := range entities {
		o := e.Brief()
		gone = append(gone, all.add(&o, e, inList[t])...)
		list[i] = under(t.Noun(), o)
	}
	return list, gone, nil
}

// More reads what belongs to an entity, as fields for the end of its info.
type More func(ctx context.Context, c *sdk.Call, e entity.Entity) ([]document.Field, error)

// ShowInfo shows an entity in full, with what it belongs to and what belongs
// to it alone; more is put at its end.
func ShowInfo(ctx context.Context, c *sdk.Call, e entity.Entity, more ...More) error {
	info, err := Info(ctx, c, e, more...)
	if err != nil {
		return err
	}
	return Shortened(ctx, c, info)
}

// Shortened shows a document in which readers see some of the devices only.
func Shortened(ctx context.Context, c *sdk.Call, o document.Object) error {
	return c.Show(ctx, o, sdk.Cut{Key: devicesKey, Noun: entity.Device.Noun()})
}

// Info is what ShowInfo shows; all of it is read side by side. It tells the user
// what is corrupted.
func Info(ctx context.Context, c *sdk.Call, e entity.Entity, more ...More) (document.Object, error) {
	var (
		o    document.Object
		gone []corrupted
		ends = make([][]document.Field, len(more))
	)
	err := sdk.Each(ctx, len(more)+1, func(ctx context.Context, i int) error {
		var err error
		if i < len(more) {
			ends[i], err = more[i](ctx, c, e)
		} else {
			o, gone, err = full(ctx, c.Cloud, e)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := report(ctx, c, gone); err != nil {
		return nil, err
	}
	for _, end := range ends {
		o = append(o, end...)
	}
	return under(e.Type.Noun(), o), nil
}

// full shows an entity with what it belongs to, and returns what of that is
// gone.
func full(ctx context.Context, cloud *entity.Client, e entity.Entity) (document.Object, []corrupted, error) {
	all, err := read(ctx, cloud, []entity.Entity{e}, inFull[e.Type])
	if err != nil {
		return nil, nil, err
	}
	o := long(e)
	gone := all.add(&o, e, inFull[e.Type])
	if e.Type == entity.Device {
		inGroup, err := addDeployment(ctx, cloud, &o, all.found[entity.DeviceGroup][e.Related(group.name)])
		return o, append(gone, inGroup...), err
	}
	return o, gone, nil
}

// addDeployment shows what a device runs within the group of the device, and
// returns it if it is gone.
func addDeployment(ctx context.Context, cloud *entity.Client, o *document.Object, g entity.Entity) ([]corrupted, error) {
	all, err := read(ctx, cloud, []entity.Entity{g}, []relation{current})
	if err != nil {
		return nil, err
	}
	shown := o.Object(group.of.Noun())
	if shown == nil {
		return nil, nil
	}
	gone := all.add(&shown, g, []relation{current})
	o.Set(group.of.Noun(), shown)
	return gone, nil
}

func report(ctx context.Context, c *sdk.Call, gone []corrupted) error {
	for _, g := range gone {
		if err := c.Trouble(ctx, g.String()); err != nil {
			return err
		}
	}
	return nil
}

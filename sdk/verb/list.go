// Package verb has what commands of all entities do alike: list, info and
// delete. A command that needs one thing more is written out.
package verb

import (
	"context"
	"fmt"
	"slices"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/view"
)

// Filter narrows a list by the value of options.
type Filter struct {
	options []sdk.Option
	// values are what impCentral filters by, with nil for no filter.
	values func(ctx context.Context, c *sdk.Call) ([]entity.Filter, error)
	// keep is what we filter by, with nil for no filter.
	keep func(c *sdk.Call) func(entity.Entity) bool
	// choose filters by what has to be read, which is among needs.
	choose func(ctx context.Context, c *sdk.Call, all []entity.Entity) ([]entity.Entity, error)
	needs  sdk.Needs
}

// ByEntity keeps entities that belong to one of those that an option means.
func ByEntity(o option.Entities, filter string) Filter {
	return Filter{
		options: []sdk.Option{o},
		values: func(ctx context.Context, c *sdk.Call) ([]entity.Filter, error) {
			if !o.Given(c) {
				return nil, nil
			}
			found, err := o.Matching(ctx, c)
			filters := make([]entity.Filter, len(found))
			for i, e := range found {
				filters[i] = entity.Filter{Name: filter, Value: e.ID}
			}
			return filters, err
		},
	}
}

// ByText keeps entities for which impCentral's filter has one of the values of
// an option; in turns a value of the option into one of the filter, and nil
// leaves it as it is.
func ByText(o option.List, filter string, in func(string) string) Filter {
	return Filter{
		options: []sdk.Option{o},
		values: func(_ context.Context, c *sdk.Call) ([]entity.Filter, error) {
			var filters []entity.Filter
			for _, v := range o.Of(c) {
				if in != nil {
					v = in(v)
				}
				if f := (entity.Filter{Name: filter, Value: v}); !slices.Contains(filters, f) {
					filters = append(filters, f)
				}
			}
			return filters, nil
		},
	}
}

// ByFlags keeps entities for which impCentral's filter is true, or false; both
// flags together keep all.
func ByFlags(yes, no option.Flag, filter string) Filter {
	return Filter{
		options: []sdk.Option{yes, no},
		values: func(_ context.Context, c *sdk.Call) ([]entity.Filter, error) {
			if yes.Of(c) == no.Of(c) {
				return nil, nil
			}
			return []entity.Filter{{Name: filter, Value: fmt.Sprint(yes.Of(c))}}, nil
		},
	}
}

// Keeping keeps entities for which is holds, or does not; both flags together
// keep all.
func Keeping(yes, no option.Flag, is func(entity.Entity) bool) Filter {
	return Filter{
		options: []sdk.Option{yes, no},
		keep: func(c *sdk.Call) func(entity.Entity) bool {
			if yes.Of(c) == no.Of(c) {
				return nil
			}
			return func(e entity.Entity) bool { return is(e) == yes.Of(c) }
		},
	}
}

// KeepingTexts keeps entities for which of is one of the values of an option.
func KeepingTexts(o option.List, of func(entity.Entity) string) Filter {
	return Filter{
		options: []sdk.Option{o},
		keep: func(c *sdk.Call) func(entity.Entity) bool {
			if !o.Given(c) {
				return nil
			}
			return func(e entity.Entity) bool { return slices.Contains(o.Of(c), of(e)) }
		},
	}
}

// List lists the entities of a type. Values of one filter are alternatives,
// filters add up.
func List(t entity.Type, filters ...Filter) sdk.Command {
	var options sdk.Options
	needs := view.ListNeeds(t)
	for _, f := range filters {
		options = append(options, f.options...)
		needs = needs.And(f.needs)
	}
	synopsis, details := fmt.Sprintf("Shows all %ss.", t.Noun()), ""
	if len(options) > 0 {
		synopsis = fmt.Sprintf("Shows all %ss, or those that pass the filters.", t.Noun())
		details = "Filters of different kinds add up; values of one filter are alternatives."
	}
	return sdk.Command{
		Name:     "list",
		Synopsis: synopsis,
		Details:  details,
		Options:  options,
		Needs:    needs,
		Run: func(ctx context.Context, c *sdk.Call) error {
			entities, err := collect(ctx, c, t, filters)
			if err != nil {
				return err
			}
			return view.ShowList(ctx, c, t, entities)
		},
	}
}

// ByGroupOf keeps entities whose device group is in the given relation to one
// of those that an option means. The groups are read to tell.
func ByGroupOf(o option.Entities, relation string) Filter {
	return Filter{
		options: []sdk.Option{o},
		needs:   sdk.Read(entity.DeviceGroup),
		choose: func(ctx context.Context, c *sdk.Call, all []entity.Entity) ([]entity.Entity, error) {
			if !o.Given(c) {
				return all, nil
			}
			wanted, err := o.Matching(ctx, c)
			if err != nil {
				return nil, err
			}
			groups, err := groupsOf(ctx, c, all)
			return slices.DeleteFunc(all, func(e entity.Entity) bool {
				id := groups[e.Related("devicegroup")].Related(relation)
				return !slices.ContainsFunc(wanted, func(w entity.Entity) bool { return w.ID == id })
			}), err
		},
	}
}

func groupsOf(ctx context.Context, c *sdk.Call, all []entity.Entity) (map[string]entity.Entity, error) {
	var ids []string
	for _, e := range all {
		if id := e.Related("devicegroup"); id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	groups, err := c.Cloud.Fetch(ctx, entity.DeviceGroup, ids...)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if _, ok := groups[id]; !ok {
			return nil, fault.NotFound(entity.DeviceGroup, id)
		}
	}
	return groups, nil
}

// collect asks once for each combination of values, side by side.
func collect(ctx context.Context, c *sdk.Call, t entity.Type, filters []Filter) ([]entity.Entity, error) {
	values := make([][]entity.Filter, len(filters))
	none := make([]bool, len(filters))
	err := sdk.Each(ctx, len(filters), func(ctx context.Context, i int) error {
		if filters[i].values == nil {
			return nil
		}
		var err error
		values[i], err = filters[i].values(ctx, c)
		none[i] = values[i] != nil && len(values[i]) == 0
		return err
	})
	if err != nil || slices.Contains(none, true) {
		return nil, err
	}
	requests := combine(values)
	lists := make([][]entity.Entity, len(requests))
	err = sdk.Each(ctx, len(requests), func(ctx context.Context, i int) error {
		var err error
		lists[i], err = c.Cloud.List(ctx, t, requests[i]...)
		return err
	})
	if err != nil {
		return nil, err
	}
	all := entity.Unique(lists...)
	for _, f := range filters {
		if all, err = f.apply(ctx, c, all); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// apply filters what impCentral could not.
func (f Filter) apply(ctx context.Context, c *sdk.Call, all []entity.Entity) ([]entity.Entity, error) {
	if f.choose != nil {
		return f.choose(ctx, c, all)
	}
	if f.keep == nil {
		return all, nil
	}
	keep := f.keep(c)
	if keep == nil {
		return all, nil
	}
	return slices.DeleteFunc(all, func(e entity.Entity) bool { return !keep(e) }), nil
}

// combine makes one request of each combination; values of the last filter
// vary slowest.
func combine(values [][]entity.Filter) [][]entity.Filter {
	requests := [][]entity.Filter{nil}
	for _, alternatives := range values {
		if len(alternatives) == 0 {
			continue
		}
		var longer [][]entity.Filter
		for _, a := range alternatives {
			for _, r := range requests {
				longer = append(longer, append(slices.Clip(r), a))
			}
		}
		requests = longer
	}
	return requests
}

// Info shows the entity that an option identifies.
func Info(o option.Entity) sdk.Command {
	t := o.Spec().Entity
	return sdk.Command{
		Name:     "info",
		Synopsis: fmt.Sprintf("Shows the specified %s.", t.Noun()),
		Options:  sdk.Options{o},
		Needs:    view.InfoNeeds(t),
		Run: func(ctx context.Context, c *sdk.Call) error {
			e, err := o.FullOf(ctx, c)
			if err != nil {
				return err
			}
			return view.ShowInfo(ctx, c, e)
		},
	}
}

// InfoFull is Info with a flag for more of what ShowInfo can show.
func InfoFull(o option.Entity, full option.Flag, more view.More) sdk.Command {
	info := Info(o)
	brief := info.Run
	info.Options = append(info.Options, full)
	info.Needs = info.Needs.And(view.TreeNeeds())
	info.Run = func(ctx context.Context, c *sdk.Call) error {
		if !full.Of(c) {
			return brief(ctx, c)
		}
		e, err := o.FullOf(ctx, c)
		if err != nil {
			return err
		}
		return view.ShowInfo(ctx, c, e, more)
	}
	return info
}

package view

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
)

// relation is an entity that is shown within another.
type relation struct {
	// name is impCentral's.
	name string
	// label stands before it; empty for the noun of its type.
	label string
	of    entity.Type
}

func (r relation) personal() bool { return r.of == entity.Account }

var (
	product      = relation{"product", "", entity.Product}
	group        = relation{"devicegroup", "", entity.DeviceGroup}
	current      = relation{"current_deployment", "Current Deployment", entity.Deployment}
	minSupported = relation{"min_supported_deployment", "Min supported Deployment", entity.Deployment}
	production   = relation{"production_target", "Production Target", entity.DeviceGroup}
	dut          = relation{"dut_target", "DUT Target", entity.DeviceGroup}
	owner        = relation{"owner", "Owner", entity.Account}
	creator      = relation{"creator", "Creator", entity.Account}
)

// What is shown within entities of a list, and within one that is shown in
// full.
var (
	inList = map[entity.Type][]relation{
		entity.Product:     {owner},
		entity.DeviceGroup: {product, owner},
		entity.Device:      {group, owner},
		entity.Deployment:  {group, owner},
		entity.Webhook:     {group, owner},
	}
	inFull = map[entity.Type][]relation{
		entity.Product:     {owner, creator},
		entity.DeviceGroup: {product, current, minSupported, production, dut, owner, creator},
		entity.Device:      {group, product, owner, creator},
		entity.Deployment:  {group, product, owner, creator},
		entity.Webhook:     {group, product, owner, creator},
	}
	inTree = []relation{current, minSupported, production, dut}
)

// ListNeeds is what List reads for entities of a type.
func ListNeeds(t entity.Type) sdk.Needs { return needs(t, inList[t]) }

// InfoNeeds is what Info reads for an entity of a type.
func InfoNeeds(t entity.Type) sdk.Needs {
	n := needs(t, inFull[t])
	if t == entity.Device {
		n = n.And(sdk.Read(entity.Deployment))
	}
	return n
}

func needs(t entity.Type, relations []relation) sdk.Needs {
	n := sdk.Read(t)
	for _, r := range relations {
		n = n.And(sdk.Read(r.of))
	}
	return n
}

// related holds what was read to show entities within others.
type related struct {
	me    string
	found map[entity.Type]map[string]entity.Entity
}

// read gets the entities in the given relations, each once, side by side.
// Owners and creators are shown only when they are somebody else, so their
// accounts are read only then.
func read(ctx context.Context, cloud *entity.Client, entities []entity.Entity, relations []relation) (*related, error) {
	ids := map[entity.Type]map[string]bool{}
	for _, e := range entities {
		for _, r := range relations {
			if id := e.Related(r.name); id != "" {
				if ids[r.of] == nil {
					ids[r.of] = map[string]bool{}
				}
				ids[r.of][id] = true
			}
		}
	}
	all := &related{found: map[entity.Type]map[string]entity.Entity{}}
	types := slices.Sorted(maps.Keys(ids))
	results := make([]map[string]entity.Entity, len(types))
	err := sdk.Each(ctx, len(types), func(ctx context.Context, i int) error {
		wanted := ids[types[i]]
		if types[i] == entity.Account {
			me, err := cloud.Me(ctx)
			if err != nil {
				return err
			}
			all.me = me.ID
			delete(wanted, me.ID)
		}
		var err error
		results[i], err = cloud.Fetch(ctx, types[i], slices.Sorted(maps.Keys(wanted))...)
		return err
	})
	for i, t := range types {
		all.found[t] = results[i]
	}
	return all, err
}

// corrupted says that an entity refers to one that is gone.
type corrupted struct {
	entity  entity.Entity
	missing entity.Entity
}

func (c corrupted) String() string {
	return fmt.Sprintf("Unexpected state. %s is related to corrupted %s which does not exist.", c.entity, c.missing)
}

// add shows the related entities of e within o, and returns those that are
// gone.
func (all *related) add(o *document.Object, e entity.Entity, relations []relation) []corrupted {
	var gone []corrupted
	for _, r := range relations {
		id := e.Related(r.name)
		if id == "" || r.personal() && id == all.me {
			continue
		}
		label := r.label
		if label == "" {
			label = r.of.Noun()
		}
		found, ok := all.found[r.of][id]
		if !ok {
			found = entity.Entity{Type: r.of, ID: id}
			gone = append(gone, corrupted{e, found})
			if r.label == "" {
				label = "Corrupted " + label
			}
		}
		o.Set(label, found.Brief())
	}
	return gone
}

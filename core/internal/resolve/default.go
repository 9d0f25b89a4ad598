package resolve

import (
	"context"
	"net/http"

	"github.com/electricimp/impt/core/internal/project"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
)

// Default returns what applies when no identifier is given: the own account,
// or what the project file in dir leads to, which is its device group, that
// group's product, current deployment or devices. It returns exactly one
// entity, but several devices if several is set. Where nothing applies it fails
// with fault.NoIdentifier, when the project's group is gone with
// fault.Outdated, when there are several devices with an *AmbiguousError, and
// as project.Read does.
func Default(ctx context.Context, s *Store, dir string, t entity.Type, full, several bool) ([]Resource, error) {
	if err := s.permit(http.MethodGet, t.Collection()); err != nil {
		return nil, err
	}
	switch t {
	case entity.Account:
		return one(s.get(ctx, t, "me", full))
	case entity.DeviceGroup, entity.Product, entity.Deployment, entity.Device:
	default:
		return nil, fault.NoIdentifier(t)
	}
	p, err := project.Read(dir)
	if err != nil {
		return nil, err
	}
	if p == nil {
		return nil, fault.NoIdentifier(t)
	}
	found, err := s.ofProject(ctx, p, t, full)
	if err != nil {
		return nil, err
	}
	if !several {
		if _, err := single(t, "", found); err != nil {
			return nil, err
		}
	}
	return s.inFull(ctx, t, found, full)
}

func (s *Store) ofProject(ctx context.Context, p *project.File, t entity.Type, full bool) ([]Resource, error) {
	group, err := s.get(ctx, entity.DeviceGroup, p.DeviceGroupID, full && t == entity.DeviceGroup)
	if fault.Is(err, fault.NotFoundKind) {
		return nil, fault.Outdated(entity.DeviceGroup, p.DeviceGroupID, project.Noun, project.DeleteCommand)
	}
	if err != nil {
		return nil, err
	}
	relation := ""
	switch t { //nolint:exhaustive // see Default
	case entity.DeviceGroup:
		return []Resource{group}, nil
	case entity.Device:
		return s.devicesOf(ctx, group)
	case entity.Product:
		relation = "product"
	case entity.Deployment:
		relation = "current_deployment"
	}
	related, ok := group.Related(relation)
	if !ok {
		return nil, fault.NoIdentifier(t)
	}
	return one(s.get(ctx, t, related.ID, full))
}

func (s *Store) devicesOf(ctx context.Context, group Resource) ([]Resource, error) {
	l, err := s.whole(ctx, entity.Device, Filter("devicegroup.id", group.ID))
	if err != nil {
		return nil, err
	}
	var devices []Resource
	for _, page := range l.pages {
		devices = append(devices, page...)
	}
	if len(devices) == 0 {
		return nil, fault.NoIdentifier(entity.Device)
	}
	return devices, nil
}

func one(r Resource, err error) ([]Resource, error) {
	if err != nil {
		return nil, err
	}
	return []Resource{r}, nil
}

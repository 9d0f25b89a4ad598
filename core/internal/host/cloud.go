package host

import (
	"context"
	"net/http"
	"slices"

	"google.golang.org/grpc"

	"github.com/electricimp/impt/core/internal/impcentral"
	"github.com/electricimp/impt/core/internal/resolve"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Resolve finds the entities that an identifier means.
func (s *Session) Resolve(ctx context.Context, r *pluginv1.ResolveRequest) (*pluginv1.ResolveResponse, error) {
	found, err := s.resolve(ctx, r)
	if ambiguous, ok := resolve.AsAmbiguous(err); ok {
		documents, docErr := resolve.Documents(ctx, s.store, ambiguous.Candidates)
		if docErr != nil {
			return nil, fault.Status(docErr)
		}
		err = fault.Ambiguous(ambiguous.Type, ambiguous.Identifier, document.Encode(documents))
	}
	return answer(&pluginv1.ResolveResponse{Resources: texts(found)}, err)
}

func (s *Session) resolve(ctx context.Context, r *pluginv1.ResolveRequest) ([]resolve.Resource, error) {
	t := entity.Type(r.GetType())
	switch {
	case r.GetProjectDefault():
		return resolve.Default(ctx, s.store, s.cfg.Dir, t, r.GetFull(), r.GetAll())
	case r.GetAll():
		return resolve.All(ctx, s.store, t, r.GetIdentifier(), r.GetFull())
	default:
		one, err := resolve.One(ctx, s.store, t, r.GetIdentifier(), r.GetFull())
		return []resolve.Resource{one}, err
	}
}

func texts(resources []resolve.Resource) [][]byte {
	all := make([][]byte, len(resources))
	for i, r := range resources {
		all[i] = r.JSON()
	}
	return all
}

// Fetch returns entities by their ids.
func (s *Session) Fetch(ctx context.Context, r *pluginv1.FetchRequest) (*pluginv1.FetchResponse, error) {
	found, missing, err := s.store.GetMany(ctx, entity.Type(r.GetType()), r.GetIds(), r.GetFull())
	return answer(&pluginv1.FetchResponse{Resources: texts(found), Missing: missing}, err)
}

// Collect returns a whole collection.
func (s *Session) Collect(r *pluginv1.CollectRequest, to grpc.ServerStreamingServer[pluginv1.CollectResponse]) error {
	for page, err := range s.store.List(to.Context(), entity.Type(r.GetType()), params(r.GetFilters(), "filter[", "]")...) {
		if err != nil {
			return fault.Status(err)
		}
		if err := to.Send(&pluginv1.CollectResponse{Resources: texts(page)}); err != nil {
			return err
		}
	}
	return nil
}

func params(filters []*pluginv1.Filter, before, after string) []impcentral.Param {
	all := make([]impcentral.Param, len(filters))
	for i, f := range filters {
		all[i] = impcentral.Param{Name: before + f.GetName() + after, Value: f.GetValue()}
	}
	return all
}

var methods = map[pluginv1.Method]string{
	pluginv1.Method_METHOD_GET:    http.MethodGet,
	pluginv1.Method_METHOD_POST:   http.MethodPost,
	pluginv1.Method_METHOD_PATCH:  http.MethodPatch,
	pluginv1.Method_METHOD_PUT:    http.MethodPut,
	pluginv1.Method_METHOD_DELETE: http.MethodDelete,
}

// The headers that a plugin may set, by a secret that the host knows.
var secretHeaders = map[string]bool{"X-Electricimp-Key": true, "X-Electricimp-Password": true}

// Call makes one request to impCentral.
func (s *Session) Call(ctx context.Context, r *pluginv1.CallRequest) (*pluginv1.CallResponse, error) {
	request := impcentral.Request{
		Method: methods[r.GetMethod()],
		Path:   r.GetPath(),
		Query:  params(r.GetQuery(), "", ""),
		Body:   r.GetBody(),
	}
	if request.Method == "" {
		return nil, fault.Status(fault.Denied(s.cfg.Plugin, "a request with an unknown method"))
	}
	for _, h := range r.GetSecretHeaders() {
		if !secretHeaders[h.GetName()] {
			return nil, fault.Status(fault.Denied(s.cfg.Plugin, "a request with a header of its own"))
		}
		value, err := s.vault.open(h.GetSecret())
		if err != nil {
			return nil, fault.Status(err)
		}
		if request.Header == nil {
			request.Header = http.Header{}
		}
		request.Header.Set(h.GetName(), value)
	}
	response, err := s.store.Call(ctx, request)
	if err != nil {
		return nil, fault.Status(missing(request, err))
	}
	s.cfg.Printer.Warn(impcentral.Warnings(response.Body))
	return &pluginv1.CallResponse{Status: int32(response.Status), Body: response.Body}, nil //nolint:gosec // an HTTP status
}

// missing says which entity is gone, when a request about one found none.
func missing(r impcentral.Request, err error) error {
	f, ok := fault.Of(err)
	if !ok || f.Status != http.StatusNotFound {
		return err
	}
	for _, t := range entity.Types() {
		base := t.Collection()
		if len(r.Path) > len(base) && slices.Equal(r.Path[:len(base)], base) {
			gone := fault.NotFound(t, r.Path[len(base)])
			gone.Cause, gone.Status = err, f.Status
			return gone
		}
	}
	return err
}

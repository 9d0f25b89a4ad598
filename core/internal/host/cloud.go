package host

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"unicode"

	"google.golang.org/grpc"

	"github.com/electricimp/impt/core/internal/impcentral"
	"github.com/electricimp/impt/core/internal/resolve"
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
			return nil, s.failure(docErr)
		}
		err = ambiguous.Fault(documents)
	}
	return &pluginv1.ResolveResponse{Resources: s.keys.texts(found)}, s.failure(err)
}

func (s *Session) resolve(ctx context.Context, r *pluginv1.ResolveRequest) ([]resolve.Resource, error) {
	t := entity.Type(r.GetType())
	identifier := s.revealed(r.GetType(), []string{r.GetIdentifier()})[0]
	switch {
	case r.GetProjectDefault():
		return resolve.Default(ctx, s.store, s.cfg.Dir, t, r.GetFull(), r.GetAll())
	case r.GetAll():
		return resolve.All(ctx, s.store, t, identifier, r.GetFull())
	default:
		one, err := resolve.One(ctx, s.store, t, identifier, r.GetFull())
		return []resolve.Resource{one}, err
	}
}

// revealed are identifiers as impCentral knows them, hidden as a plugin does.
func (s *Session) revealed(t string, identifiers []string) []string {
	return changed(t, identifiers, s.keys.identifier)
}

func (s *Session) hidden(t string, identifiers []string) []string {
	return changed(t, identifiers, s.keys.hide)
}

func changed(t string, identifiers []string, change func(string) string) []string {
	if entity.Type(t) != entity.LoginKey {
		return identifiers
	}
	return all(identifiers, change)
}

// Fetch returns entities by their ids.
func (s *Session) Fetch(ctx context.Context, r *pluginv1.FetchRequest) (*pluginv1.FetchResponse, error) {
	found, missing, err := s.store.GetMany(ctx, entity.Type(r.GetType()), s.revealed(r.GetType(), r.GetIds()), r.GetFull())
	return &pluginv1.FetchResponse{Resources: s.keys.texts(found), Missing: s.hidden(r.GetType(), missing)}, s.failure(err)
}

// Collect returns a whole collection.
func (s *Session) Collect(r *pluginv1.CollectRequest, to grpc.ServerStreamingServer[pluginv1.CollectResponse]) error {
	for page, err := range s.store.List(to.Context(), entity.Type(r.GetType()), params(r.GetFilters(), "filter[", "]")...) {
		if err != nil {
			return s.failure(err)
		}
		if err := to.Send(&pluginv1.CollectResponse{Resources: s.keys.texts(page)}); err != nil {
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
		Path:   s.keys.revealPath(r.GetPath()),
		Query:  params(r.GetQuery(), "", ""),
		Body:   s.keys.revealBody(r.GetPath(), r.GetBody()),
	}
	if request.Method == "" {
		return nil, s.failure(fault.Denied(s.cfg.subject(), "a request with an unknown method"))
	}
	if slices.ContainsFunc(r.GetPath(), ambiguous) {
		return nil, s.failure(fault.Denied(s.cfg.subject(), "a request outside its reach"))
	}
	for _, h := range r.GetSecretHeaders() {
		if !secretHeaders[h.GetName()] {
			return nil, s.failure(fault.Denied(s.cfg.subject(), "a request with a header of its own"))
		}
		value, err := s.vault.open(h.GetSecret())
		if err != nil {
			return nil, s.failure(err)
		}
		if request.Header == nil {
			request.Header = http.Header{}
		}
		request.Header.Set(h.GetName(), value)
	}
	maps := newLineMaps(r.GetLineMaps())
	response, err := s.store.Call(ctx, request)
	body := s.keys.body(request.Path, response.Body)
	s.deeds.note(r, request.Method, body, err)
	if err != nil {
		if f, ok := fault.Of(err); ok {
			maps.moved(f.Problems)
		}
		return nil, s.failure(missing(request, err))
	}
	s.cfg.Printer.Warn(maps.moved(impcentral.Warnings(response.Body)))
	return &pluginv1.CallResponse{Status: int32(response.Status), Body: body}, nil //nolint:gosec // an HTTP status
}

// ambiguous tells segments of a path that a server, or a proxy before it, might
// take for something else than was permitted. No id and no name of a resource
// is such a segment.
func ambiguous(segment string) bool {
	return segment == "" || segment == "." || segment == ".." || strings.ContainsFunc(segment, func(r rune) bool {
		return strings.ContainsRune(`/\%?#;`, r) || !unicode.IsPrint(r)
	})
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

// Package wire speaks the contract, so that the rest of the sdk need not.
package wire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"

	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Host turns calls of the sdk into calls of the contract, and faults back.
type Host struct{ Client pluginv1.HostClient }

// received turns a failed call into the fault that the host meant.
func received(err error) error {
	if err == nil {
		return nil
	}
	if f, ok := fault.Of(err); ok {
		return f
	}
	return fmt.Errorf("calling the host: %w", err)
}

// Resolve finds what an identifier means.
func (h Host) Resolve(ctx context.Context, r *pluginv1.ResolveRequest) ([]entity.Entity, error) {
	answer, err := h.Client.Resolve(ctx, r)
	if err != nil {
		return nil, received(err)
	}
	found, err := entity.ParseAll(entity.Type(r.GetType()), answer.GetResources())
	for i := range found {
		if !r.GetAll() {
			found[i].Typed = r.GetIdentifier()
		}
	}
	return found, err
}

// Fetch implements entity.Host.
func (h Host) Fetch(ctx context.Context, t entity.Type, ids []string, full bool) (found [][]byte, missing []string, err error) {
	answer, err := h.Client.Fetch(ctx, &pluginv1.FetchRequest{Type: string(t), Ids: ids, Full: full})
	return answer.GetResources(), answer.GetMissing(), received(err)
}

// Collect implements entity.Host.
func (h Host) Collect(ctx context.Context, t entity.Type, filters []entity.Filter) iter.Seq2[[][]byte, error] {
	return func(yield func([][]byte, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		stream, err := h.Client.Collect(ctx, &pluginv1.CollectRequest{Type: string(t), Filters: filtersOf(filters)})
		for err == nil {
			var page *pluginv1.CollectResponse
			if page, err = stream.Recv(); err == nil && !yield(page.GetResources(), nil) {
				return
			}
		}
		if !errors.Is(err, io.EOF) {
			yield(nil, received(err))
		}
	}
}

func filtersOf(filters []entity.Filter) []*pluginv1.Filter {
	all := make([]*pluginv1.Filter, len(filters))
	for i, f := range filters {
		all[i] = &pluginv1.Filter{Name: f.Name, Value: f.Value}
	}
	return all
}

var methods = map[string]pluginv1.Method{
	http.MethodGet:    pluginv1.Method_METHOD_GET,
	http.MethodPost:   pluginv1.Method_METHOD_POST,
	http.MethodPatch:  pluginv1.Method_METHOD_PATCH,
	http.MethodPut:    pluginv1.Method_METHOD_PUT,
	http.MethodDelete: pluginv1.Method_METHOD_DELETE,
}

// Call implements entity.Host.
func (h Host) Call(ctx context.Context, r entity.Request) ([]byte, error) {
	request := &pluginv1.CallRequest{Method: methods[r.Method], Path: r.Path, Query: filtersOf(r.Query)}
	if r.Body != nil {
		request.Body = document.Encode(r.Body)
	}
	for _, s := range r.Secret {
		request.SecretHeaders = append(request.SecretHeaders, &pluginv1.SecretHeader{
			Name: s.Name, Secret: &pluginv1.Secret{Handle: s.Handle},
		})
	}
	request.LineMaps = LineMaps(r.Code)
	answer, err := h.Client.Call(ctx, request)
	return answer.GetBody(), received(err)
}

// Follow streams the logs of devices, a batch at a time.
func (h Host) Follow(ctx context.Context, r *pluginv1.FollowRequest) iter.Seq2[*pluginv1.FollowResponse, error] {
	return func(yield func(*pluginv1.FollowResponse, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		stream, err := h.Client.Follow(ctx, r)
		for err == nil {
			var batch *pluginv1.FollowResponse
			if batch, err = stream.Recv(); err == nil && !yield(batch, nil) {
				return
			}
		}
		if !errors.Is(err, io.EOF) {
			yield(nil, received(err))
		}
	}
}

// Show shows the result of the command.
func (h Host) Show(ctx context.Context, r *pluginv1.ShowRequest) error {
	_, err := h.Client.Show(ctx, r)
	return received(err)
}

// Say tells the user something.
func (h Host) Say(ctx context.Context, r *pluginv1.SayRequest) error {
	_, err := h.Client.Say(ctx, r)
	return received(err)
}

// ShowLogs shows a page of log entries.
func (h Host) ShowLogs(ctx context.Context, entries [][]byte, code entity.Code) error {
	_, err := h.Client.ShowLogs(ctx, &pluginv1.ShowLogsRequest{Entries: entries, Page: true, LineMaps: LineMaps(code)})
	return received(err)
}

// Ask asks the user.
func (h Host) Ask(ctx context.Context, r *pluginv1.AskRequest) (*pluginv1.AskResponse, error) {
	answer, err := h.Client.Ask(ctx, r)
	return answer, received(err)
}

// AwaitInterrupt waits until the user presses Ctrl-C.
func (h Host) AwaitInterrupt(ctx context.Context) error {
	_, err := h.Client.AwaitInterrupt(ctx, &pluginv1.AwaitInterruptRequest{})
	return received(err)
}

// Project reads the project file.
func (h Host) Project(ctx context.Context) (*pluginv1.ProjectResponse, error) {
	answer, err := h.Client.Project(ctx, &pluginv1.ProjectRequest{})
	return answer, received(err)
}

// ReadFile reads a file that the user named; missing tells that there is none.
func (h Host) ReadFile(ctx context.Context, path string) (content []byte, missing bool, err error) {
	answer, err := h.Client.ReadFile(ctx, &pluginv1.ReadFileRequest{Path: path})
	return answer.GetContent(), answer.GetMissing(), received(err)
}

// WriteFile replaces a file that the user named.
func (h Host) WriteFile(ctx context.Context, r *pluginv1.WriteFileRequest) (existed bool, err error) {
	answer, err := h.Client.WriteFile(ctx, r)
	return answer.GetExisted(), received(err)
}

// DeleteFile deletes a file that the user named.
func (h Host) DeleteFile(ctx context.Context, path string) error {
	_, err := h.Client.DeleteFile(ctx, &pluginv1.DeleteFileRequest{Path: path})
	return received(err)
}

// SaveProject replaces the project file.
func (h Host) SaveProject(ctx context.Context, r *pluginv1.SaveProjectRequest) error {
	_, err := h.Client.SaveProject(ctx, r)
	return received(err)
}

// TryProject finds out whether the project file can be written.
func (h Host) TryProject(ctx context.Context) error {
	_, err := h.Client.TryProject(ctx, &pluginv1.TryProjectRequest{})
	return received(err)
}

// DeleteProject deletes the project file.
func (h Host) DeleteProject(ctx context.Context) error {
	_, err := h.Client.DeleteProject(ctx, &pluginv1.DeleteProjectRequest{})
	return received(err)
}

// StatFile tells what is at the path of a file that the user named.
func (h Host) StatFile(ctx context.Context, path string) (*pluginv1.StatFileResponse, error) {
	answer, err := h.Client.StatFile(ctx, &pluginv1.StatFileRequest{Path: path})
	return answer, received(err)
}

// Config reads the group's configuration file.
func (h Host) Config(ctx context.Context) (*pluginv1.ConfigResponse, error) {
	answer, err := h.Client.Config(ctx, &pluginv1.ConfigRequest{})
	return answer, received(err)
}

// SaveConfig replaces the group's configuration file.
func (h Host) SaveConfig(ctx context.Context, content []byte) error {
	_, err := h.Client.SaveConfig(ctx, &pluginv1.SaveConfigRequest{Content: content})
	return received(err)
}

// DeleteConfig deletes the group's configuration file.
func (h Host) DeleteConfig(ctx context.Context) error {
	_, err := h.Client.DeleteConfig(ctx, &pluginv1.DeleteConfigRequest{})
	return received(err)
}

// AuthStatus tells which login applies.
func (h Host) AuthStatus(ctx context.Context, scope pluginv1.LoginScope) (*pluginv1.AuthStatusResponse, error) {
	answer, err := h.Client.AuthStatus(ctx, &pluginv1.AuthStatusRequest{Scope: scope})
	return answer, received(err)
}

// Login logs in.
func (h Host) Login(ctx context.Context, r *pluginv1.LoginRequest) error {
	_, err := h.Client.Login(ctx, r)
	return received(err)
}

// Logout deletes an auth file.
func (h Host) Logout(ctx context.Context, scope pluginv1.LoginScope) error {
	_, err := h.Client.Logout(ctx, &pluginv1.LogoutRequest{Scope: scope})
	return received(err)
}

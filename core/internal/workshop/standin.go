package workshop

import (
	"context"
	"sync"

	"google.golang.org/protobuf/proto"

	"github.com/electricimp/impt/sdk/fault"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// manner is how the stand-in answers.
type manner int

const (
	// strange answers with fields and kinds that no contract has.
	strange manner = iota
	// refusing fails each call with a kind of failure that nobody knows.
	refusing
	// hanging answers nothing until the call is cancelled.
	hanging
)

// standIn is a Host without a cloud, a terminal or files.
type standIn struct {
	pluginv1.UnimplementedHostServer
	manner manner

	once   sync.Once
	called chan struct{} // closed when something was asked for
}

func newStandIn(m manner) *standIn { return &standIn{manner: m, called: make(chan struct{})} }

// unknown is a field that no contract has: number 15000, a text.
var unknown = append([]byte{0xc2, 0xa9, 0x07, 7}, "strange"...)

// odd makes a message one of a contract to come.
func odd[M proto.Message](m M) M {
	m.ProtoReflect().SetUnknown(unknown)
	return m
}

// futureKind is a kind of anything that no contract has.
const futureKind = 99

func answer[M proto.Message](ctx context.Context, s *standIn, m M) (M, error) {
	s.once.Do(func() { close(s.called) })
	var none M
	switch s.manner {
	case hanging:
		<-ctx.Done()
		return none, fault.Status(ctx.Err())
	case refusing:
		return none, fault.Status(&fault.Fault{Kind: futureKind, Sentence: "The stand-in refuses."})
	case strange:
	}
	return odd(m), nil
}

// thing is an entity as impCentral would send it.
func thing(kind, id string) []byte {
	return []byte(`{"type":"` + kind + `","id":"` + id + `","attributes":{"name":"stand-in","strange":{"a":[1]}},"relationships":{}}`)
}

const someID = "00000000-0000-4000-8000-000000000001"

func (s *standIn) Resolve(ctx context.Context, r *pluginv1.ResolveRequest) (*pluginv1.ResolveResponse, error) {
	return answer(ctx, s, &pluginv1.ResolveResponse{Resources: [][]byte{thing(r.GetType(), someID)}})
}

func (s *standIn) Fetch(ctx context.Context, r *pluginv1.FetchRequest) (*pluginv1.FetchResponse, error) {
	a := &pluginv1.FetchResponse{}
	for _, id := range r.GetIds() {
		a.Resources = append(a.Resources, thing(r.GetType(), id))
	}
	return answer(ctx, s, a)
}

func (s *standIn) Collect(r *pluginv1.CollectRequest, to pluginv1.Host_CollectServer) error {
	a, err := answer(to.Context(), s, &pluginv1.CollectResponse{Resources: [][]byte{thing(r.GetType(), someID)}})
	if err != nil {
		return err
	}
	return to.Send(a)
}

func (s *standIn) Call(ctx context.Context, _ *pluginv1.CallRequest) (*pluginv1.CallResponse, error) {
	return answer(ctx, s, &pluginv1.CallResponse{Status: 200, Body: []byte(`{"data":` + string(thing("product", someID)) + `}`)})
}

func (s *standIn) Follow(_ *pluginv1.FollowRequest, to pluginv1.Host_FollowServer) error {
	_, err := answer(to.Context(), s, &pluginv1.FollowResponse{})
	return err
}

func (s *standIn) Show(ctx context.Context, _ *pluginv1.ShowRequest) (*pluginv1.ShowResponse, error) {
	return answer(ctx, s, &pluginv1.ShowResponse{})
}

func (s *standIn) Say(ctx context.Context, _ *pluginv1.SayRequest) (*pluginv1.SayResponse, error) {
	return answer(ctx, s, &pluginv1.SayResponse{})
}

func (s *standIn) ShowLogs(ctx context.Context, _ *pluginv1.ShowLogsRequest) (*pluginv1.ShowLogsResponse, error) {
	return answer(ctx, s, &pluginv1.ShowLogsResponse{})
}

func (s *standIn) Report(ctx context.Context, _ *pluginv1.ReportRequest) (*pluginv1.ReportResponse, error) {
	return answer(ctx, s, &pluginv1.ReportResponse{})
}

func (s *standIn) Progress(ctx context.Context, _ *pluginv1.ProgressRequest) (*pluginv1.ProgressResponse, error) {
	return answer(ctx, s, &pluginv1.ProgressResponse{})
}

func (s *standIn) Ask(ctx context.Context, r *pluginv1.AskRequest) (*pluginv1.AskResponse, error) {
	a := &pluginv1.AskResponse{Answer: &pluginv1.AskResponse_Yes{Yes: true}}
	switch q := r.GetQuestion().(type) {
	case *pluginv1.AskRequest_Choice:
		a.Answer = &pluginv1.AskResponse_Chosen{Chosen: 0}
	case *pluginv1.AskRequest_Line:
		a.Answer = &pluginv1.AskResponse_Text{Text: "an answer"}
		if q.Line.GetHidden() {
			a.Answer = &pluginv1.AskResponse_Secret{Secret: &pluginv1.Secret{Handle: "a-handle"}}
		}
	}
	return answer(ctx, s, a)
}

func (s *standIn) Project(ctx context.Context, _ *pluginv1.ProjectRequest) (*pluginv1.ProjectResponse, error) {
	return answer(ctx, s, &pluginv1.ProjectResponse{})
}

func (s *standIn) ReadFile(ctx context.Context, _ *pluginv1.ReadFileRequest) (*pluginv1.ReadFileResponse, error) {
	return answer(ctx, s, &pluginv1.ReadFileResponse{Content: []byte("{}")})
}

func (s *standIn) WriteFile(ctx context.Context, _ *pluginv1.WriteFileRequest) (*pluginv1.WriteFileResponse, error) {
	return answer(ctx, s, &pluginv1.WriteFileResponse{})
}

func (s *standIn) Config(ctx context.Context, _ *pluginv1.ConfigRequest) (*pluginv1.ConfigResponse, error) {
	return answer(ctx, s, &pluginv1.ConfigResponse{})
}

func (s *standIn) AuthStatus(ctx context.Context, _ *pluginv1.AuthStatusRequest) (*pluginv1.AuthStatusResponse, error) {
	return answer(ctx, s, &pluginv1.AuthStatusResponse{Source: futureKind})
}

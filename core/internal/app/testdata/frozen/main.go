// A plugin of the first contract, made with what its generated code was then
// and nothing else of this repository. It stays as it is: what it asks for and
// says must work with every host to come. Its texts are the test's.
package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	pluginv1 "github.com/electricimp/impt/core/internal/app/testdata/frozen/contract"
)

func main() {
	if os.Getenv("IMPT_PLUGIN") != "impt.plugin.v1" {
		fmt.Fprintln(os.Stderr, "impt starts this program itself.")
		os.Exit(1)
	}
	path := filepath.Join(os.Getenv("PLUGIN_UNIX_SOCKET_DIR"), "plugin")
	listener, err := net.Listen("unix", path)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	s := grpc.NewServer()
	pluginv1.RegisterCommandGroupServer(s, group{})
	fmt.Printf("1|1|unix|%s|grpc|\n", path)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	_ = s.Serve(listener)
}

type group struct {
	pluginv1.UnimplementedCommandGroupServer
}

// strange is a field that no contract has: number 15000, a text.
var strange = append([]byte{0xc2, 0xa9, 0x07, 7}, "strange"...)

// odd makes a message one of a contract that nobody knows.
func odd[M proto.Message](m M) M {
	m.ProtoReflect().SetUnknown(strange)
	return m
}

func (group) Describe(context.Context, *pluginv1.DescribeRequest) (*pluginv1.DescribeResponse, error) {
	text := func(name string) *pluginv1.Option {
		return odd(&pluginv1.Option{Name: name, Kind: pluginv1.OptionKind_OPTION_KIND_TEXT, Help: "A text."})
	}
	output := text("output")
	output.Alias, output.Choices = "z", []string{"minimal", "json", "debug"}
	confirmed := &pluginv1.Option{Name: "confirmed", Alias: "q", Kind: pluginv1.OptionKind_OPTION_KIND_FLAG}
	product, file, ghost := text("product"), text("file"), text("ghost")
	product.Role, product.Entity, product.Required = pluginv1.ValueRole_VALUE_ROLE_ENTITY, "product", true
	file.Role = pluginv1.ValueRole_VALUE_ROLE_OUTPUT_FILE
	ghost.Role = 99
	needs := func(resources ...string) (all []*pluginv1.Capability) {
		for _, r := range resources {
			all = append(all, odd(&pluginv1.Capability{Resource: r, Access: pluginv1.Access_ACCESS_WRITE}))
		}
		return append(all, &pluginv1.Capability{Resource: "telepathy", Access: 99})
	}
	return odd(&pluginv1.DescribeResponse{Manifest: odd(&pluginv1.Manifest{
		Name: "frozen", Synopsis: "Is as old as the contract.", Vendor: "example", Version: "1.0.0",
		Commands: []*pluginv1.Command{
			odd(&pluginv1.Command{
				Name: "tour", Synopsis: "Asks for all that there was.",
				Options: []*pluginv1.Option{product, file, ghost, confirmed, output},
				Rules:   []*pluginv1.Rule{odd(&pluginv1.Rule{Kind: 99, Options: []string{"file", "ghost"}})},
				Needs:   needs("product", "login", "project"),
			}),
			{Name: "future", Synopsis: "Says what nobody knows.", Options: []*pluginv1.Option{output}},
		},
	})}), nil
}

func (group) Run(ctx context.Context, r *pluginv1.RunRequest) (*pluginv1.RunResponse, error) {
	conn, err := grpc.NewClient(os.Getenv("IMPT_PLUGIN_HOST"), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return nil, err
	}
	ctx = metadata.AppendToOutgoingContext(ctx, "impt-token", os.Getenv("IMPT_PLUGIN_TOKEN"))
	c := call{ctx, pluginv1.NewHostClient(conn), map[string]string{}}
	for _, o := range r.GetOptions() {
		c.texts[o.GetName()] = o.GetText()
	}
	if r.GetCommand() == "future" {
		err = c.future()
	} else {
		err = c.tour()
	}
	if err != nil {
		return nil, err
	}
	return odd(&pluginv1.RunResponse{}), nil
}

type call struct {
	context.Context
	pluginv1.HostClient
	texts map[string]string
}

func (c call) say(format string, args ...any) error {
	_, err := c.Say(c, odd(&pluginv1.SayRequest{Kind: pluginv1.SayKind_SAY_KIND_INFO, Text: fmt.Sprintf(format, args...)}))
	return err
}

// tour makes each call that the first contract had and a test can answer.
func (c call) tour() error {
	found, err := c.Resolve(c, odd(&pluginv1.ResolveRequest{Type: "product", Identifier: c.texts["product"]}))
	if err != nil {
		return err
	}
	id := between(string(found.GetResources()[0]), `"id":"`)
	fetched, err := c.Fetch(c, &pluginv1.FetchRequest{Type: "product", Ids: []string{id, "absent"}})
	if err != nil {
		return err
	}
	pages, err := c.Collect(c, &pluginv1.CollectRequest{Type: "product"})
	if err != nil {
		return err
	}
	count := 0
	for page, err := pages.Recv(); err != io.EOF; page, err = pages.Recv() {
		if err != nil {
			return err
		}
		count += len(page.GetResources())
	}
	answer, err := c.Call(c, &pluginv1.CallRequest{Method: pluginv1.Method_METHOD_GET, Path: []string{"products", id}})
	if err != nil {
		return err
	}
	if err := c.say("%d found, %d missing, %d in all, HTTP %d", len(fetched.GetResources()), len(fetched.GetMissing()), count, answer.GetStatus()); err != nil {
		return err
	}
	if _, err := c.Ask(c, &pluginv1.AskRequest{Question: &pluginv1.AskRequest_Confirm{Confirm: &pluginv1.Confirm{Messages: []string{"Go on?"}}}}); err != nil {
		return err
	}
	if _, err := c.WriteFile(c, &pluginv1.WriteFileRequest{Path: c.texts["file"], Content: []byte("written\n")}); err != nil {
		return err
	}
	read, err := c.ReadFile(c, &pluginv1.ReadFileRequest{Path: c.texts["file"]})
	if err != nil {
		return err
	}
	login, err := c.AuthStatus(c, &pluginv1.AuthStatusRequest{})
	if err != nil {
		return err
	}
	project, err := c.Project(c, &pluginv1.ProjectRequest{})
	if err != nil {
		return err
	}
	if err := c.say("read %q, login %t, project %t", read.GetContent(), login.GetExists(), project.GetExists()); err != nil {
		return err
	}
	_, err = c.ShowLogs(c, &pluginv1.ShowLogsRequest{Page: true})
	if err == nil {
		_, err = c.Show(c, &pluginv1.ShowRequest{Document: []byte(`{"Frozen":{"age":"old"}}`)})
	}
	return err
}

func between(s, before string) string {
	_, s, _ = strings.Cut(s, before)
	s, _, _ = strings.Cut(s, `"`)
	return s
}

// future says things of kinds that nobody knows, and fails in such a way.
func (c call) future() error {
	if _, err := c.Say(c, odd(&pluginv1.SayRequest{Kind: 99, Text: "of an unknown kind"})); err != nil {
		return err
	}
	_, err := c.Ask(c, odd(&pluginv1.AskRequest{}))
	if err := c.say("a question of no kind: %s", status.Code(err)); err != nil {
		return err
	}
	s, err := status.New(codes.DataLoss, "in no words").WithDetails(odd(&pluginv1.Fault{
		Kind: 99, Sentence: "It failed in a way of its own.", Hints: []string{"Do something else."},
	}))
	if err != nil {
		return err
	}
	return s.Err()
}

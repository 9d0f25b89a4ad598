package sdk

import (
	"context"
	"errors"
	"fmt"

	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/internal/wire"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Call is one run of a command: what was given, impCentral, and the user.
type Call struct {
	// Cloud is the client of impCentral.
	Cloud *entity.Client

	host   wire.Host
	values map[string]*pluginv1.OptionValue
	steps  steps
}

// Value is the value of one option; package option reads it.
type Value struct{ message *pluginv1.OptionValue }

// Value returns what was given for an option, or its default.
func (c *Call) Value(o Option) Value { return Value{c.values[o.Spec().Name]} }

// Given tells whether the user gave the option.
func (v Value) Given() bool { return v.message.GetGiven() }

// Truth is the value of a Flag or Bool.
func (v Value) Truth() bool { return v.message.GetTruth() }

// Text is the value of a Text.
func (v Value) Text() string { return v.message.GetText() }

// Texts is the value of a List.
func (v Value) Texts() []string { return v.message.GetList().GetTexts() }

// Number is the value of a Number.
func (v Value) Number() int { return int(v.message.GetNumber()) }

// Secret is the value of an option of role Hidden, or nil.
func (v Value) Secret() *Secret {
	if s := v.message.GetSecret(); s != nil {
		return &Secret{s}
	}
	return nil
}

// Secret stands for a password or key that the host keeps.
type Secret struct{ message *pluginv1.Secret }

// Empty tells whether the secret is the empty text.
func (s *Secret) Empty() bool { return s.message.GetEmpty() }

// Handle is what stands for the secret: the identifier of a login key.
func (s *Secret) Handle() string { return s.message.GetHandle() }

// Header puts the secret into a header of a request.
func (s *Secret) Header(name string) entity.SecretHeader {
	return entity.SecretHeader{Name: name, Handle: s.message.GetHandle()}
}

func (s *Secret) wire() *pluginv1.Secret {
	if s == nil {
		return nil
	}
	return s.message
}

// Lookup asks what an identifier means.
type Lookup struct {
	Type       entity.Type
	Identifier string
	// Default takes the project's entity; Identifier is empty then.
	Default bool
	// Full asks for the whole entity, not the one of a list.
	Full bool
	// All takes several matches, or none, for no failure.
	All bool
}

// Resolve finds what an identifier means. NotFound, Ambiguous, NoIdentifier.
func (c *Call) Resolve(ctx context.Context, l Lookup) ([]entity.Entity, error) {
	return c.host.Resolve(ctx, &pluginv1.ResolveRequest{
		Type:           string(l.Type),
		Identifier:     l.Identifier,
		ProjectDefault: l.Default,
		Full:           l.Full,
		All:            l.All,
	})
}

// Say tells the user what was done. Minimal and JSON output leave it out.
func (c *Call) Say(ctx context.Context, format string, args ...any) error {
	return c.host.Say(ctx, &pluginv1.SayRequest{
		Kind: pluginv1.SayKind_SAY_KIND_INFO,
		Text: fmt.Sprintf(format, args...),
	})
}

// SayItems tells the user what was done to entities, of which the first five
// are shown.
func (c *Call) SayItems(ctx context.Context, text, noun string, items document.List) error {
	return c.host.Say(ctx, &pluginv1.SayRequest{
		Kind:  pluginv1.SayKind_SAY_KIND_INFO,
		Text:  text,
		Items: document.Encode(items),
		Keep:  shown,
		Noun:  noun,
	})
}

// shown is how many entities of a kind a reader is shown.
const shown = 5

// Trouble tells the user that something is wrong while the command goes on.
func (c *Call) Trouble(ctx context.Context, sentence string) error {
	return c.host.Say(ctx, &pluginv1.SayRequest{Kind: pluginv1.SayKind_SAY_KIND_TROUBLE, Text: sentence})
}

// Warn tells the user, in every output, something that is not part of the
// result.
func (c *Call) Warn(ctx context.Context, text string) error {
	return c.host.Say(ctx, &pluginv1.SayRequest{Kind: pluginv1.SayKind_SAY_KIND_WARNING, Text: text})
}

// ShowText shows a result that is a text of its own, such as code: readers get
// it as it is, and programs the document.
func (c *Call) ShowText(ctx context.Context, text string, result document.Value) error {
	return c.host.Show(ctx, &pluginv1.ShowRequest{Text: &text, Document: document.Encode(result)})
}

// Show shows the result: an entity as an object of one key, its noun, or a
// list of such objects. Readers see five items of the lists named in cut.
func (c *Call) Show(ctx context.Context, result document.Value, cut ...Cut) error {
	r := &pluginv1.ShowRequest{Document: document.Encode(result)}
	for _, k := range cut {
		r.Cuts = append(r.Cuts, &pluginv1.Cut{Key: k.Key, Keep: shown, Noun: k.Noun})
	}
	return c.host.Show(ctx, r)
}

// ShowPrograms shows a result in JSON output alone, where what a reader is
// told by Say would be missing.
func (c *Call) ShowPrograms(ctx context.Context, result document.Value) error {
	return c.host.Show(ctx, &pluginv1.ShowRequest{Document: document.Encode(result), ForPrograms: true})
}

// Cut names a list that is shortened for readers, and what its items are.
type Cut struct{ Key, Noun string }

// Plan is what a command is going to do, for the question whether to go on.
type Plan struct {
	// Messages are sentences before the question.
	Messages []string
	// Affected is shown after them.
	Affected []Affected
}

// Affected is one part of a plan: what happens to which entities.
type Affected struct {
	Heading string
	Items   document.List
	// Lines are shown below the heading, or alone, instead of items.
	Lines []string
}

// Confirm asks the user whether to go on, and returns nil for a yes. The
// option --confirmed answers yes without a word.
func (c *Call) Confirm(ctx context.Context, p Plan) error {
	question := &pluginv1.Confirm{Messages: p.Messages}
	for _, a := range p.Affected {
		question.Affected = append(question.Affected, &pluginv1.Affected{
			Heading: a.Heading, Items: document.Encode(a.Items), Lines: a.Lines,
		})
	}
	_, err := c.host.Ask(ctx, &pluginv1.AskRequest{
		Question: &pluginv1.AskRequest_Confirm{Confirm: question}, Option: "confirmed",
	})
	return err
}

// Choose asks for one of several and returns its index. Instead is the option
// that would have answered the question.
func (c *Call) Choose(ctx context.Context, instead Option, message string, choices ...string) (int, error) {
	answer, err := c.host.Ask(ctx, &pluginv1.AskRequest{
		Question: &pluginv1.AskRequest_Choice{Choice: &pluginv1.Choice{Message: message, Choices: choices}},
		Option:   instead.Spec().Name,
	})
	return int(answer.GetChosen()), err
}

// Ask asks for a line of text.
func (c *Call) Ask(ctx context.Context, instead Option, what string) (string, error) {
	answer, err := c.host.Ask(ctx, line(instead, what, false))
	return answer.GetText(), err
}

// AskSecret asks for a password or key; nothing is shown while it is typed.
func (c *Call) AskSecret(ctx context.Context, instead Option, what string) (*Secret, error) {
	answer, err := c.host.Ask(ctx, line(instead, what, true))
	if err != nil {
		return nil, err
	}
	return &Secret{answer.GetSecret()}, nil
}

func line(instead Option, what string, hidden bool) *pluginv1.AskRequest {
	return &pluginv1.AskRequest{
		Question: &pluginv1.AskRequest_Line{Line: &pluginv1.Line{What: what, Hidden: hidden}},
		Option:   instead.Spec().Name,
	}
}

// NextPage asks whether to show the next page of stored logs, and returns
// false at the end of input.
func (c *Call) NextPage(ctx context.Context) (bool, error) {
	answer, err := c.host.Ask(ctx, &pluginv1.AskRequest{
		Question: &pluginv1.AskRequest_NextPage{NextPage: &pluginv1.NextPage{}},
	})
	return answer.GetYes(), err
}

// AwaitInterrupt waits until the user presses Ctrl-C, which is an ordinary
// end then. Needs Interrupt.
func (c *Call) AwaitInterrupt(ctx context.Context) error { return c.host.AwaitInterrupt(ctx) }

// Failed shows what is known of a result to readers, and returns err. Minimal
// and JSON output have the failure alone.
func (c *Call) Failed(ctx context.Context, result document.Value, err error) error {
	sayErr := c.host.Say(ctx, &pluginv1.SayRequest{
		Kind:  pluginv1.SayKind_SAY_KIND_INFO,
		Items: document.Encode(document.List{result}),
	})
	return errors.Join(err, sayErr)
}

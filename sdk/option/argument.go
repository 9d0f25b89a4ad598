package option

import "github.com/electricimp/impt/sdk"

// Argument is a word after the command, known by its place.
type Argument struct{ spec sdk.Spec }

// NewArgument declares an argument that is not empty.
func NewArgument(name, placeholder, help string) Argument {
	return Argument{sdk.Spec{Name: name, Kind: sdk.Text, Positional: true, Placeholder: placeholder, Help: help}}
}

// Spec implements sdk.Option.
func (o Argument) Spec() sdk.Spec { return o.spec }

// Required makes the argument required; those before it must be as well.
func (o Argument) Required() Argument { o.spec.Required = true; return o }

// Help replaces the help text.
func (o Argument) Help(text string) Argument { o.spec.Help = text; return o }

// Choices limits the values.
func (o Argument) Choices(values ...string) Argument { o.spec.Choices = values; return o }

// Of is the word, or "".
func (o Argument) Of(c *sdk.Call) string { return c.Value(o).Text() }

// Given tells whether the user gave the argument.
func (o Argument) Given(c *sdk.Call) bool { return c.Value(o).Given() }

// Arguments are all words that are left; no argument follows.
type Arguments struct{ spec sdk.Spec }

// Many takes all words that are left.
func (o Argument) Many() Arguments { o.spec.Kind = sdk.List; return Arguments(o) }

// Spec implements sdk.Option.
func (o Arguments) Spec() sdk.Spec { return o.spec }

// Of are the words in their order.
func (o Arguments) Of(c *sdk.Call) []string { return c.Value(o).Texts() }

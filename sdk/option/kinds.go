// Package option has the options that commands share. A declared option is
// the key to its value: none is read by its name. Methods that change one
// return a copy.
package option

import (
	"context"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
)

// Text is an option with one text.
type Text struct{ spec sdk.Spec }

// NewText declares an option with one text that is not empty.
func NewText(name, alias, placeholder, help string) Text {
	return Text{sdk.Spec{Name: name, Alias: alias, Kind: sdk.Text, Placeholder: placeholder, Help: help}}
}

// Spec implements sdk.Option.
func (o Text) Spec() sdk.Spec { return o.spec }

// Required makes the option required.
func (o Text) Required() Text { o.spec.Required = true; return o }

// OrEmpty accepts an empty value.
func (o Text) OrEmpty() Text { o.spec.AllowEmpty = true; return o }

// Help replaces the help text.
func (o Text) Help(text string) Text { o.spec.Help = text; return o }

// Choices limits the values.
func (o Text) Choices(values ...string) Text { o.spec.Choices = values; return o }

// Default applies when the option is absent.
func (o Text) Default(value string) Text { o.spec.Default = []string{value}; return o }

// Of is the value, or the default, or "".
func (o Text) Of(c *sdk.Call) string { return c.Value(o).Text() }

// Given tells whether the user gave the option.
func (o Text) Given(c *sdk.Call) bool { return c.Value(o).Given() }

// Flag is an option that is present or absent.
type Flag struct{ spec sdk.Spec }

// NewFlag declares an option without a value.
func NewFlag(name, alias, help string) Flag {
	return Flag{sdk.Spec{Name: name, Alias: alias, Kind: sdk.Flag, Help: help}}
}

// Spec implements sdk.Option.
func (o Flag) Spec() sdk.Spec { return o.spec }

// Help replaces the help text.
func (o Flag) Help(text string) Flag { o.spec.Help = text; return o }

// Of tells whether the option was given.
func (o Flag) Of(c *sdk.Call) bool { return c.Value(o).Truth() }

// Bool is an option with the value true or false.
type Bool struct{ spec sdk.Spec }

// NewBool declares an option with the value true or false.
func NewBool(name, alias, help string) Bool {
	return Bool{sdk.Spec{Name: name, Alias: alias, Kind: sdk.Bool, Placeholder: "[true|false]", Help: help}}
}

// Spec implements sdk.Option.
func (o Bool) Spec() sdk.Spec { return o.spec }

// Help replaces the help text.
func (o Bool) Help(text string) Bool { o.spec.Help = text; return o }

// Default applies when the option is absent.
func (o Bool) Default(value bool) Bool {
	o.spec.Default = []string{strconv.FormatBool(value)}
	return o
}

// Of is the value; false when the option is absent.
func (o Bool) Of(c *sdk.Call) bool { return c.Value(o).Truth() }

// Given tells whether the user gave the option.
func (o Bool) Given(c *sdk.Call) bool { return c.Value(o).Given() }

// List is an option that may be repeated.
type List struct{ spec sdk.Spec }

// NewList declares an option that may be repeated, with values that are not
// empty.
func NewList(name, alias, placeholder, help string) List {
	return List{sdk.Spec{Name: name, Alias: alias, Kind: sdk.List, Placeholder: placeholder, Help: help}}
}

// Spec implements sdk.Option.
func (o List) Spec() sdk.Spec { return o.spec }

// Help replaces the help text.
func (o List) Help(text string) List { o.spec.Help = text; return o }

// Default applies when the option is absent.
func (o List) Default(values ...string) List { o.spec.Default = values; return o }

// Choices limits the values.
func (o List) Choices(values ...string) List { o.spec.Choices = values; return o }

// Of are the values in the order of the command line.
func (o List) Of(c *sdk.Call) []string { return c.Value(o).Texts() }

// Given tells whether the user gave the option.
func (o List) Given(c *sdk.Call) bool { return c.Value(o).Given() }

// Number is an option with a positive integer.
type Number struct{ spec sdk.Spec }

// NewNumber declares an option with a positive integer.
func NewNumber(name, alias, placeholder, help string) Number {
	return Number{sdk.Spec{Name: name, Alias: alias, Kind: sdk.Number, Placeholder: placeholder, Help: help}}
}

// Spec implements sdk.Option.
func (o Number) Spec() sdk.Spec { return o.spec }

// Default applies when the option is absent.
func (o Number) Default(value string) Number { o.spec.Default = []string{value}; return o }

// Of is the value, or the default, or 0.
func (o Number) Of(c *sdk.Call) int { return c.Value(o).Number() }

// Given tells whether the user gave the option.
func (o Number) Given(c *sdk.Call) bool { return c.Value(o).Given() }

// Secret is an option with a password or key, which stays in the host.
type Secret struct{ spec sdk.Spec }

// NewSecret declares an option with a password or key.
func NewSecret(name, alias, placeholder, help string) Secret {
	return Secret{sdk.Spec{
		Name: name, Alias: alias, Kind: sdk.Text, Role: sdk.Hidden, Placeholder: placeholder, Help: help,
	}}
}

// Spec implements sdk.Option.
func (o Secret) Spec() sdk.Spec { return o.spec }

// OrEmpty accepts an empty value.
func (o Secret) OrEmpty() Secret { o.spec.AllowEmpty = true; return o }

// Of stands for the value; nil when the option is absent.
func (o Secret) Of(c *sdk.Call) *sdk.Secret { return c.Value(o).Secret() }

// File is an option with the path of a file.
type File struct{ spec sdk.Spec }

// NewInputFile declares an option with a file to read.
func NewInputFile(name, alias, placeholder, help string) File {
	return file(sdk.InputFile, name, alias, placeholder, help)
}

// NewOutputFile declares an option with a file to write.
func NewOutputFile(name, alias, placeholder, help string) File {
	return file(sdk.OutputFile, name, alias, placeholder, help)
}

// NewSecretFile declares an option with a file that holds secrets.
func NewSecretFile(name, alias, placeholder, help string) File {
	return file(sdk.SecretFile, name, alias, placeholder, help)
}

func file(role sdk.Role, name, alias, placeholder, help string) File {
	return File{sdk.Spec{
		Name: name, Alias: alias, Kind: sdk.Text, Role: role, Placeholder: placeholder, Help: help,
	}}
}

// Spec implements sdk.Option.
func (o File) Spec() sdk.Spec { return o.spec }

// Default applies when the option is absent.
func (o File) Default(path string) File { o.spec.Default = []string{path}; return o }

// Help replaces the help text.
func (o File) Help(text string) File { o.spec.Help = text; return o }

// Required makes the option required.
func (o File) Required() File { o.spec.Required = true; return o }

// Optional lets the path be left out, which is the empty path then.
func (o File) Optional() File {
	o.spec.Kind = sdk.OptionalText
	o.spec.Placeholder = "[" + o.spec.Placeholder + "]"
	return o
}

// Of is the path, or "".
func (o File) Of(c *sdk.Call) string { return c.Value(o).Text() }

// Given tells whether the user gave the option.
func (o File) Given(c *sdk.Call) bool { return c.Value(o).Given() }

// Entity is an option that identifies one entity.
type Entity struct{ spec sdk.Spec }

// NewEntity declares an option that identifies an entity of a type.
func NewEntity(t entity.Type, name, alias, placeholder, help string) Entity {
	return Entity{sdk.Spec{
		Name: name, Alias: alias, Kind: sdk.Text, Role: sdk.Identifier, Entity: t,
		Placeholder: placeholder, Help: help,
	}}
}

// Spec implements sdk.Option.
func (o Entity) Spec() sdk.Spec { return o.spec }

// hidden keeps the identifier in the host: the id of a login key is the key.
func (o Entity) hidden() Entity { o.spec.Role = sdk.Hidden; return o }

// Required makes the option required.
func (o Entity) Required() Entity { o.spec.Required = true; return o }

// Help replaces the help text.
func (o Entity) Help(text string) Entity { o.spec.Help = text; return o }

// Named gives the option another name and alias.
func (o Entity) Named(name, alias string) Entity {
	o.spec.Name, o.spec.Alias = name, alias
	return o
}

// Default applies when the option is absent.
func (o Entity) Default(value string) Entity { o.spec.Default = []string{value}; return o }

// Given tells whether the user gave the option.
func (o Entity) Given(c *sdk.Call) bool { return c.Value(o).Given() }

// Of is the entity, found by the host; the project's when the option is
// absent. NotFound, Ambiguous, NoIdentifier.
func (o Entity) Of(ctx context.Context, c *sdk.Call) (entity.Entity, error) {
	return o.find(ctx, c, false)
}

// FullOf is the entity with all that impCentral tells of it.
func (o Entity) FullOf(ctx context.Context, c *sdk.Call) (entity.Entity, error) {
	return o.find(ctx, c, true)
}

func (o Entity) find(ctx context.Context, c *sdk.Call, full bool) (entity.Entity, error) {
	identifier := c.Value(o).Text()
	if s := c.Value(o).Secret(); s != nil {
		identifier = s.Handle()
	}
	found, err := c.Resolve(ctx, sdk.Lookup{
		Type: o.spec.Entity, Identifier: identifier, Default: identifier == "", Full: full,
	})
	if err != nil {
		return entity.Entity{}, err
	}
	if len(found) == 0 {
		return entity.Entity{}, fault.NotFound(o.spec.Entity, identifier)
	}
	return found[0], nil
}

// Entities is an option that may be repeated and identifies entities.
type Entities struct{ spec sdk.Spec }

// Many makes an option repeatable.
func (o Entity) Many() Entities { o.spec.Kind = sdk.List; return Entities(o) }

// Spec implements sdk.Option.
func (o Entities) Spec() sdk.Spec { return o.spec }

// Help replaces the help text.
func (o Entities) Help(text string) Entities { o.spec.Help = text; return o }

// Given tells whether the user gave the option.
func (o Entities) Given(c *sdk.Call) bool { return c.Value(o).Given() }

// Each is the one entity of each value, in the order of the command line.
// NotFound, Ambiguous.
func (o Entities) Each(ctx context.Context, c *sdk.Call) ([]entity.Entity, error) {
	return o.find(ctx, c, false)
}

// Matching are all entities that the values may mean, each once. An unknown
// value adds none.
func (o Entities) Matching(ctx context.Context, c *sdk.Call) ([]entity.Entity, error) {
	return o.find(ctx, c, true)
}

func (o Entities) find(ctx context.Context, c *sdk.Call, all bool) ([]entity.Entity, error) {
	values := c.Value(o).Texts()
	if slices.Contains(values, "") {
		// In the peer it means the project's entity, if there is one.
		return nil, fault.NoIdentifier(o.spec.Entity)
	}
	found := make([][]entity.Entity, len(values))
	resolve := func(wanted []int) error {
		return sdk.Each(ctx, len(wanted), func(ctx context.Context, i int) error {
			var err error
			i = wanted[i]
			found[i], err = c.Resolve(ctx, sdk.Lookup{Type: o.spec.Entity, Identifier: values[i], All: all})
			return err
		})
	}
	// The list that a name is looked up in may have what is given by id.
	names, ids := apart(values)
	if err := resolve(names); err != nil {
		return nil, err
	}
	if err := resolve(ids); err != nil {
		return nil, err
	}
	return entity.Unique(found...), nil
}

// apart tells the places of values that must be names from those of values that
// may be ids.
func apart(values []string) (names, ids []int) {
	for i, v := range values {
		digits := strings.ReplaceAll(v, "-", "")
		if _, err := hex.DecodeString(digits); err == nil && (len(digits) == 16 || len(digits) == 32) {
			ids = append(ids, i)
		} else {
			names = append(names, i)
		}
	}
	return names, ids
}

// Typed is the identifier as the user typed it.
func (o Entity) Typed(c *sdk.Call) string { return c.Value(o).Text() }

// Matching are all entities that the value may mean; none if it is unknown.
func (o Entity) Matching(ctx context.Context, c *sdk.Call) ([]entity.Entity, error) {
	return c.Resolve(ctx, sdk.Lookup{Type: o.spec.Entity, Identifier: c.Value(o).Text(), All: true})
}

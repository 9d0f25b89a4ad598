package builder_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/builder"
)

func TestFunctionsOfLibraries(t *testing.T) {
	t.Parallel()
	settings := builder.Settings{
		Variables: map[string]any{"n": 3, "list": []any{int64(1), uint8(2), float32(0.5)}, "max": "min"},
		Libraries: map[string]any{
			"escape": func(_ context.Context, _ *builder.Scope, args []builder.Value) (builder.Value, error) {
				return fmt.Sprintf("mine%d", len(args)), nil
			},
			"abs": "never seen",
			"look": func(_ context.Context, this *builder.Scope, args []builder.Value) (builder.Value, error) {
				name, _ := args[0].(string)
				v, _ := this.Variable(name)
				g, _ := this.Global(name)
				return []any{v, g}, this.SetGlobal("looked", 1)
			},
			"nothing": func(context.Context, *builder.Scope, []builder.Value) (builder.Value, error) {
				return builder.Undefined{}, nil
			},
			"bad": func(context.Context, *builder.Scope, []builder.Value) (builder.Value, error) { return struct{}{}, nil },
			"fail": func(context.Context, *builder.Scope, []builder.Value) (builder.Value, error) {
				return nil, errors.New("oh")
			},
			"all": func(_ context.Context, this *builder.Scope, _ []builder.Value) (builder.Value, error) {
				return fmt.Sprint(len(this.Globals()), this.Variables()["p"], this.Variables()["__LINE__"]), nil
			},
		},
	}
	result, err := build(t, "@set g 5\n@{n}@{list}@{max(1, 2)}@{abs(-2)}@{escape(1, 2)}\n@{look(\"g\")}@{look(\"n\")}@{looked}@{nothing()}\n@macro m(p)\n@{all()}\n@end\n@include m(4)", settings)
	require.NoError(t, err)
	require.Equal(t, "31,2,0.512mine2\n,53,1undefined\n3 4 5\n", result.Text)
	_, err = build(t, "@{fail()}", settings)
	require.EqualError(t, err, "oh (/case/main:1)")
	_, err = build(t, "@{bad()}", settings)
	require.EqualError(t, err, "a function returns a value of type struct {} (/case/main:1)")
	cycle := []any{nil}
	cycle[0] = cycle
	_, err = build(t, "", builder.Settings{Variables: map[string]any{"v": cycle}})
	require.EqualError(t, err, `variable "v": a value that is too deep`)
	_, err = build(t, "", builder.Settings{Variables: map[string]any{"v": make(chan int)}})
	require.EqualError(t, err, `variable "v": a value of type chan int`)
}

// thing is an object of a library's.
type thing struct{ name string }

func (t thing) Member(_ context.Context, name string) (builder.Value, bool, error) {
	switch name {
	case "name":
		return t.name, true, nil
	case "broken":
		return nil, false, errors.New("it is broken")
	case "shout":
		return func(_ context.Context, _ *builder.Scope, args []builder.Value) (builder.Value, error) {
			return fmt.Sprint(args[0], "!"), nil
		}, true, nil
	}
	return nil, false, nil
}

func (t thing) Text() (string, error) {
	if t.name == "" {
		return "", errors.New("it has no name")
	}
	return "thing " + t.name, nil
}

func TestObjectsOfLibraries(t *testing.T) {
	t.Parallel()
	settings := builder.Settings{Libraries: map[string]any{"a": thing{"A"}, "b": []any{thing{"7"}}, "none": thing{}}}
	result, err := build(t, "@{a}@{a.name}@{a.shout(1)}@{\"x\" | a.shout}@{b}@{a == a}@{a == (b)[0]}@{!a}@{a == \"thing A\"}@{defined(a)}", settings)
	require.NoError(t, err)
	require.Equal(t, "thing AA1!x!thing 7truefalsefalsetruetrue", result.Text)
	for text, message := range map[string]string{
		"@{a.other}":  "Property \"other\" is not defined (/case/main:1)",
		"@{a.broken}": "it is broken (/case/main:1)",
		"@{none}":     "it has no name (/case/main:1)",
	} {
		_, err = build(t, text, settings)
		require.EqualError(t, err, message)
	}
}

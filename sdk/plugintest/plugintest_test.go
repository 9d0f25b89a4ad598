package plugintest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/option"
	"github.com/electricimp/impt/sdk/sim"
)

var (
	device = option.Device.Required()
	level  = option.NewNumber("level", "v", "<percent>", "How bright it shall be.")
)

// lamp is a group that does not come with impt.
var lamp = sdk.Group{
	Name:     "lamp",
	Synopsis: "Lamps.",
	Vendor:   "example",
	Version:  "1.0.0",
	Commands: []sdk.Command{{
		Name:     "dim",
		Synopsis: "Makes a lamp darker.",
		Options:  sdk.Options{device, level, option.Confirmed},
		Needs:    sdk.Write(entity.Device),
		Run: func(ctx context.Context, c *sdk.Call) error {
			d, err := device.Of(ctx, c)
			if err != nil {
				return err
			}
			if err := c.Confirm(ctx, sdk.Plan{Messages: []string{"It gets dark."}}); err != nil {
				return err
			}
			if err := c.Say(ctx, "Lamp %q is dimmed.", d.Text("name")); err != nil {
				return err
			}
			return c.Show(ctx, document.Object{{Key: "Lamp", Value: document.Object{{Key: "level", Value: level.Of(c)}}}})
		},
	}, {
		Name:     "watch",
		Synopsis: "Shows what lamps say.",
		Options:  sdk.Options{device},
		Needs:    sdk.Logs.And(sdk.Read(entity.Device)),
		Run: func(ctx context.Context, c *sdk.Call) error {
			d, err := device.Of(ctx, c)
			if err != nil {
				return err
			}
			return c.ShowStream(ctx, d.ID)
		},
	}},
}

func TestMain(m *testing.M) { Main(m, lamp) }

func TestScripts(t *testing.T) {
	t.Parallel()
	Scripts(t, "testdata")
}

func TestShow(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"":                                      "GET:/devices",
		"page%5Bnumber%5D=1&page%5Bsize%5D=100": "GET:/devices",
		"filter%5Bowner.id%5D=me&page%5Bnumber%5D=2&page%5Bsize%5D=100": "GET:/devices?owner.id=me&page=2",
		"page%5Bnumber%5D=1&page%5Bsize%5D=20":                          "GET:/devices?size=20",
		"filter%5Ba%5D=x+y&filter%5Bb%5D=%C3%A9":                        "GET:/devices?a=x y&b=é",
		"format=json":                                                   "GET:/devices?format=json",
		"filter%5Bowner.id":                                             "GET:/devices?filter[owner.id=",
		"%zz":                                                           "GET:/devices?%zz",
	} {
		require.Equal(t, want, show(sim.Request{Method: "GET", Path: "/devices", Query: query}).line)
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	made := []request{{line: "GET:/a"}, {line: "GET:/b/1"}, {line: "GET:/b/2"}, {"PATCH:/b/1", `{"x":1,"y":[]}`}}
	tests := []struct {
		name string
		args []string
		same bool
	}{
		{"exact", []string{"GET:/a", "GET:/b/1", "GET:/b/2", "PATCH:/b/1"}, true},
		{"patterns", []string{"GET:/a", "GET:/b/*", "GET:/*/2", "PATCH:/b/*"}, true},
		{"a star is no slash", []string{"GET:/a", "GET:/*", "GET:/b/2", "PATCH:/b/*"}, false},
		{"order counts", []string{"GET:/a", "GET:/b/2", "GET:/b/1", "PATCH:/b/1"}, false},
		{"any order", []string{"GET:/a", "{", "GET:/b/2", "GET:/b/1", "}", "PATCH:/b/1"}, true},
		{"the exact ones choose first", []string{"GET:/a", "{", "GET:/b/*", "GET:/b/1", "}", "PATCH:/b/1"}, true},
		{"body", []string{"GET:/a", "GET:/b/1", "GET:/b/2", `PATCH:/b/1 {"y": [], "x": 1}`}, true},
		{"other body", []string{"GET:/a", "GET:/b/1", "GET:/b/2", `PATCH:/b/1 {"y": []}`}, false},
		{"one too few", []string{"GET:/a", "GET:/b/1", "GET:/b/2"}, false},
		{"one too many", []string{"GET:/a", "GET:/b/1", "GET:/b/2", "PATCH:/b/1", "GET:/c"}, false},
		{"the rest", []string{"GET:/a", "..."}, true},
		{"any at all", []string{"..."}, true},
		{"none", nil, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			steps, err := parseSteps(test.args)
			require.NoError(t, err)
			err = compare(steps, made)
			require.Equal(t, test.same, err == nil, "%v", err)
		})
	}
}

func TestRequestsSyntax(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"GET"}, {"/x"}, {"GET:x"}, {"{"}, {"}"}, {"{", "{", "}"}, {"GET:/x {"}} {
		_, err := parseSteps(args)
		require.Error(t, err, "%q", args)
	}
}

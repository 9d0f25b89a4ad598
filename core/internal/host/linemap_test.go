package host

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/fault"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

func TestLineMaps(t *testing.T) {
	t.Parallel()
	m := newLineMaps([]*pluginv1.LineMap{{Code: "device_code", Segments: []*pluginv1.LineSegment{
		{Line: 3, Source: `a "b".nut`, SourceLine: 10},
		{Line: 7, Source: "c.nut", SourceLine: 1},
		{Line: 9},
	}}})
	for entry, want := range map[string]string{
		`"in f device_code:3"`:        `"in f a \"b\".nut:10"`,
		`"in f device_code:6, x"`:     `"in f a \"b\".nut:13, x"`,
		`"device_code:8 device_code"`: `"c.nut:2 device_code"`,
		`"device_code:2"`:             `"device_code:2"`,
		`"device_code:9"`:             `"device_code:9"`,
		`"agent_code:3"`:              `"agent_code:3"`,
		`"my_device_code:3"`:          `"my_device_code:3"`,
	} {
		require.Equal(t, want, string(m.translated([][]byte{[]byte(entry)})[0]))
	}
	problems := m.moved([]*fault.Problem{{}, {Places: []*pluginv1.Place{
		{File: "device_code", Row: 8, Column: 3}, {File: "device_code", Row: 9}, {File: "lib.nut", Row: 8},
	}}})
	var places []string
	for _, p := range problems[1].GetPlaces() {
		places = append(places, fmt.Sprint(p.GetFile(), ":", p.GetRow(), ":", p.GetColumn()))
	}
	require.Equal(t, []string{"c.nut:2:3", "device_code:9:0", "lib.nut:8:0"}, places)
}

package wire

import (
	"maps"
	"slices"

	"github.com/electricimp/impt/sdk/entity"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// LineMaps is what the host gets of the lines of code.
func LineMaps(c entity.Code) []*pluginv1.LineMap {
	var all []*pluginv1.LineMap
	for _, name := range slices.Sorted(maps.Keys(c)) {
		m := &pluginv1.LineMap{Code: name}
		for _, s := range c[name] {
			m.Segments = append(m.Segments, &pluginv1.LineSegment{
				Line: int64(s.Line), Source: s.Source, SourceLine: int64(s.SourceLine),
			})
		}
		all = append(all, m)
	}
	return all
}

package host

import (
	"bytes"
	"regexp"
	"sort"
	"strconv"
	"sync"

	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/fault"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// place is a line of code in a log entry, as in `in main device_code:12`.
var place = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\b(device_code|agent_code):([0-9]{1,9})\b`)
})

// lineMaps are segments by the name of the code.
type lineMaps map[string][]*pluginv1.LineSegment

func newLineMaps(maps []*pluginv1.LineMap) lineMaps {
	all := lineMaps{}
	for _, m := range maps {
		all[m.GetCode()] = m.GetSegments()
	}
	return all
}

// translated are log entries whose places in the code are places in sources.
func (m lineMaps) translated(entries [][]byte) [][]byte {
	if len(m) == 0 {
		return entries
	}
	shown := make([][]byte, len(entries))
	for i, e := range entries {
		shown[i] = place().ReplaceAllFunc(e, m.translate)
	}
	return shown
}

// moved are problems whose places in the code are places in sources.
func (m lineMaps) moved(problems []*fault.Problem) []*fault.Problem {
	for _, p := range problems {
		for _, place := range p.GetPlaces() {
			if source, line, found := m.find(place.GetFile(), place.GetRow()); found {
				place.File, place.Row = source, line
			}
		}
	}
	return problems
}

// find is the source's name and line for a line of the code.
func (m lineMaps) find(code string, line int64) (source string, sourceLine int64, found bool) {
	segments := m[code]
	i := sort.Search(len(segments), func(i int) bool { return segments[i].GetLine() > line }) - 1
	if i < 0 || segments[i].GetSourceLine() == 0 {
		return "", 0, false
	}
	s := segments[i]
	return s.GetSource(), s.GetSourceLine() + line - s.GetLine(), true
}

// translate is the source's name and line, within a JSON text.
func (m lineMaps) translate(found []byte) []byte {
	name, digits, _ := bytes.Cut(found, []byte(":"))
	line, err := strconv.ParseInt(string(digits), 10, 64)
	if err != nil {
		return found
	}
	source, sourceLine, known := m.find(string(name), line)
	if !known {
		return found
	}
	quoted := document.Encode(source + ":" + strconv.FormatInt(sourceLine, 10))
	return quoted[1 : len(quoted)-1]
}

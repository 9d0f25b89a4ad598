package testcode

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/electricimp/impt/sdk/builder"
	"github.com/electricimp/impt/sdk/fault"
)

// side is the code of a device or an agent.
type side struct {
	result *builder.Result
	// lines are those of the code by what #line says of them.
	lines map[place]int
}

type place struct {
	file string
	line int
}

var lineControl = regexp.MustCompile(`^#line ([0-9]{1,9}) "(.*)"\r?$`)

func newSide(name string, r *builder.Result) *side {
	s := &side{result: r, lines: map[place]int{}}
	at := place{name, 1}
	n := 0
	for text := range strings.Lines(r.Text) {
		n++
		if m := lineControl.FindStringSubmatch(strings.TrimSuffix(text, "\n")); m != nil {
			at.file = strings.ReplaceAll(m[2], `\"`, `"`)
			at.line, _ = strconv.Atoi(m[1])
			continue
		}
		if _, twice := s.lines[at]; !twice {
			s.lines[at] = n
		}
		at.line++
	}
	return s
}

// source is where a line comes from: the compiler may name it by #line, or
// count the lines of the code.
func (c *Code) source(file string, line int) (place, bool) {
	for _, name := range []string{"device_code", "agent_code"} {
		s := c.sides[name]
		n, known := s.lines[place{file, line}]
		if !known && file == name {
			n, known = line, true
		}
		if !known {
			continue
		}
		if p, ok := s.result.Position(n); ok && p.Name != template {
			return place{strings.TrimPrefix(p.Name, c.root), p.Line}, true
		}
	}
	return place{}, false
}

// inText is a line of code in a text, as in `in main device_code:12`.
var inText = regexp.MustCompile(`(\S[^\s()]*):([0-9]{1,9})\b`)

// Places turns places in the code into those in its sources.
func (c *Code) Places(text string) string {
	return inText.ReplaceAllStringFunc(text, func(found string) string {
		m := inText.FindStringSubmatch(found)
		line, _ := strconv.Atoi(m[2])
		if p, ok := c.source(m[1], line); ok {
			return p.file + ":" + strconv.Itoa(p.line)
		}
		return found
	})
}

// Problems are those of a failed deployment, with places in the sources.
func (c *Code) Problems(problems []*fault.Problem) {
	for _, p := range problems {
		for _, at := range p.GetPlaces() {
			if found, ok := c.source(at.GetFile(), int(at.GetRow())); ok {
				at.File, at.Row = found.file, int64(found.line)
			}
		}
	}
}

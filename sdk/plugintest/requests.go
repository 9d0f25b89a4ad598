package plugintest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/electricimp/impt/sdk/sim"
)

// requests compares what arrived with what was expected.
func (x *script) requests(_ *testscript.TestScript, args []string) error {
	if x.cloud == nil {
		return errNoCloud
	}
	steps, err := parseSteps(args)
	if err != nil {
		return err
	}
	var made []request
	for _, r := range x.cloud.sim.Requests() {
		made = append(made, show(r))
	}
	x.cloud.sim.ForgetRequests()
	return compare(steps, made)
}

// request is one request as transcripts write it.
type request struct{ line, body string }

// show writes a request as a transcript does.
func show(r sim.Request) request {
	line := r.Method + ":" + r.Path
	query, err := parseQuery(r.Query)
	if err != nil {
		return request{line: line + "?" + r.Query}
	}
	for i, q := range query {
		line += map[bool]string{true: "?", false: "&"}[i == 0] + q
	}
	var body bytes.Buffer
	if json.Compact(&body, r.Body) != nil {
		return request{line, string(r.Body)}
	}
	return request{line, body.String()}
}

// parseQuery writes a query in the order in which it was sent, without what is
// the same in every list.
func parseQuery(raw string) ([]string, error) {
	var shown []string
	for part := range strings.SplitSeq(raw, "&") {
		name, value, _ := strings.Cut(part, "=")
		name, err := url.QueryUnescape(name)
		if err != nil {
			return nil, err
		}
		if value, err = url.QueryUnescape(value); err != nil {
			return nil, err
		}
		switch {
		case name == "", name == "page[number]" && value == "1", name == "page[size]" && value == "100":
			continue
		case strings.HasSuffix(name, "]"):
			if kind, inner, ok := strings.Cut(strings.TrimSuffix(name, "]"), "["); ok {
				name = inner
				if kind == "page" && inner == "number" {
					name = "page"
				}
			}
		}
		shown = append(shown, name+"="+value)
	}
	return shown, nil
}

// step is what must arrive next, in any order.
type step []request

func parseSteps(args []string) ([]step, error) {
	var (
		steps []step
		group step
		open  bool
	)
	for _, arg := range args {
		switch {
		case arg == "{" && !open:
			open, group = true, nil
		case arg == "}" && open:
			open, steps = false, append(steps, group)
		case arg == "{", arg == "}":
			return nil, errors.New("{ and } do not match")
		case arg == rest && !open:
			steps = append(steps, step{{line: rest}})
		default:
			line, body, _ := strings.Cut(arg, " ")
			method, path, ok := strings.Cut(line, ":")
			if !ok || method == "" || !strings.HasPrefix(path, "/") {
				return nil, fmt.Errorf("%s is not METHOD:/path", quoted(arg))
			}
			var compact bytes.Buffer
			if body != "" && json.Compact(&compact, []byte(body)) != nil {
				return nil, fmt.Errorf("%s is not a JSON text", quoted(body))
			}
			r := request{line, compact.String()}
			if open {
				group = append(group, r)
			} else {
				steps = append(steps, step{r})
			}
		}
	}
	if open {
		return nil, errors.New("{ and } do not match")
	}
	return steps, nil
}

// rest stands for all requests that are left.
const rest = "..."

func compare(steps []step, made []request) error {
	left := made
	for _, s := range steps {
		if len(s) == 1 && s[0].line == rest {
			return nil
		}
		n := min(len(s), len(left))
		if n < len(s) || !sameInAnyOrder(s, left[:n]) {
			return differing(steps, made)
		}
		left = left[n:]
	}
	if len(left) > 0 {
		return differing(steps, made)
	}
	return nil
}

// sameInAnyOrder finds a partner for each expected request; the most exact
// ones choose first, so that one with * leaves them theirs.
func sameInAnyOrder(expected step, made []request) bool {
	expected, left := slices.Clone(expected), slices.Clone(made)
	slices.SortStableFunc(expected, func(a, b request) int {
		return strings.Count(a.line, "*") - strings.Count(b.line, "*")
	})
	for _, e := range expected {
		i := slices.IndexFunc(left, e.matches)
		if i < 0 {
			return false
		}
		left = slices.Delete(left, i, i+1)
	}
	return true
}

func (r request) matches(made request) bool {
	return glob(r.line, made.line) && (r.body == "" || sameJSON(r.body, made.body))
}

// glob compares with a pattern in which * stands for anything but a slash, a
// question mark or an ampersand.
func glob(pattern, s string) bool {
	before, after, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == s
	}
	rest, ok := strings.CutPrefix(s, before)
	if !ok {
		return false
	}
	for i := 0; ; i++ {
		if glob(after, rest[i:]) {
			return true
		}
		if i == len(rest) || strings.ContainsRune("/?&", rune(rest[i])) {
			return false
		}
	}
}

func sameJSON(a, b string) bool {
	var one, other any
	if json.Unmarshal([]byte(a), &one) != nil || json.Unmarshal([]byte(b), &other) != nil {
		return a == b
	}
	x, errX := json.Marshal(one)
	y, errY := json.Marshal(other)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

func differing(steps []step, made []request) error {
	var b strings.Builder
	b.WriteString("other requests were made:\n")
	withBodies := slices.ContainsFunc(steps, func(s step) bool {
		return slices.ContainsFunc(s, func(r request) bool { return r.body != "" })
	})
	b.WriteString("  requests")
	for _, r := range made {
		b.WriteString(" " + word(r, withBodies))
	}
	b.WriteString("\nthan expected:\n  requests")
	for _, s := range steps {
		if len(s) > 1 {
			b.WriteString(" {")
		}
		for _, r := range s {
			b.WriteString(" " + word(r, withBodies))
		}
		if len(s) > 1 {
			b.WriteString(" }")
		}
	}
	return errors.New(b.String())
}

// word is a request as it can be pasted into a transcript.
func word(r request, withBody bool) string {
	text := r.line
	if withBody && r.body != "" {
		text += " " + r.body
	}
	if strings.ContainsAny(text, " '$#\"") {
		text = "'" + strings.ReplaceAll(text, "'", "''") + "'"
	}
	return text
}

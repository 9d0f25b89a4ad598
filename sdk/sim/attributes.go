package sim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"unicode/utf8"
)

const (
	maxName        = 80
	maxDescription = 255
	maxTags        = 500
	maxEnvVars     = 16 << 10
)

// attributes reads the attributes of a request one by one and collects what is
// wrong with them, so that a client hears of everything at once.
type attributes struct {
	raw    map[string]json.RawMessage
	seen   map[string]bool
	errors []Error
}

func (in *resourceIn) attributes() *attributes {
	return &attributes{raw: in.Attributes, seen: map[string]bool{}}
}

func (a *attributes) bad(name, format string, args ...any) {
	a.errors = append(a.errors, newError(http.StatusBadRequest, "Invalid Attribute", "%s %s.", name, fmt.Sprintf(format, args...)))
}

// take returns nil for an attribute that is absent or null; given tells null
// from absent.
func (a *attributes) take(name string) (raw json.RawMessage, given bool) {
	a.seen[name] = true
	raw, given = a.raw[name]
	if string(raw) == "null" {
		raw = nil
	}
	return raw, given
}

// text reads a string of at least least and at most most characters; most 0: no limit.
func (a *attributes) text(name string, least, most int) (value *string, given bool) {
	raw, given := a.take(name)
	if raw == nil {
		if given && least > 0 {
			a.bad(name, "must not be null")
		}
		return nil, given
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		a.bad(name, "must be a string")
		return nil, given
	}
	if n := utf8.RuneCountInString(s); n < least || most > 0 && n > most {
		a.bad(name, "must have %d to %d characters", least, most)
	}
	return &s, given
}

// required is text that must be there.
func (a *attributes) required(name string, least, most int) string {
	v, given := a.text(name, least, most)
	switch {
	case v != nil:
		return *v
	case !given || least == 0:
		a.bad(name, "is required")
	}
	return ""
}

func (a *attributes) name() string { return a.required("name", 1, maxName) }
func (a *attributes) description() *string {
	v, _ := a.text("description", 0, maxDescription)
	return v
}

func (a *attributes) boolean(name string) *bool {
	raw, _ := a.take(name)
	if raw == nil {
		return nil
	}
	var b bool
	if json.Unmarshal(raw, &b) != nil {
		a.bad(name, "must be true or false")
		return nil
	}
	return &b
}

func (a *attributes) tags() (tags []string, given bool) {
	raw, given := a.take("tags")
	if raw == nil {
		return nil, given
	}
	if json.Unmarshal(raw, &tags) != nil {
		a.bad("tags", "must be a list of strings")
		return nil, given
	}
	if why := checkTags(tags); why != "" {
		a.bad("tags", "%s", why)
	}
	return tags, given
}

func checkTags(tags []string) string {
	total := 0
	for _, t := range tags {
		total += len(t)
		if t == "" {
			return "must not be empty strings"
		}
		for _, r := range t {
			if !tagCharacter(r) {
				return fmt.Sprintf("may have letters, digits and _ - * . only, unlike %q", t)
			}
		}
	}
	if total > maxTags {
		return fmt.Sprintf("may have %d characters in all", maxTags)
	}
	return ""
}

func tagCharacter(r rune) bool {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		return true
	}
	return r == '_' || r == '-' || r == '*' || r == '.'
}

var envKey = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)

// envVars keeps the text, and so the order, of the object.
func (a *attributes) envVars() json.RawMessage {
	raw, _ := a.take("env_vars")
	if raw == nil {
		return nil
	}
	out, why := checkEnvVars(raw)
	if why != "" {
		a.bad("env_vars", "%s", why)
	}
	return out
}

func checkEnvVars(raw json.RawMessage) (json.RawMessage, string) {
	var object map[string]any
	if json.Unmarshal(raw, &object) != nil || object == nil {
		return nil, "must be an object"
	}
	for key, value := range object {
		if !envKey.MatchString(key) {
			return nil, fmt.Sprintf("must have keys of letters, digits and _ that begin with a letter, unlike %q", key)
		}
		switch value.(type) {
		case string, float64:
		default:
			return nil, fmt.Sprintf("must have strings and numbers as values, unlike %q", key)
		}
	}
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil || b.Len() > maxEnvVars {
		return nil, fmt.Sprintf("may have %d bytes", maxEnvVars)
	}
	return b.Bytes(), ""
}

// done refuses what was not asked for, and returns all that was wrong.
func (a *attributes) done() error {
	for _, name := range slices.Sorted(maps.Keys(a.raw)) {
		if !a.seen[name] {
			a.bad(name, "is not an attribute that can be set here")
		}
	}
	if len(a.errors) == 0 {
		return nil
	}
	return &failure{status: http.StatusBadRequest, errors: a.errors}
}

package auth

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/fault"
)

// stored is what an auth file holds, or would.
type stored struct {
	doc      document.Object // all of it, also what we do not know
	endpoint string
	access   string
	expires  time.Time
	refresh  string
	key      string
}

func (s stored) renewable() bool { return s.refresh != "" || s.key != "" }

// read reads an auth file.
func read(p place) (stored, error) {
	text, err := os.ReadFile(p.file)
	if err != nil {
		return stored{}, fileFault(p.shown, "open", err)
	}
	s, err := parse(text)
	if err != nil {
		return s, withHints(fault.CorruptedFile(p.which, err), p.hints)
	}
	return s, nil
}

func withHints(f *fault.Fault, hints []string) *fault.Fault {
	f.Hints = hints
	return f
}

// parse reads the text of an auth file. With an error comes as much as could be
// understood. Errors do not quote the text.
func parse(text []byte) (stored, error) {
	s := stored{endpoint: DefaultEndpoint}
	v, err := document.Parse(text)
	if err != nil {
		return s, errors.New("not a JSON text")
	}
	doc, ok := v.(document.Object)
	if !ok {
		return s, errors.New("not a JSON object")
	}
	s.doc = doc
	var problems []error
	field := func(name string) string {
		v, _ := doc.Get(name)
		switch v := v.(type) {
		case nil:
			return ""
		case string:
			return v
		default:
			problems = append(problems, fmt.Errorf("%s is not a string", name))
			return ""
		}
	}
	if e := field("endpoint"); e != "" {
		s.endpoint = e
	}
	s.access, s.refresh, s.key = field("accessToken"), field("refreshToken"), field("loginKey")
	if s.access == "" {
		problems = append(problems, errors.New("no accessToken"))
	}
	expires, _ := doc.Get("expiresAt")
	if s.expires, ok = parseTime(expires); !ok {
		problems = append(problems, errors.New("no time in expiresAt"))
	}
	return s, errors.Join(problems...)
}

// Times as JavaScript reads them; impCentral sends the first form.
var timeForms = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04Z07:00",
	time.DateOnly, "2006-01", "2006", time.RFC1123, time.RFC1123Z,
}

// Those without a zone are local.
var localForms = []string{"2006-01-02T15:04:05.999999999", "2006-01-02T15:04", "2006-01-02 15:04:05.999999999"}

// parseTime reads a time: a text, or the milliseconds of JavaScript's clock.
func parseTime(v document.Value) (time.Time, bool) {
	switch v := v.(type) {
	case string:
		for _, form := range timeForms {
			if t, err := time.Parse(form, v); err == nil {
				return t, true
			}
		}
		for _, form := range localForms {
			if t, err := time.ParseInLocation(form, v, time.Local); err == nil {
				return t, true
			}
		}
	case json.Number:
		ms, err := strconv.ParseFloat(v.String(), 64)
		// JavaScript's times end there.
		if err == nil && ms > 0 && ms <= 8.64e15 {
			return time.UnixMilli(int64(ms)), true
		}
	}
	return time.Time{}, false
}

// formatTime writes a time as impCentral does.
func formatTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// encode is the text of an auth file: two blanks a level, no final line end.
func (s stored) encode() []byte { return document.EncodeIndent(s.doc) }

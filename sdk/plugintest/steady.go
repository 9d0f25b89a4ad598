package plugintest

import (
	"errors"
	"io"
	"regexp"

	"github.com/rogpeppe/go-internal/testscript"
)

// unsteady is what differs in every run, and what stands for it.
var unsteady = []struct {
	found *regexp.Regexp
	put   string
}{
	{regexp.MustCompile(`\[\+\d+\.\d\d/\d+\.\d\ds `), "[+0.00/0.00s "},
	{regexp.MustCompile(`Started at \d\d \w{3} \d{4} .*`), "Started at " + start.Format("02 Jan 2006 15:04:05 GMT-0700")},
	{regexp.MustCompile(`ession "[a-z]+-[a-z]+`), `ession "this-one`},
}

// steady replaces what differs in every run by what doesn't.
func (x *script) steady(ts *testscript.TestScript, args []string) error {
	if len(args) > 0 {
		return errors.New("usage: steady")
	}
	text := ts.ReadFile("stdout")
	for _, u := range unsteady {
		text = u.found.ReplaceAllString(text, u.put)
	}
	_, err := io.WriteString(ts.Stdout(), text)
	return err
}

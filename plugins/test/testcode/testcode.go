// Package testcode makes the code that is deployed for a test file: the test
// framework, the code under test, the tests, and what starts them.
package testcode

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/electricimp/impt/plugins/test/framework"
	"github.com/electricimp/impt/sdk/builder"
)

// Test is what a deployment is made of.
type Test struct {
	// File has the tests. All files are named as seen from the working directory.
	File string
	// OnAgent tells that they run on the agent.
	OnAgent bool
	// Partner is code for the other side; may be empty.
	Partner string
	// DeviceFile and AgentFile are the code under test; may be empty.
	DeviceFile, AgentFile string
	// Session is the id in the messages of the tests.
	Session string
	// Timeout is how many seconds a test may take.
	Timeout    float64
	StopOnFail bool
	// Class and Method are the tests to run; all if empty.
	Class, Method string
	// Trigger is a text that no other deployment has: without one, a device
	// would not load code that it has already.
	Trigger string
}

// Code is what is deployed.
type Code struct {
	Device, Agent string

	test Test
	// sides are the codes by the names that impCentral has for them.
	sides map[string]*side
	root  string // of local files, with a slash at its end
}

// Tests is the code that the tests are in.
func (c *Code) Tests() string {
	if c.test.OnAgent {
		return c.Agent
	}
	return c.Device
}

// Build makes the code.
func Build(ctx context.Context, t Test, s builder.Settings) (*Code, error) {
	c := &Code{test: t, sides: map[string]*side{}}
	s.LineControl = true
	s.Reader = reader{s.Reader, c}
	for _, x := range []struct {
		name string
		text *string
	}{{"agent_code", &c.Agent}, {"device_code", &c.Device}} {
		result, err := builder.Build(ctx, t.template(x.name == "agent_code"), builder.Place{File: template}, s)
		if err != nil {
			return nil, err
		}
		*x.text = result.Text
		c.sides[x.name] = newSide(x.name, result)
	}
	return c, nil
}

const (
	// template is what the generated lines are from.
	template = "main"
	// reference is how they include the framework; it is no path.
	reference = "impt:" + framework.Name
)

// reader also has the framework, and learns where the working directory is.
type reader struct {
	builder.Reader
	code *Code
}

func (r reader) Read(ctx context.Context, ref string, from builder.Place) (builder.Source, error) {
	if ref == reference {
		place := builder.Place{File: framework.Name}
		return builder.Source{Place: place, Name: framework.Name, Text: framework.Source}, nil
	}
	found, err := r.Reader.Read(ctx, ref, from)
	if root, below := strings.CutSuffix(found.Name, ref); below && ref == r.code.test.File {
		r.code.root = root
	}
	return found, err
}

// template is the code of one side as Builder gets it.
func (t Test) template(agent bool) string {
	own, partner := t.DeviceFile, t.Partner
	if agent {
		own = t.AgentFile
	}
	var b strings.Builder
	if agent != t.OnAgent {
		include(&b, own)
		include(&b, partner)
	} else {
		t.runner(&b, own)
	}
	if !agent {
		fmt.Fprintf(&b, "\n// Makes the device load the code.\n%s\n", quoted(t.Trigger))
	}
	return b.String()
}

// runner is the side that the tests are on.
func (t Test) runner(b *strings.Builder, own string) {
	include(b, reference)
	// Between the marks an error is the end of all.
	fmt.Fprintf(b, "__module_impUnit_exports.mark(\"loading\", %s);\n", quoted(t.Session))
	include(b, own)
	b.WriteString("\nfunction __module_tests(ImpTestCase) {\n")
	include(b, t.File)
	b.WriteString("}\n\nfunction __module_tests_bootstrap(ImpUnitRunner) {\n#line 1 \"__tests_bootstrap__\"\n")
	// After 2 seconds the platform has said all that it says at a start.
	b.WriteString("imp.wakeup(2, function() {\n    local runner = ImpUnitRunner();\n    runner.readableOutput = false;\n")
	for _, field := range []struct{ name, value string }{
		{"session", quoted(t.Session)},
		{"timeout", strconv.FormatFloat(t.Timeout, 'f', -1, 64)},
		{"stopOnFailure", strconv.FormatBool(t.StopOnFail)},
		{"testClass", quoted(t.Class)},
		{"testCase", quoted(t.Method)},
	} {
		fmt.Fprintf(b, "    runner.%s = %s;\n", field.name, field.value)
	}
	b.WriteString("    runner.run();\n});\n}\n\n")
	b.WriteString("__module_tests(__module_impUnit_exports.ImpTestCase);\n")
	b.WriteString("__module_tests_bootstrap(__module_impUnit_exports.ImpUnitRunner);\n")
	fmt.Fprintf(b, "__module_impUnit_exports.mark(\"loaded\", %s);\n", quoted(t.Session))
}

func include(b *strings.Builder, file string) {
	if file == "" {
		b.WriteString("// no source\n")
		return
	}
	fmt.Fprintf(b, "@include \"%s\"\n", strings.NewReplacer(`\`, `/`, `"`, `\"`).Replace(file))
}

// quoted is a string of Squirrel's, in which Builder finds nothing.
func quoted(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < ' ' || c == '@' || c == 0x7f:
			fmt.Fprintf(&b, `\x%02x`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

package testcode_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/plugins/test/testcode"
	"github.com/electricimp/impt/sdk/builder"
	"github.com/electricimp/impt/sdk/builder/buildertest"
	"github.com/electricimp/impt/sdk/fault"
)

var files = buildertest.Files{
	"tests/a.test.nut":  "class A extends ImpTestCase {\n@if true\n  function testIt() {}\n@end\n}",
	"tests/a.agent.nut": "// the partner",
	"led.nut":           "class Led {}\n",
	"agent.nut":         "// the agent\n",
}

func build(t *testing.T, x testcode.Test) *testcode.Code {
	t.Helper()
	x.File, x.Session, x.Timeout, x.Trigger = "tests/a.test.nut", "two-words", 2.5, "once"
	c, err := testcode.Build(t.Context(), x, builder.Settings{Reader: files})
	require.NoError(t, err)
	return c
}

func TestEachSideHasItsCode(t *testing.T) {
	t.Parallel()
	c := build(t, testcode.Test{Partner: "tests/a.agent.nut", DeviceFile: "led.nut", AgentFile: "agent.nut"})
	require.Regexp(t, `(?s)ImpUnitRunner <-.*mark\("loading", "two-words"\).*class Led.*function __module_tests.*class A .*imp\.wakeup\(2, .*mark\("loaded", "two-words"\).*\n"once"\n$`, c.Device)
	require.Equal(t, c.Device, c.Tests())
	require.Regexp(t, `(?s)// the agent\n.*// the partner`, c.Agent)
	require.NotContains(t, c.Agent, "ImpTestCase")
	require.NotContains(t, c.Agent, "once")

	c = build(t, testcode.Test{OnAgent: true, DeviceFile: "led.nut"})
	require.Equal(t, c.Agent, c.Tests())
	require.Regexp(t, `(?s)ImpUnitRunner <-.*// no source\n.*class A `, c.Agent)
	require.NotContains(t, c.Agent, "once")
	require.Regexp(t, `(?s)class Led.*\n"once"\n$`, c.Device)
	require.NotContains(t, c.Device, "ImpTestCase")
}

func TestSettingsOfTheRunner(t *testing.T) {
	t.Parallel()
	c := build(t, testcode.Test{StopOnFail: true, Class: `A"@{1+1}\`, Method: "testIt"})
	for _, line := range []string{
		`runner.session = "two-words";`, `runner.timeout = 2.5;`, `runner.stopOnFailure = true;`,
		`runner.testClass = "A\"\x40{1+1}\\";`, `runner.testCase = "testIt";`, `runner.readableOutput = false;`,
	} {
		require.Contains(t, c.Device, line)
	}
}

func TestPlacesAreThoseOfTheSources(t *testing.T) {
	t.Parallel()
	c := build(t, testcode.Test{DeviceFile: "led.nut"})
	line := func(text string) int {
		return 1 + strings.Count(c.Device[:strings.Index(c.Device, text)], "\n")
	}
	raw := func(text string) string { return "device_code:" + strconv.Itoa(line(text)) }
	require.Equal(t, "in main tests/a.test.nut:3", c.Places("in main "+raw("function testIt")))
	require.Equal(t, "led.nut:1 led.nut:1", c.Places(raw("class Led")+" "+raw("class Led")))
	require.Equal(t, raw("imp.wakeup(2"), c.Places(raw("imp.wakeup(2")), "generated lines have no source")
	// A compiler that knows #line counts the lines that are there.
	named := regexp.MustCompile(`#line 1 "(.*a\.test\.nut)"`).FindStringSubmatch(c.Device)
	require.NotNil(t, named)
	require.Equal(t, "in f tests/a.test.nut:3", c.Places("in f "+named[1]+":2"))
	require.Equal(t, "elsewhere:2 device_code:99999", c.Places("elsewhere:2 device_code:99999"))

	problems := []*fault.Problem{{Places: []*fault.Place{
		{File: "device_code", Row: int64(line("class Led"))}, {File: named[1], Row: 2}, {File: "agent_code", Row: 1},
	}}}
	c.Problems(problems)
	require.Equal(t, "led.nut", problems[0].Places[0].File)
	require.Equal(t, int64(1), problems[0].Places[0].Row)
	require.Equal(t, int64(3), problems[0].Places[1].Row)
	require.Equal(t, "agent_code", problems[0].Places[2].File)
}

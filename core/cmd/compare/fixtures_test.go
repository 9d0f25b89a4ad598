package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestVerdicts(t *testing.T) {
	t.Parallel()
	require.Equal(t, `Using agent test file "a.nut"
C::test()
Success: 2
Session succeeded
Testing succeeded
exit code 0`, verdict(&Observation{Out: "\x1b[90m[info]\x1b[39m Started\n" +
		"\x1b[90m[+0.1/0.1s info]\x1b[39m Using agent test file \"a.nut\"\n[+0.1/0.1s info] Using agent test file \"a.nut\"\n" +
		"\x1b[32m[+0.1/0.1s test]\x1b[39m C::test()\n[+0.1/0.1s test] other\n[+0.1/0.1s test] Success: 2\n" +
		"[+0.1/0.1s test] Session \"one\" succeeded\n[+0.1/0.1s error] Session startup timeout\n[+0.1/0.1s info] Testing succeeded\n"}))
}

func TestFixturesOfThePeerAreRunAsConfigured(t *testing.T) {
	t.Parallel()
	c, err := fixtures[len(fixtures)-1].prepared(t.TempDir())
	require.NoError(t, err)
	require.Equal(t, `{"deviceGroupId": "@dg:Bench", "deviceFile": "device.nut", "testFiles": ["*.test.nut", "tests/**/*.test.nut"], `+
		`"timeout": 30, "stopOnFail": false, "allowDisconnect": false, "builderCache": false}`, c.Files[0].text)
	_, err = fixtures[0].prepared(t.TempDir() + "/none")
	require.Error(t, err)
}

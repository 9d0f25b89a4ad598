package main

import (
	"testing"

	"github.com/electricimp/impt/sdk/plugintest"
)

func TestMain(m *testing.M) { plugintest.Main(m, group) }

func TestScripts(t *testing.T) {
	t.Parallel()
	plugintest.Scripts(t, "testdata")
}

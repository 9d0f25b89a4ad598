package cli

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// manyGroups are 50 groups of 10 commands of 8 options.
func manyGroups() []*pluginv1.Manifest {
	all := make([]*pluginv1.Manifest, 50)
	for i := range all {
		all[i] = group(fmt.Sprintf("group-%d", i), "Does this and that for those who want it.")
		for j := range 10 {
			c := cmd(fmt.Sprintf("command-%d", j), "Does a part of it.", confirmed(), product(), dgType(list))
			for k := range 4 {
				c.Options = append(c.Options, opt(text, fmt.Sprintf("option-%d", k), strconv.Itoa(k), "<value>",
					"A text that is long enough to be wrapped, since most of the texts of options are."))
			}
			all[i].Commands = append(all[i].Commands, c)
		}
	}
	return all
}

func BenchmarkRun(b *testing.B) {
	all := manyGroups()
	for name, line := range map[string]string{
		"command":      "group-49 command-9 -p X --option-3 y",
		"flag before":  "-q group-49 command-9 -p X",
		"command help": "group-49 command-9 --help",
		"group help":   "group-49 --help",
		"root help":    "--help",
		"version":      "--version",
		"unknown":      "nosuch",
	} {
		b.Run(name, func(b *testing.B) {
			in := Input{
				Args: words(line), Manifests: all, Version: "3.0.0", Out: io.Discard, Err: io.Discard, Suggest: true,
				Run: func(context.Context, *Invocation) int { return 0 },
			}
			b.ReportAllocs()
			for b.Loop() {
				Run(b.Context(), in)
			}
		})
	}
}

func TestManyGroupsAreGood(t *testing.T) {
	t.Parallel()
	for _, m := range manyGroups() {
		require.NoError(t, Validate(m))
	}
}

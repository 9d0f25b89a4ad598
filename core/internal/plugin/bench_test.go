package plugin

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"google.golang.org/protobuf/proto"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// BenchmarkRun is what one command costs besides its requests: a start, one
// call of Host, an end. The two take turns, so that what else the machine does
// hits them alike; the figures are medians.
func BenchmarkRun(b *testing.B) {
	kinds := map[string]*Plugin{"bundled-ms": stub(b), "stranger-ms": stub(b)}
	kinds["bundled-ms"].Bundled = true
	took := map[string][]time.Duration{}
	for b.Loop() {
		for kind, p := range kinds {
			begun := time.Now()
			process, err := Start(b.Context(), p, StartOptions{Host: newListener()})
			require.NoError(b, err)
			require.NoError(b, process.Run(b.Context(), &pluginv1.RunRequest{Command: "say"}))
			require.NoError(b, process.Close())
			took[kind] = append(took[kind], time.Since(begun))
		}
	}
	for kind, all := range took {
		slices.Sort(all)
		b.ReportMetric(float64(all[len(all)/2])/float64(time.Millisecond), kind)
	}
}

// manifest is one of a group with as many commands, each with eight options.
func manifest(name string, commands int) *pluginv1.Manifest {
	m := &pluginv1.Manifest{Name: name, Version: "1.2.3", Synopsis: "Manages things of one kind, and all that belongs to them."}
	for i := range commands {
		c := &pluginv1.Command{
			Name:     fmt.Sprintf("command-%d", i),
			Synopsis: "Does with things of this kind what has to be done with them.",
			Examples: []string{"impt thing command -t meter-7 --dg Kitchen -z json"},
			Needs:    []*pluginv1.Capability{{Resource: "device", Access: pluginv1.Access_ACCESS_WRITE}},
		}
		for j := range 8 {
			c.Options = append(c.Options, &pluginv1.Option{
				Name: fmt.Sprintf("option-%d", j), Alias: "o", Kind: pluginv1.OptionKind_OPTION_KIND_TEXT,
				Placeholder: "<identifier>", Entity: "device",
				Help: "Identifier of the thing: its id, its name, or another text that means it and nothing else.",
			})
		}
		m.Commands = append(m.Commands, c)
	}
	return m
}

// BenchmarkLoad is what help, completion and each command pay for knowing the
// plugins. Decoded is with the manifests of all of them, lazy with one.
func BenchmarkLoad(b *testing.B) {
	for _, groups := range []int{11, 50} {
		folder, cache := b.TempDir(), b.TempDir()
		require.NoError(b, os.Chmod(cache, 0o700))
		x := &Index{config: Config{Bundled: folder, CacheDir: cache}}
		for i := range groups {
			name := fmt.Sprintf("group-%d", i)
			path := filepath.Join(folder, filePrefix+name)
			require.NoError(b, os.WriteFile(path, nil, 0o700))
			p := looked(b, path, name)
			encoded, err := proto.Marshal(manifest(name, 10))
			require.NoError(b, err)
			p.hold(encoded)
			x.Plugins = append(x.Plugins, p)
		}
		x.write(nil)
		for kind, decoded := range map[string]int{"lazy": 1, "decoded": groups} {
			b.Run(fmt.Sprintf("%d/%s", groups, kind), func(b *testing.B) {
				for b.Loop() {
					x, err := Load(b.Context(), x.config)
					require.NoError(b, err)
					require.Empty(b, x.Described)
					for _, p := range x.Plugins[:decoded] {
						_, err := p.Manifest()
						require.NoError(b, err)
					}
				}
			})
		}
	}
}

package plugin

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
)

// BenchmarkLoadInstalled is what a start pays for plugins that are installed:
// 13 groups that come with the host, and none or 50 of ten commands each.
func BenchmarkLoadInstalled(b *testing.B) {
	for _, installed := range []int{0, 50} {
		folder, cache := b.TempDir(), b.TempDir()
		require.NoError(b, os.Chmod(cache, 0o700))
		x := &Index{config: Config{Bundled: folder, CacheDir: cache, InstalledKey: "key"}}
		x.config.Installed = func() ([]Active, error) { return nil, errors.New("asked") }
		for i := range 13 + installed {
			name := fmt.Sprintf("group-%d", i)
			path := filepath.Join(folder, filePrefix+name)
			if i >= 13 {
				path = filepath.Join(folder, "store", filePrefix+name)
				require.NoError(b, os.MkdirAll(filepath.Dir(path), 0o700))
			}
			require.NoError(b, os.WriteFile(path, nil, 0o700))
			p := looked(b, path, name)
			require.NoError(b, p.digest())
			encoded, err := proto.Marshal(manifest(name, 10))
			require.NoError(b, err)
			p.hold(encoded)
			x.Plugins = append(x.Plugins, p)
			if i >= 13 {
				x.active = append(x.active, Active{Name: name, Vendor: "acme", Version: "1.2.3", Path: path, SHA256: p.SHA256})
			}
		}
		x.write(nil)
		b.Run(fmt.Sprint(installed), func(b *testing.B) {
			for b.Loop() {
				got, err := Load(b.Context(), x.config)
				require.NoError(b, err)
				require.Len(b, got.Plugins, 13+installed)
				require.Empty(b, got.Described)
				_, err = got.Plugins[0].Manifest()
				require.NoError(b, err)
			}
		})
	}
}

package builder_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/builder"
	"github.com/electricimp/impt/sdk/builder/buildertest"
)

func BenchmarkBuild5000Lines200Includes(b *testing.B) {
	text, files := buildertest.Large()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		_, err := builder.Build(b.Context(), text, builder.Place{File: "main", Path: buildertest.Root},
			builder.Settings{Reader: files, LineControl: true})
		require.NoError(b, err)
	}
}

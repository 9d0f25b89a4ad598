package plugin

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func someRecords() []*record {
	return []*record{
		{path: "/a", name: "a", seen: identity{Device: 1, Inode: 1 << 60, Size: 3, Modified: -4, Changed: 5, Owner: 6, Mode: 7}, digest: []byte("digest"), version: "1.2.3", vendor: "v", synopsis: "s", manifest: []byte{1, 2, 3}},
		{path: "/b", name: "b", digest: []byte{}, sentence: "It is broken.", cause: "why", kind: 9, manifest: []byte{}},
	}
}

func someActive() []Active {
	return []Active{{Name: "fleet", Vendor: "acme", Version: "1.0.0", Path: "/store/fleet", SHA256: []byte("digest")}}
}

func TestIndexSurvivesTheFile(t *testing.T) {
	t.Parallel()
	b := encodeIndex("writer", "key", someActive(), someRecords())
	got, ok := decodeIndex(b, "writer")
	require.True(t, ok)
	require.Equal(t, "key", got.key)
	require.Equal(t, someActive(), got.active)
	want := map[string]*record{}
	for _, r := range someRecords() {
		want[r.path] = r
	}
	require.Equal(t, want, got.records)
	_, ok = decodeIndex(b, "another version")
	require.False(t, ok)
}

func TestDamagedIndexIsNone(t *testing.T) {
	t.Parallel()
	b := encodeIndex("writer", "key", someActive(), someRecords())
	for i := range b {
		_, ok := decodeIndex(b[:i], "writer")
		require.False(t, ok, "cut at %d", i)
		for bit := range 8 {
			b[i] ^= 1 << bit
			_, ok = decodeIndex(b, "writer")
			require.False(t, ok, "bit %d of byte %d", bit, i)
			b[i] ^= 1 << bit
		}
	}
}

func FuzzDecoder(f *testing.F) {
	f.Add(encodeIndex("", "", nil, someRecords())[len(format):])
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01})
	f.Fuzz(func(_ *testing.T, b []byte) {
		// The check sum would keep the fuzzer out.
		d := decoder{b: b, ok: true}
		for d.ok && len(d.b) > 0 {
			d.record()
		}
	})
}

package plugin

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

func someRecords() []whole {
	return []whole{
		{&record{path: "/a", name: "a", seen: identity{Device: 1, Inode: 1 << 60, Size: 3, Modified: -4, Changed: 5, Owner: 6, Mode: 7}, digest: []byte("digest"), version: "1.2.3", vendor: "v", synopsis: "s"}, []byte{1, 2, 3}},
		{&record{path: "/b", name: "b", digest: []byte{}, sentence: "It is broken.", cause: "why", kind: 9}, []byte{}},
		{&record{path: "/c", name: "c", digest: []byte{7}, groups: []string{"c", "build"}}, []byte{4, 5}},
	}
}

func someActive() []Active {
	return []Active{{Name: "fleet", Vendor: "acme", Version: "1.0.0", Path: "/store/fleet", SHA256: []byte("digest")}}
}

func decoded(b []byte, writer string) (cached, bool) {
	return decodeIndex(bytes.NewReader(b), int64(len(b)), writer)
}

func TestIndexSurvivesTheFile(t *testing.T) {
	t.Parallel()
	b := encodeIndex("writer", "key", someActive(), someRecords())
	got, ok := decoded(b, "writer")
	require.True(t, ok)
	require.Equal(t, "key", got.key)
	require.Equal(t, someActive(), got.active)
	require.Len(t, got.records, len(someRecords()))
	for _, want := range someRecords() {
		r := got.records[want.path]
		encoded, ok := r.manifest.read(bytes.NewReader(b))
		require.True(t, ok)
		require.Equal(t, want.encoded, encoded)
		r.manifest = place{}
		require.Equal(t, want.record, r)
	}
	_, ok = decoded(b, "another version")
	require.False(t, ok)
}

// TestDamagedIndexIsNone also shows that a damaged manifest is none, and takes
// no other with it.
func TestDamagedIndexIsNone(t *testing.T) {
	t.Parallel()
	b := encodeIndex("writer", "key", someActive(), someRecords())
	manifests := len(b)
	for _, r := range someRecords() {
		manifests -= len(r.encoded)
	}
	for i := range b {
		_, ok := decoded(b[:i], "writer")
		require.False(t, ok, "cut at %d", i)
		for bit := range 8 {
			b[i] ^= 1 << bit
			c, ok := decoded(b, "writer")
			require.Equal(t, i >= manifests, ok, "bit %d of byte %d", bit, i)
			damaged := 0
			for _, r := range c.records {
				if _, ok := r.manifest.read(bytes.NewReader(b)); !ok {
					damaged++
				}
			}
			require.Equal(t, i >= manifests, damaged == 1, "bit %d of byte %d", bit, i)
			b[i] ^= 1 << bit
		}
	}
	_, ok := decoded(append(b, 0), "writer")
	require.False(t, ok, "longer than it was")
}

func FuzzDecoder(f *testing.F) {
	f.Add(encodeIndex("", "", nil, someRecords())[len(format):])
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01})
	f.Fuzz(func(_ *testing.T, b []byte) {
		// The check sum would keep the fuzzer out.
		d := newDecoder(b)
		for d.ok && len(d.b) > 0 {
			d.record()
		}
	})
}

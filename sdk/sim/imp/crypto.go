package imp

import (
	"bytes"
	"crypto/hmac"
	"crypto/md5"  //nolint:gosec // G501: what the code of an imp asks for
	"crypto/sha1" //nolint:gosec // G505: what the code of an imp asks for
	"crypto/sha256"
	"crypto/sha512"
	"hash"
	"maps"
	"slices"

	"github.com/electricimp/impt/sdk/sim/squirrel"
)

// hashes are those of the imp API by name.
var hashes = map[string]func() hash.Hash{"md5": md5.New, "sha1": sha1.New, "sha256": sha256.New, "sha512": sha512.New}

func (s *side) defineCrypto() {
	o := s.object("crypto")
	o.def("equals", 2, 2, func(c *squirrel.Call) (squirrel.Value, error) {
		a, err := bytesOf(c, 0)
		if err != nil {
			return squirrel.Null, err
		}
		b, err := bytesOf(c, 1)
		return squirrel.Bool(bytes.Equal(a, b)), err
	})
	o.hashes()
}

// hashes defines the functions of the hashes, which give blobs.
func (o object) hashes() {
	for _, name := range slices.Sorted(maps.Keys(hashes)) {
		o.def(name, 1, 1, func(c *squirrel.Call) (squirrel.Value, error) {
			data, err := bytesOf(c, 0)
			h := hashes[name]()
			h.Write(data)
			return squirrel.NewBlob(h.Sum(nil)).Value(), err
		})
		o.def("hmac"+name, 2, 2, func(c *squirrel.Call) (squirrel.Value, error) {
			data, err := bytesOf(c, 0)
			if err != nil {
				return squirrel.Null, err
			}
			key, err := bytesOf(c, 1)
			h := hmac.New(hashes[name], key)
			h.Write(data)
			return squirrel.NewBlob(h.Sum(nil)).Value(), err
		})
	}
}

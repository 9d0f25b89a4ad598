package sim

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
)

// idSource gives the n-th id of each kind as a hash of seed, kind and n. Each
// kind counts for itself, so that a login more or less does not move the id of
// the next product.
type idSource struct {
	seed uint64
	next map[string]uint64
}

func newIDSource(seed uint64) *idSource {
	return &idSource{seed: seed, next: map[string]uint64{}}
}

func (s *idSource) draw(kind string) [sha256.Size]byte {
	s.next[kind]++
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], s.seed)
	binary.BigEndian.PutUint64(b[8:], s.next[kind])
	return sha256.Sum256(append(b[:], kind...))
}

// unused draws until taken says no: a seed may have brought the same id.
func (s *idSource) unused(kind string, shape func([sha256.Size]byte) string, taken func(string) bool) string {
	for {
		if id := shape(s.draw(kind)); taken == nil || !taken(id) {
			return id
		}
	}
}

func shapeUUID(h [sha256.Size]byte) string {
	x := hex.EncodeToString(h[:16])
	return x[:8] + "-" + x[8:12] + "-" + x[12:16] + "-" + x[16:20] + "-" + x[20:]
}

func shapeHex16(h [sha256.Size]byte) string { return hex.EncodeToString(h[:8]) }

// shapeDevice makes a device id like an imp001's.
func shapeDevice(h [sha256.Size]byte) string { return "23" + hex.EncodeToString(h[:7]) }

func shapeMAC(h [sha256.Size]byte) string {
	mac := "0c:2a:69"
	for _, b := range h[:3] {
		mac += ":" + hex.EncodeToString([]byte{b})
	}
	return mac
}

func shapeAgent(h [sha256.Size]byte) string {
	return base64.RawURLEncoding.EncodeToString(h[:9])
}

func shapeToken(h [sha256.Size]byte) string {
	return base64.RawURLEncoding.EncodeToString(h[:30])
}

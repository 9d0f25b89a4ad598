package plugin

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"

	"github.com/electricimp/impt/sdk/fault"
)

// The index is one file: the format's name, the length of the head, the head and
// a check sum of all that, and the manifests, one after the other. The head has
// who wrote it and a record for each plugin, with the length and the check sum of
// its manifest: so a start reads no manifest but those of the plugins it means.
// Numbers in the head are variable in length, texts follow their length.
const format = "impt plugins 4\n"

// record is what the index has of one plugin: all but where it was found.
type record struct {
	path, name                string
	seen                      identity
	digest                    []byte
	version, vendor, synopsis string
	sentence, cause           string // of the fault; empty without one
	kind                      int64
	groups                    []string
	manifest                  place
}

// place is where a manifest lies in the index, and its check sum.
type place struct {
	at, size int64
	sum      uint32
}

// read returns the manifest, and false if it is not what was written.
func (l place) read(file io.ReaderAt) ([]byte, bool) {
	b := make([]byte, l.size)
	if n, _ := file.ReadAt(b, l.at); n < len(b) || crc32.ChecksumIEEE(b) != l.sum {
		return nil, false
	}
	return b, true
}

func recordOf(p *Plugin) *record {
	r := &record{
		path: p.Path, name: p.Name, seen: p.seen, digest: p.SHA256,
		version: p.Version, vendor: p.Vendor, synopsis: p.Synopsis, groups: p.Groups,
	}
	if f := p.Fault; f != nil {
		r.sentence, r.kind = f.Sentence, int64(f.Kind)
		if f.Cause != nil {
			r.cause = f.Cause.Error()
		}
	}
	return r
}

// fill gives p what the record has; the manifest when it is asked for.
func (r *record) fill(p *Plugin, read func(*Plugin, place) ([]byte, bool)) {
	p.SHA256, p.seen = r.digest, r.seen
	p.Version, p.Vendor, p.Synopsis, p.Groups = r.version, r.vendor, r.synopsis, r.groups
	if r.sentence == "" {
		p.holdLater(func() ([]byte, bool) { return read(p, r.manifest) })
		return
	}
	p.Fault = &fault.Fault{Kind: fault.Kind(r.kind), Sentence: r.sentence} //nolint:gosec // a small number
	if r.cause != "" {
		p.Fault.Cause = errors.New(r.cause)
	}
}

// whole is a record with its manifest; nil of a plugin with a fault.
type whole struct {
	*record
	encoded []byte
}

// encodeIndex returns the index as a file. writer is who wrote it: another
// version of the host may see a plugin with other eyes.
func encodeIndex(writer, key string, active []Active, records []whole) []byte {
	var head, manifests []byte
	text := func(s string) { head = append(binary.AppendUvarint(head, uint64(len(s))), s...) }
	text(writer)
	text(key)
	head = binary.AppendUvarint(head, uint64(len(active)))
	for _, a := range active {
		text(a.Name)
		text(a.Vendor)
		text(a.Version)
		text(a.Path)
		text(string(a.SHA256))
	}
	head = binary.AppendUvarint(head, uint64(len(records)))
	for _, r := range records {
		text(r.path)
		text(r.name)
		i := r.seen
		for _, n := range []uint64{i.Device, i.Inode, i.Size, uint64(i.Modified), uint64(i.Changed), uint64(i.Owner), uint64(i.Mode)} { //nolint:gosec // there and back
			head = binary.AppendUvarint(head, n)
		}
		text(string(r.digest))
		text(r.version)
		text(r.vendor)
		text(r.synopsis)
		head = binary.AppendUvarint(head, uint64(len(r.groups)))
		for _, g := range r.groups {
			text(g)
		}
		text(r.sentence)
		text(r.cause)
		head = binary.AppendVarint(head, r.kind)
		head = binary.AppendUvarint(head, uint64(len(r.encoded)))
		head = binary.AppendUvarint(head, uint64(crc32.ChecksumIEEE(r.encoded)))
		manifests = append(manifests, r.encoded...)
	}
	b := binary.LittleEndian.AppendUint32([]byte(format), uint32(len(head))) //nolint:gosec // far below
	b = append(b, head...)
	b = binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
	return append(b, manifests...)
}

// is tells whether the record is still true of the plugin: by its file's
// identity, or, without a look at the file, by the digest that was installed.
// Whoever starts it looks.
func (r *record) is(p *Plugin) bool {
	if p.Installed {
		return r.sentence == "" && p.SHA256 != nil && string(r.digest) == string(p.SHA256)
	}
	return r.seen == p.seen
}

// decodeIndex returns what is in the head of a file that the same writer has
// written and nothing has damaged or cut, and false for any other.
func decodeIndex(file io.ReaderAt, size int64, writer string) (c cached, ok bool) {
	const number = 4
	begin := make([]byte, len(format)+number)
	if n, _ := file.ReadAt(begin, 0); n < len(begin) || string(begin[:len(format)]) != format {
		return c, false
	}
	length := int64(binary.LittleEndian.Uint32(begin[len(format):]))
	manifests := int64(len(begin)) + length + number
	if manifests > size {
		return c, false
	}
	b := make([]byte, length+number)
	if n, _ := file.ReadAt(b, int64(len(begin))); n < len(b) {
		return c, false
	}
	b, end := b[:length], b[length:]
	if crc32.Update(crc32.ChecksumIEEE(begin), crc32.IEEETable, b) != binary.LittleEndian.Uint32(end) {
		return c, false
	}
	d := newDecoder(b)
	if d.text() != writer {
		return c, false
	}
	c.key = d.text()
	for range d.number() {
		a := Active{Name: d.text(), Vendor: d.text(), Version: d.text(), Path: d.text(), SHA256: d.bytes()}
		if !d.ok {
			break
		}
		c.active = append(c.active, a)
	}
	c.records = map[string]*record{}
	for range d.number() {
		r := d.record()
		if !d.ok {
			break
		}
		r.manifest.at = manifests
		manifests += r.manifest.size
		c.records[r.path] = r
	}
	return c, d.ok && len(d.b) == 0 && manifests == size
}

// decoder reads on as if nothing were wrong; ok tells.
type decoder struct {
	b   []byte
	all string // texts are parts of it
	ok  bool
}

func newDecoder(b []byte) *decoder { return &decoder{b: b, all: string(b), ok: true} }

func (d *decoder) record() *record {
	return &record{
		path: d.text(),
		name: d.text(),
		seen: identity{
			Device: d.number(), Inode: d.number(), Size: d.number(),
			Modified: int64(d.number()), Changed: int64(d.number()), //nolint:gosec // there and back
			Owner: uint32(d.number()), Mode: uint32(d.number()), //nolint:gosec // there and back
		},
		digest:   d.bytes(),
		version:  d.text(),
		vendor:   d.text(),
		synopsis: d.text(),
		groups:   d.texts(),
		sentence: d.text(),
		cause:    d.text(),
		kind:     d.signed(),
		manifest: place{size: d.size(), sum: uint32(d.number())}, //nolint:gosec // there and back
	}
}

func (d *decoder) number() uint64 {
	n, size := binary.Uvarint(d.b)
	if d.ok = d.ok && size > 0; !d.ok {
		return 0
	}
	d.b = d.b[size:]
	return n
}

func (d *decoder) signed() int64 {
	n, size := binary.Varint(d.b)
	if d.ok = d.ok && size > 0; !d.ok {
		return 0
	}
	d.b = d.b[size:]
	return n
}

func (d *decoder) bytes() []byte {
	n := d.number()
	if d.ok = d.ok && n <= uint64(len(d.b)); !d.ok {
		return nil
	}
	b := d.b[:n:n]
	d.b = d.b[n:]
	return b
}

// size is that of a manifest. No index is larger than maxIndex, so that sums
// of them stay numbers.
func (d *decoder) size() int64 {
	n := d.number()
	if d.ok = d.ok && n <= maxIndex; !d.ok {
		return 0
	}
	return int64(n) //nolint:gosec // just seen
}

func (d *decoder) text() string {
	b := d.bytes()
	end := len(d.all) - len(d.b)
	return d.all[end-len(b) : end]
}

func (d *decoder) texts() []string {
	var all []string
	for range d.number() {
		t := d.text()
		if !d.ok {
			break
		}
		all = append(all, t)
	}
	return all
}

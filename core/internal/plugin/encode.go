package plugin

import (
	"encoding/binary"
	"errors"
	"hash/crc32"

	"github.com/electricimp/impt/sdk/fault"
)

// The index is one file: the format's name, who wrote it, a record for each
// plugin, and a check sum of all that. Numbers are variable in length, texts
// follow their length. A manifest stays as it is encoded, so that reading the
// index costs the same however much is declared in it.
const format = "impt plugins 3\n"

// record is what the index has of one plugin: all but where it was found.
type record struct {
	path, name                string
	seen                      identity
	digest                    []byte
	version, vendor, synopsis string
	sentence, cause           string // of the fault; empty without one
	kind                      int64
	groups                    []string
	manifest                  []byte
}

func recordOf(p *Plugin) *record {
	r := &record{
		path: p.Path, name: p.Name, seen: p.seen, digest: p.SHA256,
		version: p.Version, vendor: p.Vendor, synopsis: p.Synopsis, groups: p.Groups,
		manifest: p.encoded,
	}
	if f := p.Fault; f != nil {
		r.sentence, r.kind = f.Sentence, int64(f.Kind)
		if f.Cause != nil {
			r.cause = f.Cause.Error()
		}
	}
	return r
}

// fill gives p what the record has.
func (r *record) fill(p *Plugin) {
	p.SHA256, p.seen = r.digest, r.seen
	p.Version, p.Vendor, p.Synopsis, p.Groups = r.version, r.vendor, r.synopsis, r.groups
	if r.sentence == "" {
		p.hold(r.manifest)
		return
	}
	p.Fault = &fault.Fault{Kind: fault.Kind(r.kind), Sentence: r.sentence} //nolint:gosec // a small number
	if r.cause != "" {
		p.Fault.Cause = errors.New(r.cause)
	}
}

// encodeIndex returns the index as a file. writer is who wrote it: another
// version of the host may see a plugin with other eyes.
func encodeIndex(writer, key string, active []Active, records []*record) []byte {
	b := []byte(format)
	text := func(s string) { b = append(binary.AppendUvarint(b, uint64(len(s))), s...) }
	text(writer)
	text(key)
	b = binary.AppendUvarint(b, uint64(len(active)))
	for _, a := range active {
		text(a.Name)
		text(a.Vendor)
		text(a.Version)
		text(a.Path)
		text(string(a.SHA256))
	}
	b = binary.AppendUvarint(b, uint64(len(records)))
	for _, r := range records {
		text(r.path)
		text(r.name)
		i := r.seen
		for _, n := range []uint64{i.Device, i.Inode, i.Size, uint64(i.Modified), uint64(i.Changed), uint64(i.Owner), uint64(i.Mode)} { //nolint:gosec // there and back
			b = binary.AppendUvarint(b, n)
		}
		text(string(r.digest))
		text(r.version)
		text(r.vendor)
		text(r.synopsis)
		b = binary.AppendUvarint(b, uint64(len(r.groups)))
		for _, g := range r.groups {
			text(g)
		}
		text(r.sentence)
		text(r.cause)
		b = binary.AppendVarint(b, r.kind)
		text(string(r.manifest))
	}
	return binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
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

// decodeIndex returns what is in a file that the same writer has written
// and nothing has damaged, and false for any other.
func decodeIndex(b []byte, writer string) (c cached, ok bool) {
	const sum = 4
	if len(b) < len(format)+sum || string(b[:len(format)]) != format {
		return c, false
	}
	b, end := b[:len(b)-sum], b[len(b)-sum:]
	if crc32.ChecksumIEEE(b) != binary.LittleEndian.Uint32(end) {
		return c, false
	}
	d := decoder{b: b[len(format):], ok: true}
	if string(d.bytes()) != writer {
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
		c.records[r.path] = r
	}
	return c, d.ok && len(d.b) == 0
}

// decoder reads on as if nothing were wrong; ok tells.
type decoder struct {
	b  []byte
	ok bool
}

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
		manifest: d.bytes(),
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

func (d *decoder) text() string { return string(d.bytes()) }

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

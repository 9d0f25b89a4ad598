package squirrel

import (
	"encoding/binary"
	"maps"
	"math"
	"slices"
)

// Blob is a run of bytes with a place where the next is read or written.
type Blob struct {
	Bytes []byte
	at    int
}

// NewBlob makes a blob of bytes, which it keeps.
func NewBlob(b []byte) *Meta { return newBlob(blobTable, b) }

func newBlob(methods *Table, b []byte) *Meta {
	return &Meta{
		Name: "blob", Data: &Blob{Bytes: b}, Methods: methods,
		Get: func(m *Meta, key Value) (Value, bool) {
			i, ok := key.AsInt()
			if b := blobOf(m).Bytes; ok && key.isNumber() && i >= 0 && i < len(b) {
				return Int(int(b[i])), true
			}
			return Null, false
		},
		Set: func(m *Meta, key, val Value) (bool, error) {
			i, ok := key.AsInt()
			b := blobOf(m).Bytes
			if !ok || !key.isNumber() || i < 0 || i >= len(b) {
				return false, nil
			}
			n, ok := val.AsInt()
			if !ok {
				return false, errorf("parameter 2 has an invalid type '%s' ; expected: 'integer|float'", val.kind)
			}
			b[i] = byte(n) //nolint:gosec // G115: the low byte
			return true, nil
		},
		Len:   func(m *Meta) int { return len(blobOf(m).Bytes) },
		Clone: func(m *Meta) *Meta { return newBlob(m.Methods, append([]byte(nil), blobOf(m).Bytes...)) },
		Size:  func(m *Meta) int { return cap(blobOf(m).Bytes) },
	}
}

func blobOf(m *Meta) *Blob {
	b, _ := m.Data.(*Blob)
	return b
}

// AsBlob is the blob that the value is, or nil.
func (v Value) AsBlob() *Blob {
	if m := v.AsMeta(); m != nil {
		return blobOf(m)
	}
	return nil
}

func blobLibrary(r *Table) {
	Define(r, "blob", 0, 1, func(c *Call) (Value, error) {
		n, err := c.IntOr(0, 0)
		if err != nil {
			return Null, err
		}
		if n < 0 || n > maxString {
			return Null, c.Fail("cannot create blob with size %d", n)
		}
		if err := c.VM.charge(64 + n); err != nil {
			return Null, err
		}
		return NewBlob(make([]byte, n)).Value(), nil
	})
	casts := map[string]func(Value) Value{
		"castf2i":   func(v Value) Value { return int32Value(int32(math.Float32bits(v.number()))) },      //nolint:gosec // G115: the bits
		"casti2f":   func(v Value) Value { return float32Value(math.Float32frombits(uint32(intOf(v)))) }, //nolint:gosec // G115: the bits
		"swap2":     func(v Value) Value { return Int(int(int16(swap16(uint16(intOf(v)))))) },            //nolint:gosec // G115: the bits
		"swap4":     func(v Value) Value { return int32Value(int32(swap32(uint32(intOf(v))))) },          //nolint:gosec // G115: the bits
		"swapfloat": func(v Value) Value { return float32Value(math.Float32frombits(swap32(floatBits(v)))) },
	}
	for _, name := range slices.Sorted(maps.Keys(casts)) {
		Define(r, name, 1, 1, func(c *Call) (Value, error) {
			if _, err := c.Float(0); err != nil {
				return Null, err
			}
			return casts[name](c.Arg(0)), nil
		})
	}
}

func intOf(v Value) int {
	n, _ := v.AsInt()
	return n
}

func floatBits(v Value) uint32 { return math.Float32bits(v.number()) }

func swap16(n uint16) uint16 { return n<<8 | n>>8 }

func swap32(n uint32) uint32 { return n<<24 | n>>24 | n<<8&0xff0000 | n>>8&0xff00 }

func onBlob(f func(c *Call, b *Blob) (Value, error)) NativeFunc {
	return func(c *Call) (Value, error) {
		if b := c.This.AsBlob(); b != nil {
			return f(c, b)
		}
		return Null, c.wrongThis("blob")
	}
}

var blobTable = blobMethods.table()

var blobMethods = methods{
	"len":        {0, 0, onBlob(func(_ *Call, b *Blob) (Value, error) { return Int(len(b.Bytes)), nil })},
	"tell":       {0, 0, onBlob(func(_ *Call, b *Blob) (Value, error) { return Int(b.at), nil })},
	"flush":      {0, 0, onBlob(func(*Call, *Blob) (Value, error) { return Int(0), nil })},
	"tostring":   {0, 0, onBlob(func(c *Call, b *Blob) (Value, error) { return c.VM.newString(string(b.Bytes)) })},
	"eos":        {0, 0, onBlob(blobEnd)},
	"seek":       {1, 2, onBlob(blobSeek)},
	"resize":     {1, 1, onBlob(blobResize)},
	"readn":      {1, 1, onBlob(blobReadN)},
	"writen":     {2, 2, onBlob(blobWriteN)}, //nolint:misspell // the name in the language
	"readblob":   {1, 1, onBlob(blobReadBlob)},
	"writeblob":  {1, 1, onBlob(blobWriteBlob)},
	"readstring": {1, 1, onBlob(blobReadString)},
	"writestring": {1, 1, onBlob(func(c *Call, b *Blob) (Value, error) {
		s, err := c.String(0)
		if err != nil {
			return Null, err
		}
		return Int(len(s)), b.write(c.VM, []byte(s))
	})},
	"swap2": {0, 0, onBlob(func(c *Call, b *Blob) (Value, error) {
		c.VM.effort(len(b.Bytes))
		for i := 0; i+1 < len(b.Bytes); i += 2 {
			b.Bytes[i], b.Bytes[i+1] = b.Bytes[i+1], b.Bytes[i]
		}
		return Null, nil
	})},
	"swap4": {0, 0, onBlob(func(c *Call, b *Blob) (Value, error) {
		c.VM.effort(len(b.Bytes))
		for i := 0; i+3 < len(b.Bytes); i += 4 {
			binary.LittleEndian.PutUint32(b.Bytes[i:], binary.BigEndian.Uint32(b.Bytes[i:]))
		}
		return Null, nil
	})},
}

func blobEnd(_ *Call, b *Blob) (Value, error) {
	if b.at >= len(b.Bytes) {
		return Int(1), nil
	}
	return Null, nil
}

func blobSeek(c *Call, b *Blob) (Value, error) {
	offset, err := c.Int(0)
	if err != nil {
		return Null, err
	}
	from, err := c.IntOr(1, 'b')
	if err != nil {
		return Null, err
	}
	switch from {
	case 'b':
	case 'c':
		offset += b.at
	case 'e':
		offset += len(b.Bytes)
	default:
		return Null, c.Fail("invalid origin")
	}
	if offset < 0 || offset > len(b.Bytes) {
		return Int(-1), nil
	}
	b.at = offset
	return Int(0), nil
}

func blobResize(c *Call, b *Blob) (Value, error) {
	n, err := c.Int(0)
	if err != nil {
		return Null, err
	}
	if n < 0 || n > maxString {
		return Null, c.Fail("resize failed")
	}
	if err := b.resize(c.VM, n); err != nil {
		return Null, err
	}
	b.at = min(b.at, n)
	return Null, nil
}

func (b *Blob) resize(vm *VM, n int) error {
	if n <= len(b.Bytes) {
		b.Bytes = b.Bytes[:n]
		return nil
	}
	if n > maxString {
		return errorf("blob too long")
	}
	if n > cap(b.Bytes) {
		if err := vm.charge(n); err != nil {
			return err
		}
	}
	b.Bytes = append(b.Bytes, make([]byte, n-len(b.Bytes))...)
	return nil
}

// write puts bytes at the place of the next, growing the blob if need be.
func (b *Blob) write(vm *VM, p []byte) error {
	if end := b.at + len(p); end > len(b.Bytes) {
		if err := b.resize(vm, end); err != nil {
			return err
		}
	}
	vm.effort(len(p))
	b.at += copy(b.Bytes[b.at:], p)
	return nil
}

func (b *Blob) read(n int) ([]byte, bool) {
	if n < 0 || n > len(b.Bytes)-b.at {
		return nil, false
	}
	b.at += n
	return b.Bytes[b.at-n : b.at], true
}

// widths are the bytes of the formats of numbers in blobs.
var widths = map[int]int{'i': 4, 'l': 4, 's': 2, 'w': 2, 'c': 1, 'b': 1, 'f': 4, 'd': 8}

func blobReadN(c *Call, b *Blob) (Value, error) {
	kind, err := c.Int(0)
	if err != nil {
		return Null, err
	}
	width, ok := widths[kind]
	if !ok {
		return Null, c.Fail("invalid format")
	}
	p, ok := b.read(width)
	if !ok {
		return Null, c.Fail("io error")
	}
	little := binary.LittleEndian
	switch kind {
	case 'i', 'l':
		return int32Value(int32(little.Uint32(p))), nil //nolint:gosec // G115: the bits
	case 's':
		return Int(int(int16(little.Uint16(p)))), nil //nolint:gosec // G115: the bits
	case 'w':
		return Int(int(little.Uint16(p))), nil
	case 'c':
		return Int(int(int8(p[0]))), nil //nolint:gosec // G115: the bits
	case 'b':
		return Int(int(p[0])), nil
	case 'f':
		return float32Value(math.Float32frombits(little.Uint32(p))), nil
	default:
		return Float(math.Float64frombits(little.Uint64(p))), nil
	}
}

func blobWriteN(c *Call, b *Blob) (Value, error) {
	x, err := c.Float(0)
	if err != nil {
		return Null, err
	}
	kind, err := c.Int(1)
	if err != nil {
		return Null, err
	}
	width, ok := widths[kind]
	if !ok {
		return Null, c.Fail("invalid format")
	}
	p := binary.LittleEndian.AppendUint32(nil, uint32(intOf(c.Arg(0)))) //nolint:gosec // G115: the bits
	switch kind {
	case 'f':
		p = binary.LittleEndian.AppendUint32(nil, math.Float32bits(float32(x)))
	case 'd':
		p = binary.LittleEndian.AppendUint64(nil, math.Float64bits(x))
	}
	return Null, b.write(c.VM, p[:width])
}

func blobReadBlob(c *Call, b *Blob) (Value, error) {
	p, err := b.some(c)
	if err != nil {
		return Null, err
	}
	return newBlob(c.This.AsMeta().Methods, append([]byte(nil), p...)).Value(), nil
}

func blobReadString(c *Call, b *Blob) (Value, error) {
	p, err := b.some(c)
	return String(string(p)), err
}

// some are up to as many bytes as the argument says.
func (b *Blob) some(c *Call) ([]byte, error) {
	n, err := c.Int(0)
	if err != nil {
		return nil, err
	}
	p, ok := b.read(min(n, len(b.Bytes)-b.at))
	if !ok || n > 0 && len(p) == 0 {
		return nil, c.Fail("no data left to read")
	}
	return p, c.VM.charge(64 + len(p))
}

func blobWriteBlob(c *Call, b *Blob) (Value, error) {
	other := c.Arg(0).AsBlob()
	if other == nil {
		return Null, c.wrongType(0, "blob")
	}
	return Int(len(other.Bytes)), b.write(c.VM, append([]byte(nil), other.Bytes...))
}

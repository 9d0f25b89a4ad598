package imp

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/electricimp/impt/sdk/sim/squirrel"
)

// fromGo is a value as encoding/json makes them.
func fromGo(v any) squirrel.Value {
	switch v := v.(type) {
	case bool:
		return squirrel.Bool(v)
	case string:
		return squirrel.String(v)
	case int:
		return squirrel.Int(v)
	case float64:
		if v == math.Trunc(v) && math.Abs(v) <= math.MaxInt32 {
			return squirrel.Int(int(v))
		}
		return squirrel.Float(v)
	case []any:
		a := squirrel.NewArray()
		for _, x := range v {
			a.Items = append(a.Items, fromGo(x))
		}
		return a.Value()
	case map[string]any:
		t := squirrel.NewTable()
		for _, key := range slices.Sorted(maps.Keys(v)) {
			t.SetString(key, fromGo(v[key]))
		}
		return t.Value()
	default:
		return squirrel.Null
	}
}

// The bounds of a message between agent and device.
const (
	maxNesting = 32
	maxMessage = 1 << 20
)

// copied is a value as the other side receives it.
func copied(v squirrel.Value, depth int, room *int) (squirrel.Value, error) {
	if *room -= 16; *room < 0 {
		return squirrel.Null, fmt.Errorf("the message is too large")
	}
	if depth > maxNesting {
		return squirrel.Null, fmt.Errorf("the message is nested too deeply")
	}
	switch v.Kind() {
	case squirrel.KindNull, squirrel.KindBool, squirrel.KindInteger, squirrel.KindFloat:
		return v, nil
	case squirrel.KindString:
		s, _ := v.AsString()
		*room -= len(s)
		return v, nil
	case squirrel.KindArray:
		a := squirrel.NewArray()
		for _, item := range v.AsArray().Items {
			x, err := copied(item, depth+1, room)
			if err != nil {
				return squirrel.Null, err
			}
			a.Items = append(a.Items, x)
		}
		return a.Value(), nil
	case squirrel.KindTable:
		return copiedTable(v.AsTable(), depth, room)
	default:
		if b := v.AsBlob(); b != nil {
			*room -= len(b.Bytes)
			return squirrel.NewBlob(slices.Clone(b.Bytes)).Value(), nil
		}
		return squirrel.Null, fmt.Errorf("cannot send a value of type %s", v.Kind())
	}
}

func copiedTable(from *squirrel.Table, depth int, room *int) (squirrel.Value, error) {
	t := squirrel.NewTable()
	var failed error
	from.Each(func(key, val squirrel.Value) bool {
		var k, x squirrel.Value
		if k, failed = copied(key, depth+1, room); failed == nil {
			x, failed = copied(val, depth+1, room)
		}
		t.Set(k, x)
		return failed == nil
	})
	return t.Value(), failed
}

// bytesOf are those of a string or a blob.
func bytesOf(c *squirrel.Call, i int) ([]byte, error) {
	if b := c.Arg(i).AsBlob(); b != nil {
		return b.Bytes, nil
	}
	s, err := c.String(i)
	return []byte(s), err
}

package imp

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/electricimp/impt/sdk/sim/squirrel"
)

// encodeJSON is a value as JSON; what JSON has no form for becomes its text.
func encodeJSON(c *squirrel.Call, v squirrel.Value) (string, error) {
	e := &encoder{c: c}
	err := e.value(v, 0)
	return e.b.String(), err
}

type encoder struct {
	c *squirrel.Call
	b strings.Builder
}

func (e *encoder) value(v squirrel.Value, depth int) error {
	if depth > maxNesting || e.b.Len() > maxMessage {
		return errors.New("the value is too large for JSON")
	}
	switch v.Kind() {
	case squirrel.KindNull, squirrel.KindBool, squirrel.KindInteger, squirrel.KindFloat:
		text, err := e.c.Text(v)
		if !json.Valid([]byte(text)) {
			text = "null" // no number
		}
		e.b.WriteString(text)
		return err
	case squirrel.KindArray:
		for i, item := range v.AsArray().Items {
			e.b.WriteByte("[,"[min(i, 1)])
			if err := e.value(item, depth+1); err != nil {
				return err
			}
		}
		if len(v.AsArray().Items) == 0 {
			e.b.WriteByte('[')
		}
		e.b.WriteByte(']')
		return nil
	case squirrel.KindTable:
		return e.table(v.AsTable(), depth)
	default:
		text, err := e.c.Text(v)
		e.text(text)
		return err
	}
}

func (e *encoder) table(t *squirrel.Table, depth int) (err error) {
	e.b.WriteByte('{')
	first := true
	t.Each(func(key, val squirrel.Value) bool {
		if !first {
			e.b.WriteByte(',')
		}
		first = false
		var name string
		if name, err = e.c.Text(key); err == nil {
			e.text(name)
			e.b.WriteByte(':')
			err = e.value(val, depth+1)
		}
		return err == nil
	})
	e.b.WriteByte('}')
	return err
}

func (e *encoder) text(s string) {
	var b bytes.Buffer
	j := json.NewEncoder(&b)
	j.SetEscapeHTML(false)
	if j.Encode(s) == nil {
		e.b.WriteString(strings.TrimSuffix(b.String(), "\n"))
	}
}

var errNoJSON = errors.New("invalid JSON")

func decodeJSON(text string) (squirrel.Value, error) {
	d := json.NewDecoder(strings.NewReader(text))
	v, err := decodeNext(d, 0)
	if err != nil {
		return squirrel.Null, errNoJSON
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return squirrel.Null, errNoJSON
	}
	return v, nil
}

// decodeNext reads one value, tables in the order of their members.
func decodeNext(d *json.Decoder, depth int) (squirrel.Value, error) {
	if depth > 4*maxNesting {
		return squirrel.Null, errNoJSON
	}
	token, err := d.Token()
	if err != nil {
		return squirrel.Null, err
	}
	switch token {
	case json.Delim('['):
		a := squirrel.NewArray()
		for d.More() {
			v, err := decodeNext(d, depth+1)
			if err != nil {
				return squirrel.Null, err
			}
			a.Items = append(a.Items, v)
		}
		_, err := d.Token()
		return a.Value(), err
	case json.Delim('{'):
		t := squirrel.NewTable()
		for d.More() {
			key, err := d.Token()
			if err != nil {
				return squirrel.Null, err
			}
			v, err := decodeNext(d, depth+1)
			if err != nil {
				return squirrel.Null, err
			}
			t.Set(fromGo(key), v)
		}
		_, err := d.Token()
		return t.Value(), err
	}
	return fromGo(token), nil
}

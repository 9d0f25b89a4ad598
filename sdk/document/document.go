// Package document holds JSON texts whose keys keep their order. Results
// travel from plugins to the host in this form, and attributes are shown in
// the order in which impCentral sent them.
package document

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// A Value is nil, a bool, a json.Number, a string, a List or an Object.
type Value any

// A List is an array.
type List []Value

// A Field is one member of an Object.
type Field struct {
	Key   string
	Value Value
}

// An Object keeps its members in order. Keys are unique.
type Object []Field

// Get returns the member with the given key.
func (o Object) Get(key string) (Value, bool) {
	for _, f := range o {
		if f.Key == key {
			return f.Value, true
		}
	}
	return nil, false
}

// Text returns the member with the given key if it is a string, else "".
func (o Object) Text(key string) string {
	v, _ := o.Get(key)
	s, _ := v.(string)
	return s
}

// Object returns the member with the given key if it is an object, else nil.
func (o Object) Object(key string) Object {
	v, _ := o.Get(key)
	m, _ := v.(Object)
	return m
}

// Set replaces the member with the given key, or appends it.
func (o *Object) Set(key string, v Value) {
	for i := range *o {
		if (*o)[i].Key == key {
			(*o)[i].Value = v
			return
		}
	}
	*o = append(*o, Field{key, v})
}

// Parse reads one JSON text. Of a repeated key the last value counts, in the
// place of the first, as in JavaScript.
func Parse(text []byte) (Value, error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	v, err := parse(dec)
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return nil, fmt.Errorf("reading JSON: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("reading JSON: more than one value")
	}
	return v, nil
}

// ParseObject reads one JSON text that must be an object.
func ParseObject(text []byte) (Object, error) {
	v, err := Parse(text)
	if err != nil {
		return nil, err
	}
	o, ok := v.(Object)
	if !ok {
		return nil, errors.New("reading JSON: not an object")
	}
	return o, nil
}

func parse(dec *json.Decoder) (Value, error) {
	tok, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch tok := tok.(type) {
	case json.Delim:
		if tok == '{' {
			return parseObject(dec)
		}
		return parseList(dec)
	default:
		return tok, nil
	}
}

func parseObject(dec *json.Decoder) (Value, error) {
	o := Object{}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, err
		}
		v, err := parse(dec)
		if err != nil {
			return nil, err
		}
		name, _ := key.(string)
		o.Set(name, v)
	}
	_, err := dec.Token()
	return o, err
}

func parseList(dec *json.Decoder) (Value, error) {
	l := List{}
	for dec.More() {
		v, err := parse(dec)
		if err != nil {
			return nil, err
		}
		l = append(l, v)
	}
	_, err := dec.Token()
	return l, err
}

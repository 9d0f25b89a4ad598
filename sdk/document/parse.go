package document

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// deepest is how deep values may be nested. What has been read can then be
// walked through without a thought for the stack.
const deepest = 1000

// Parse reads one JSON text. Of a repeated key the last value counts, in the
// place of the first, as in JavaScript.
func Parse(text []byte) (Value, error) {
	var check json.RawMessage
	if err := json.Unmarshal(text, &check); err != nil {
		return nil, fmt.Errorf("reading JSON: %w", err)
	}
	r := reader{rest: text}
	v := r.value(0)
	if r.tooDeep {
		return nil, fmt.Errorf("reading JSON: nested deeper than %d", deepest)
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

// reader reads a text that is known to be JSON.
type reader struct {
	rest    []byte
	tooDeep bool
}

// next skips blanks and returns the byte after them.
func (r *reader) next() byte {
	i := 0
	for i < len(r.rest) && (r.rest[i] == ' ' || r.rest[i] == '\n' || r.rest[i] == '\t' || r.rest[i] == '\r') {
		i++
	}
	if r.rest = r.rest[i:]; len(r.rest) == 0 {
		return 0
	}
	return r.rest[0]
}

// take returns the next n bytes and goes on behind them.
func (r *reader) take(n int) []byte {
	taken := r.rest[:n]
	r.rest = r.rest[n:]
	return taken
}

func (r *reader) value(depth int) Value {
	if depth > deepest {
		r.tooDeep = true
		return nil
	}
	switch r.next() {
	case '{':
		return r.object(depth)
	case '[':
		return r.list(depth)
	case '"':
		return r.text()
	case 't':
		r.take(len("true"))
		return true
	case 'f':
		r.take(len("false"))
		return false
	case 'n':
		r.take(len("null"))
		return nil
	}
	n := bytes.IndexAny(r.rest, ",]} \n\t\r")
	if n < 0 {
		n = len(r.rest)
	}
	return json.Number(r.take(n))
}

func (r *reader) object(depth int) Value {
	r.take(1)
	o := Object{}
	var places map[string]int
	for r.next() != '}' && !r.tooDeep {
		if r.next() == ',' {
			r.take(1)
			r.next()
		}
		key := r.text()
		r.next()
		r.take(1)
		v := r.value(depth + 1)
		switch {
		case places == nil && len(o) < many:
			o.Set(key, v)
			continue
		case places == nil:
			// From here on a look through all members would take too long.
			places = make(map[string]int, 2*many)
			for i, f := range o {
				places[f.Key] = i
			}
		}
		if i, known := places[key]; known {
			o[i].Value = v
			continue
		}
		places[key] = len(o)
		o = append(o, Field{key, v})
	}
	if !r.tooDeep {
		r.take(1)
	}
	return o
}

// many is how many members an object has when their keys are worth a map.
const many = 32

func (r *reader) list(depth int) Value {
	r.take(1)
	l := List{}
	for r.next() != ']' && !r.tooDeep {
		if r.next() == ',' {
			r.take(1)
		}
		l = append(l, r.value(depth+1))
	}
	if !r.tooDeep {
		r.take(1)
	}
	return l
}

// text reads a string, with its escapes undone.
func (r *reader) text() string {
	end, plain := 1, true
	for r.rest[end] != '"' {
		if r.rest[end] == '\\' {
			plain = false
			end++
		}
		end++
	}
	quoted := r.take(end + 1)
	if plain {
		return string(bytes.ToValidUTF8(quoted[1:end], []byte("\ufffd")))
	}
	var s string
	_ = json.Unmarshal(quoted, &s) // it is part of a text that was checked
	return s
}

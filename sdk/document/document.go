// Package document holds JSON texts whose keys keep their order. Results
// travel from plugins to the host in this form, and attributes are shown in
// the order in which impCentral sent them.
package document

import "slices"

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

// Remove takes the member with the given key out, if there is one.
func (o *Object) Remove(key string) {
	*o = slices.DeleteFunc(*o, func(f Field) bool { return f.Key == key })
}

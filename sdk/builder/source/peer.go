package source

import (
	"encoding/json"
	"errors"
	"maps"
)

// The peer keeps in two files what our lock has in one.
const (
	DefaultDependencies = "dependencies.json"
	DefaultDirectives   = "directives.json"
)

// ReadDependencies reads the peer's list of sources with their ids.
func ReadDependencies(file string) (*Lock, error) {
	data, err := read("dependencies JSON", file)
	if err != nil {
		return nil, err
	}
	l, err := ParseDependencies(data)
	if err != nil {
		return nil, unusable("dependencies JSON", file, err)
	}
	return l, nil
}

// ParseDependencies reads what EncodeDependencies wrote.
func ParseDependencies(data []byte) (*Lock, error) {
	var pairs [][]string
	if err := json.Unmarshal(data, &pairs); err != nil {
		return nil, errors.New("it is not an array of [reference, id]")
	}
	l := &Lock{}
	for _, p := range pairs {
		if len(p) != 2 || p[0] == "" || p[1] == "" {
			return nil, errors.New("it is not an array of [reference, id]")
		}
		l.Add(p[0], Locked{ID: p[1]})
	}
	return l, nil
}

// EncodeDependencies is the lock as the peer writes it: without variables, and
// without sources that have no id.
func (l *Lock) EncodeDependencies() ([]byte, error) {
	pairs := [][2]string{}
	for _, reference := range l.References() {
		if id := l.sources[reference].ID; id != "" {
			pairs = append(pairs, [2]string{reference, id})
		}
	}
	return encode(pairs)
}

// WriteDependencies writes the peer's list of sources.
func (l *Lock) WriteDependencies(file string) error {
	data, err := l.EncodeDependencies()
	if err != nil {
		return unsaved(file, err)
	}
	return save(file, data)
}

// ReadDirectives reads the peer's file of variables.
func ReadDirectives(file string) (map[string]any, error) {
	data, err := read("directives JSON", file)
	if err != nil {
		return nil, err
	}
	var variables map[string]any
	if err := json.Unmarshal(data, &variables); err != nil {
		return nil, unusable("directives JSON", file, err)
	}
	return variables, nil
}

// WriteDirectives writes the peer's file of variables.
func WriteDirectives(file string, variables map[string]any) error {
	if variables == nil {
		variables = map[string]any{}
	}
	data, err := encode(variables)
	if err != nil {
		return unsaved(file, err)
	}
	return save(file, data)
}

// MergeVariables are those of a file and those that were passed, which win.
func MergeVariables(file, passed map[string]any) map[string]any {
	merged := make(map[string]any, len(file)+len(passed))
	maps.Copy(merged, file)
	maps.Copy(merged, passed)
	return merged
}

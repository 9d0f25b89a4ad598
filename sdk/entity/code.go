package entity

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Code tells which lines of sources the code of a build is made of, by what
// impCentral calls the code: `device_code` or `agent_code`.
type Code map[string][]Segment

// Segment is a run of lines that follow each other in a source as well.
type Segment struct {
	// Line is its first line in the code, from 1.
	Line int `json:"line"`
	// Source and SourceLine are where it comes from; 0 for lines that no source
	// has.
	Source     string `json:"source,omitempty"`
	SourceLine int    `json:"sourceLine,omitempty"`
}

// codeVersion is the version of the files that Encode makes.
const codeVersion = 1

type codeFile struct {
	Version int  `json:"version"`
	Code    Code `json:"code"`
}

// Encode is the content of a file that keeps the lines of a build.
func (c Code) Encode() ([]byte, error) {
	text, err := json.Marshal(codeFile{codeVersion, c})
	return append(text, '\n'), err
}

// ParseCode reads what Encode made.
func ParseCode(text []byte) (Code, error) {
	var f codeFile
	if err := json.Unmarshal(text, &f); err != nil {
		return nil, fmt.Errorf("reading a line map: %w", err)
	}
	if f.Version != codeVersion {
		return nil, fmt.Errorf("version %d of line maps is not known", f.Version)
	}
	for _, segments := range f.Code {
		last := 0
		for _, s := range segments {
			if s.Line <= last || s.SourceLine < 0 {
				return nil, errors.New("the lines of a line map are not in order")
			}
			last = s.Line
		}
	}
	return f.Code, nil
}

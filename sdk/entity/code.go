package entity

// Code tells which lines of sources the code of a build is made of, by what
// impCentral calls the code: `device_code` or `agent_code`.
type Code map[string][]Segment

// Segment is a run of lines that follow each other in a source as well.
type Segment struct {
	// Line is its first line in the code, from 1.
	Line int
	// Source and SourceLine are where it comes from; 0 for lines that no source
	// has.
	Source     string
	SourceLine int
}

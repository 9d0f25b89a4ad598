package source

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/electricimp/impt/sdk/fault"
)

// DefaultExclude is the name of the list of what is not cached.
const DefaultExclude = "builder-cache.exclude"

// Exclude are patterns of references that are not cached.
type Exclude []string

// Match tells whether a reference is excluded.
func (e Exclude) Match(reference string) bool {
	for _, pattern := range e {
		if ok, err := doublestar.Match(pattern, reference); ok && err == nil {
			return true
		}
	}
	return false
}

// ReadExclude reads a list in dir: a pattern a line, with * and ? for anything
// but slashes, ** for any folders and {a,b} for either; lines that begin with #
// are comments. An empty name is DefaultExclude, which need not exist.
func ReadExclude(dir, name string) (Exclude, error) {
	optional := name == "" || name == DefaultExclude
	if name == "" {
		name = DefaultExclude
	}
	file := name
	if !filepath.IsAbs(file) {
		file = filepath.Join(dir, file)
	}
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		if optional {
			return nil, nil
		}
		return nil, &fault.Fault{Kind: fault.FileKind, Sentence: name + " file does not exist", Cause: err}
	}
	if err != nil {
		return nil, fault.File(name, why(err), err)
	}
	defer func() { _ = f.Close() }()
	var e Exclude
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		pattern := strings.TrimSpace(lines.Text())
		if pattern == "" || pattern[0] == '#' {
			continue
		}
		if !doublestar.ValidatePattern(pattern) {
			return nil, &fault.Fault{
				Kind:     fault.CorruptedFileKind,
				Sentence: fmt.Sprintf("Invalid pattern \"%s\" (%s:%d)", pattern, name, n),
			}
		}
		e = append(e, pattern)
	}
	if err := lines.Err(); err != nil {
		return nil, fault.File(name, why(err), err)
	}
	return e, nil
}

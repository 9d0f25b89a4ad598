// Package peer finds parts of the peer, which this program is compared with.
package peer

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Builder finds the Builder that a program of the peer uses. The program
// may also be a script that names the real one.
func Builder(program string) (string, error) {
	folder, found := find(program, filepath.Join("node_modules", "Builder"), "package.json")
	if !found {
		return "", fmt.Errorf("there is no node_modules/Builder beside %s", program)
	}
	return folder, nil
}

// Fixtures finds the unit tests that the peer tests its `test run` with; its
// sources have them, and its test framework as a module of their own.
func Fixtures(program string) (string, error) {
	folder, found := find(program, filepath.Join("spec", "test", "fixtures"), "run")
	_, runs := find(program, filepath.Join("lib", "impUnit"), "index.nut")
	if !found || !runs {
		return "", fmt.Errorf("the peer's unit tests and framework: %w", fs.ErrNotExist)
	}
	return folder, nil
}

// find finds a folder, which has something, beside a program.
func find(program, wanted, within string) (string, bool) {
	candidates := []string{program}
	if text, err := os.ReadFile(program); err == nil && len(text) < 4096 {
		for word := range strings.FieldsSeq(string(text)) {
			if word = strings.Trim(word, `"'`); filepath.IsAbs(word) {
				candidates = append(candidates, word)
			}
		}
	}
	for _, c := range candidates {
		file, err := filepath.EvalSymlinks(c)
		if err != nil {
			continue
		}
		for dir := filepath.Dir(file); dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
			folder := filepath.Join(dir, wanted)
			if _, err := os.Stat(filepath.Join(folder, within)); err == nil {
				return folder, true
			}
		}
	}
	return "", false
}

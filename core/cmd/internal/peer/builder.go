// Package peer finds parts of the peer, which this program is compared with.
package peer

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Builder finds the Builder that a program of the peer uses. The program
// may also be a script that names the real one.
func Builder(program string) (string, error) {
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
			folder := filepath.Join(dir, "node_modules", "Builder")
			if _, err := os.Stat(filepath.Join(folder, "package.json")); err == nil {
				return folder, nil
			}
		}
	}
	return "", fmt.Errorf("there is no node_modules/Builder beside %s", program)
}

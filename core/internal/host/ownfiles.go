package host

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/electricimp/impt/core/internal/auth"
	"github.com/electricimp/impt/core/internal/project"
)

// ownFiles are impt's own: the logins, and what a plugin sees by other calls
// than those for files, where secrets in it could be read again.
type ownFiles struct{ paths, names []string }

func (c Config) ownFiles() ownFiles {
	config := ".impt." + c.Plugin
	paths := []string{
		filepath.Join(c.Auth.Home, auth.FileName),
		filepath.Join(c.Dir, auth.FileName),
		filepath.Join(c.Dir, project.Name),
		filepath.Join(c.Dir, config),
	}
	if p := c.Auth.Variables.AuthFilePath; p != "" {
		if !filepath.IsAbs(p) {
			p = filepath.Join(c.Dir, p)
		}
		paths = append(paths, filepath.Join(p, auth.FileName))
	}
	return ownFiles{paths, []string{auth.FileName, project.Name, ".impt.test", config}}
}

// maxLinks is how many links are followed, as by Linux.
const maxLinks = 40

// has tells whether a path leads to one of them, by its name or by links, also
// when there is no such file yet.
func (o ownFiles) has(path string) bool {
	for range maxLinks {
		if slices.ContainsFunc(o.names, func(n string) bool { return strings.EqualFold(n, filepath.Base(path)) }) {
			return true
		}
		target, err := os.Readlink(path)
		if err != nil {
			break
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(path), target)
		}
		path = target
	}
	asked, err := os.Stat(path)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(o.paths, func(own string) bool {
		there, err := os.Stat(own)
		return err == nil && os.SameFile(asked, there)
	})
}

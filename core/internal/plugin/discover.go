package plugin

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// Warning is something that is wrong with one of the places or plugins, and
// keeps none of the others from being used.
type Warning struct {
	// Path is the file or folder.
	Path string
	// Text says what is wrong, in lower case and without a full stop.
	Text string
}

// BundledFolder is the folder of the plugins that come with the host, from the
// path of its own file.
func BundledFolder(executable string) (string, error) {
	file, err := filepath.EvalSymlinks(executable)
	if err != nil {
		return "", fmt.Errorf("finding the bundled plugins: %w", err)
	}
	return filepath.Join(filepath.Dir(file), "..", "libexec", "impt", "plugins"), nil
}

const filePrefix = "impt-plugin-"

// maxName is how long the name of a group may be.
const maxName = 32

func isName(s string) bool {
	if s == "" || len(s) > maxName || s[0] < 'a' || s[0] > 'z' {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-'
	})
}

// groupOf reads the name of the group from the name of a file. Files with
// other names are none of ours.
func groupOf(file string) (string, bool) {
	name, ok := strings.CutPrefix(file, filePrefix)
	if ok && runtime.GOOS == "windows" {
		name, ok = strings.CutSuffix(strings.ToLower(name), ".exe")
	}
	return name, ok
}

// discovery is what the folders hold.
type discovery struct {
	plugins  []*Plugin
	reserved []string
	warnings []Warning
}

func (d *discovery) warn(path, format string, args ...any) {
	d.warnings = append(d.warnings, Warning{path, fmt.Sprintf(format, args...)})
}

// discover looks into the folders, in this order: the bundled plugins, those
// under development, what is installed, the user's, those of IMPT_PLUGIN_PATH.
// In this order they have a name.
func discover(c Config, active []Active) *discovery {
	d := &discovery{reserved: c.Reserved}
	d.folder(c.Bundled, true)
	d.folder(c.Development, false)
	for _, a := range active {
		d.plugins = append(d.plugins, a.plugin())
	}
	d.folder(c.User, false)
	for _, folder := range c.Path {
		d.folder(folder, false)
	}
	for _, p := range d.plugins {
		// A folder that the user names is that of whoever makes plugins, with
		// the libraries of an interpreted language in it.
		switch folder := filepath.Dir(p.Path); {
		case slices.Contains(c.Path, folder):
			p.Folder = folder
		case folder == c.Development:
			p.Development = true
			if source, err := filepath.EvalSymlinks(p.Path); err == nil && filepath.Dir(source) != folder {
				p.Folder = filepath.Dir(source)
			}
		}
	}
	return d
}

func (d *discovery) folder(folder string, bundled bool) {
	switch {
	case folder == "":
		return
	case !filepath.IsAbs(folder):
		d.warn(folder, "it is not an absolute path")
		return
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			d.warn(folder, "it cannot be read: %s", systemText(err))
		}
		return
	}
	var unsafe error
	if !bundled {
		unsafe = guardFolder(folder)
	}
	for _, e := range entries {
		if name, ok := groupOf(e.Name()); ok {
			d.file(filepath.Join(folder, e.Name()), name, bundled, unsafe)
		}
	}
}

// file adds one plugin, which lies in a folder that may be unsafe.
func (d *discovery) file(path, name string, bundled bool, unsafe error) {
	if !isName(name) {
		d.warn(path, "%s is not the name of a group", quoted(name))
		return
	}
	if slices.Contains(d.reserved, name) {
		d.warn(path, "impt has the group %s itself", quoted(name))
		return
	}
	p := &Plugin{Name: name, Path: path, Bundled: bundled}
	var link bool
	var err error
	if p.seen, link, err = lookAt(path); err != nil {
		d.warn(path, "it is not used: %s", systemText(err))
		return
	}
	if !bundled && unsafe == nil {
		unsafe = p.seen.guard(path, link)
	}
	if unsafe != nil {
		d.warn(path, "it is not used: %s", printable(unsafe.Error()))
		p.Fault, p.unsafe = p.mayNot(unsafe), true
	}
	if !slices.ContainsFunc(d.plugins, func(o *Plugin) bool { return o.Name == name && o.seen == p.seen }) {
		d.plugins = append(d.plugins, p)
	}
}

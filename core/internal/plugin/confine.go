package plugin

import (
	"os"
	"path/filepath"
)

// enclosure is what a plugin that does not come with the host can reach by
// itself, without asking Host. Everything else is closed to it, as far as the
// system lets us: Confinement says how far that is.
type enclosure struct {
	// plugin is the file that is executed, folder what belongs to it and is
	// there to be read; "" if nothing does.
	plugin, folder string
	// run is the run's directory, in which it makes its socket.
	run string
	// host is the path of the socket of Host; "" without one.
	host string
	// cover is the folder for its coverage, "" if nobody wants to know.
	cover string
}

// enclosure returns where the plugin is confined to; nil if it comes with the
// host: then it was built with it, and is as trustworthy.
func (p *Process) enclosure(e Environment) *enclosure {
	if p.plugin.Bundled {
		return nil
	}
	c := &enclosure{plugin: p.plugin.Path, run: p.dir.path, cover: e.CoverDir}
	if p.host != nil {
		c.host = p.host.path
	}
	if p.plugin.Folder != "" && !holdsAny(p.plugin.Folder, e.Private) {
		c.folder = p.plugin.Folder
	}
	return c
}

// holdsAny tells whether one of the paths is the folder or below it.
func holdsAny(folder string, paths []string) bool {
	info, err := os.Stat(folder)
	if err != nil {
		return true
	}
	for _, path := range paths {
		if path == "" {
			continue // for EvalSymlinks it is the working directory
		}
		if path, err = filepath.EvalSymlinks(path); err != nil {
			continue // nothing is there
		}
		for ; ; path = filepath.Dir(path) {
			if there, err := os.Stat(path); err == nil && os.SameFile(there, info) {
				return true
			}
			if path == filepath.Dir(path) {
				break
			}
		}
	}
	return false
}

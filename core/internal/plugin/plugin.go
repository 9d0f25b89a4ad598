package plugin

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"sync"

	"google.golang.org/protobuf/proto"

	"github.com/electricimp/impt/sdk/fault"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Plugin is one plugin that was found.
type Plugin struct {
	// Name of the group, from the name of the file.
	Name string
	// Path of the file.
	Path string
	// Folder is what belongs to the plugin besides its file, and what it may
	// read therefore; empty if nothing does.
	Folder string
	// Bundled tells the plugins that come with the host from the others.
	Bundled bool
	// Development tells those that are used from their sources.
	Development bool
	// Installed tells those that were installed into the store.
	Installed bool
	// Version, Vendor and Synopsis are the manifest's; empty when there is
	// none.
	Version, Vendor, Synopsis string
	// Groups are the names of the groups in which it has commands, its own too.
	Groups []string
	// SHA256 is the digest of the file when it was first seen, or has
	// changed; nil when it could not be read.
	SHA256 []byte
	// Fault is why the plugin cannot be used; nil if it can be.
	Fault *fault.Fault

	seen    identity
	unsafe  bool                  // others may change it
	anyName bool                  // the name of the file does not count
	fresh   bool                  // described by this process, not read from the index
	encoded func() ([]byte, bool) // false: the index is damaged
	decode  func() (*pluginv1.Manifest, error)
}

// Manifest returns what the plugin declares, or Fault. It is decoded when it
// is first asked for, and must not be changed.
func (p *Plugin) Manifest() (*pluginv1.Manifest, error) {
	if p.Fault != nil {
		return nil, p.Fault
	}
	m, err := p.decode()
	if err == nil {
		return m, nil
	}
	if _, told := fault.Of(err); told {
		return nil, err
	}
	// Not in decode, which the sentence itself asks whom to tell.
	return nil, p.badManifest(err)
}

// Qualified is the name that is the plugin's alone, vendor/name; empty without
// a vendor.
func (p *Plugin) Qualified() string {
	if p.Vendor == "" {
		return ""
	}
	return p.Vendor + "/" + p.Name
}

// Identity is what sentences call the plugin.
func (p *Plugin) Identity() string {
	if q := p.Qualified(); q != "" {
		return q
	}
	return p.Name
}

// hold gives the plugin its manifest as it is encoded.
func (p *Plugin) hold(encoded []byte) {
	p.holdLater(func() ([]byte, bool) { return encoded, true })
}

// holdLater does so when the manifest is first asked for.
func (p *Plugin) holdLater(read func() ([]byte, bool)) {
	p.encoded = sync.OnceValues(read)
	p.decode = sync.OnceValues(func() (*pluginv1.Manifest, error) {
		encoded, ok := p.encoded()
		if !ok {
			return nil, p.notKnown()
		}
		m := &pluginv1.Manifest{}
		if err := proto.Unmarshal(encoded, m); err != nil {
			return nil, err
		}
		return m, nil
	})
}

// unchanged refuses to start what is not what was looked at. A link that was
// made elsewhere changes a file's times, so it is the content that decides.
func (p *Plugin) unchanged() error {
	seen, err := identify(p.Path)
	switch {
	case err != nil:
		return p.unreadable(err)
	case seen == p.seen:
		return nil
	}
	now := &Plugin{Path: p.Path}
	if err := now.digest(); err != nil {
		return p.unreadable(err)
	}
	if p.SHA256 == nil || !bytes.Equal(now.SHA256, p.SHA256) {
		return p.changed()
	}
	return nil
}

// errIrregular is said of what is in the place of a file.
var errIrregular = errors.New("it is not a regular file that can be executed")

// identify returns what tells the file from any other, and from itself once
// it has changed.
func identify(path string) (identity, error) {
	seen, _, err := lookAt(path)
	return seen, err
}

// lookAt also tells whether the path is that of a symbolic link. For the many
// that are none it is one call to the system.
func lookAt(path string) (seen identity, link bool, err error) {
	info, err := os.Lstat(path) //nolint:gosec // from a listing of the plugin folders
	if err == nil && info.Mode()&fs.ModeSymlink != 0 {
		link = true
		info, err = os.Stat(path) //nolint:gosec // the same
	}
	if err != nil {
		return identity{}, link, err
	}
	seen, err = identityOf(info)
	return seen, link, err
}

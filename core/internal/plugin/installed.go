package plugin

import (
	"context"
	"encoding/hex"
	"os"
	"path/filepath"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Active is a plugin that was installed, as the store knows it.
type Active struct {
	Name, Vendor, Version string
	// Path of the executable, SHA256 its digest when it was installed.
	Path   string
	SHA256 []byte
}

func (a Active) plugin() *Plugin {
	return &Plugin{
		Name: a.Name, Vendor: a.Vendor, Version: a.Version, Path: a.Path, SHA256: a.SHA256,
		Groups: []string{a.Name}, Installed: true,
		Folder: filepath.Dir(a.Path), // that of this version alone
	}
}

// admit looks at the file of a plugin that the index does not know: it must be
// what was installed.
func (p *Plugin) admit() {
	installed := p.SHA256
	seen, link, err := lookAt(p.Path)
	if err == nil {
		err = seen.guard(p.Path, link)
	}
	if err != nil {
		p.Fault, p.unsafe = p.mayNot(err), true
		return
	}
	if err := p.digest(); err != nil || string(p.SHA256) != string(installed) {
		p.SHA256 = installed
		p.Fault, p.unsafe = p.changed(), true
		return
	}
	p.seen = seen
}

// Describe starts an executable once for what it declares. Its content must
// have the digest, in hexadecimal digits.
func (x *Index) Describe(ctx context.Context, path, name, digest string) (*pluginv1.Manifest, error) {
	// It may read what it will have beside it, too, as when it runs.
	p := &Plugin{Name: name, Path: path, Installed: true, Folder: filepath.Dir(path)}
	var err error
	if p.SHA256, err = hex.DecodeString(digest); err != nil {
		return nil, p.unreadable(err)
	}
	if p.admit(); p.Fault != nil {
		return nil, p.Fault
	}
	if err := x.describe(ctx, p); err != nil {
		return nil, p.faultOf(err)
	}
	return p.Manifest()
}

// FileKey tells the content of a file from what it was before; "" without one.
func FileKey(path string) string {
	info, err := os.Lstat(path)
	if err != nil {
		return ""
	}
	return fileKey(info)
}

// GuardFolder refuses a folder in which others may change files.
func GuardFolder(path string) error { return guardFolder(path) }

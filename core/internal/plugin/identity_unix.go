//go:build unix

package plugin

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// identity is what tells a file from any other, and from itself once it has
// changed. A program that runs as the user can forge it; a mistake cannot.
type identity struct {
	Device, Inode, Size uint64
	Modified, Changed   int64 // nanoseconds
	Owner, Mode         uint32
}

func identityOf(info fs.FileInfo) (identity, error) {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok || !info.Mode().IsRegular() || info.Mode().Perm()&0o111 == 0 {
		return identity{}, errIrregular
	}
	changed := changeTime(st)
	return identity{
		Device:   uint64(st.Dev), //nolint:unconvert // another type elsewhere
		Inode:    st.Ino,
		Size:     uint64(st.Size), //nolint:gosec // not negative
		Modified: info.ModTime().UnixNano(),
		Changed:  changed.Nano(),
		Owner:    st.Uid,
		Mode:     uint32(st.Mode), //nolint:unconvert // 16 bits elsewhere
	}, nil
}

// fileKey is what changes whenever the file is replaced or written.
func fileKey(info fs.FileInfo) string {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return ""
	}
	changed := changeTime(st)
	return fmt.Sprint(st.Dev, st.Ino, st.Size, info.ModTime().UnixNano(), changed.Nano())
}

// guard refuses a file that others than the user and root may change. Behind
// a symbolic link it is the folder of the real file that counts as well.
func (i identity) guard(path string, link bool) error {
	if err := guardOwned(path, i.Mode, i.Owner); err != nil || !link {
		return err
	}
	target, err := filepath.EvalSymlinks(path)
	if err != nil {
		return err
	}
	return guardFolder(filepath.Dir(target))
}

// guardFolder refuses a folder in which others may change files.
func guardFolder(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return fmt.Errorf("the owner of %s is unknown", path)
	}
	return guardOwned(path, uint32(st.Mode), st.Uid) //nolint:unconvert // 16 bits elsewhere
}

func guardOwned(path string, mode, owner uint32) error {
	switch {
	case mode&0o022 != 0:
		return fmt.Errorf("others may change %s; forbid it with: chmod go-w %s", path, path)
	case owner != 0 && int(owner) != os.Geteuid():
		return fmt.Errorf("%s belongs to somebody else", path)
	}
	return nil
}

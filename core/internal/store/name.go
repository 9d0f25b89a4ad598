package store

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"golang.org/x/mod/semver"
)

// Names and versions become parts of paths, and come from strangers. Their
// grammar admits nothing that means something to a file system.

const (
	maxName    = 32
	maxVersion = 64
)

// ID is what a plugin is called everywhere: who publishes it, and its name,
// which is that of its group.
type ID struct{ Vendor, Name string }

// String is the identity as it is typed.
func (id ID) String() string { return id.Vendor + "/" + id.Name }

var errName = errors.New("it is no name of a plugin, which is like vendor/name")

// ParseID reads vendor/name.
func ParseID(s string) (ID, error) {
	vendor, name, ok := strings.Cut(s, "/")
	if !ok || !isName(vendor) || !isName(name) {
		return ID{}, errName
	}
	return ID{vendor, name}, nil
}

// reserved are names of devices on Windows, also with an extension.
var reserved = []string{
	"con", "prn", "aux", "nul",
	"com0", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
	"lpt0", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
}

// isName is the grammar of vendors and plugins: that of a group.
func isName(s string) bool {
	if s == "" || len(s) > maxName || s[0] < 'a' || s[0] > 'z' || slices.Contains(reserved, s) {
		return false
	}
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// isVersion is semantic versioning in lower case, since versions are names of
// folders where case may not count.
func isVersion(s string) bool {
	v := "v" + s
	return len(s) <= maxVersion && strings.Count(s, ".") >= 2 && s == strings.ToLower(s) && semver.IsValid(v)
}

// older tells whether version a comes before b.
func older(a, b string) bool { return semver.Compare("v"+a, "v"+b) < 0 }

// preferred tells whether version a is taken before b by those who want the
// newest: a release before what is none.
func preferred(a, b string) bool {
	if isRelease(a) != isRelease(b) {
		return isRelease(a)
	}
	return older(b, a)
}

// isRelease tells versions that are meant for everybody.
func isRelease(version string) bool { return semver.Prerelease("v"+version) == "" }

const (
	maxPath     = 200
	maxSegments = 8
)

// checkPath refuses every path in an archive that is not plainly a file below
// the folder it is unpacked to, on any system.
func checkPath(p string) error {
	if p == "" || len(p) > maxPath || path.Clean(p) != p || path.IsAbs(p) || strings.Count(p, "/") >= maxSegments {
		return fmt.Errorf("the path %.60q is not allowed", p)
	}
	for s := range strings.SplitSeq(p, "/") {
		stem, _, _ := strings.Cut(strings.ToLower(s), ".")
		if strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-") != "" ||
			s[0] == '.' || s[0] == '-' || s[len(s)-1] == '.' || slices.Contains(reserved, stem) {
			return fmt.Errorf("the path %.60q is not allowed", p)
		}
	}
	return nil
}

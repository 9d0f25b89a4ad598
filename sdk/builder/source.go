package builder

import "context"

// Place is where a source lies: the values that __FILE__, __PATH__,
// __REPO_PREFIX__, __REPO_REF__, __URL_ROOT__ and __URL_PATH__ have there. An
// empty one is null.
type Place struct{ File, Path, RepoPrefix, RepoRef, URLRoot, URLPath string }

// Source is what a reference means.
type Source struct {
	Place
	// Name is what messages call it: the whole path of a local file, else the
	// reference.
	Name string
	Text string
	// ID is the git blob or commit of a remote source, or empty.
	ID string
}

// Reader finds the sources that others include.
type Reader interface {
	// Read returns the source that reference means in a source at from. The
	// reference is trimmed, and its backslashes are slashes. The text of an
	// error, or the sentence of a fault, gets the place of the include behind it.
	Read(ctx context.Context, reference string, from Place) (Source, error)
}

// within returns the place that a source has when it is included at from: what
// a repository or a web site says of it also holds for the local files that it
// includes.
func (p Place) within(from Place) Place {
	if p.RepoPrefix == "" {
		p.RepoPrefix, p.RepoRef = from.RepoPrefix, from.RepoRef
	}
	if p.URLRoot == "" {
		p.URLRoot, p.URLPath = from.URLRoot, from.URLPath
	}
	return p
}

// variable returns the value of one of the variables about the place.
func (p *Place) variable(name string) (string, bool) {
	field := p.field(name)
	if field == nil || *field == "" && field != &p.File {
		return "", false
	}
	return *field, true
}

func (p *Place) field(name string) *string {
	switch name {
	case "__FILE__":
		return &p.File
	case "__PATH__":
		return &p.Path
	case "__REPO_PREFIX__":
		return &p.RepoPrefix
	case "__REPO_REF__":
		return &p.RepoRef
	case "__URL_ROOT__":
		return &p.URLRoot
	case "__URL_PATH__":
		return &p.URLPath
	}
	return nil
}

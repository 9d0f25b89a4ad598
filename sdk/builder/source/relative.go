package source

import (
	"path"
	"strings"

	"github.com/electricimp/impt/sdk/builder"
)

// resolver turns what an include says into what is meant at its place.
type resolver struct {
	remoteRelative bool
	windows        bool
	volume         string // of the working directory, as in C:
	// prefix is __REPO_PREFIX__ of a reference to a repository.
	prefix func(reference) (string, error)
}

func (v resolver) resolve(text string, from builder.Place) (string, error) {
	if v.remoteRelative {
		var err error
		if text, err = v.remote(text, from); err != nil {
			return "", err
		}
	}
	if v.windows && strings.HasPrefix(text, "/") && !strings.HasPrefix(text, "//") {
		text = v.volume + text
	}
	return text, nil
}

func (v resolver) remote(text string, from builder.Place) (string, error) {
	if strings.HasPrefix(text, "/") {
		if joined, ok := joinRepository(from.RepoPrefix, text); ok {
			return withRef(joined, from), nil
		}
		if from.URLRoot != "" {
			return joinURL(from.URLRoot, "", text), nil
		}
	}
	r := parse(text)
	if r.kind == web || r.kind == unsupported || isAbsolute(text, v.windows) {
		return text, nil
	}
	if r.kind != localFile {
		if r.ref != "" || from.RepoRef == "" {
			return text, nil
		}
		prefix, err := v.prefix(r)
		if err != nil {
			return "", err
		}
		if prefix == from.RepoPrefix {
			return withRef(text, from), nil
		}
		return text, nil
	}
	if joined, ok := joinRepository(from.Path, text); ok && parse(joined).kind != localFile {
		return withRef(joined, from), nil
	}
	if from.URLRoot != "" {
		within, _, _ := strings.Cut(from.URLPath, "?")
		within, _, _ = strings.Cut(within, "#")
		return joinURL(from.URLRoot, dir(within), text), nil
	}
	return text, nil
}

// joinRepository is text within a place of a repository; false if the place is
// none.
func joinRepository(place, text string) (string, bool) {
	for _, f := range forms {
		if f.kind == web || !strings.HasPrefix(place, f.prefix) {
			continue
		}
		before, within := f.prefix, place[len(f.prefix):]
		if f.kind == gitURL {
			location, inside, _ := strings.Cut(within, "#")
			before, within = before+location+"#", inside
			if path.IsAbs(text) {
				text = strings.TrimLeft(text, "/")
			}
		}
		return before + path.Join(within, text), true
	}
	return "", false
}

func joinURL(root, within, text string) string {
	text, query, found := strings.Cut(text, "?")
	joined := root + path.Join("/", within, text)
	if found {
		joined += "?" + query
	}
	return joined
}

// withRef adds the including source's branch, tag or commit.
func withRef(text string, from builder.Place) string {
	file := text
	if r := parse(text); r.kind == gitURL {
		_, file, _ = strings.Cut(text, "#")
	}
	if from.RepoRef == "" || strings.Contains(file, "@") {
		return text
	}
	return text + "@" + from.RepoRef
}

// isAbsolute is filepath.IsAbs for a system that need not be this one.
func isAbsolute(p string, windows bool) bool {
	if !windows {
		return strings.HasPrefix(p, "/")
	}
	p = strings.ReplaceAll(p, `\`, "/")
	return strings.HasPrefix(p, "/") || hasDrive(p) && len(p) > 2 && p[2] == '/'
}

func hasDrive(p string) bool {
	return len(p) > 1 && p[1] == ':' && ('a' <= p[0]|0x20 && p[0]|0x20 <= 'z')
}

package source

import (
	"path"
	"strings"

	"github.com/electricimp/impt/sdk/builder"
)

type kind int

const (
	localFile kind = iota
	bitbucketServer
	azureRepos
	gitLocal
	gitHub
	gitURL
	web
	unsupported
)

// A reference is what an include names, taken apart.
type reference struct {
	kind kind
	raw  string // as written, perhaps with secrets
	name string // without secrets
	// Of repositories: what leads to the repository, and the file in it.
	owner, project, repository string
	path, ref                  string
	url                        string // of git: and of the web, perhaps with secrets
}

var forms = []struct {
	prefix string
	kind   kind
}{
	{"bitbucket-server:", bitbucketServer},
	{"git-azure-repos:", azureRepos},
	{"git-local:", gitLocal},
	{"github:", gitHub},
	{"github.com:", gitHub},
	{"github.com/", gitHub},
	{"git:", gitURL},
	{"http:", web},
	{"https:", web},
}

func parse(text string) reference {
	for _, f := range forms {
		if len(text) < len(f.prefix) || !strings.EqualFold(text[:len(f.prefix)], f.prefix) {
			continue
		}
		r := reference{kind: f.kind, raw: text, name: clean(text)}
		if r.fill(text[len(f.prefix):]) {
			return r
		}
		if f.kind == web || f.kind == gitURL {
			return reference{kind: unsupported, raw: text, name: clean(text)}
		}
		break // as the peer does, a local file may have that name
	}
	return reference{kind: localFile, raw: text, name: clean(text), path: text}
}

// fill takes apart what follows the prefix; false if it is malformed.
func (r *reference) fill(rest string) bool {
	switch r.kind {
	case web:
		r.url = r.raw
		host := strings.TrimPrefix(rest, "//")
		return len(host) < len(rest) && host != "" && !strings.ContainsAny(host[:1], "/?#")
	case gitURL:
		location, file, found := strings.Cut(rest, "#")
		r.url = location
		r.path, r.ref = cutRef(file)
		return found && r.path != "" && !strings.Contains(r.path, "@") && isGitURL(location)
	case gitLocal:
		r.path, r.ref = cutRef(rest)
		return r.path != "" && !strings.Contains(r.path, "@")
	case azureRepos:
		var found bool
		if r.owner, rest, found = strings.Cut(rest, "/"); !found || !isName(strings.TrimPrefix(r.owner, "~")) {
			return false
		}
	case bitbucketServer, gitHub, localFile, unsupported:
	}
	project, rest, found := strings.Cut(rest, "/")
	repository, file, foundToo := strings.Cut(rest, "/")
	r.project, r.repository = project, repository
	r.path, r.ref = cutRef(file)
	if r.kind != gitHub {
		project = strings.TrimPrefix(project, "~")
	}
	return found && foundToo && isName(project) && isName(repository)
}

// cutRef cuts at the last at sign.
func cutRef(text string) (path, ref string) {
	if i := strings.LastIndexByte(text, '@'); i >= 0 {
		return text[:i], text[i+1:]
	}
	return text, ""
}

// isName tells whether s names a project or repository, and nothing above.
func isName(s string) bool {
	for _, c := range []byte(s) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '.', c == '_':
		default:
			return false
		}
	}
	return s != "" && s != "." && s != ".."
}

// isGitURL refuses local paths, options, and the transports that run programs.
func isGitURL(s string) bool {
	if strings.ContainsFunc(s, func(c rune) bool { return c <= ' ' || c == 0x7f }) {
		return false
	}
	scheme, rest, found := strings.Cut(s, "://")
	if found {
		switch strings.ToLower(scheme) {
		case "https", "http", "ssh", "git":
			bare, _ := splitLogin("x://" + rest)
			bare = strings.TrimPrefix(bare, "x://")
			return bare != "" && !strings.ContainsAny(bare[:1], "-/")
		case "file":
			return strings.HasPrefix(rest, "/")
		default:
			return false
		}
	}
	user, address, found := strings.Cut(s, "@")
	host, file, foundToo := strings.Cut(address, ":")
	return found && foundToo && isName(user) && user[0] != '-' && isName(host) && host[0] != '-' &&
		file != "" && file[0] != ':'
}

// isRef refuses what git would take for an option, a range or another path.
func isRef(s string) bool {
	return !strings.HasPrefix(s, "-") && !strings.HasPrefix(s, "+") &&
		!strings.ContainsFunc(s, func(c rune) bool { return c <= ' ' || c == 0x7f || c == ':' || c == '*' })
}

// repositoryPrefix is __REPO_PREFIX__; that of git-local has to be asked for.
func (r reference) repositoryPrefix() string {
	switch r.kind {
	case bitbucketServer:
		return "bitbucket-server:" + r.project + "/" + r.repository
	case azureRepos:
		return "git-azure-repos:" + r.owner + "/" + r.project + "/" + r.repository
	case gitHub:
		return "github:" + r.project + "/" + r.repository
	case gitURL:
		return "git:" + clean(r.url)
	default:
		return ""
	}
}

// place is where a remote source lies. What its kind does not have is that of
// the source that includes it.
func (r reference) place(from builder.Place) builder.Place {
	p := from
	switch r.kind {
	case bitbucketServer, azureRepos, gitHub:
		p.File, p.RepoRef, p.RepoPrefix = base(r.path), r.ref, r.repositoryPrefix()
		p.Path = p.RepoPrefix + "/" + dir(r.path)
	case gitURL:
		p.File, p.RepoRef, p.RepoPrefix = base(r.path), r.ref, r.repositoryPrefix()
		p.Path = p.RepoPrefix + "#" + dir(r.path)
	case gitLocal:
		p.File, p.RepoRef = base(r.path), r.ref
		p.Path = "git-local:"
		if d := dir(r.path); d != "." {
			p.Path += d
		}
	case web:
		scheme, rest, _ := strings.Cut(r.name, "://")
		end := strings.IndexAny(rest, "/?#")
		if end < 0 {
			end = len(rest)
		}
		p.URLRoot = scheme + "://" + rest[:end]
		p.URLPath = strings.TrimPrefix(rest[end:], "/")
		p.File = base(rest[end:])
		p.Path = strings.TrimRight(p.URLRoot+dir("/"+p.URLPath), "/")
	case localFile, unsupported:
	}
	return p
}

// collapse makes a path of single slashes.
func collapse(p string) string {
	p = strings.ReplaceAll(p, `\`, "/")
	for strings.Contains(p, "//") {
		p = strings.ReplaceAll(p, "//", "/")
	}
	return p
}

// base is the last element of a path, whether or not a slash follows.
func base(p string) string {
	p = strings.TrimRight(collapse(p), "/")
	return p[strings.LastIndexByte(p, '/')+1:]
}

// dir is what comes before base, as it is written; "." if nothing does.
func dir(p string) string {
	p = collapse(p)
	trimmed := strings.TrimRight(p, "/")
	i := strings.LastIndexByte(trimmed, '/')
	switch {
	case i > 0:
		return trimmed[:i]
	case i == 0 || trimmed == "" && p != "":
		return "/"
	default:
		return "."
	}
}

// inside is a path within a repository without dots; false if it leaves it.
func inside(p string) (string, bool) {
	p = strings.TrimPrefix(path.Clean(collapse(p)), "/")
	return p, p != ".." && !strings.HasPrefix(p, "../") && p != "" && p != "."
}

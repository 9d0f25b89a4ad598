package source

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// gitOutput is what one run of git may say on standard error.
const gitOutput = 4 << 10

// gitRun is one run of the git command.
type gitRun struct {
	dir     string
	header  string   // Authorization header for an https repository
	secrets []string // not to be repeated in messages
}

// git runs git without a shell, and returns its standard output. The error's
// text is what it wrote to standard error.
func (s *Sources) git(ctx context.Context, run gitRun, args ...string) ([]byte, error) {
	limited, cancel := context.WithTimeout(ctx, s.cfg.Git.Timeout)
	defer cancel()
	args = append([]string{"-c", "core.fsmonitor=false", "-c", "core.hooksPath=" + os.DevNull}, args...)
	cmd := exec.CommandContext(limited, s.cfg.Git.Command, args...) //nolint:gosec // the user's git; arguments were checked
	cmd.Dir = run.dir
	cmd.Env = s.gitEnviron(run.header)
	cmd.WaitDelay = time.Second
	out, says := &bounded{limit: maxSource}, &bounded{limit: gitOutput}
	cmd.Stdout, cmd.Stderr = out, says
	err := cmd.Run()
	switch {
	case out.over:
		return nil, policyError(tooLarge)
	case err == nil:
		return out.Bytes(), nil
	case ctx.Err() != nil:
		return nil, fmt.Errorf("running git: %w", ctx.Err())
	case limited.Err() != nil:
		return nil, policyError("timed out after " + seconds(s.cfg.Git.Timeout))
	case errors.Is(err, exec.ErrNotFound):
		return nil, policyError("the git command is not found")
	}
	text := strings.TrimSpace(without(says.String(), run.secrets))
	if text == "" {
		text = err.Error()
	}
	return nil, policyError(clean(strings.Join(strings.Fields(text), " ")))
}

// gitEnviron is the given one, without what points git to another repository,
// and with what keeps it from asking and from running other programs.
func (s *Sources) gitEnviron(header string) []string {
	var env []string
	for _, v := range s.cfg.Git.Environ {
		name, _, _ := strings.Cut(v, "=")
		switch strings.ToUpper(name) {
		case "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR",
			"GIT_NAMESPACE", "GIT_PREFIX", "GIT_TRACE", "GIT_CURL_VERBOSE", "GIT_TRACE_CURL":
		default:
			env = append(env, v)
		}
	}
	env = append(env, "LC_ALL=C", "GIT_TERMINAL_PROMPT=0", "GIT_ALLOW_PROTOCOL=https:http:ssh:git:file",
		"GIT_OPTIONAL_LOCKS=0")
	if header != "" {
		// Not an argument, which others on this machine could read.
		env = append(env, "GIT_CONFIG_COUNT=2",
			"GIT_CONFIG_KEY_0=http.extraHeader", "GIT_CONFIG_VALUE_0=Authorization: "+header,
			"GIT_CONFIG_KEY_1=http.followRedirects", "GIT_CONFIG_VALUE_1=false")
	}
	return env
}

// bounded keeps so much of what is written, and fails the writer after.
type bounded struct {
	bytes.Buffer
	limit int
	over  bool
}

func (b *bounded) Write(p []byte) (int, error) {
	if room := b.limit - b.Len(); len(p) > room {
		b.over = true
		b.Buffer.Write(p[:room])
		return room, errors.New(tooLarge)
	}
	return b.Buffer.Write(p)
}

// within is a file in a repository of this machine.
type within struct{ root, file string }

func (w within) prefix() string { return "git-local:" + w.root }

// findRepository finds the repository around a file, which need not exist
// there any more.
func (s *Sources) findRepository(ctx context.Context, r reference) (within, error) {
	file := s.absolute(filepath.FromSlash(r.path))
	existing, rest := filepath.Dir(file), filepath.Base(file)
	for {
		if info, err := os.Stat(existing); err == nil && info.IsDir() {
			break
		}
		parent := filepath.Dir(existing)
		if parent == existing {
			break
		}
		existing, rest = parent, filepath.Join(filepath.Base(existing), rest)
	}
	out, err := s.git(ctx, gitRun{dir: existing}, "rev-parse", "--show-toplevel", "--show-prefix")
	if err != nil {
		if _, ok := errors.AsType[policyError](err); !ok {
			return within{}, err
		}
		return within{}, gitFailed(r.name, "Couldn't find the repo root. Probably "+filepath.ToSlash(existing)+
			" is not a git repository (or any of the parent directories)", err)
	}
	root, below, _ := strings.Cut(string(out), "\n")
	root, below = strings.TrimSuffix(root, "\r"), strings.TrimRight(below, "\r\n")
	return within{root: filepath.ToSlash(root), file: path.Join(below, filepath.ToSlash(rest))}, nil
}

// fromHere reads a file of a commit of a repository on this machine.
func (s *Sources) fromHere(ctx context.Context, r reference, id string) ([]byte, remote, error) {
	w, err := s.findRepository(ctx, r)
	if err != nil {
		return nil, remote{}, err
	}
	if err := s.cfg.Allowed(filepath.Join(filepath.FromSlash(w.root), filepath.FromSlash(w.file))); err != nil {
		return nil, remote{}, notAllowed(r.name, err)
	}
	run := gitRun{dir: filepath.FromSlash(w.root)}
	data, commit, err := s.show(ctx, r, run, id)
	return data, remote{id: commit, prefix: w.prefix()}, err
}

// show reads a file at the reference's branch, tag or commit, or at the commit
// with the given id.
func (s *Sources) show(ctx context.Context, r reference, run gitRun, id string) ([]byte, string, error) {
	at := id
	if at == "" {
		at = r.ref
	}
	if at == "" {
		at = "HEAD"
	}
	if !isRef(at) {
		return nil, "", gitFailed(r.name, "\""+at+"\" is no branch, tag or commit", nil)
	}
	file := r.path
	if r.kind == gitLocal {
		w, err := s.findRepository(ctx, r)
		if err != nil {
			return nil, "", err
		}
		file = w.file
	}
	out, err := s.git(ctx, run, "rev-parse", "--verify", "--quiet", at+"^{commit}")
	commit := strings.TrimSpace(string(out))
	if err == nil {
		at = commit
	} // else git says more when it reads the file
	data, err := s.git(ctx, run, "cat-file", "blob", at+":"+file)
	if err != nil {
		return nil, "", s.gitFailure(r.name, err)
	}
	return data, commit, nil
}

func (s *Sources) gitFailure(name string, err error) error {
	if _, ok := errors.AsType[policyError](err); ok {
		return gitFailed(name, err.Error(), err)
	}
	return err
}

// clone is what was fetched of a repository: one commit, as HEAD.
type clone struct {
	dir, commit string
}

// fromClone reads a file of a repository on any server.
func (s *Sources) fromClone(ctx context.Context, r reference, id string) ([]byte, string, error) {
	file, ok := inside(r.path)
	if !ok {
		return nil, "", gitFailed(r.name, "the path is not one of a file in the repository", nil)
	}
	at := id
	if at == "" {
		at = r.ref
	}
	if at == "" {
		at = "HEAD"
	}
	if !isRef(at) {
		return nil, "", gitFailed(r.name, "\""+at+"\" is no branch, tag or commit", nil)
	}
	if local, found := strings.CutPrefix(strings.ToLower(r.url), "file://"); found {
		directory := r.url[len(r.url)-len(local):]
		if err := s.cfg.Allowed(filepath.Join(filepath.FromSlash(directory), filepath.FromSlash(file))); err != nil {
			return nil, "", notAllowed(r.name, err)
		}
	}
	c, err := share(ctx, &s.mu, s.clones, at+" "+r.url, func() (clone, error) {
		return s.clone(ctx, r, at)
	})
	if err != nil {
		return nil, "", err
	}
	r.path, r.ref = file, c.commit
	return s.show(ctx, r, gitRun{dir: c.dir}, c.commit)
}

// clone fetches one commit, or everything from servers that do not give
// commits away by their ids.
func (s *Sources) clone(ctx context.Context, r reference, at string) (clone, error) {
	address, run := r.url, gitRun{}
	if scheme, _, _ := strings.Cut(strings.ToLower(r.url), "://"); scheme == "http" || scheme == "https" {
		bare, user := splitLogin(r.url)
		if user != nil {
			password, _ := user.Password()
			run.header = basic(user.Username(), password)
			run.secrets = []string{run.header, password, base64.StdEncoding.EncodeToString([]byte(password))}
		}
		address = bare
	}
	dir, err := os.MkdirTemp(s.cfg.Git.TempDir, "impt-git-")
	if err != nil {
		return clone{}, gitFailed(r.name, "no place for a clone: "+why(err), err)
	}
	s.mu.Lock()
	s.temp = append(s.temp, dir)
	s.mu.Unlock()
	run.dir = dir
	if _, err := s.git(ctx, run, "init", "--quiet", "--bare", "."); err != nil {
		return clone{}, s.gitFailure(r.name, err)
	}
	s.cfg.Debug("fetching " + clean(address) + " at " + at)
	_, err = s.git(ctx, run, "fetch", "--quiet", "--depth=1", "--no-tags", "--", address, at)
	found := "FETCH_HEAD"
	if err != nil && isCommit(at) {
		found = at
		_, err = s.git(ctx, run, "fetch", "--quiet", "--tags", "--", address, "+refs/heads/*:refs/heads/*")
	}
	if err != nil {
		return clone{}, s.gitFailure(r.name, err)
	}
	out, err := s.git(ctx, run, "rev-parse", "--verify", "--quiet", found+"^{commit}")
	if err != nil {
		return clone{}, gitFailed(r.name, "\""+at+"\" is no branch, tag or commit", err)
	}
	return clone{dir: dir, commit: strings.TrimSpace(string(out))}, nil
}

// isCommit tells whether s may be the id of a commit, perhaps shortened.
func isCommit(s string) bool {
	return len(s) >= 4 && len(s) <= 64 && strings.Trim(strings.ToLower(s), "0123456789abcdef") == ""
}

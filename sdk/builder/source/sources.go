package source

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/electricimp/impt/sdk/builder"
)

// Sources reads what references mean. It is a builder.Reader, and several
// goroutines may use it. The same remote source is fetched once.
type Sources struct {
	cfg Config

	mu      sync.Mutex
	flights map[string]*flight[remote]
	clones  map[string]*flight[clone]
	temp    []string                 // directories to be removed
	names   map[string]string        // names of cached files, by whom they are used
	logins  map[string]*url.Userinfo // by scheme and host, as URLs gave them
	noted   map[string]bool
	// realDirs are directories without links, by their paths.
	realDirs map[string]string
	used     *Lock
}

var _ builder.Reader = (*Sources)(nil)

// remote is a source that was fetched.
type remote struct {
	text   string
	id     string
	prefix string // __REPO_PREFIX__, of git-local only
}

// New prepares to read; nothing is read or started yet. Close it when the
// build is done.
func New(c Config) *Sources {
	c = c.withDefaults()
	return &Sources{
		cfg:      c,
		flights:  map[string]*flight[remote]{},
		clones:   map[string]*flight[clone]{},
		names:    map[string]string{},
		logins:   map[string]*url.Userinfo{},
		noted:    map[string]bool{},
		realDirs: map[string]string{},
		used:     &Lock{},
	}
}

// Close removes the clones of git repositories and lets connections go.
func (s *Sources) Close() error {
	s.mu.Lock()
	temp := s.temp
	s.temp, s.clones = nil, map[string]*flight[clone]{}
	s.mu.Unlock()
	(&http.Client{Transport: s.cfg.HTTP.Transport}).CloseIdleConnections()
	var errs []error
	for _, d := range temp {
		errs = append(errs, os.RemoveAll(d))
	}
	return errors.Join(errs...)
}

// Used is a lock of the remote sources that were read so far. It is complete
// if Config.Record is set, and has no variables.
func (s *Sources) Used() *Lock {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := &Lock{}
	l.Merge(s.used)
	return l
}

// Read finds the source that a reference means when the source at from
// includes it. Failures are faults.
func (s *Sources) Read(ctx context.Context, text string, from builder.Place) (builder.Source, error) {
	v := resolver{
		remoteRelative: s.cfg.RemoteRelative,
		windows:        runtime.GOOS == "windows",
		volume:         filepath.VolumeName(s.cfg.WorkDir),
		prefix:         func(r reference) (string, error) { return s.prefix(ctx, r) },
	}
	text, err := v.resolve(text, from)
	if err != nil {
		return builder.Source{}, err
	}
	r := parse(text)
	switch r.kind {
	case localFile:
		return s.readLocal(r, from)
	case unsupported:
		return builder.Source{}, notSupported(r.name)
	default:
	}
	got, err := s.once(ctx, r)
	if err != nil {
		return builder.Source{}, err
	}
	place := r.place(from)
	if r.kind == gitLocal {
		place.RepoPrefix = got.prefix
	}
	return builder.Source{Place: place, Name: r.name, Text: got.text, ID: got.id}, nil
}

func (s *Sources) prefix(ctx context.Context, r reference) (string, error) {
	if r.kind != gitLocal {
		return r.repositoryPrefix(), nil
	}
	within, err := s.findRepository(ctx, r)
	return within.prefix(), err
}

// once shares what others fetch, or have fetched.
func (s *Sources) once(ctx context.Context, r reference) (remote, error) {
	return share(ctx, &s.mu, s.flights, r.raw, func() (remote, error) {
		s.cfg.Debug("reading " + r.name)
		return s.remote(ctx, r)
	})
}

// remote takes a source from the cache, or from where it is.
func (s *Sources) remote(ctx context.Context, r reference) (remote, error) {
	locked, isLocked := s.cfg.Lock.find(r.name)
	if s.cfg.Frozen && !isLocked {
		return remote{}, notLocked(r.name)
	}
	if s.cfg.Cache.Offline && r.kind != gitLocal {
		return s.offline(r, locked, isLocked)
	}
	cached := s.cfg.Cache.Dir != "" && !isLocked && r.kind != gitLocal && !s.cfg.Cache.Exclude.Match(r.name)
	if cached && !s.cfg.Record {
		if text, ok := s.fromCache(r, s.cfg.Cache.MaxAge); ok {
			return remote{text: text}, nil
		}
	}
	data, got, err := s.fetch(ctx, r, locked.ID)
	if err != nil {
		return remote{}, err
	}
	if got.text, err = s.decode(r.name, data); err != nil {
		return remote{}, err
	}
	sum := hash(got.text)
	if isLocked && locked.SHA256 != "" && locked.SHA256 != sum {
		return remote{}, lockedChanged(r.name)
	}
	s.mu.Lock()
	s.used.Add(r.name, Locked{ID: got.id, SHA256: sum})
	s.mu.Unlock()
	if cached {
		s.toCache(r, got.text)
	}
	return got, nil
}

// fetch reads a source where it is: at the commit or blob id, if there is one.
func (s *Sources) fetch(ctx context.Context, r reference, id string) ([]byte, remote, error) {
	var data []byte
	var got remote
	var err error
	switch r.kind {
	case bitbucketServer:
		data, got.id, err = s.fromBitbucket(ctx, r, id)
	case azureRepos:
		data, got.id, err = s.fromAzure(ctx, r, id)
	case gitLocal:
		return s.fromHere(ctx, r, id)
	case gitHub:
		data, got.id, err = s.fromGitHub(ctx, r, id)
	case gitURL:
		data, got.id, err = s.fromClone(ctx, r, id)
	case web:
		data, err = s.fromWeb(ctx, r)
	case localFile, unsupported:
		err = notSupported(r.name)
	}
	return data, got, err
}

// offline takes a source from the cache alone, whatever its age.
func (s *Sources) offline(r reference, locked Locked, isLocked bool) (remote, error) {
	text, ok := s.fromCache(r, 0)
	switch {
	case !ok:
		return remote{}, failed(r.name, "offline, and it is not in the cache", nil)
	case !isLocked && s.cfg.Record:
		return remote{}, failed(r.name, "offline, so that it cannot be locked", nil)
	case !isLocked:
		return remote{text: text}, nil
	case locked.SHA256 == "":
		return remote{}, failed(r.name, "offline, so that its lock cannot be checked", nil)
	case locked.SHA256 != hash(text):
		return remote{}, failed(r.name, "offline, and the cache does not have what is locked", nil)
	}
	s.mu.Lock()
	s.used.Add(r.name, locked)
	s.mu.Unlock()
	return remote{text: text, id: locked.ID}, nil
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// A flight is something that is done once, and waited for by others.
type flight[T any] struct {
	done  chan struct{}
	value T
	err   error
}

// share does what nobody else does or has done under the key. Failures are not
// kept, and whoever waits for somebody who gave up tries again.
func share[T any](ctx context.Context, mu *sync.Mutex, flights map[string]*flight[T], key string, do func() (T, error)) (T, error) {
	for {
		mu.Lock()
		f, found := flights[key]
		if !found {
			f = &flight[T]{done: make(chan struct{}), err: errAbandoned}
			flights[key] = f
			mu.Unlock()
			defer func() {
				if f.err != nil {
					mu.Lock()
					delete(flights, key)
					mu.Unlock()
				}
				close(f.done)
			}()
			f.value, f.err = do()
			if f.err != nil && ctx.Err() != nil {
				err := f.err
				f.err = errAbandoned
				return f.value, err
			}
			return f.value, f.err
		}
		mu.Unlock()
		select {
		case <-f.done:
		case <-ctx.Done():
			var none T
			return none, fmt.Errorf("waiting for a source: %w", ctx.Err())
		}
		if !errors.Is(f.err, errAbandoned) {
			return f.value, f.err
		}
	}
}

var errAbandoned = errors.New("abandoned")

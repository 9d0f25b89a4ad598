package host

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/electricimp/impt/sdk/builder"
	"github.com/electricimp/impt/sdk/builder/source"
	"github.com/electricimp/impt/sdk/fault"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// cacheDirectory is where sources from elsewhere are kept.
const cacheDirectory = ".builder-cache"

// SourceAccess is what reading source code takes of the user's world.
type SourceAccess struct {
	// Config has the credentials, and how other machines are reached.
	Config source.Config
	// Variable looks an environment variable up that source code may know.
	Variable func(name string) (string, bool)
}

// library is the source code that a run has opened.
type library struct {
	access func() SourceAccess

	mu    sync.Mutex
	shelf map[string]shelf
}

// shelf is what one call of OpenSources has opened.
type shelf struct {
	*source.Sources
	lock *source.Lock
}

func (l *library) open() SourceAccess {
	if l.access == nil {
		return SourceAccess{}
	}
	return l.access()
}

func (l *library) keep(s shelf) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.shelf == nil {
		l.shelf = map[string]shelf{}
	}
	handle := rand.Text()
	l.shelf[handle] = s
	return handle
}

func (l *library) close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	var errs []error
	for _, s := range l.shelf {
		errs = append(errs, s.Close())
	}
	l.shelf = nil
	return errors.Join(errs...)
}

// OpenSources prepares the reading of source code.
func (s *Session) OpenSources(_ context.Context, r *pluginv1.OpenSourcesRequest) (*pluginv1.OpenSourcesResponse, error) {
	opened, err := s.openSources(r)
	if err != nil {
		return nil, s.failure(err)
	}
	answer := &pluginv1.OpenSourcesResponse{Sources: s.library.keep(opened)}
	if v := opened.lock.GetVariables(); len(v) > 0 {
		if answer.Variables, err = json.Marshal(v); err != nil {
			return nil, s.failure(err)
		}
	}
	return answer, nil
}

func (s *Session) openSources(r *pluginv1.OpenSourcesRequest) (shelf, error) {
	if err := s.grants.need("sources", reading); err != nil {
		return shelf{}, err
	}
	cfg := s.library.open().Config
	cfg.WorkDir, cfg.InputDir, cfg.RemoteRelative = s.cfg.Dir, r.GetDirectory(), r.GetRemoteRelative()
	cfg.Record, cfg.Frozen, cfg.Allowed = r.GetRecord(), r.GetFrozen(), s.allowedSource
	cfg.Warn, cfg.Debug = s.cfg.Printer.Notice, s.cfg.Printer.Dump
	if err := s.addCredentials(&cfg, r.GetGithubCredentials()); err != nil {
		return shelf{}, err
	}
	if err := s.setCache(&cfg, r); err != nil {
		return shelf{}, err
	}
	lock := &source.Lock{}
	if len(r.GetLock()) > 0 {
		var err error
		if lock, err = source.ParseLock(r.GetLock()); err != nil {
			return shelf{}, fault.CorruptedFile("Lock", err)
		}
		cfg.Lock = lock
	}
	return shelf{source.New(cfg), lock}, nil
}

func (s *Session) setCache(cfg *source.Config, r *pluginv1.OpenSourcesRequest) error {
	cfg.Cache.Offline = r.GetOffline()
	if !r.GetCache() {
		return nil
	}
	if err := s.grants.need("builder", changing); err != nil {
		return err
	}
	cfg.Cache.Dir = s.files.whole(cacheDirectory)
	cfg.Cache.MaxAge = time.Duration(r.GetCacheSeconds()) * time.Second
	name := r.GetCacheExcludeList()
	if name != "" {
		if _, err := s.file(name, rights{read: true}, ""); err != nil {
			return err
		}
	}
	exclude, err := source.ReadExclude(s.cfg.Dir, name)
	cfg.Cache.Exclude = exclude
	return err
}

// allowedSource refuses files that are not for source code.
func (s *Session) allowedSource(path string) error {
	switch {
	case s.own.has(path):
		return errors.New("it is a file of impt itself")
	case s.files.hides(path), s.isTestCredentials(path):
		return errors.New("it is a file for secrets")
	}
	return nil
}

func (s *Session) shelfOf(handle string) (shelf, error) {
	if err := s.grants.need("sources", reading); err != nil {
		return shelf{}, err
	}
	s.library.mu.Lock()
	defer s.library.mu.Unlock()
	opened, found := s.library.shelf[handle]
	if !found {
		return shelf{}, fault.Denied(s.cfg.subject(), "reading source code that it has not opened")
	}
	return opened, nil
}

// ReadSource reads source code.
func (s *Session) ReadSource(ctx context.Context, r *pluginv1.ReadSourceRequest) (*pluginv1.ReadSourceResponse, error) {
	opened, err := s.shelfOf(r.GetSources())
	if err != nil {
		return nil, s.failure(err)
	}
	defer s.cfg.Printer.Busy()()
	from := r.GetFrom()
	found, err := opened.Read(ctx, r.GetReference(), builder.Place{
		File: from.GetFile(), Path: from.GetPath(), RepoPrefix: from.GetRepoPrefix(), RepoRef: from.GetRepoRef(),
		URLRoot: from.GetUrlRoot(), URLPath: from.GetUrlPath(),
	})
	if err != nil {
		return nil, s.failure(err)
	}
	return &pluginv1.ReadSourceResponse{
		Place: &pluginv1.SourcePlace{
			File: found.File, Path: found.Path, RepoPrefix: found.RepoPrefix, RepoRef: found.RepoRef,
			UrlRoot: found.URLRoot, UrlPath: found.URLPath,
		},
		Name: found.Name, Text: found.Text, Id: found.ID,
	}, nil
}

// SourceVariable looks an environment variable up.
func (s *Session) SourceVariable(_ context.Context, r *pluginv1.SourceVariableRequest) (*pluginv1.SourceVariableResponse, error) {
	if _, err := s.shelfOf(r.GetSources()); err != nil {
		return nil, s.failure(err)
	}
	look := s.library.open().Variable
	if look == nil {
		return &pluginv1.SourceVariableResponse{}, nil
	}
	value, exists := look(r.GetName())
	return &pluginv1.SourceVariableResponse{Exists: exists, Value: value}, nil
}

// SourcesLock is the content of a lock file.
func (s *Session) SourcesLock(_ context.Context, r *pluginv1.SourcesLockRequest) (*pluginv1.SourcesLockResponse, error) {
	opened, err := s.shelfOf(r.GetSources())
	if err != nil {
		return nil, s.failure(err)
	}
	lock := &source.Lock{}
	lock.Merge(opened.lock)
	lock.Merge(opened.Used())
	lock.Variables = nil
	if len(r.GetVariables()) > 0 {
		if err := json.Unmarshal(r.GetVariables(), &lock.Variables); err != nil {
			return nil, s.failure(fault.Denied(s.cfg.subject(), "a lock with variables that are no JSON object"))
		}
	}
	text, err := lock.Encode()
	return &pluginv1.SourcesLockResponse{Lock: append(text, '\n')}, s.failure(err)
}

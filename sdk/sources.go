package sdk

import (
	"context"
	"fmt"
	"time"

	"github.com/electricimp/impt/sdk/builder"
	"github.com/electricimp/impt/sdk/document"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// SourceSettings say how source code is found.
type SourceSettings struct {
	// Directory is where files are looked for besides the working directory.
	Directory string
	// RemoteRelative takes a relative reference in a remote source as relative
	// to that source.
	RemoteRelative bool
	// Cache keeps remote sources in ".builder-cache", for CacheAge or a day.
	// Needs Builder.
	Cache    bool
	CacheAge time.Duration
	// Offline fetches nothing.
	Offline bool
	// CacheExcludeList is a file with patterns of references not to keep, named
	// as for ReadFile.
	CacheExcludeList string
	// GithubCredentials is a file of role SecretFile with credentials, for GitHub
	// or other servers. It need not exist.
	GithubCredentials string
	// Lock is what Sources.Lock returned in an earlier run.
	Lock []byte
	// Record is needed to call Sources.Lock.
	Record bool
	// Frozen refuses remote sources that Lock lacks.
	Frozen bool
}

// Sources reads source code through the host, which has the credentials for
// it. It is a builder.Reader.
type Sources struct {
	// Variables are those that the lock keeps.
	Variables document.Object

	call *Call
	id   string
}

// OpenSources prepares the reading of source code. Needs ReadSources.
func (c *Call) OpenSources(ctx context.Context, s SourceSettings) (*Sources, error) {
	answer, err := c.host.OpenSources(ctx, &pluginv1.OpenSourcesRequest{
		Directory:         s.Directory,
		RemoteRelative:    s.RemoteRelative,
		Cache:             s.Cache,
		CacheSeconds:      int64(s.CacheAge / time.Second),
		Offline:           s.Offline,
		CacheExcludeList:  s.CacheExcludeList,
		GithubCredentials: s.GithubCredentials,
		Lock:              s.Lock,
		Record:            s.Record,
		Frozen:            s.Frozen,
	})
	if err != nil {
		return nil, err
	}
	opened := &Sources{call: c, id: answer.GetSources()}
	if v := answer.GetVariables(); len(v) > 0 {
		if opened.Variables, err = document.ParseObject(v); err != nil {
			return nil, fmt.Errorf("reading the locked variables: %w", err)
		}
	}
	return opened, nil
}

// Read implements builder.Reader.
func (s *Sources) Read(ctx context.Context, reference string, from builder.Place) (builder.Source, error) {
	answer, err := s.call.host.ReadSource(ctx, &pluginv1.ReadSourceRequest{
		Sources: s.id, Reference: reference,
		From: &pluginv1.SourcePlace{
			File: from.File, Path: from.Path, RepoPrefix: from.RepoPrefix, RepoRef: from.RepoRef,
			UrlRoot: from.URLRoot, UrlPath: from.URLPath,
		},
	})
	p := answer.GetPlace()
	return builder.Source{
		Place: builder.Place{
			File: p.GetFile(), Path: p.GetPath(), RepoPrefix: p.GetRepoPrefix(), RepoRef: p.GetRepoRef(),
			URLRoot: p.GetUrlRoot(), URLPath: p.GetUrlPath(),
		},
		Name: answer.GetName(), Text: answer.GetText(), ID: answer.GetId(),
	}, err
}

// Environment is for builder.Settings: the user's environment variables, but
// for those with secrets of impt. What cannot be had is not there.
func (s *Sources) Environment(ctx context.Context) func(name string) (string, bool) {
	known := map[string]*pluginv1.SourceVariableResponse{}
	return func(name string) (string, bool) {
		v, found := known[name]
		if !found {
			v, _ = s.call.host.SourceVariable(ctx, s.id, name)
			known[name] = v
		}
		return v.GetValue(), v.GetExists()
	}
}

// Lock is the content of a lock file: the versions of all that was read, or is
// in SourceSettings.Lock, and the variables.
func (s *Sources) Lock(ctx context.Context, variables document.Object) ([]byte, error) {
	return s.call.host.SourcesLock(ctx, &pluginv1.SourcesLockRequest{
		Sources: s.id, Variables: document.Encode(variables),
	})
}

// FindFiles finds files below the working directory by a pattern with *, **,
// ?, [] and {}, in the order of their bytes. Sources reads them. Needs
// ReadSources.
func (c *Call) FindFiles(ctx context.Context, pattern string) ([]string, error) {
	return c.host.FindFiles(ctx, pattern)
}

// Execution is how a command line of the user's ended.
type Execution struct {
	Stdout, Stderr string
	ExitCode       int
	TimedOut       bool
}

// Execute runs a command line of the user's by the system's shell in the
// working directory. Needs Commands.
func (c *Call) Execute(ctx context.Context, command string, limit time.Duration) (Execution, error) {
	r, err := c.host.Execute(ctx, &pluginv1.ExecuteRequest{Command: command, Milliseconds: limit.Milliseconds()})
	return Execution{string(r.GetStdout()), string(r.GetStderr()), int(r.GetExitCode()), r.GetTimedOut()}, err
}

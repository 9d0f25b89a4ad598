package source

import (
	"context"
	"net/http"
	"time"
)

// A Secret is a password or token. It does not print itself.
type Secret string

// String hides the secret.
func (Secret) String() string { return blot }

// GoString hides the secret.
func (Secret) GoString() string { return blot }

// MarshalText hides the secret.
func (Secret) MarshalText() ([]byte, error) { return []byte(blot), nil }

// Config says where sources are looked for, and how. Only WorkDir is needed.
type Config struct {
	// WorkDir is the working directory, an absolute path.
	WorkDir string
	// InputDir is the directory of the file that is built; may be empty.
	InputDir string
	// RemoteRelative makes relative includes in a remote source mean that
	// remote place.
	RemoteRelative bool

	GitHub    GitHub
	Bitbucket Bitbucket
	Azure     Azure
	HTTP      HTTP
	Git       Git
	Cache     Cache

	// Lock has the sources to be read exactly as they are locked.
	Lock *Lock
	// Record makes Used complete: every remote source is fetched, none is
	// taken from the cache.
	Record bool
	// Frozen refuses remote sources that the Lock lacks.
	Frozen bool

	// Allowed refuses local files by an error. The path is absolute and has no
	// symbolic links.
	Allowed func(path string) error
	// Warn takes notes for the user, Debug what is being done.
	Warn, Debug func(text string)

	// Now is the clock, and Wait pauses before a request is sent again; nil
	// are the system's.
	Now  func() time.Time
	Wait func(ctx context.Context, d time.Duration) error
}

// GitHub is how GitHub is reached.
type GitHub struct {
	Token Secret
	// API is https://api.github.com when empty.
	API string
}

// Bitbucket is how the Bitbucket Server is reached.
type Bitbucket struct {
	Address string // as in https://bitbucket.example.com
	User    string
	Token   Secret // or a password
}

// Azure is how Azure Repos are reached.
type Azure struct {
	User    string
	Token   Secret
	Address string // https://dev.azure.com when empty
}

// HTTP is how every request is made.
type HTTP struct {
	// Transport makes it; by default directly, without a proxy.
	Transport http.RoundTripper
	// UserAgent is impt when empty.
	UserAgent string
	// Timeout is for a source as a whole, 30 s when 0; GitHubTimeout for each
	// request to GitHub, 5 s when 0.
	Timeout, GitHubTimeout time.Duration
}

// Git is how the git command is run.
type Git struct {
	// Command is git when empty.
	Command string
	// Environ is the command's environment, as in exec.Cmd. What proxies and
	// authorities it uses is said there (HTTPS_PROXY, GIT_SSL_CAINFO).
	Environ []string
	// TempDir is where clones live until Close; empty is the system's.
	TempDir string
	// Timeout is for one run of git, 60 s when 0.
	Timeout time.Duration
}

// Cache keeps remote sources in files, as the peer does.
type Cache struct {
	// Dir is the cache's folder; without one nothing is cached.
	Dir string
	// MaxAge is how long a file is good, 24 h when 0.
	MaxAge time.Duration
	// Offline takes files of any age, and never uses the network.
	Offline bool
	// Exclude keeps sources out of the cache.
	Exclude Exclude
}

func (c Config) withDefaults() Config {
	set(&c.GitHub.API, "https://api.github.com")
	set(&c.Azure.Address, "https://dev.azure.com")
	set(&c.HTTP.UserAgent, "impt")
	set(&c.HTTP.Timeout, 30*time.Second)
	set(&c.HTTP.GitHubTimeout, 5*time.Second)
	set(&c.Git.Command, "git")
	set(&c.Git.Timeout, time.Minute)
	set(&c.Cache.MaxAge, 24*time.Hour)
	if c.HTTP.Transport == nil {
		c.HTTP.Transport = &http.Transport{ForceAttemptHTTP2: true, TLSHandshakeTimeout: 10 * time.Second}
	}
	if c.Allowed == nil {
		c.Allowed = func(string) error { return nil }
	}
	if c.Warn == nil {
		c.Warn = func(string) {}
	}
	if c.Debug == nil {
		c.Debug = func(string) {}
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Wait == nil {
		c.Wait = wait
	}
	return c
}

func set[T comparable](value *T, standard T) {
	var zero T
	if *value == zero {
		*value = standard
	}
}

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

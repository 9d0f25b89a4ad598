package host

import (
	"os"
	"path/filepath"

	"github.com/electricimp/impt/core/internal/configfile"
	"github.com/electricimp/impt/sdk/builder/source"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/fault"
)

// addCredentials replaces the credentials for a server by those that a file
// has for it. All that it says of a server goes together: an address in it
// never gets a token of the environment.
func (s *Session) addCredentials(cfg *source.Config, path string) error {
	if path == "" {
		return nil
	}
	if !s.files.known(path) || !s.files.isSecret(path) {
		return fault.Denied(s.cfg.subject(), "credentials in a file that nobody named")
	}
	whole := s.files.whole(path)
	if s.own.has(whole) {
		return fault.Denied(s.cfg.subject(), "credentials in a file of impt itself")
	}
	o, exists, err := configfile.File{
		Dir: filepath.Dir(whole), Name: filepath.Base(whole), Noun: "GitHub credentials Configuration",
	}.Read()
	if err != nil || !exists {
		return err
	}
	if token := o.Text("githubToken"); token != "" {
		cfg.GitHub.Token = source.Secret(token)
	}
	if has(o, "bitbucketAddress", "bitbucketUser", "bitbucketToken") {
		cfg.Bitbucket = source.Bitbucket{
			Address: o.Text("bitbucketAddress"),
			User:    o.Text("bitbucketUser"), Token: source.Secret(o.Text("bitbucketToken")),
		}
	}
	if has(o, "azureUser", "azureToken") {
		cfg.Azure.User, cfg.Azure.Token = o.Text("azureUser"), source.Secret(o.Text("azureToken"))
	}
	return nil
}

func has(o document.Object, members ...string) bool {
	for _, m := range members {
		if o.Text(m) != "" {
			return true
		}
	}
	return false
}

// isTestCredentials tells whether a file has the credentials for tests, which
// no option names when another group runs.
func (s *Session) isTestCredentials(path string) bool {
	o, exists, err := configfile.File{Dir: s.cfg.Dir, Name: ".impt.test", Noun: "Test Configuration"}.Read()
	name := o.Text("githubConfig")
	return err == nil && exists && name != "" && sameFile(path, s.files.whole(name))
}

// hides tells whether a path leads to a file with secrets.
func (f *files) hides(path string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	for secret := range f.secret {
		if sameFile(path, secret) {
			return true
		}
	}
	return false
}

func sameFile(a, b string) bool {
	if a == b {
		return true
	}
	there, err := os.Stat(a)
	if err != nil {
		return false
	}
	other, err := os.Stat(b)
	return err == nil && os.SameFile(there, other)
}

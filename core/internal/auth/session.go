package auth

import (
	"context"
	"encoding/json"
	"os"
	"syscall"
	"time"

	"github.com/electricimp/impt/core/internal/atomicfile"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/fault"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Request says how to log in.
type Request struct {
	// Scope is the file to write, never ScopeAny.
	Scope Scope
	// Endpoint is the URL of the API, written as it is.
	Endpoint string
	// Temporary logins store nothing that could renew the token.
	Temporary bool
	// User and Password are used when LoginKey is nil. The password may be
	// empty.
	User, Password string
	LoginKey       *string
}

// String tells nothing, because there are secrets.
func (Request) String() string { return "auth.Request" }

// GoString tells nothing, because there are secrets.
func (Request) GoString() string { return "auth.Request" }

// LogIn logs in and replaces an auth file; a one-time password is asked for
// when impCentral wants one. When it fails, the file is what it was. Errors are
// those of impCentral's client, InvalidOptionKind for an empty value,
// NotFoundKind for an unknown login key, FileKind.
func LogIn(ctx context.Context, env Environment, r Request) error {
	p := env.scoped(r.Scope)
	if info, err := os.Stat(p.file); err == nil && info.IsDir() {
		return fileFault(p.shown, "open", &os.PathError{Op: "read", Path: p.file, Err: syscall.EISDIR})
	}
	var (
		g   grant
		err error
	)
	if r.LoginKey != nil {
		g, err = env.byKey(ctx, r.Endpoint, *r.LoginKey)
	} else {
		g, err = env.byPassword(ctx, r.Endpoint, r.User, r.Password)
	}
	if err != nil {
		return err
	}
	doc := document.Object{
		{Key: "endpoint", Value: r.Endpoint},
		{Key: "accessToken", Value: g.access},
		{Key: "expiresAt", Value: g.expiresAt},
	}
	switch {
	case r.Temporary:
	case r.LoginKey != nil:
		doc.Set("loginKey", *r.LoginKey)
	case g.refresh != "":
		doc.Set("refreshToken", g.refresh)
	}
	unlock, err := lock(ctx, env.LockDir, p.file)
	if err != nil {
		return err
	}
	defer unlock()
	if err := atomicfile.Replace(p.file, stored{doc: doc}.encode(), atomicfile.Private); err != nil {
		return fileFault(p.shown, "open", err)
	}
	return nil
}

// LogOut deletes an auth file. It makes no request.
func LogOut(ctx context.Context, env Environment, s Scope) error {
	p := env.scoped(s)
	if !p.exists() {
		return fault.MissingFile(p.which)
	}
	if info, err := os.Lstat(p.file); err == nil && info.IsDir() {
		return fileFault(p.shown, "unlink", syscall.EISDIR)
	}
	unlock, err := lock(ctx, env.LockDir, p.file)
	if err != nil {
		return err
	}
	defer unlock()
	if err := os.Remove(p.file); err != nil {
		return fileFault(p.shown, "unlink", err)
	}
	return nil
}

// Exists tells whether there is an auth file, whatever it holds.
func Exists(env Environment, s Scope) bool { return env.scoped(s).exists() }

// Status describes a login as far as it can be known without a request. A file
// that IMPT_AUTH_FILE_PATH names and that is missing is a login that cannot be
// used.
func Status(env Environment, s Scope) *pluginv1.AuthStatusResponse {
	p := env.scoped(s)
	if s == ScopeAny {
		var err error
		if p, err = env.applies(); err != nil && p.source == Path {
			return &pluginv1.AuthStatusResponse{
				Exists: true, Source: Path, Path: env.Variables.AuthFilePath,
				Endpoint: DefaultEndpoint, Fault: faultOf(err),
			}
		}
	}
	answer := &pluginv1.AuthStatusResponse{Exists: true, Source: p.source}
	switch {
	case p.source == FromVariables:
		answer.Endpoint = env.variablesEndpoint()
		answer.Renewable = true
		answer.LoginKey = env.Variables.LoginKey != ""
		return answer
	case !p.exists():
		return &pluginv1.AuthStatusResponse{}
	case p.source == Path:
		answer.Path = env.Variables.AuthFilePath
	}
	held, err := read(p)
	answer.Endpoint = held.endpoint
	answer.Renewable = held.renewable()
	answer.LoginKey = held.key != ""
	if err != nil {
		answer.Fault = faultOf(err)
		return answer
	}
	left := held.expires.Sub(env.now())
	answer.Expired = left <= 0
	answer.MinutesLeft = max(0, int64(left/time.Minute))
	return answer
}

func faultOf(err error) *pluginv1.Fault {
	if f, ok := fault.Of(err); ok {
		return f.Proto()
	}
	return (&fault.Fault{Sentence: err.Error(), Cause: err}).Proto()
}

func seconds(v document.Value) (time.Duration, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	f, err := n.Float64()
	if err != nil || f <= 0 || f > 1e9 {
		return 0, false
	}
	return time.Duration(f * float64(time.Second)), true
}

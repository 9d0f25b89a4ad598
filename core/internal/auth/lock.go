package auth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

const (
	lockPoll = 10 * time.Millisecond
	// Longer than a renewal can take; a lock that is never given back must
	// not stop everybody else.
	lockPatience = 2 * time.Minute
)

// lock lets one process at a time change a file. The lock lies in a directory
// of its own, so that none appears beside the user's files. Where there can be
// no lock there is none: a renewal too many does less harm than none at all.
// The error is the context's.
func lock(ctx context.Context, dir, file string) (unlock func(), err error) {
	nothing := func() {}
	if dir == "" {
		return nothing, ctx.Err()
	}
	if resolved, err := filepath.EvalSymlinks(file); err == nil {
		file = resolved
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nothing, ctx.Err()
	}
	sum := sha256.Sum256([]byte(filepath.Clean(file)))
	l := flock.New(filepath.Join(dir, "auth-"+hex.EncodeToString(sum[:8])+".lock"))
	patient, cancel := context.WithTimeout(ctx, lockPatience)
	defer cancel()
	if held, err := l.TryLockContext(patient, lockPoll); err != nil || !held {
		_ = l.Close()
		return nothing, ctx.Err()
	}
	return func() { _ = l.Close() }, nil
}

//go:build unix

package systext

import (
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTextOfErrnos(t *testing.T) {
	t.Parallel()
	for number, want := range map[syscall.Errno]string{
		syscall.ENOSPC:       "ENOSPC: no space left on device, write",
		syscall.EROFS:        "EROFS: read-only file system, write",
		syscall.ENAMETOOLONG: "ENAMETOOLONG: name too long, write",
		syscall.EPERM:        "EPERM: operation not permitted, write",
		syscall.EXDEV:        "EXDEV: cross-device link not permitted, write",
		// Without a text of ours, the system's own.
		syscall.ENOLCK: syscall.ENOLCK.Error() + ", write",
	} {
		require.Equal(t, want, Text(number, "write", ""))
	}
}

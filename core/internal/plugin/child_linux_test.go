package plugin

import (
	"os"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// The main thread closed in would make the host look like a plugin, and what a
// plugin leaves behind like the host.
func TestMainThreadIsNeverClosedIn(t *testing.T) {
	t.Parallel()
	for range 2000 {
		thread := make(chan int)
		onOtherThread(func() {
			thread <- unix.Gettid()
			runtime.UnlockOSThread()
		})
		require.NotEqual(t, os.Getpid(), <-thread)
	}
}

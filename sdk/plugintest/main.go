package plugintest

import (
	"os"
	"sync/atomic"
	"testing"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/proto/handshake"
)

// tested is the group that Main was called with.
var tested atomic.Pointer[sdk.Group]

// Main is the TestMain of a group's package. The test binary is the plugin when
// impt starts it, and runs the tests otherwise.
func Main(m *testing.M, group sdk.Group) {
	if os.Getenv(handshake.CookieKey) == handshake.CookieValue { //nolint:forbidigo // tells the two apart
		sdk.Serve(group)
	}
	// Whoever runs the tests shall not be asked what a transcript answers.
	leaveTerminal()
	tested.Store(&group)
	os.Exit(m.Run()) //nolint:forbidigo // as TestMain does
}

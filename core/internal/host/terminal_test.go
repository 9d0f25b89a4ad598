package host

import (
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/core/internal/output"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// A user who is told of Ctrl-C may press it before the command waits for it.
func TestCtrlCThatComesEarly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, _ := lamp(t, can("interrupt", reading))
		s.cfg.Printer = output.New(output.Options{})
		pressed := make(chan bool, 1)
		go func() { pressed <- s.Interrupt() }()
		synctest.Wait()
		_, err := s.AwaitInterrupt(t.Context(), &pluginv1.AwaitInterruptRequest{})
		require.NoError(t, err)
		require.True(t, <-pressed)
	})
}

func TestCtrlCThatNobodyWaitsFor(t *testing.T) {
	t.Parallel()
	for _, needs := range [][]*pluginv1.Capability{nil, {can("interrupt", reading)}} {
		synctest.Test(t, func(t *testing.T) {
			s, _ := lamp(t, needs...)
			require.False(t, s.Interrupt())
		})
	}
}

package fault_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/fault"
)

func TestSentencesAboutPlugins(t *testing.T) {
	t.Parallel()
	require.Equal(t, `Plugin "device"`, fault.Plugin("device", ""))
	cause := errors.New("the stack")
	f := fault.Crashed("device", "1.2.3", cause)
	require.Equal(t, `Plugin "device" (1.2.3) has crashed. Tell its author.`, f.Error())
	require.ErrorIs(t, f, cause)
}

package plugin

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestWhoIsSilent: nobody is while a call waits for the user or the server.
func TestWhoIsSilent(t *testing.T) {
	t.Parallel()
	w := newWatch(&Plugin{Name: "x"}, Limits{Silence: time.Hour}.orDefaults())
	require.Nil(t, newWatch(&Plugin{Bundled: true}, Limits{}), "those that come with the host may take their time")
	age := func() { w.last = w.last.Add(-2 * time.Hour) }
	require.Positive(t, w.left())
	age()
	require.Negative(t, w.left())
	require.NoError(t, w.begin())
	age()
	require.Equal(t, time.Hour, w.left(), "it waits for an answer")
	w.wait()
	age()
	require.Negative(t, w.left(), "it does not read the answer")
	w.resume()
	w.end()
	require.Positive(t, w.left(), "it has just had an answer")
	age()
	require.Negative(t, w.left())
}

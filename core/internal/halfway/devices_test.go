package halfway

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/plugintest"
)

// One request is about several devices, and is carried out for the first.
func TestSomeDevicesFail(t *testing.T) {
	t.Parallel()
	impt := plugintest.Find(t)
	for _, test := range []struct{ args, verb, again string }{
		{"dg reassign -f kitchen -t cellar", "reassign", "reassigned successfully"},
		{"dg unassign -g kitchen", "unassign", "unassigned successfully"},
	} {
		for _, m := range modes {
			t.Run(test.args+" "+string(m), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, impt, &scene{})
				w.trip.setPartly(true)
				r := w.run(t, m, line(test.args)...)
				require.Equal(t, 1, r.exit)
				require.Contains(t, r.out, "Access Denied: The test wants it.")
				told := read(t, m, r)
				require.Equal(t, []string{test.verb + ` Device "2300000000000001"`}, told.done)
				require.Equal(t, []string{test.verb + ` Device "2300000000000002"`}, told.undone)
				now := w.state(t)
				require.NotEqual(t, "kitchen", now.find("devices", "2300000000000001").text("devicegroup"))
				require.Equal(t, "kitchen", now.find("devices", "2300000000000002").text("devicegroup"))

				w.trip.setPartly(false)
				r = w.run(t, text, line(test.args)...)
				require.Zero(t, r.exit, r.out)
				require.Contains(t, r.out, test.again)
				require.NotContains(t, r.out, "2300000000000001")
				require.NotEqual(t, "kitchen", w.state(t).find("devices", "2300000000000002").text("devicegroup"))
			})
		}
	}
}

// Somebody else's device cannot be taken, whoever may look at it.
func TestDeviceOfSomebodyElse(t *testing.T) {
	t.Parallel()
	impt := plugintest.Find(t)
	for _, m := range modes {
		t.Run(string(m), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, impt, &scene{})
			r := w.run(t, m, line("dg reassign -f yard -t cellar")...)
			require.Equal(t, 1, r.exit)
			told := read(t, m, r)
			require.Equal(t, []string{`reassign Device "2300000000000006"`}, told.done)
			require.Equal(t, []string{`reassign Device "2300000000000007"`}, told.undone)

			again := w.run(t, m, line("dg reassign -f yard -t cellar")...)
			require.Equal(t, 1, again.exit)
			require.Empty(t, read(t, m, again).done)
		})
	}
}

const denial = `{"errors":[{"status":"403","title":"Access Denied","detail":"The test wants it."}]}`

// servePartly carries a request about several devices out for the first, as
// impCentral does if there is something about the others.
func (w *tripwire) servePartly(to http.ResponseWriter, r *http.Request) {
	var body struct {
		Data []json.RawMessage `json:"data"`
	}
	sent, err := io.ReadAll(r.Body)
	if err == nil {
		err = json.Unmarshal(sent, &body)
	}
	if err == nil {
		body.Data = body.Data[:1]
		sent, err = json.Marshal(body)
	}
	if err != nil {
		http.Error(to, err.Error(), http.StatusTeapot)
		return
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(sent)), int64(len(sent))
	answer := httptest.NewRecorder()
	w.sim.Handler().ServeHTTP(answer, r)
	to.WriteHeader(http.StatusBadRequest)
	_, _ = io.Copy(to, strings.NewReader(denial))
}

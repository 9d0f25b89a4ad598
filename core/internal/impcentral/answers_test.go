package impcentral_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/core/internal/impcentral"
	"github.com/electricimp/impt/sdk/fault"
)

func TestEveryStatusHasAnAnswer(t *testing.T) {
	t.Parallel()
	server := newCloud(t, func(_ int, w http.ResponseWriter, r *http.Request) {
		var status int
		_, _ = fmt.Sscanf(r.URL.Path, "/%d", &status)
		w.WriteHeader(status)
		if status != http.StatusNoContent && status != http.StatusNotModified {
			_, _ = w.Write([]byte(apiError(fmt.Sprint(status), "Title", "detail")))
		}
	})
	c := newClient(t, impcentral.Config{Endpoint: server.URL})
	for status := 200; status < 600; status++ {
		r, err := c.Do(t.Context(), impcentral.Request{Method: http.MethodDelete, Path: []string{fmt.Sprint(status)}})
		if status < 300 {
			require.NoError(t, err)
			require.Equal(t, status, r.Status)
			continue
		}
		f := faultOf(t, err)
		require.Equal(t, status, f.Status)
		require.Equal(t, fault.APIKind, f.Kind)
		if status != http.StatusNotModified {
			require.Equal(t, "Title: detail", f.Error())
			require.Equal(t, "PX1", f.Problems[0].GetCode())
			require.Equal(t, fmt.Sprint(status), f.Problems[0].GetStatus())
		}
	}
}

func TestErrorBodies(t *testing.T) {
	t.Parallel()
	const none = "impCentral API error HTTP/400."
	cases := map[string]struct {
		body  string
		want  string
		count int
	}{
		"nothing":            {"", none, 0},
		"null":               {"null", none, 0},
		"text":               {"Bad Request", none, 0},
		"html":               {"<html><body>400</body></html>", none, 0},
		"array":              {`[{"title":"a"}]`, none, 0},
		"no errors":          {`{}`, none, 0},
		"errors null":        {`{"errors":null}`, none, 0},
		"errors empty":       {`{"errors":[]}`, none, 0},
		"errors object":      {`{"errors":{"title":"a","detail":"b","status":"400"}}`, none, 0},
		"errors of others":   {`{"errors":["a",1,null,[]]}`, none, 0},
		"no detail":          {`{"errors":[{"title":"a","status":"400"}]}`, none, 0},
		"no title":           {`{"errors":[{"detail":"a","status":"400"}]}`, none, 0},
		"nested title":       {`{"errors":[{"title":{},"detail":"a","status":"400"}]}`, none, 0},
		"detail null":        {`{"errors":[{"title":"a","detail":null,"status":400}]}`, "a: null", 1},
		"no status":          {`{"errors":[{"title":"a","detail":"b"}]}`, "a: b", 1},
		"several":            {`{"errors":[{"title":"a","detail":"b","status":"404"},{},{"title":"c","detail":"d","status":409}]}`, "a: b; c: d", 2},
		"cut":                {`{"errors":[{"title":"a","detail":"b","status":"404"}`, none, 0},
		"a number of places": {`{"errors":[{"title":"a","detail":"b","status":"400","meta":7}]}`, "a: b", 1},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := newCloud(t, answering(400, tc.body))
			c := newClient(t, impcentral.Config{Endpoint: server.URL})
			_, err := c.Do(t.Context(), get("x"))
			f := faultOf(t, err)
			require.Equal(t, tc.want, f.Error())
			require.Len(t, f.Problems, tc.count)
			require.Equal(t, 400, f.Status)
			require.Equal(t, tc.body, string(impcentral.Body(err)))
			require.Equal(t, "HTTP/400", f.Cause.Error())
		})
	}
	require.Nil(t, impcentral.Body(nil))
	require.Nil(t, impcentral.Body(fault.Canceled()))
}

func TestPlacesOfCompileErrors(t *testing.T) {
	t.Parallel()
	const body = `{"errors":[{"id":"1","status":"400","code":"CX005","title":"Compilation Error","detail":"Syntax",
		"meta":[{"row":12,"column":"3","text":"expected ;","type":"error","file":"agent_code"},
			{"row":1.0,"column":2,"text":"t","type":"warning","file":"lib.nut"},
			{"row":"?","column":2,"text":"t","type":"warning","file":"lib.nut"},{"row":1},null,"x"]}]}`
	server := newCloud(t, answering(400, body))
	c := newClient(t, impcentral.Config{Endpoint: server.URL})
	_, err := c.Do(t.Context(), impcentral.Request{Method: http.MethodPost, Path: []string{"deployments"}})
	places := faultOf(t, err).Problems[0].GetPlaces()
	require.Len(t, places, 2)
	require.Equal(t, "agent_code", places[0].GetFile())
	require.Equal(t, "error", places[0].GetType())
	require.EqualValues(t, 12, places[0].GetRow())
	require.EqualValues(t, 3, places[0].GetColumn())
	require.Equal(t, "expected ;", places[0].GetText())
	require.EqualValues(t, 1, places[1].GetRow())
}

func TestWarnings(t *testing.T) {
	t.Parallel()
	const entry = `{"title":"Warning","detail":"unused","status":"200","meta":[{"row":1,"column":2,"text":"t","type":"warning","file":"f"}]}`
	require.Len(t, impcentral.Warnings([]byte(`{"data":{"meta":[`+entry+`]}}`)), 1)
	both := impcentral.Warnings([]byte(`{"data":{"meta":[` + entry + `]},"meta":[` + entry + `,` + entry + `]}`))
	require.Len(t, both, 3)
	require.Equal(t, "unused", both[0].GetDetail())
	require.Len(t, both[0].GetPlaces(), 1)
	for _, body := range []string{"", "null", "[]", `{"data":[]}`, `{"data":{"meta":{}}}`, `{"data":{"meta":[1]}}`, `{"meta":"x"}`} {
		require.Empty(t, impcentral.Warnings([]byte(body)), body)
	}
}

func TestShapeOfSuccess(t *testing.T) {
	t.Parallel()
	cases := []struct {
		method, path, body string
		good               bool
	}{
		{"GET", "products", `{"data":[]}`, true},
		{"GET", "products", `{"data":{}}`, true},
		{"GET", "products", ``, false},
		{"GET", "products", `{}`, false},
		{"GET", "products", `{"data":null}`, false},
		{"GET", "products", `[]`, false},
		{"GET", "products", `null`, false},
		{"GET", "products", `"data"`, false},
		{"GET", "products", `<html>`, false},
		{"GET", "products", `{"data":[`, false},
		{"POST", "products", `{"data":{}}`, true},
		{"POST", "products", ``, true},
		{"POST", "products", `<html>`, false},
		{"DELETE", "products", ``, true},
		{"POST", "auth", `{"access_token":"x"}`, true},
		{"POST", "auth", `<html>`, false},
	}
	for _, tc := range cases {
		t.Run(tc.method+tc.path+tc.body, func(t *testing.T) {
			t.Parallel()
			server := newCloud(t, answering(200, tc.body))
			c := newClient(t, impcentral.Config{Endpoint: server.URL})
			r, err := c.Do(t.Context(), impcentral.Request{Method: tc.method, Path: []string{tc.path}})
			if tc.good {
				require.NoError(t, err)
				require.Equal(t, tc.body, string(r.Body))
				return
			}
			require.Equal(t, "Internal error: Unexpected format of impCentral response.", faultOf(t, err).Error())
			require.Len(t, server.Seen(), 1)
		})
	}
}

func FuzzErrorBody(f *testing.F) {
	for _, seed := range []string{
		"", "null", `{"errors":[{"title":"a","detail":"b","status":"404","meta":[{"row":1,"column":1,"text":"","type":"","file":""}]}]}`,
		`{"data":{"meta":[{"title":1,"detail":2,"status":3}]},"meta":[]}`, `{"errors":[{"title":"a","detail":"b","meta":[{"row":1e99}]}]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		failure := impcentral.APIFault(418, body)
		require.NotEmpty(t, failure.Error())
		require.Equal(t, 418, failure.Status)
		require.NotPanics(t, func() { failure.Proto() })
		impcentral.Warnings(body)
		if !json.Valid(body) {
			require.Empty(t, failure.Problems)
		}
	})
}

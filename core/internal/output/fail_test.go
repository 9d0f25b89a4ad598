package output

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
)

const failure = "IMPT COMMAND FAILS\n"

func TestFail(t *testing.T) {
	t.Parallel()
	candidates := []byte(`[{"Product":{"id":"1"}},{"Product":{"id":"2"}}]`)
	place := &fault.Place{File: "agent_code", Type: "error", Row: 1, Column: 2, Text: "expected"}
	tests := map[string]struct {
		err  error
		want perMode
	}{
		"a sentence": {
			fault.NotFound(entity.Product, "x"),
			perMode{
				text: "Error: Product \"x\" is not found.\n" + failure, minimal: "Error: Product \"x\" is not found.\n",
				json:  "{\n  \"Error\": \"Product \\\"x\\\" is not found.\"\n}\n",
				debug: "Failure: \n  kind:       NOT_FOUND\n  entity:     product\n  identifier: x\nError: Product \"x\" is not found.\n" + failure,
			},
		},
		"hints": {
			&fault.Fault{Sentence: "A.", Hints: []string{"B.", "C."}},
			perMode{
				text: "Error: A.\nB.\nC.\n" + failure, minimal: "Error: A.\n", json: "{\n  \"Error\": \"A.\"\n}\n",
			},
		},
		"an ambiguous identifier": {
			fault.Ambiguous(entity.Product, "x", candidates),
			perMode{
				text: "Error: Multiple Products \"x\" are found:\nProduct: \n  id: 1\nProduct: \n  id: 2\n" +
					"Impossible to execute the command.\n" + failure,
				minimal: "Error: Multiple Products \"x\" are found:\nProduct: \n  id: 1\nProduct: \n  id: 2\n",
				json: "{\n  \"Error\": \"Multiple Products \\\"x\\\" are found:\",\n  \"Candidates\": [\n    {\n      \"Product\": {\n" +
					"        \"id\": \"1\"\n      }\n    },\n    {\n      \"Product\": {\n        \"id\": \"2\"\n      }\n    }\n  ]\n}\n",
				debug: "Failure: \n  kind:       AMBIGUOUS\n  entity:     product\n  identifier: x\n" +
					"Error: Multiple Products \"x\" are found:\nProduct: \n  id: 1\nProduct: \n  id: 2\n" +
					"Impossible to execute the command.\n" + failure,
			},
		},
		"candidates that cannot be read": {
			&fault.Fault{Sentence: "A.", Candidates: []byte("{")},
			perMode{
				text: "Error: A.\n" + failure, minimal: "Error: A.\n", json: "{\n  \"Error\": \"A.\"\n}\n",
			},
		},
		"an answer of impCentral": {
			&fault.Fault{Kind: fault.APIKind, Status: 400, Problems: []*fault.Problem{
				{Title: "Compile Error", Detail: "two", Status: "400", Code: "CX005", Places: []*fault.Place{place, place}},
				{Title: "Warning", Detail: "w", Status: "200", Places: []*fault.Place{place}},
				{Title: "Odd", Detail: "o", Status: "soon"},
				{Title: "Other", Detail: "e", Status: "409"},
			}},
			perMode{
				text: "Error: Compile Error: two\nagent_code error (line 1, column 2): expected\nagent_code error (line 1, column 2): expected\n" +
					"Warning: w\nagent_code error (line 1, column 2): expected\nOdd: o\nError: Other: e\n" + failure,
				minimal: "Error: Compile Error: two\nagent_code error (line 1, column 2): expected\nagent_code error (line 1, column 2): expected\nError: Other: e\n",
				json: strings.Repeat("{\n  \"Error\": \"Compile Error: two agent_code error (line 1, column 2): expected\"\n}\n", 2) +
					"{\n  \"Error\": \"Other: e\"\n}\n",
				debug: "Failure: \n  kind:   API\n  status: 400\n  codes:  CX005\n" +
					"Error: Compile Error: two\nagent_code error (line 1, column 2): expected\nagent_code error (line 1, column 2): expected\n" +
					"Warning: w\nagent_code error (line 1, column 2): expected\nOdd: o\nError: Other: e\n" + failure,
			},
		},
		"a refusal with warnings alone": {
			&fault.Fault{Kind: fault.APIKind, Status: 400, Problems: []*fault.Problem{{Title: "T", Detail: "d", Status: "200"}}},
			perMode{
				text: "Error: T: d\n" + failure, minimal: "Error: T: d\n", json: "{\n  \"Error\": \"T: d\"\n}\n",
				debug: "Failure: \n  kind:   API\n  status: 400\nError: T: d\n" + failure,
			},
		},
		"an answer without problems": {
			&fault.Fault{Kind: fault.APIKind, Status: 502},
			perMode{
				text: "Error: impCentral API error HTTP/502\n" + failure, minimal: "Error: impCentral API error HTTP/502\n",
				json:  "{\n  \"Error\": \"impCentral API error HTTP/502\"\n}\n",
				debug: "Failure: \n  kind:   API\n  status: 502\nError: impCentral API error HTTP/502\n" + failure,
			},
		},
		"over the contract, with what was being done": {
			fmt.Errorf("listing: %w", fault.Status(&fault.Fault{Kind: fault.UnreachableKind, Sentence: "No.", Cause: errors.New("refused")})),
			perMode{
				text: "Error: No.\n" + failure, minimal: "Error: No.\n", json: "{\n  \"Error\": \"No.\"\n}\n",
				debug: "Failure: \n  kind:    UNREACHABLE\n  context: listing: No.\n  cause:   refused\nError: No.\n" + failure,
			},
		},
		"canceled": {
			fault.Canceled(),
			perMode{text: "Operation is canceled.\n" + failure, json: "{}\n"},
		},
		"a canceled call": {
			fmt.Errorf("x: %w", status.Error(codes.Canceled, "context canceled")),
			perMode{text: "Operation is canceled.\n" + failure, json: "{}\n"},
		},
		"no fault": {
			fmt.Errorf("reading the index: %w", status.Error(codes.Unknown, "no luck\ngoroutine 1 [running]")),
			perMode{
				text: "Error: Reading the index: no luck.\n" + failure, minimal: "Error: Reading the index: no luck.\n",
				json:  "{\n  \"Error\": \"Reading the index: no luck.\"\n}\n",
				debug: "Failure: \n  cause: \n    \"\"\"\n      reading the index: no luck\n      goroutine 1 [running]\n    \"\"\"\nError: Reading the index: no luck.\n" + failure,
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.want.check(t, func(r *record) {
				require.NotPanics(t, func() { r.Fail(test.err) })
				require.LessOrEqual(t, r.out.writes, 1)
			})
		})
	}
}

func TestErrorsThatAreNoFaults(t *testing.T) {
	t.Parallel()
	for want, err := range map[string]error{
		"Operation is canceled.":                               fmt.Errorf("x: %w", context.Canceled),
		"Error: The operation took too long.":                  fmt.Errorf("x: %w", context.DeadlineExceeded),
		"Error: The plugin ended before the command was done.": status.Error(codes.Unavailable, "error reading from server: EOF"),
		"Error: Something: odd.":                               errors.New("something: odd"),
		"Error: /etc/x: odd.":                                  errors.New("/etc/x: odd."),
		"Error: .impt.auth: odd.":                              errors.New(".impt.auth: odd"),
		"Error: deviceId is missing.":                          errors.New("deviceId is missing"),
		"Error: Internal error: Unexpected state.":             errors.New(" \n"),
	} {
		r := newRecord(Text)
		r.Fail(err)
		require.Equal(t, want+"\n"+failure, r.out.String())
	}
	r := newRecord(Minimal)
	r.Fail(nil)
	require.Equal(t, "Error: Internal error: Unexpected state.\n", r.out.String())
}

func TestCanceledAfterAResultIsNoSecondDocument(t *testing.T) {
	t.Parallel()
	r := newRecord(JSON)
	require.NoError(t, r.Show([]byte(`{"a":1}`)))
	r.Fail(fault.Canceled())
	require.Equal(t, "{\n  \"a\": 1\n}\n", r.out.String())
}

func TestCanceledWithHints(t *testing.T) {
	t.Parallel()
	r := newRecord(Text)
	r.Fail(&fault.Fault{Kind: fault.CanceledKind, Hints: []string{"1 Device was unassigned."}})
	require.Equal(t, "Operation is canceled.\n1 Device was unassigned.\n"+failure, r.out.String())
}

func TestWarn(t *testing.T) {
	t.Parallel()
	problems := []*fault.Problem{{Title: "Compile Warning", Detail: "d", Places: []*fault.Place{
		{File: "device_code", Type: "warning", Row: 3, Column: 4, Text: "unused"},
	}}}
	perMode{text: "Compile Warning: d\ndevice_code warning (line 3, column 4): unused\n"}.check(t, func(r *record) { r.Warn(problems) })
}

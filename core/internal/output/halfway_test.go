package output

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/fault"
)

func TestHalfway(t *testing.T) {
	t.Parallel()
	const (
		done   = "Done: A is deleted successfully. B is deleted successfully.\n"
		undone = "Not done: delete C; delete D.\n"
		goOn   = "Run the same command again to go on.\n"
	)
	both := []string{"A is deleted successfully.", "B is deleted successfully."}
	rest := []string{"delete C", "delete D"}
	tests := []struct {
		name  string
		fault fault.Fault
		mode  Mode
		err   string
	}{
		{"nothing done", fault.Fault{Sentence: "X.", Undone: rest}, Minimal, ""},
		{"for readers, who were told", fault.Fault{Sentence: "X.", Done: both, Undone: rest}, Text, undone + goOn},
		{"for scripts", fault.Fault{Sentence: "X.", Done: both, Undone: rest}, Minimal, done + undone + goOn},
		{"in the error", fault.Fault{Sentence: "X.", Done: both, Undone: rest}, JSON, ""},
		{"nothing left", fault.Fault{Sentence: "X.", Done: both}, Minimal, done},
		{"canceled, by who was told", fault.Fault{Kind: fault.CanceledKind, Done: both, Undone: rest}, Text, ""},
		{"canceled", fault.Fault{Kind: fault.CanceledKind, Done: both, Undone: rest}, Minimal, done + undone + goOn},
		{"canceled before anything", fault.Fault{Kind: fault.CanceledKind, Undone: rest}, Minimal, ""},
		{"to go on otherwise", fault.Fault{Sentence: "X.", Done: both, Undone: rest, Hints: []string{"Do so."}}, Text, undone},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := newRecord(test.mode)
			r.Fail(&test.fault)
			require.Equal(t, test.err, r.err.String())
		})
	}
}

package output

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

func FuzzShow(f *testing.F) {
	f.Add(`{"Product":{"id":"1","tags":["a",null,{"b":[]}],"text":"a\nb","2":1e400}}`, "tags")
	f.Add(`[{"Device":{"Corrupted Owner":{"id":"\u001b"}}},[[],[1]],"a\n"]`, "")
	f.Add(`[1,{"a":1}]`, "x")
	f.Fuzz(func(t *testing.T, doc, key string) {
		c := &pluginv1.Cut{Key: key, Keep: 1}
		for _, m := range []Mode{Text, Minimal, Debug, JSON} {
			for _, terminal := range []bool{false, true} {
				r := newRecord(m, func(o *Options) {
					if terminal {
						onTerminal(o)
					}
				})
				err := r.Show([]byte(doc), c)
				_ = r.Say(&pluginv1.SayRequest{Kind: pluginv1.SayKind_SAY_KIND_INFO, Text: doc, Items: []byte(doc), Keep: 1})
				_ = r.ShowLogs(&pluginv1.ShowLogsRequest{Entries: [][]byte{[]byte(doc)}})
				out := r.out.String()
				require.True(t, out == "" || strings.HasSuffix(out, "\n"))
				if m != JSON {
					continue
				}
				dec := json.NewDecoder(strings.NewReader(out))
				for dec.More() {
					var v any
					require.NoError(t, dec.Decode(&v), "%q", out)
				}
				require.Equal(t, err != nil, r.out.writes == 0)
			}
		}
	})
}

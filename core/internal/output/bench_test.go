package output

import (
	"fmt"
	"io"
	"strings"
	"testing"
)

func BenchmarkShowTenThousandEntities(b *testing.B) {
	var text strings.Builder
	for i := range 10_000 {
		fmt.Fprintf(&text, `%s{"Device":{"id":"5000d8c46a6f%04d","name":"meter %d","mac_address":"0c:2a:69:00:00:00",`+
			`"agent_id":"T1oUmIZ3At_N","device_online":true,"Device Group":{"id":"30f19176-6b3a","type":"development","name":"Kitchen"}}}`,
			map[bool]string{true: "[", false: ","}[i == 0], i, i)
	}
	text.WriteString("]")
	document := []byte(text.String())
	for name, mode := range map[string]Mode{"text": Text, "json": JSON} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(document)))
			b.ReportAllocs()
			p := New(Options{Mode: mode, Stdout: Stream{Writer: io.Discard}})
			for b.Loop() {
				if err := p.Show(document); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// table shows medians in milliseconds, and what part of the peer's they are.
type table struct {
	w        *tabwriter.Writer
	compares bool
}

func newTable(out io.Writer, programs []*program) *table {
	t := &table{tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight), len(programs) > 1}
	fmt.Fprint(t.w, "command\t")
	for _, p := range programs {
		fmt.Fprintf(t.w, "%s ms\tcpu\t", p.name)
	}
	if t.compares {
		fmt.Fprint(t.w, "ratio\tcpu\t")
	}
	fmt.Fprintln(t.w)
	return t
}

func (t *table) row(command []string, samples [][]sample) {
	fmt.Fprintf(t.w, "%s\t", strings.Join(command, " "))
	medians := make([]sample, len(samples))
	for i, s := range samples {
		medians[i] = median(s)
		fmt.Fprintf(t.w, "%.1f\t%.1f\t", milliseconds(medians[i].wall), milliseconds(medians[i].cpu))
	}
	if t.compares {
		ours, theirs := medians[0], medians[1]
		fmt.Fprintf(t.w, "%.3f\t%.3f\t", ratio(ours.wall, theirs.wall), ratio(ours.cpu, theirs.cpu))
	}
	fmt.Fprintln(t.w)
}

func (t *table) flush(runs int) error {
	fmt.Fprintf(t.w, "medians of %d runs\t\n", runs)
	return t.w.Flush()
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func ratio(ours, theirs time.Duration) float64 { return float64(ours) / float64(max(theirs, 1)) }

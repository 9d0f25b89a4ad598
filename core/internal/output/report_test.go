package output

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// ticking is a clock on which the lines of a report are 1.25 s apart.
func ticking(o *Options) {
	now := time.Date(2040, time.January, 1, 0, 0, 0, 0, time.UTC)
	o.Now = func() time.Time {
		now = now.Add(1250 * time.Millisecond)
		return now
	}
}

func report1(p *Printer, l pluginv1.ReportLevel, text string) {
	p.Report(&pluginv1.ReportRequest{Level: l, Text: text})
}

func TestReport(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		mode Mode
		want string
	}{
		{Text, "[info] begin\n[+1.25/1.25s warning] careful\n\n[+2.50/1.25s test] Case::one\n[+3.75/1.25s error] bad\n[+5.00/1.25s info] later\n"},
		{Minimal, "\n[test] Case::one\n[+1.25/1.25s error] bad\n"},
		{JSON, ""},
		{Debug, "[info] begin\n[+1.25/1.25s warning] careful\n\n[+2.50/1.25s test] Case::one\n[+3.75/1.25s error] bad\n" +
			"[+5.00/1.25s debug:Watch dog] barks\n[+6.25/1.25s info] later\n"},
	} {
		r := newRecord(c.mode, ticking)
		report1(r.Printer, pluginv1.ReportLevel_REPORT_LEVEL_INFO, "begin")
		report1(r.Printer, pluginv1.ReportLevel_REPORT_LEVEL_WARNING, "careful")
		report1(r.Printer, pluginv1.ReportLevel_REPORT_LEVEL_PLAIN, "")
		report1(r.Printer, pluginv1.ReportLevel_REPORT_LEVEL_TEST, "Case::one")
		report1(r.Printer, pluginv1.ReportLevel_REPORT_LEVEL_ERROR, "bad")
		r.Report(&pluginv1.ReportRequest{Level: pluginv1.ReportLevel_REPORT_LEVEL_DEBUG, Text: "barks", Source: "Watch\ndog"})
		report1(r.Printer, 99, "later")
		require.Equal(t, c.want, r.out.String())
	}
}

func TestReportOnATerminal(t *testing.T) {
	t.Parallel()
	r := newRecord(Text, onTerminal, ticking)
	r.Report(&pluginv1.ReportRequest{
		Level: pluginv1.ReportLevel_REPORT_LEVEL_TEST, Tone: pluginv1.Tone_TONE_GOOD, Text: "Success\x1b",
	})
	require.Equal(t, "\x1b[90m[test]\x1b[39m \x1b[32mSuccess\\u001b\x1b[39m\n", r.out.String())
}

func TestProgress(t *testing.T) {
	t.Parallel()
	r, c := newSpinner(Text)
	r.Progress("1 of 2\nsessions")
	c.fire()
	require.Equal(t, clearLine+"| 1 of 2 sessions", r.out.String())
	r.out.text.Reset()
	done := r.Busy()
	r.Progress("2 of 2 sessions")
	c.fire()
	done()
	require.Equal(t, clearLine+"/ 2 of 2 sessions", r.out.String())
	r.out.text.Reset()
	r.Progress("")
	require.Equal(t, clearLine, r.out.String())
	require.False(t, c.pending)

	quiet := newRecord(Text)
	quiet.Progress("1 of 2")
	require.Empty(t, quiet.out.String())
}

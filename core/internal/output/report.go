package output

import (
	"fmt"
	"strings"
	"time"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

const (
	grey   = "\x1b[90m"
	yellow = "\x1b[33m"
	cyan   = "\x1b[36m"
)

// report is when lines of a report were shown.
type report struct{ first, last time.Time }

// kindOf are the kinds of lines that have a tag.
var kindOf = map[pluginv1.ReportLevel]struct{ tag, colour string }{
	pluginv1.ReportLevel_REPORT_LEVEL_UNSPECIFIED: {"info", grey},
	pluginv1.ReportLevel_REPORT_LEVEL_INFO:        {"info", grey},
	pluginv1.ReportLevel_REPORT_LEVEL_WARNING:     {"warning", yellow},
	pluginv1.ReportLevel_REPORT_LEVEL_TEST:        {"test", grey},
	pluginv1.ReportLevel_REPORT_LEVEL_ERROR:       {"error", red},
	pluginv1.ReportLevel_REPORT_LEVEL_DEBUG:       {"debug", grey},
}

var tones = map[pluginv1.Tone]string{
	pluginv1.Tone_TONE_GOOD:  green,
	pluginv1.Tone_TONE_BAD:   red,
	pluginv1.Tone_TONE_QUOTE: cyan,
}

// Report shows a line of a report with the seconds since the first line and
// since the one before.
func (p *Printer) Report(r *pluginv1.ReportRequest) {
	if !p.reports(r.GetLevel()) {
		return
	}
	text := p.painted(tones[r.GetTone()], p.out.escape(r.GetText())) + "\n"
	if r.GetLevel() == pluginv1.ReportLevel_REPORT_LEVEL_PLAIN {
		p.emit(p.out, []byte(text))
		return
	}
	kind, known := kindOf[r.GetLevel()]
	if !known { // of a later contract
		kind = kindOf[pluginv1.ReportLevel_REPORT_LEVEL_INFO]
	}
	tag := kind.tag
	if s := r.GetSource(); s != "" {
		tag += ":" + p.out.escape(strings.ReplaceAll(s, "\n", " "))
	}
	// The time is taken and the line is queued in one, or lines could be shown
	// in another order than their times.
	p.reporting.Lock()
	defer p.reporting.Unlock()
	p.emit(p.out, []byte(p.painted(kind.colour, "["+p.since()+tag+"]")+" "+text))
}

// reports tells whether lines of a kind are shown.
func (p *Printer) reports(l pluginv1.ReportLevel) bool {
	switch l {
	case pluginv1.ReportLevel_REPORT_LEVEL_DEBUG:
		return p.mode == Debug
	case pluginv1.ReportLevel_REPORT_LEVEL_TEST, pluginv1.ReportLevel_REPORT_LEVEL_ERROR,
		pluginv1.ReportLevel_REPORT_LEVEL_PLAIN:
		return p.mode != JSON
	case pluginv1.ReportLevel_REPORT_LEVEL_UNSPECIFIED, pluginv1.ReportLevel_REPORT_LEVEL_INFO,
		pluginv1.ReportLevel_REPORT_LEVEL_WARNING:
		return p.informs()
	default:
		return p.informs()
	}
}

// since is what stands before the tag of all lines but the first.
func (p *Printer) since() string {
	now := p.now()
	defer func() { p.report.last = now }()
	if p.report.first.IsZero() {
		p.report.first = now
		return ""
	}
	return fmt.Sprintf("+%.2f/%.2fs ", now.Sub(p.report.first).Seconds(), now.Sub(p.report.last).Seconds())
}

func (p *Printer) painted(colour, text string) string {
	if !p.out.colour || colour == "" || text == "" {
		return text
	}
	return colour + text + plain
}

// Progress says on a terminal how far along the run is, until something else
// is said, or nothing.
func (p *Printer) Progress(text string) {
	if !p.spin.on {
		return
	}
	text = Escape(strings.ReplaceAll(text, "\n", " "))
	p.mu.Lock()
	defer p.mu.Unlock()
	before := p.spin.progress
	p.spin.progress = text
	switch {
	case before == "" && text != "":
		p.begin(turn)
	case before != "" && text == "":
		p.finished()
	}
}

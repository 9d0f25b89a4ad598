package main

import (
	"encoding/xml"
	"fmt"
	"os"
	"regexp"
	"strings"
)

// pictured are the steps that the picture of the readme shows.
var pictured = []string{"device assign", "build deploy", "log stream"}

// picture writes the picture of what the tour has printed.
func picture(path, printed string) error {
	if err := os.WriteFile(path, []byte(draw(scenes(printed, pictured))), 0o644); err != nil {
		return fmt.Errorf("drawing the picture: %w", err)
	}
	return nil
}

// scenes are the lines of the steps whose commands are named.
func scenes(printed string, commands []string) []string {
	var lines []string
	for step := range strings.SplitSeq("\n"+printed, "\n"+prompt) {
		for _, c := range commands {
			if strings.HasPrefix(step, "impt "+c) {
				lines = append(lines, strings.Split(prompt+strings.TrimSpace(step), "\n")...)
				lines = append(lines, "")
			}
		}
	}
	return append(lines, prompt)
}

// Measures of the picture, in pixels.
const (
	fontSize  = 14
	charWidth = 8.43
	leading   = 20
	margin    = 20
	titleBar  = 36
)

const frame = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]d %[2]d" width="%[1]d" height="%[2]d" role="img" aria-label="impt in a terminal">
<style>
text { font: %[3]dpx ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #c9d1d9; white-space: pre }
.prompt { fill: #79c0ff } .command { fill: #ffffff; font-weight: bold } .key { fill: #56d364 } .end { fill: #8b949e }
</style>
<rect width="%[1]d" height="%[2]d" rx="10" fill="#0d1117"/>
<circle cx="22" cy="19" r="6" fill="#ff5f57"/><circle cx="42" cy="19" r="6" fill="#febc2e"/><circle cx="62" cy="19" r="6" fill="#28c840"/>
`

// draw draws lines as a terminal shows them.
func draw(lines []string) string {
	columns := 0
	for _, l := range lines {
		columns = max(columns, len([]rune(l)))
	}
	width := int(float64(columns)*charWidth) + 2*margin
	height := titleBar + len(lines)*leading + margin
	var b strings.Builder
	fmt.Fprintf(&b, frame, width, height, fontSize)
	for i, l := range lines {
		if l != "" {
			fmt.Fprintf(&b, "<text x=\"%d\" y=\"%d\" xml:space=\"preserve\">%s</text>\n", margin, titleBar+(i+1)*leading, coloured(l))
		}
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// key is what impt colours on a terminal.
var key = regexp.MustCompile(`^( *[A-Z]?[A-Za-z_ ]*: )(.*)$`)

func coloured(line string) string {
	command, typed := strings.CutPrefix(line, prompt)
	parts := key.FindStringSubmatch(line)
	switch {
	case typed:
		return span("prompt", prompt) + span("command", command)
	case strings.HasPrefix(line, "IMPT COMMAND"):
		return span("end", line)
	case parts != nil:
		return span("key", parts[1]) + escaped(parts[2])
	default:
		return escaped(line)
	}
}

func span(class, text string) string {
	return fmt.Sprintf("<tspan class=%q>%s</tspan>", class, escaped(text))
}

func escaped(text string) string {
	var b strings.Builder
	// A builder takes whatever is written to it.
	_ = xml.EscapeText(&b, []byte(text))
	return b.String()
}

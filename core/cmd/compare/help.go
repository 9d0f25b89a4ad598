package main

import (
	"regexp"
	"slices"
	"strings"
)

// helpColumns is how wide a help text is.
const helpColumns = 80

// maskHelp replaces a help text at the begin of out by its layout: sections,
// the order of what they list, placeholders, kinds, choices and defaults.
func maskHelp(out string) string {
	if !strings.HasPrefix(out, "\nUsage: impt") {
		return out
	}
	lines := strings.Split(strings.TrimPrefix(out, "\n"), "\n")
	end := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, "Error: ") })
	rest := ""
	if end >= 0 {
		rest = strings.Join(lines[end:], "\n")
		lines = lines[:end]
	} else {
		lines = lines[:len(lines)-1]
	}
	for _, l := range lines {
		if len([]rune(l)) > helpColumns || strings.TrimRight(l, " ") != l {
			return out // no layout that we know
		}
	}
	masked := []string{"<help>"}
	for part := range strings.SplitSeq(strings.Join(lines, "\n"), "\n\n") {
		title, body, _ := strings.Cut(part, "\n")
		switch {
		case strings.HasPrefix(title, "Usage: "):
			masked = append(masked, strings.Join(strings.Fields(part), " "))
		case title == "Commands:":
			masked = append(masked, title)
			masked = append(masked, maskCommands(body)...)
		case title == "Options:":
			masked = append(masked, title)
			masked = append(masked, maskOptions(body)...)
		default:
			masked = append(masked, "(text)")
		}
	}
	return strings.Join(append(masked, "</help>", rest), "\n")
}

var commandRow = regexp.MustCompile(`^  (impt( [a-z]+)+)(  +(\S.*))?$`)

func maskCommands(body string) []string {
	var rows []string
	for line := range strings.SplitSeq(body, "\n") {
		if m := commandRow.FindStringSubmatch(line); m != nil {
			row := "  " + m[1]
			if m[4] == "" {
				row += " (no text)"
			}
			rows = append(rows, row)
		}
	}
	return rows
}

var (
	optionRow = regexp.MustCompile(`^  (--[a-z-]+(, -[a-z])?)(  +(\S.*))?$`)
	extras    = regexp.MustCompile(`\[(boolean|string|array|number)\]( \[required\])?( \[choices: [^\]]*\])?( \[default: .*\])?$`)
)

func maskOptions(body string) []string {
	var rows, entry []string
	flush := func() {
		if entry == nil {
			return
		}
		whole := strings.Join(strings.Fields(strings.Join(entry, " ")), " ")
		left := entry[0]
		text := strings.TrimSpace(strings.TrimPrefix(whole, left))
		extra := extras.FindString(text)
		row := "  " + left + " " + extra
		if text == extra {
			row += " (no text)"
		}
		if strings.Contains(text, "(may be repeated several times)") {
			row += " (repeated)"
		}
		rows = append(rows, row)
	}
	for line := range strings.SplitSeq(body, "\n") {
		if m := optionRow.FindStringSubmatch(line); m != nil {
			flush()
			entry = []string{m[1], m[4]}
		} else {
			entry = append(entry, line)
		}
		if strings.HasSuffix(line, "]") && len([]rune(line)) != helpColumns && !strings.HasSuffix(line, "\"]") {
			entry = append(entry, "(not at the right)")
		}
	}
	flush()
	return rows
}

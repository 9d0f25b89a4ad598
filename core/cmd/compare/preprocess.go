package main

import (
	"regexp"
	"strings"
)

const addedOptions = `--(?:preprocess|define|variables|lib|lock|frozen|line-map)`

var (
	addedUsage   = regexp.MustCompile(` \[` + addedOptions + `(?: \[[^\]]*\]| <[^>]*>)?\]`)
	addedRows    = regexp.MustCompile(`(?m)^  ` + addedOptions + ` .*\n`)
	addedCommand = "  impt build preprocess\n"
)

// withPreprocessing takes what builds can do more out of their help.
func withPreprocessing(x *exchange) bool {
	if !strings.HasPrefix(x.actual.Out, "<help>\nUsage: impt build") && !strings.HasPrefix(x.actual.Out, "<help>\nUsage: impt log") {
		return false
	}
	out := addedUsage.ReplaceAllString(x.actual.Out, "")
	out = addedRows.ReplaceAllString(out, "")
	out = strings.Replace(out, addedCommand, "", 1)
	changed := out != x.actual.Out
	x.actual.Out = out
	return changed
}

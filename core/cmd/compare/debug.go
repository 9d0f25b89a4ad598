package main

import (
	"regexp"
	"strings"
)

// takeDumps takes the dumps of requests and answers, which mix freely in the
// peer, out of a debug output.
func takeDumps(out string) (rest string, dumps []string) {
	lines := strings.SplitAfter(out, "\n")
	var kept strings.Builder
	for i := 0; i < len(lines); i++ {
		l := lines[i]
		switch {
		case strings.HasPrefix(l, "Doing the request with options:"):
			end := block(lines, i+1)
			dumps = append(dumps, strings.Join(lines[i:end], ""))
			i = end - 1
		case strings.HasPrefix(l, "Response code: "):
			dumps = append(dumps, l)
		case strings.HasPrefix(l, "Response headers: "), strings.HasPrefix(l, "Response body: "):
			end := block(lines, i)
			dumps = append(dumps, strings.Join(lines[i:end], ""))
			i = end - 1
		case strings.HasPrefix(l, "ERROR: HTTP/"):
			dumps = append(dumps, l)
		case l == "\n" && i+1 < len(lines) && strings.HasPrefix(lines[i+1], "Response code: "):
		default:
			kept.WriteString(l)
		}
	}
	for i, d := range dumps {
		dumps[i] = maskHeaders(d)
	}
	return kept.String(), dumps
}

// block returns the index after the JSON value whose first line is at i.
func block(lines []string, i int) int {
	if i >= len(lines) {
		return i
	}
	first := strings.TrimRight(lines[i], "\n")
	if !strings.HasSuffix(first, "{") && !strings.HasSuffix(first, "[") {
		return i + 1
	}
	for j := i + 1; j < len(lines); j++ {
		if l := strings.TrimRight(lines[j], "\n"); l == "}" || l == "]" {
			return j + 1
		}
	}
	return len(lines)
}

// maskHeaders drops what the transport adds to answers.
var transport = regexp.MustCompile(`(?m)^\s*"(date|connection|content-length|keep-alive|transfer-encoding)":.*\n`)

func maskHeaders(dump string) string {
	dump = transport.ReplaceAllString(dump, "")
	return regexp.MustCompile(`,\n}`).ReplaceAllString(dump, "\n}")
}

var (
	stack   = regexp.MustCompile(`(?m)^.+\n(?:    at .*\n)+`)
	object  = regexp.MustCompile(`(?s)^.*?\n}\n`)
	failing = regexp.MustCompile(`(?m)^Failure: \n(?:  .*\n)+`)
)

// withoutObject takes the error object that the peer prints, with its stack,
// out of a debug output.
func withoutObject(out string) string {
	at := stack.FindStringIndex(out)
	if at == nil {
		return out
	}
	rest := out[at[1]:]
	if strings.HasSuffix(out[:at[1]], " {\n") {
		if end := object.FindStringIndex(rest); end != nil {
			rest = rest[end[1]:]
		}
	}
	return out[:at[0]] + rest
}

var secrets = regexp.MustCompile(`("(?:password|token|key|access_token|refresh_token|login_token|X-Electricimp-[A-Za-z-]+)": )"[^"]*"`)

var streams = regexp.MustCompile(`@endpoint/logstream/[0-9a-f-]{36}`)

var secretIDs = regexp.MustCompile(`("type": "(?:logstream|login_key)",\s+"id": )"[^"]*"`)

var loginKeys = regexp.MustCompile(`(/accounts/me/login_keys/)[0-9a-f]+`)

// withoutSecrets hides in a dump of the peer what gives access to something.
func withoutSecrets(dump string) string {
	dump = secrets.ReplaceAllString(dump, `$1"[hidden]"`)
	dump = secretIDs.ReplaceAllString(dump, `$1"[hidden]"`)
	dump = loginKeys.ReplaceAllString(dump, "$1[hidden]")
	return streams.ReplaceAllString(dump, "[hidden]")
}

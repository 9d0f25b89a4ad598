package buildertest

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/electricimp/impt/sdk/builder"
	"github.com/electricimp/impt/sdk/builder/jslib"
)

// Case is a source, what surrounds it, and what becomes of it.
type Case struct {
	Name        string            `json:"name"` // file and title
	Text        string            `json:"text"`
	Files       Files             `json:"files,omitempty"`
	Variables   map[string]any    `json:"variables,omitempty"`
	Environment map[string]string `json:"env,omitempty"`
	Libraries   map[string]string `json:"libs,omitempty"` // loaded in the order of their names
	LineControl bool              `json:"lineControl,omitempty"`
	Suppress    bool              `json:"suppress,omitempty"`

	Want Outcome `json:"-"`
	// Differs is the entry of docs/differences.md because of which the peer does
	// something else.
	Differs string `json:"-"`
}

// Outcome is what becomes of a source.
type Outcome struct {
	Text     string   `json:"text"`
	Error    string   `json:"error"`
	Warnings []string `json:"warnings"`
	Logged   []string `json:"logged"` // by libraries
}

// Run builds the source as the file "main" in Root.
func (c *Case) Run(ctx context.Context) Outcome {
	var o Outcome
	var libraries []jslib.Library
	for _, name := range slices.Sorted(maps.Keys(c.Libraries)) {
		libraries = append(libraries, jslib.Library{Name: name, Text: c.Libraries[name]})
	}
	exports, err := jslib.Load(ctx, libraries, jslib.Settings{
		Log:    func(line string) { o.Logged = append(o.Logged, line) },
		Memory: 4 << 30, // what cases beside this one take counts as well
	})
	if err != nil {
		o.Error = err.Error()
		return o
	}
	result, err := builder.Build(ctx, c.Text, builder.Place{File: "main", Path: Root}, builder.Settings{
		Reader:    c.Files,
		Variables: c.Variables,
		Libraries: exports,
		Environment: func(name string) (string, bool) {
			v, ok := c.Environment[name]
			return v, ok
		},
		LineControl:        c.LineControl,
		SuppressDuplicates: c.Suppress,
		Warn:               func(w builder.Warning) { o.Warnings = append(o.Warnings, w.Message) },
	})
	if err != nil {
		o.Error = err.Error()
		return o
	}
	o.Text = result.Text
	return o
}

// Load reads the cases of all files that fit a pattern. A file is a txtar
// archive in which each entry is a case, or several; the entry's name is the
// title. Its lines are
//
//	in TEXT              the source
//	out TEXT, error TEXT, warning TEXT
//	file NAME TEXT
//	var NAME JSON        a variable that is passed
//	env NAME TEXT
//	lib NAME TEXT        a library in JavaScript
//	logged TEXT          what one writes to the console
//	line-control, suppress
//	differs ENTRY        the peer does something else, for that reason
//	each TEXT            several cases: the source of each is in the next lines
//	: SOURCE => TEXT     such a source, which replaces the percent sign of TEXT above
//	: SOURCE =! TEXT     one that ends with an error
//	= SOURCE => TEXT     the same, for a whole source that is quoted as in Go
//
// A text is a quoted one, as in Go, or the lines that follow and begin with a
// bar, without a line feed behind the last one; after each, => and =! it is the
// rest of the line, quoted or not. What stands above the first of several cases
// holds for all of them.
func Load(files fs.FS, pattern string) ([]Case, error) {
	names, err := fs.Glob(files, pattern)
	if err != nil {
		return nil, err
	}
	var all []Case
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		for _, entry := range txtar.Parse(data).Files {
			cases, err := parse(string(entry.Data))
			if err != nil {
				return nil, fmt.Errorf("%s: %s: %w", name, entry.Name, err)
			}
			for i := range cases {
				cases[i].Name = name[strings.LastIndexByte(name, '/')+1:] + ": " + entry.Name
				if len(cases) > 1 {
					cases[i].Name += " " + strconv.Itoa(i+1)
				}
			}
			all = append(all, cases...)
		}
	}
	return all, nil
}

// parse reads the cases of an entry.
func parse(entry string) ([]Case, error) {
	c := Case{Files: Files{}, Variables: map[string]any{}, Environment: map[string]string{}, Libraries: map[string]string{}}
	var cases []Case
	template := ""
	lines := strings.Split(strings.TrimRight(entry, "\n"), "\n")
	for len(lines) > 0 {
		line := lines[0]
		lines = lines[1:]
		word, rest, _ := strings.Cut(line, " ")
		name := ""
		if word == "file" || word == "lib" || word == "env" || word == "var" {
			name, rest, _ = strings.Cut(rest, " ")
		}
		text := rest
		switch {
		case strings.HasPrefix(rest, `"`) && word != "var" && word != ":" && word != "=":
			var err error
			if text, err = strconv.Unquote(rest); err != nil {
				return nil, fmt.Errorf("%s: %w", line, err)
			}
		case rest == "":
			block := 0
			for block < len(lines) && strings.HasPrefix(lines[block], "|") {
				block++
			}
			text = strings.ReplaceAll("\n"+strings.Join(lines[:block], "\n"), "\n|", "\n")
			text, lines = strings.TrimPrefix(text, "\n"), lines[block:]
		}
		switch word {
		case "in":
			c.Text = text
		case "out":
			c.Want.Text = text
		case "error":
			c.Want.Error = text
		case "warning":
			c.Want.Warnings = append(c.Want.Warnings, text)
		case "file":
			c.Files[name] = text
		case "lib":
			c.Libraries[name] = text
		case "logged":
			c.Want.Logged = append(c.Want.Logged, text)
		case "env":
			c.Environment[name] = text
		case "var":
			var v any
			if err := json.Unmarshal([]byte(rest), &v); err != nil {
				return nil, fmt.Errorf("%s: %w", line, err)
			}
			c.Variables[name] = v
		case "line-control":
			c.LineControl = true
		case "suppress":
			c.Suppress = true
		case "differs":
			c.Differs = rest
		case "each":
			template = text
		case ":", "=":
			one, err := row(c, template, line)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", line, err)
			}
			cases = append(cases, one)
		default:
			return nil, fmt.Errorf("%q is not known", line)
		}
	}
	if cases == nil {
		cases = []Case{c}
	}
	return cases, nil
}

// row is one of several cases.
func row(c Case, template, line string) (Case, error) {
	at := max(strings.LastIndex(line, " => "), strings.LastIndex(line, " =! "))
	if at < 0 {
		return c, fmt.Errorf("no result")
	}
	var err error
	text := line[at+4:]
	if strings.HasPrefix(text, `"`) {
		if text, err = strconv.Unquote(text); err != nil {
			return c, err
		}
	}
	if line[at+2] == '!' {
		c.Want.Error = text
	} else {
		c.Want.Text = text
	}
	source := line[2:at]
	if line[0] == ':' {
		c.Text = strings.Replace(template, "%", source, 1)
		return c, nil
	}
	c.Text, err = strconv.Unquote(source)
	return c, err
}

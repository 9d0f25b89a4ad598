package main

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/electricimp/impt/sdk/sim"
)

//go:embed cases
var embedded embed.FS

// loadCases reads all case files, in the order of their names.
func loadCases(files fs.FS) ([]*Case, error) {
	names, err := fs.Glob(files, "cases/*.txt")
	if err != nil {
		return nil, err
	}
	var all []*Case
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		cases, err := parseCases(strings.TrimPrefix(name, "cases/"), string(text))
		if err != nil {
			return nil, err
		}
		all = append(all, cases...)
	}
	return all, nil
}

// parseCases reads one case file; the format is that of the package comment.
func parseCases(name, text string) ([]*Case, error) {
	p := &parser{}
	for i, line := range strings.Split(text, "\n") {
		if err := p.line(fmt.Sprintf("%s:%d", name, i+1), strings.TrimRight(line, " ")); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, i+1, err)
		}
	}
	var all []*Case
	for _, c := range p.cases {
		all = append(all, spread(c)...)
	}
	return all, nil
}

type parser struct {
	title         string
	file, section Case // settings for what follows
	cases         []*Case
}

func (p *parser) line(at, line string) error {
	trimmed := strings.TrimLeft(line, " \t")
	switch {
	case trimmed == "" || trimmed[0] == '#':
		return nil
	case line[0] == '[':
		p.title = strings.Trim(line, "[]")
		p.section = Case{Setup: p.file.clone(), Want: p.file.Want}
		return nil
	case line[0] == ':' && p.title == "":
		return p.file.set(strings.TrimSpace(line[1:]))
	case line[0] == ':':
		return p.section.set(strings.TrimSpace(line[1:]))
	case trimmed != line && len(p.cases) == 0:
		return errors.New("a setting without a case")
	case trimmed != line:
		return p.cases[len(p.cases)-1].set(trimmed)
	}
	args, err := words(line)
	if err != nil {
		return err
	}
	c := &Case{Name: at, Section: p.title, Args: args, Setup: p.section.clone(), Want: p.section.Want}
	if line == "(nothing)" {
		c.Args = nil
	}
	p.cases = append(p.cases, c)
	return nil
}

func (s Setup) clone() Setup {
	s.Files, s.Folders, s.Env = slices.Clip(s.Files), slices.Clip(s.Folders), slices.Clip(s.Env)
	s.Answers, s.Faults, s.Steps = slices.Clip(s.Answers), slices.Clip(s.Faults), slices.Clip(s.Steps)
	return s
}

// set understands one setting.
func (c *Case) set(line string) error {
	key, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimLeft(rest, " ")
	if done, err := c.Want.set(key, rest); done || err != nil {
		return err
	}
	switch key {
	case "fixture":
		c.Fixture = rest
	case "login":
		c.Login = rest
	case "local":
		c.Local = rest
	case "project":
		c.Project = strings.Fields(rest)
	case "file":
		name, text, _ := strings.Cut(rest, " ")
		if unquoted, err := strconv.Unquote(text); err == nil {
			text = unquoted
		}
		c.Files = append(c.Files, file{name, text})
	case "folder":
		c.Folders = append(c.Folders, rest)
	case "env":
		c.Env = append(c.Env, rest)
	case "modes":
		c.Modes = strings.Fields(rest)
	case "terminal":
		c.Terminal = terminal{on: true, pipeOut: rest == "in", columns: 200}
		if n, err := strconv.Atoi(rest); err == nil {
			c.Terminal.columns = n
		}
	case "answer":
		prompt, reply, ok := strings.Cut(rest, " =>")
		if !ok {
			return errors.New("answer PROMPT => REPLY")
		}
		reply = strings.TrimPrefix(reply, " ")
		if unquoted, err := strconv.Unquote(reply); err == nil {
			reply = unquoted
		}
		c.Answers = append(c.Answers, answer{prompt, reply})
		if !c.Terminal.on {
			c.Terminal = terminal{on: true, columns: 200}
		}
	case "expire":
		c.Expire = true
	case "revoke":
		c.Revoke = true
	case "fault":
		f, err := parseFault(rest)
		if err != nil {
			return err
		}
		c.Faults = append(c.Faults, f)
	case "log", "close", "cut", "interrupt", "seen":
		c.Steps = append(c.Steps, step{key, strings.SplitN(rest, " ", 3)})
	case "any-order":
		c.AnyOrder = true
	default:
		return fmt.Errorf("no setting %q", key)
	}
	return nil
}

// set understands the settings that say what impt does instead.
func (w *Want) set(key, rest string) (bool, error) {
	switch key {
	case "differs":
		w.Entry = rest
	case "like":
		args, err := words(rest)
		w.Like = args
		return true, err
	case "like-without":
		w.Without = rest
	case "error":
		w.Error = &rest
	case "syntax":
		w.Syntax = &rest
	case "out":
		appendTo(&w.Out, rest)
	case "err":
		appendTo(&w.Err, rest)
	case "exit":
		n, err := strconv.Atoi(rest)
		w.Exit = &n
		return true, err
	case "state":
		w.State = rest
	case "files":
		w.Files = rest
	case "requests":
		w.Requests = rest
	default:
		return false, nil
	}
	return true, nil
}

func appendTo(lines **[]string, line string) {
	var all []string
	if *lines != nil {
		all = **lines
	}
	if unquoted, err := strconv.Unquote(line); err == nil {
		line = unquoted
	}
	all = append(slices.Clip(all), line)
	*lines = &all
}

// parseFault reads METHOD PATH ACT, where METHOD may be * and ACT is one of
//
//	drop [nth N] [count N]
//	STATUS [nth N] [count N] [after] [header NAME=VALUE] [BODY]
//
// BODY is JSON, a Go string, or TITLE: DETAIL for an ordinary error.
func parseFault(text string) (sim.Fault, error) {
	method, rest, _ := strings.Cut(text, " ")
	pattern, rest, _ := strings.Cut(rest, " ")
	act, rest, _ := strings.Cut(rest, " ")
	f := sim.Fault{Method: strings.Trim(method, "*"), Path: pattern, DropConnection: act == "drop"}
	if !f.DropConnection {
		status, err := strconv.Atoi(act)
		if err != nil {
			return f, fmt.Errorf("fault: the status: %w", err)
		}
		f.Status = status
	}
	for {
		word, more, _ := strings.Cut(rest, " ")
		var err error
		switch word {
		case "nth":
			word, more, _ = strings.Cut(more, " ")
			f.Nth, err = strconv.Atoi(word)
		case "count":
			word, more, _ = strings.Cut(more, " ")
			f.Count, err = strconv.Atoi(word)
		case "after":
			f.After = true
		case "header":
			word, more, _ = strings.Cut(more, " ")
			name, value, _ := strings.Cut(word, "=")
			f.Headers = map[string]string{name: value}
		default:
			f.Body = faultBody(f.Status, rest)
			return f, nil
		}
		if err != nil {
			return f, fmt.Errorf("fault: %w", err)
		}
		rest = more
	}
}

func faultBody(status int, text string) string {
	if text == "" || strings.HasPrefix(text, "{") {
		return text
	}
	if unquoted, err := strconv.Unquote(text); err == nil {
		return unquoted
	}
	title, detail, _ := strings.Cut(text, ": ")
	return fmt.Sprintf(`{"errors":[{"id":"1","status":"%d","code":"E1","title":%q,"detail":%q}]}`, status, title, detail)
}

// words splits a line as a shell does.
func words(line string) ([]string, error) {
	var all []string
	var word strings.Builder
	inWord, quote := false, byte(0)
	for i := 0; i < len(line); i++ {
		b := line[i]
		switch {
		case quote == 0 && (b == '\'' || b == '"'):
			quote, inWord = b, true
		case quote != 0 && b == quote:
			quote = 0
		case b == '\\' && quote != '\'' && i+1 < len(line):
			i++
			if quote == '"' && line[i] == 'n' {
				word.WriteByte('\n')
			} else {
				word.WriteByte(line[i])
			}
			inWord = true
		case quote == 0 && b == ' ':
			if inWord {
				all = append(all, word.String())
			}
			word.Reset()
			inWord = false
		default:
			word.WriteByte(b)
			inWord = true
		}
	}
	if quote != 0 {
		return nil, errors.New("a quote without its end")
	}
	if inWord {
		all = append(all, word.String())
	}
	return all, nil
}

// spread makes one case of each mode.
func spread(c *Case) []*Case {
	if len(c.Modes) == 0 {
		return []*Case{c}
	}
	var all []*Case
	for _, mode := range c.Modes {
		one := *c
		if mode != "text" {
			one.Name += "+" + mode
			one.Args = append(slices.Clip(c.Args), "-z", mode)
			if c.Want.Like != nil {
				one.Want.Like = append(slices.Clip(c.Want.Like), "-z", mode)
			}
		}
		all = append(all, &one)
	}
	return all
}

package main

import (
	"context"
	"encoding/xml"
	"strings"
	"time"

	"github.com/electricimp/impt/plugins/test/session"
)

// junitSuites is a report in the form that JUnit's has, which other programs
// read: a suite for each file and device, a case for each method.
type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Time     string       `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Time     string      `xml:"time,attr"`
	Hostname string      `xml:"hostname,attr,omitempty"` // the device
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Time    string        `xml:"time,attr"`
	Failure *junitTrouble `xml:"failure"`
	Error   *junitTrouble `xml:"error"`
	Skipped *struct{}     `xml:"skipped"`
	Output  string        `xml:"system-out,omitempty"`
}

type junitTrouble struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// report writes the report, if there is to be one.
func (b *bench) report(ctx context.Context) error {
	p := reportFile.Of(b.c)
	if p == "" {
		return nil
	}
	content, err := b.junit()
	if err != nil {
		return err
	}
	return b.c.WriteFile(ctx, p, content)
}

// junit is the report of everything.
func (b *bench) junit() ([]byte, error) {
	var all junitSuites
	var took time.Duration
	for _, r := range b.results {
		for _, s := range r.suites() {
			all.Tests += s.Tests
			all.Failures += s.Failures
			all.Errors += s.Errors
			all.Suites = append(all.Suites, s)
		}
		for _, s := range r.sessions {
			took += s.Took
		}
	}
	for _, f := range b.left {
		if !b.began(f) {
			all.Suites = append(all.Suites, skippedSuite(f.name))
		}
	}
	all.Time = seconds(took).String()
	content, err := xml.MarshalIndent(all, "", "  ")
	return append([]byte(xml.Header), append(content, '\n')...), err
}

func (b *bench) began(f testFile) bool {
	for _, r := range b.results {
		if r.file.name == f.name {
			return true
		}
	}
	return false
}

func (r *fileResult) suites() []junitSuite {
	switch {
	case r.skipped:
		return []junitSuite{skippedSuite(r.file.name)}
	case len(r.errors) > 0:
		s := junitSuite{Name: r.file.name, Time: "0.000"}
		s.trouble("deployment", strings.Join(r.errors, "\n"))
		return []junitSuite{s}
	}
	suites := make([]junitSuite, len(r.sessions))
	for i, s := range r.sessions {
		suites[i] = s.suite(r.file.name)
	}
	return suites
}

func skippedSuite(name string) junitSuite {
	return junitSuite{
		Name: name, Tests: 1, Skipped: 1, Time: "0.000",
		Cases: []junitCase{{Class: name, Name: "skipped", Time: "0.000", Skipped: &struct{}{}}},
	}
}

func (s *sessionResult) suite(file string) junitSuite {
	suite := junitSuite{Name: file, Hostname: named(s.device), Time: seconds(s.Took).String()}
	for _, t := range s.Tests {
		class, method, _ := strings.Cut(t.Name, "::")
		c := junitCase{Class: class, Name: method, Time: seconds(t.Took).String(), Output: strings.Join(t.Infos, "\n")}
		switch t.Outcome {
		case session.Failed:
			suite.Failures++
			c.Failure = &junitTrouble{t.Message, t.Message}
		case session.Unfinished:
			suite.Errors++
			c.Error = &junitTrouble{Message: "It did not come to its end"}
		case session.Passed:
		}
		suite.Tests++
		suite.Cases = append(suite.Cases, c)
	}
	for _, e := range s.Errors {
		suite.trouble("session", e)
	}
	return suite
}

// trouble adds a case for what is wrong besides tests.
func (s *junitSuite) trouble(name, text string) {
	first, _, _ := strings.Cut(text, "\n")
	s.Tests++
	s.Errors++
	s.Cases = append(s.Cases, junitCase{Class: s.Name, Name: name, Time: "0.000", Error: &junitTrouble{first, text}})
}

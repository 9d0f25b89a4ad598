package main

import (
	"fmt"
	"strings"

	"github.com/dlclark/regexp2/v2"
)

// selection is which tests to run: [testFile][:testCase][::testMethod].
type selection struct {
	given string
	// files is an expression of JavaScript, found anywhere in a path.
	files         string
	class, method string
}

func parseSelection(given string) selection {
	s := selection{given: given}
	file, tests, some := strings.Cut(given, ":")
	if !some {
		s.files = file
		return s
	}
	s.files = strings.ReplaceAll(file, `\`, "/")
	if i := strings.LastIndex(":"+tests, "::"); i >= 0 {
		s.class, s.method = strings.TrimPrefix((":" + tests)[:i], ":"), (":" + tests)[i+2:]
	} else {
		s.class = tests
	}
	return s
}

// tests tells whether it selects among the tests of a file.
func (s selection) tests() bool { return s.class != "" || s.method != "" }

// file tells whether a file is selected.
func (s selection) file(name string) (bool, error) { return search(s.files, name) }

// code tells whether a code seems to have the tests. A class or method whose
// name only begins so is enough: the device knows better.
func (s selection) code(code string) (bool, error) {
	for _, part := range []struct{ before, name string }{{`class[ s]*`, s.class}, {`function[ ]*`, s.method}} {
		if part.name == "" {
			continue
		}
		if found, err := search(part.before+part.name, code); err != nil || !found {
			return false, err
		}
	}
	return true, nil
}

// search finds an expression of JavaScript's.
func search(expression, text string) (bool, error) {
	if expression == "" {
		return true, nil
	}
	compiled, err := regexp2.Compile(expression, regexp2.ECMAScript)
	if err == nil {
		var found bool
		if found, err = compiled.MatchString(text); err == nil {
			return found, nil
		}
	}
	return false, sentence(fmt.Sprintf("Invalid regular expression: /%s/: %s", expression, reason(err)))
}

// reason is what is wrong with an expression.
func reason(err error) string {
	text := strings.TrimPrefix(err.Error(), "error parsing regexp: ")
	text, _, _ = strings.Cut(text, " in `")
	return text
}

package main

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/electricimp/impt/sdk"
)

// testFile is a file with tests.
type testFile struct {
	name    string
	agent   bool   // its tests run on the agent
	partner string // code for the other side; may be empty
}

func (f testFile) side() string {
	if f.agent {
		return "agent"
	}
	return "device"
}

var (
	agentWord = regexp.MustCompile(`(?i)\bagent\b`)
	paired    = regexp.MustCompile(`(?i)\.(agent|device)\.test\.nut$`)
)

// findTests finds the files of a configuration that are selected, each once.
func findTests(ctx context.Context, c *sdk.Call, patterns []string, s selection) ([]testFile, error) {
	var found []testFile
	seen := map[string]bool{}
	for _, pattern := range patterns {
		names, err := c.FindFiles(ctx, pattern)
		if err != nil {
			return nil, err
		}
		slices.SortStableFunc(names, inOrder)
		for _, name := range names {
			if seen[name] {
				continue
			}
			seen[name] = true
			selected, err := s.file(name)
			if err != nil {
				return nil, err
			}
			if !selected {
				if err := detail(ctx, c, "Skipping found test \"%s\"", name); err != nil {
					return nil, err
				}
				continue
			}
			f := testFile{name: name, agent: agentWord.MatchString(name)}
			if f.partner, err = partner(ctx, c, f); err != nil {
				return nil, err
			}
			found = append(found, f)
		}
	}
	if len(found) == 0 {
		return nil, sentence("No test files found")
	}
	return found, nil
}

// partner is the code for the other side that lies beside a test file.
func partner(ctx context.Context, c *sdk.Call, f testFile) (string, error) {
	at := paired.FindStringIndex(f.name)
	if at == nil {
		return "", nil
	}
	name := f.name[:at[0]] + ".agent.nut"
	if f.agent {
		name = f.name[:at[0]] + ".device.nut"
	}
	found, err := c.FindFiles(ctx, literally.ReplaceAllString(name, `\$0`))
	if err != nil || !slices.Contains(found, name) {
		return "", err
	}
	return name, nil
}

// literally are the characters that a pattern gives a meaning.
var literally = regexp.MustCompile(`[\\*?\[\]{}]`)

// listed are the files as the user reads them.
func listed(files []testFile) string {
	lines := []string{fmt.Sprintf("Found %d test file(s):", len(files))}
	for _, f := range files {
		if f.partner != "" {
			lines = append(lines, fmt.Sprintf("%s (%s)", f.name, f.partner))
		} else {
			lines = append(lines, f.name)
		}
	}
	return strings.Join(lines, "\n\t")
}

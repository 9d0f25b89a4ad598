package main

import (
	"crypto/sha256"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/plugintest"
	"github.com/electricimp/impt/sdk/sim"
)

// written are the documents that are written by hand.
func written(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	paths, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	require.NoError(t, err)
	for _, path := range append(paths, filepath.Join(root, "README.md"), filepath.Join(root, "CONTRIBUTING.md")) {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		if name := filepath.Base(path); name != "manual.md" {
			texts[name] = strings.ReplaceAll(string(text), "\r\n", "\n")
		}
	}
	return texts
}

// blocks are the code blocks of a language.
func blocks(text, language string) []string {
	var found []string
	for _, m := range regexp.MustCompile("(?ms)^```"+language+"\n(.*?)^```$").FindAllStringSubmatch(text, -1) {
		found = append(found, m[1])
	}
	return found
}

// documents runs the commands of each document in their order.
func documents(t *testing.T, impt plugintest.Impt) {
	t.Helper()
	for name, text := range written(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name == "plugins.md" && runtime.GOOS != "linux" {
				t.Skip("its commands are for Linux")
			}
			seed, err := os.Open(filepath.Join("testdata", "cloud.json"))
			require.NoError(t, err)
			defer func() { _ = seed.Close() }()
			w := newWorld(t, impt, seed)
			if name == "README.md" {
				w = newWorld(t, impt, sim.Demo())
			}
			if name == "contract.md" {
				w.greenhouse(t)
			}
			if name == "users.md" {
				w.twoVersions(t)
			}
			if name == "plugins.md" {
				w.logIn(t) // no command of it does
				w.checkout(t)
				w.fleet(t)
			}
			for _, code := range blocks(text, "squirrel") {
				w.write(t, "leds.test.nut", code)
			}
			for _, block := range blocks(text, "sh") {
				for line := range strings.Lines(block) {
					line, _, _ = strings.Cut(strings.TrimSpace(line), "  #")
					if strings.Contains(line, "--index plugins") {
						w.publish(t, text)
					}
					w.shell(t, strings.TrimSpace(line))
				}
			}
		})
	}
}

// shell runs a line of a document: one of impt, or one that only has to be
// there.
func (w *world) shell(t *testing.T, line string) {
	t.Helper()
	words := strings.Fields(line)
	if len(words) == 0 || strings.HasPrefix(line, "#") {
		return
	}
	for strings.Contains(words[0], "=") {
		words = words[1:]
	}
	switch words[0] {
	case "impt":
		if runtime.GOOS != "windows" || !endless(line) {
			w.run(t, line)
		}
	case "make":
		require.True(t, strings.Contains(makefile(t), "\n"+words[1]+":"), line)
	case "mkdir":
		require.NoError(t, os.MkdirAll(w.inHome(words[2]), 0o700))
	case "go":
		require.DirExists(t, filepath.Join(root, words[len(words)-1]), line)
		if words[1] == "build" {
			build := exec.CommandContext(t.Context(), "go", "build", "-o", w.inHome(words[3]), words[4])
			build.Dir = root
			output, err := build.CombinedOutput()
			require.NoError(t, err, "%s", output)
		}
	default:
		require.Fail(t, "nobody can tell whether this works", line)
	}
}

// inHome is a path in this world, where ~ is its home directory.
func (w *world) inHome(path string) string {
	if inside, ok := strings.CutPrefix(path, "~/"); ok {
		return filepath.Join(filepath.Dir(w.dir), filepath.FromSlash(inside))
	}
	return filepath.Join(w.dir, filepath.FromSlash(path))
}

var (
	archiveOf = regexp.MustCompile(`"url": "([^"]+)"`)
	digestOf  = regexp.MustCompile(`[0-9a-f]{64}`)
)

// publish writes the index that a document shows, with the digest of the archive
// that was packed here.
func (w *world) publish(t *testing.T, text string) {
	t.Helper()
	for _, index := range blocks(text, "json") {
		m := archiveOf.FindStringSubmatch(index)
		if m == nil {
			continue
		}
		archive, err := os.ReadFile(filepath.Join(w.dir, "plugins", m[1]))
		require.NoError(t, err)
		w.write(t, filepath.Join("plugins", "index.json"), digestOf.ReplaceAllString(index, fmt.Sprintf("%x", sha256.Sum256(archive))))
		return
	}
	require.Fail(t, "the document shows no index")
}

func makefile(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "Makefile"))
	require.NoError(t, err)
	return string(text)
}

// greenhouse copies the example in another language.
func (w *world) greenhouse(t *testing.T) {
	t.Helper()
	example := filepath.Join(root, "examples", "greenhouse")
	for _, needed := range []string{"/usr/bin/node", filepath.Join(example, "node_modules")} {
		if _, err := os.Stat(needed); err != nil {
			t.Skip("the example needs Node, and what npm ci fetches: ", err)
		}
	}
	require.NoError(t, os.CopyFS(filepath.Join(w.dir, "greenhouse"), os.DirFS(example)))
	require.NoError(t, os.RemoveAll(filepath.Join(w.dir, "greenhouse", "greenhouse_test.go")))
}

// What documents show of code is in a file that is compiled, or run.
func TestSnippets(t *testing.T) {
	t.Parallel()
	var sources strings.Builder
	for _, pattern := range []string{"plugins/*/*.go", "examples/*/*.go", "examples/greenhouse/impt-plugin-greenhouse"} {
		paths, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
		require.NoError(t, err)
		for _, path := range paths {
			source, err := os.ReadFile(path)
			require.NoError(t, err)
			sources.WriteString(strings.ReplaceAll(string(source), "\r\n", "\n"))
		}
	}
	for name, text := range written(t) {
		for _, block := range append(blocks(text, "go"), blocks(text, "js")...) {
			require.True(t, strings.Contains(sources.String(), block), "%s shows what no file has:\n%s", name, block)
		}
	}
}

var (
	link = regexp.MustCompile(`\]\(([^)#:]+)\)`)
	path = regexp.MustCompile("`((?:core|sdk|plugins|examples|docs|tools|\\.ci)/[A-Za-z0-9_./-]+)`")
)

func TestPathsExist(t *testing.T) {
	t.Parallel()
	for name, text := range written(t) {
		folder := root
		if name != "README.md" && name != "CONTRIBUTING.md" {
			folder = filepath.Join(root, "docs")
		}
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			_, err := os.Stat(filepath.Join(folder, filepath.FromSlash(m[1])))
			require.NoError(t, err, "%s links to %s", name, m[1])
		}
		for _, m := range path.FindAllStringSubmatch(text, -1) {
			_, err := os.Stat(filepath.Join(root, filepath.FromSlash(m[1])))
			require.NoError(t, err, "%s names %s", name, m[1])
		}
	}
}

// step is a row of the table that follows one command.
var step = regexp.MustCompile("(?m)^\\| `([^`]+\\.go)` \\| `([^`]+)` \\|")

func TestTheWayOfACommand(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(root, "CONTRIBUTING.md"))
	require.NoError(t, err)
	steps := step.FindAllStringSubmatch(string(text), -1)
	require.Greater(t, len(steps), 20)
	for _, s := range steps {
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, filepath.FromSlash(s[1])), nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		require.True(t, declares(file, s[2]), "%s does not declare %s", s[1], s[2])
	}
}

// declares tells whether a file has a function, method or variable of a name.
func declares(file *ast.File, name string) bool {
	found := false
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			found = found || d.Name.Name == name
		case *ast.GenDecl:
			for _, s := range d.Specs {
				if v, ok := s.(*ast.ValueSpec); ok {
					found = found || v.Names[0].Name == name
				}
			}
		}
	}
	return found
}

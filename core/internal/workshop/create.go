package workshop

import (
	"bufio"
	"embed"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/electricimp/impt/core/internal/systext"
	"github.com/electricimp/impt/sdk/fault"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

//go:embed all:template
var templates embed.FS

const module = "github.com/electricimp/impt"

// Create writes the first files of a plugin into a directory that it makes, and
// returns their names. sdk is a checkout of impt to build with; empty: the one
// in which impt was built.
func (w Workshop) Create(name, vendor, sdk string) (directory string, files []string, err error) {
	if err := w.Loading.Validate(&pluginv1.Manifest{Name: name, Vendor: vendor}); err != nil {
		return "", nil, &fault.Fault{
			Kind:     fault.InvalidOptionKind,
			Sentence: "Names begin with a lower-case letter, and have lower-case letters, digits and hyphens only, at most 32.",
			Cause:    err,
		}
	}
	if sdk, err = w.sdk(sdk); err != nil {
		return "", nil, err
	}
	directory = "impt-plugin-" + name
	if err := os.Mkdir(w.path(directory), 0o777); err != nil { //nolint:gosec // as the user's own directories
		return "", nil, fault.File(directory, systext.Text(err, "mkdir", directory), err)
	}
	content, err := w.contents(name, vendor, sdk)
	if err != nil {
		return "", nil, err
	}
	for _, file := range content {
		path := filepath.Join(w.path(directory), filepath.FromSlash(file.name))
		err := os.MkdirAll(filepath.Dir(path), 0o777) //nolint:gosec // the same
		if err == nil {
			err = os.WriteFile(path, []byte(file.text), 0o666) //nolint:gosec // as the user's own files
		}
		if err != nil {
			return "", nil, fault.File(path, systext.Text(err, "open", path), err)
		}
		files = append(files, file.name)
	}
	return directory, files, nil
}

type file struct{ name, text string }

// contents are the files of a new plugin, by name.
func (w Workshop) contents(name, vendor, sdk string) ([]file, error) {
	var files []file
	fill := strings.NewReplacer("{{NAME}}", name, "{{VENDOR}}", vendor)
	err := fs.WalkDir(templates, "template", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := templates.ReadFile(path)
		to := strings.TrimSuffix(strings.TrimPrefix(path, "template/"), ".tmpl")
		files = append(files, file{fill.Replace(to), fill.Replace(string(text))})
		return err
	})
	if err != nil {
		return nil, err
	}
	mod, err := goMod(name, vendor, sdk)
	if err != nil {
		return nil, err
	}
	sums, err := os.ReadFile(filepath.Join(sdk, "go.sum"))
	if err != nil {
		return nil, fault.File(sdk, systext.Text(err, "open", "go.sum"), err)
	}
	files = append(files, file{"go.mod", mod}, file{"go.sum", string(sums)})
	slices.SortFunc(files, func(a, b file) int { return strings.Compare(a.name, b.name) })
	return files, nil
}

// goMod is the go.mod of a plugin. It requires what the checkout does, so that
// nothing has to be looked up before the first build.
func goMod(name, vendor, sdk string) (string, error) {
	f, err := os.Open(filepath.Join(sdk, "go.mod"))
	if err != nil {
		return "", fault.File(sdk, systext.Text(err, "open", "go.mod"), err)
	}
	defer func() { _ = f.Close() }()
	var b strings.Builder
	b.WriteString("module example.com/" + vendor + "/impt-plugin-" + name + "\n")
	for lines := bufio.NewScanner(f); lines.Scan(); {
		line := lines.Text()
		if strings.HasPrefix(line, "replace ") {
			// A folder of the checkout, named from there.
			line = strings.Replace(line, "=> ./", "=> "+filepath.ToSlash(sdk)+"/", 1)
		}
		if !strings.HasPrefix(line, "module ") {
			b.WriteString(line + "\n")
		}
	}
	b.WriteString("\nrequire " + module + " v0.0.0\n\nreplace " + module + " => " + filepath.ToSlash(sdk) + "\n")
	return b.String(), nil
}

// sdk is the checkout to build with, which must be one.
func (w Workshop) sdk(directory string) (string, error) {
	if directory == "" {
		if directory = w.checkout(); directory == "" {
			return "", &fault.Fault{
				Kind:     fault.InvalidOptionKind,
				Sentence: "A plugin is built with the source of impt. Name a checkout of it with --sdk.",
			}
		}
	}
	if directory = w.path(directory); !isCheckout(directory) {
		return "", &fault.Fault{Kind: fault.InvalidOptionKind, Sentence: "There is no checkout of impt in " + directory + "."}
	}
	return directory, nil
}

// checkout is the one in which the program was built; "" if it was not.
func (w Workshop) checkout() string {
	const levels = 4
	dir, err := filepath.EvalSymlinks(w.Executable)
	for range levels {
		if dir = filepath.Dir(dir); err == nil && isCheckout(dir) {
			return dir
		}
	}
	return ""
}

func isCheckout(dir string) bool {
	b, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	return err == nil && strings.HasPrefix(string(b), "module "+module+"\n")
}

package squirrel

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// outcome is what a program prints, with the error that ends it as an imp logs it.
func outcome(t *testing.T, name, source string) string {
	t.Helper()
	var out strings.Builder
	vm := New(Config{Print: &out, PrintError: &out, MaxSteps: 50_000_000})
	f, err := vm.Compile(name, source)
	if err != nil {
		return "COMPILE " + err.Error() + "\n"
	}
	_, err = vm.Run(t.Context(), f)
	var e *Error
	if errors.As(err, &e) {
		out.WriteString("ERROR: " + e.Text + "\n")
		for _, line := range e.Trace {
			out.WriteString("ERROR:   in " + line.String() + "\n")
		}
	} else if err != nil {
		out.WriteString("FATAL: " + err.Error() + "\n")
	}
	return out.String()
}

// What the programs in testdata print was compared with Squirrel 3.1, but for
// what imps have otherwise: see testdata/README.md.
func TestPrograms(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.nut")
	if err != nil || len(files) == 0 {
		t.Fatal(err, "no programs")
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			want, err := os.ReadFile(strings.TrimSuffix(file, ".nut") + ".want")
			if err != nil {
				t.Fatal(err)
			}
			got := strings.Split(outcome(t, filepath.Base(file), string(source)), "\n")
			for i, line := range strings.Split(string(want), "\n") {
				if i >= len(got) {
					t.Fatalf("ends before line %d: %s", i+1, line)
				}
				if got[i] != line {
					t.Errorf("line %d:\n got %s\nwant %s", i+1, got[i], line)
				}
			}
			if more := len(got) - strings.Count(string(want), "\n") - 1; more > 0 {
				t.Errorf("%d lines more", more)
			}
		})
	}
}

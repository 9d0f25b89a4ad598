package squirrel

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestCompileErrors(t *testing.T) {
	t.Parallel()
	list, err := os.ReadFile("testdata/errors.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSuffix(string(list), "\n"), "\n") {
		source, want, _ := strings.Cut(line, " => ")
		got := ""
		_, err := New(Config{}).Compile("f", strings.ReplaceAll(source, "~", "\n"))
		var e *CompileError
		if errors.As(err, &e) {
			got = fmt.Sprintf("%d:%d %s", e.Line, e.Column, e.Text)
		}
		if got != want {
			t.Errorf("%s\n got %s\nwant %s", source, got, want)
		}
	}
}

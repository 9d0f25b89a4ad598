package squirrel

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// Whatever the source: no panic, no endless run, and errors that say something.
func FuzzVM(f *testing.F) {
	files, err := filepath.Glob("testdata/*.nut")
	if err != nil || len(files) == 0 {
		f.Fatal(err, "no programs")
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(source))
	}
	for _, s := range []string{
		"", "\"", "'\\", "@\"", "/*", "#line", "#line 9", "{[(", "::", "x<-1;x.y.z++", "function a::b::c(", "class A extends", "foreach(a,b in",
		"switch(1){case 1:default:", "return yield resume clone typeof delete", "enum A{a=1};A.a", "const a=", "for(;;)break",
		`format("%*d", 1)`, `regexp("(").match("")`, `[].sort(null)`, `blob(1).seek(-1,'e')`, `"".slice(1,-9)`,
		`try{throw null}catch(e){e()}`, `local a=[];a.apply(@(x)a.clear())`, `foreach(x in [1])x=2`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		vm := small()
		fn, err := vm.Compile("f", source)
		if err == nil {
			_, err = vm.Run(t.Context(), fn)
		}
		if errors.Is(err, ErrInternal) || err != nil && err.Error() == "" && !thrownEmpty(err) {
			t.Error(err)
		}
	})
}

// thrownEmpty: the program itself threw an empty text.
func thrownEmpty(err error) bool {
	var e *Error
	return errors.As(err, &e)
}

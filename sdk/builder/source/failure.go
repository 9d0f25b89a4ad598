package source

import (
	"fmt"
	"path/filepath"

	"github.com/electricimp/impt/sdk/fault"
)

// failed says why a remote source was not fetched.
func failed(name, why string, cause error, hints ...string) *fault.Fault {
	return &fault.Fault{
		Kind:     fault.UnreachableKind,
		Sentence: fmt.Sprintf("Failed to fetch url \"%s\": %s", name, why),
		Cause:    cause,
		Hints:    hints,
	}
}

func notSupported(name string) *fault.Fault {
	return &fault.Fault{
		Kind:     fault.InvalidOptionKind,
		Sentence: fmt.Sprintf("Source \"%s\" is not supported", name),
	}
}

func localNotFound(name string) *fault.Fault {
	return &fault.Fault{
		Kind:     fault.FileKind,
		Sentence: fmt.Sprintf("Local file \"%s\" not found", filepath.Clean(name)),
	}
}

func localUnreadable(name, why string, cause error) *fault.Fault {
	return &fault.Fault{
		Kind:     fault.FileKind,
		Sentence: fmt.Sprintf("Local file \"%s\" cannot be read: %s", name, why),
		Cause:    cause,
	}
}

func notAllowed(name string, cause error) *fault.Fault {
	if f, ok := fault.Of(cause); ok {
		return f
	}
	return &fault.Fault{
		Kind:     fault.DeniedKind,
		Sentence: fmt.Sprintf("Local file \"%s\" cannot be included: %s", name, cause),
		Cause:    cause,
	}
}

func notUTF8(name string) *fault.Fault {
	return &fault.Fault{
		Kind:     fault.FileKind,
		Sentence: fmt.Sprintf("File \"%s\" is saved as UTF-16, sources have to be UTF-8", name),
		Hints: []string{
			"Save it as UTF-8, in PowerShell for example by \"| Out-File -Encoding utf8 FILE\" instead of \"> FILE\".",
		},
	}
}

func lockedChanged(name string) *fault.Fault {
	return &fault.Fault{
		Kind:     fault.ConflictKind,
		Sentence: fmt.Sprintf("locked source \"%s\" has changed", name),
	}
}

func notLocked(name string) *fault.Fault {
	return &fault.Fault{
		Kind:     fault.NotFoundKind,
		Sentence: fmt.Sprintf("Source \"%s\" is not in the lock", name),
	}
}

func gitFailed(name, why string, cause error) *fault.Fault {
	return &fault.Fault{
		Kind:     fault.UnreachableKind,
		Sentence: fmt.Sprintf("Failed to read \"%s\": %s", name, why),
		Cause:    cause,
	}
}

// unusable says that one of the peer's or our own files cannot be used; which
// is for example "dependencies JSON".
func unusable(which, path string, cause error) *fault.Fault {
	return &fault.Fault{
		Kind:     fault.CorruptedFileKind,
		Sentence: fmt.Sprintf("The %s file '%s' cannot be used: %s", which, path, cause),
		Cause:    cause,
	}
}

func missing(which, path string, cause error) *fault.Fault {
	return &fault.Fault{
		Kind:     fault.FileKind,
		Sentence: fmt.Sprintf("The %s file '%s' does not exist", which, path),
		Cause:    cause,
	}
}

func unsaved(path string, cause error) *fault.Fault {
	return &fault.Fault{
		Kind:     fault.FileKind,
		Sentence: fmt.Sprintf("The %s file cannot be saved: %s", path, cause),
		Cause:    cause,
	}
}

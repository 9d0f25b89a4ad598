package fault

import (
	"fmt"

	"github.com/electricimp/impt/sdk/entity"
)

// NotFound says that no entity has the identifier.
func NotFound(t entity.Type, identifier string) *Fault {
	return &Fault{
		Kind:       NotFoundKind,
		Sentence:   fmt.Sprintf("%s \"%s\" is not found.", t.Noun(), identifier),
		Entity:     string(t),
		Identifier: identifier,
	}
}

// Impossible is the hint after failures that the user has to mend first.
const Impossible = "Impossible to execute the command."

// Ambiguous says that the identifier means several entities; candidates is a
// JSON array of their documents.
func Ambiguous(t entity.Type, identifier string, candidates []byte) *Fault {
	return &Fault{
		Kind:       AmbiguousKind,
		Sentence:   fmt.Sprintf("Multiple %ss \"%s\" are found:", t.Noun(), identifier),
		Entity:     string(t),
		Identifier: identifier,
		Candidates: candidates,
		Hints:      []string{Impossible},
	}
}

// NoIdentifier says that an identifier is missing and no project gives one.
func NoIdentifier(t entity.Type) *Fault {
	return &Fault{
		Kind:     InvalidOptionKind,
		Sentence: fmt.Sprintf("No %s Identifier is specified.", t.Noun()),
		Entity:   string(t),
	}
}

// Denied says that a plugin asked for more than it may.
func Denied(plugin, what string) *Fault {
	return &Fault{
		Kind:     DeniedKind,
		Sentence: fmt.Sprintf("Plugin \"%s\" asked for %s, which its manifest does not declare.", plugin, what),
	}
}

// Canceled says that the user answered no, or left a question.
func Canceled() *Fault {
	return &Fault{Kind: CanceledKind, Sentence: "Operation is canceled."}
}

// File says that a file cannot be read or written; text is the system's own.
func File(path, text string, cause error) *Fault {
	return &Fault{
		Kind:     FileKind,
		Sentence: fmt.Sprintf("File error: %s: %s.", path, text),
		Cause:    cause,
	}
}

// CorruptedFile says that one of our own files cannot be understood; which is
// for example "Project".
func CorruptedFile(which string, cause error) *Fault {
	return &Fault{Kind: FileKind, Sentence: which + " File is corrupted.", Cause: cause}
}

// NotLoggedIn says that there is no login.
func NotLoggedIn() *Fault {
	return &Fault{Kind: NotLoggedInKind, Sentence: "You are not logged in."}
}

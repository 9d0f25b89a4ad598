package fault

import (
	"errors"
	"fmt"
	"strconv"

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

// Denied says that a plugin, as Plugin calls it, asked for more than it may.
func Denied(plugin, what string) *Fault {
	return &Fault{
		Kind:     DeniedKind,
		Sentence: fmt.Sprintf("%s asked for %s, which its manifest does not declare.", plugin, what),
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
	return &Fault{Kind: CorruptedFileKind, Sentence: which + " File is corrupted.", Cause: cause}
}

// NotLoggedIn says that there is no login.
func NotLoggedIn() *Fault {
	return &Fault{Kind: NotLoggedInKind, Sentence: "You are not logged in."}
}

// Flagged says that a deployment cannot be deleted because of its flag.
func Flagged(e entity.Entity) *Fault {
	return &Fault{
		Kind:     ConflictKind,
		Sentence: fmt.Sprintf("Impossible to delete %s. It is flagged; --force removes the flag first.", e),
		Entity:   string(e.Type),
	}
}

// OptionNotFor says that an option is not for device groups of a type.
func OptionNotFor(option, groupType, first, second string) *Fault {
	return &Fault{
		Kind: InvalidOptionKind,
		Sentence: fmt.Sprintf("Invalid option \"--%s\" for Device Group of the type \"%s\". "+
			"It may be specified for \"%s\" or \"%s\" Device Groups only.", option, groupType, first, second),
	}
}

// TargetNotFound says that the target of a fixture group is unknown; target is
// "Production Target" or "DUT Target".
func TargetNotFound(target, identifier string) *Fault {
	return &Fault{
		Kind:       NotFoundKind,
		Sentence:   fmt.Sprintf("%s %s \"%s\" is not found.", target, entity.DeviceGroup.Noun(), identifier),
		Entity:     string(entity.DeviceGroup),
		Identifier: identifier,
	}
}

// TargetOfWrongType says that a target is a group of another type than the
// fixture group needs.
func TargetOfWrongType(target, group, got, wanted string) *Fault {
	return &Fault{
		Kind:     ConflictKind,
		Sentence: fmt.Sprintf("%s %s is of the type \"%s\" but must be of the type \"%s\".", target, group, got, wanted),
	}
}

// TargetOfOtherProduct says that a target belongs to another product than the
// fixture group.
func TargetOfOtherProduct(target string) *Fault {
	return &Fault{
		Kind:     ConflictKind,
		Sentence: fmt.Sprintf("%s Device Group must be from the same Product.", target),
	}
}

// InvalidJSON says that the value of an option is no JSON text.
func InvalidJSON(option string, cause error) *Fault {
	why := cause
	if inner := errors.Unwrap(cause); inner != nil {
		why = inner // without what we were doing
	}
	return &Fault{
		Kind:     InvalidOptionKind,
		Sentence: fmt.Sprintf("Option \"--%s\" must be a JSON text: %s.", option, why),
		Cause:    cause,
	}
}

// Plugin names a plugin within a sentence; version may be empty.
func Plugin(name, version string) string {
	if version == "" {
		return "Plugin " + strconv.Quote(name)
	}
	return fmt.Sprintf("Plugin %q (%s)", name, version)
}

// Crashed says that a plugin panicked; the cause has the stack.
func Crashed(plugin, version string, cause error) *Fault {
	return &Fault{Kind: CrashedKind, Sentence: Plugin(plugin, version) + " has crashed. Tell its author.", Cause: cause}
}

// UnexpectedAnswer says that impCentral succeeded, but answered something that
// cannot be understood.
func UnexpectedAnswer(cause error) *Fault {
	return &Fault{
		Kind:     APIKind,
		Sentence: "Internal error: Unexpected format of impCentral response.",
		Cause:    cause,
	}
}

// Several says that there are several entities where one is needed and none
// was named; candidates is a JSON array of their documents.
func Several(t entity.Type, candidates []byte) *Fault {
	return &Fault{
		Kind:       AmbiguousKind,
		Sentence:   fmt.Sprintf("Multiple %ss are found:", t.Noun()),
		Entity:     string(t),
		Candidates: candidates,
		Hints:      []string{Impossible},
	}
}

// Outdated says that the entity named by one of our own files is gone; which
// is for example "Project", and command deletes the file.
func Outdated(t entity.Type, id, which, command string) *Fault {
	return &Fault{
		Kind:       NotFoundKind,
		Sentence:   fmt.Sprintf("%s \"%s\", saved in %s File, does not exist anymore.", t.Noun(), id, which),
		Entity:     string(t),
		Identifier: id,
		Hints: []string{
			Impossible,
			fmt.Sprintf("Use \"%s\" command to delete the outdated %s.", command, which),
		},
	}
}

// NoCommand says that a plugin lacks a command that its manifest declared.
func NoCommand(group, command string) *Fault {
	return &Fault{
		Sentence: fmt.Sprintf("Plugin \"%s\" has no command \"%s\". Reinstall it or tell its author.", group, command),
	}
}

// AccessFailed says that impCentral was not reached, or did not answer in time.
func AccessFailed(cause error) *Fault {
	return &Fault{
		Kind:     UnreachableKind,
		Sentence: "Access to impCentral failed or timed out. Please check your network connection.",
		Cause:    cause,
	}
}

// RequestFailed says why a request has no answer; text has no full stop.
func RequestFailed(text string, cause error) *Fault {
	return &Fault{Kind: UnreachableKind, Sentence: fmt.Sprintf("Request error: %s.", text), Cause: cause}
}

// UnexpectedMessage says that a log stream sent what nobody can read.
func UnexpectedMessage(text string) *Fault {
	return &Fault{Sentence: fmt.Sprintf("Internal error: Unexpected format of log stream message: %s.", text)}
}

// EmptyParameter says that a value which must not be empty is.
func EmptyParameter(name string) *Fault {
	return &Fault{Kind: InvalidOptionKind, Sentence: fmt.Sprintf("Non empty \"%s\" parameter required.", name)}
}

// MissingFile says that one of our own files does not exist; which is for
// example "Global Auth".
func MissingFile(which string) *Fault {
	return &Fault{Kind: FileKind, Sentence: which + " File is not found."}
}

// LoginExpired says that a login's token has expired and cannot be renewed.
func LoginExpired(which string) *Fault {
	return &Fault{
		Kind: NotLoggedInKind,
		Sentence: fmt.Sprintf("Access token is expired for the %s File. "+
			"Information required to refresh access token is not saved.", which),
	}
}

// LoginRevoked says that a login's token could not be renewed, because what
// renews it is not known any more.
func LoginRevoked(which string, cause error) *Fault {
	return &Fault{
		Kind:     NotLoggedInKind,
		Sentence: fmt.Sprintf("Impossible to refresh access token for the %s File.", which),
		Cause:    cause,
	}
}

// NoTerminal says that nobody can be asked: doing is what the terminal is
// needed for, as in "confirm this", and option is the long name of the option
// to give instead, or empty.
func NoTerminal(doing, option string, cause error) *Fault {
	f := &Fault{Kind: NoTerminalKind, Sentence: "A terminal is needed to " + doing + ".", Cause: cause}
	if option != "" {
		f.Sentence += " Use the --" + option + " option instead."
	}
	return f
}

// BuildOfOtherGroup says that a deployment cannot be what a group supports,
// because it is not of the group.
func BuildOfOtherGroup(build, group entity.Entity) *Fault {
	return &Fault{
		Kind:     ConflictKind,
		Sentence: fmt.Sprintf("%s does not belong to %s. Impossible to set it as Min supported Deployment.", build, group),
	}
}

// OlderThanSupported says that the oldest supported deployment cannot become
// an even older one.
func OlderThanSupported() *Fault {
	return &Fault{
		Kind: ConflictKind,
		Sentence: "Min supported Deployment cannot be set to an earlier Deployment " +
			"than the current Min supported Deployment.",
	}
}

// StillSupported says that a deployment cannot be deleted because devices of
// its group may run it.
func StillSupported(build, group entity.Entity) *Fault {
	return &Fault{
		Kind: ConflictKind,
		Sentence: fmt.Sprintf("Impossible to delete %s. It is the Min supported Deployment or newer for %s.",
			build, group),
	}
}

// OptionRequired says that an option must be given.
func OptionRequired(option string) *Fault {
	return &Fault{
		Kind:     InvalidOptionKind,
		Sentence: fmt.Sprintf("Option \"--%s\" must be specified.", option),
	}
}

// NonEmpty says that a parameter must not be empty.
func NonEmpty(parameter string) *Fault {
	return &Fault{
		Kind:     InvalidOptionKind,
		Sentence: fmt.Sprintf("Non empty \"%s\" parameter required.", parameter),
	}
}

// Exclusive says that two options contradict each other.
func Exclusive(option, other string) *Fault {
	return &Fault{
		Kind:     InvalidOptionKind,
		Sentence: fmt.Sprintf("Options \"--%s\" and \"--%s\" are mutually exclusive.", option, other),
	}
}

// NoFileHere says that the current directory lacks one of our own files; which
// is for example "Project".
func NoFileHere(which string) *Fault {
	return &Fault{Kind: FileKind, Sentence: which + " File is not found in the current directory."}
}

// NoProjectGroup says that no project can be made of a device group of a type.
func NoProjectGroup(groupType, first, second string) *Fault {
	return &Fault{
		Kind: ConflictKind,
		Sentence: fmt.Sprintf("Project can not be linked to Device Group of the type \"%s\". "+
			"Only \"%s\" or \"%s\" Device Groups are allowed.", groupType, first, second),
	}
}

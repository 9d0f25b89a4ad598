// Package sdk is what the author of a command group imports. A group is
// declared once: parsing, help, the manual and the checks of the command line
// are derived from the declaration, and the host shows what a command hands
// over in each of its output modes.
package sdk

import (
	"context"

	"github.com/electricimp/impt/sdk/entity"
)

// Group is a command group: what follows `impt` on the command line. Its
// commands may be added to the groups of others instead.
type Group struct {
	// Name as typed: a lower-case word.
	Name string
	// Synopsis is one sentence for the list of groups.
	Synopsis string
	// Vendor publishes the group, in the grammar of a name.
	Vendor string
	// Version of the plugin, as in semantic versioning.
	Version string
	// Contact is whom users tell when the plugin fails by itself: a mail
	// address, or an address that begins with https://.
	Contact  string
	Commands []Command
	// ConfigFile is what the group keeps in the working directory; nil if
	// nothing.
	ConfigFile *ConfigFile
}

// ConfigFile declares the group's configuration file, `.impt.NAME` in the
// working directory: a JSON object.
type ConfigFile struct {
	// Noun is what sentences call it, for example "Test Configuration".
	Noun string
	// Files are the members of the object that name files, with the role of
	// each: InputFile, OutputFile or SecretFile.
	Files map[string]Role
}

// Command is one command of a group.
type Command struct {
	// Name as typed after the group.
	Name string
	// Group is the group of another plugin to which the command is added, for
	// example "build"; empty for the group's own.
	Group string
	// Synopsis is one sentence for the group's list of commands.
	Synopsis string
	// Details follow the synopsis in the help of the command.
	Details string
	// Examples are command lines, beginning with `impt`.
	Examples []string
	// Options in the order of the help. --output is added at the end unless
	// it is listed.
	Options Options
	Rules   []Rule
	// Needs is what the command asks of the host beyond reading the entities
	// that its options identify.
	Needs Needs
	// Run runs the command. It returns nil, or an error that the user reads;
	// package fault has those for common failures.
	Run func(ctx context.Context, c *Call) error
}

// WithExamples returns a command that a function has made with the examples of
// its group.
func (c Command) WithExamples(lines ...string) Command {
	c.Examples = lines
	return c
}

// Option is an option of a command. Package option has the shared vocabulary.
type Option interface{ Spec() Spec }

// Options are the options of a command.
type Options []Option

// Kind is how values of an option are read.
type Kind int

// The kinds of options.
const (
	// Flag is present or absent.
	Flag Kind = iota + 1
	// Bool is true or false; alone it means true.
	Bool
	// Text is one text.
	Text
	// List may be repeated, one text each time.
	List
	// Number is a positive integer.
	Number
	// OptionalText is a text that may be left out.
	OptionalText
)

// Role is what the value of an option stands for.
type Role int

// The roles of values.
const (
	// Plain is an ordinary value.
	Plain Role = iota
	// Identifier identifies an entity.
	Identifier
	// Hidden is a password or key, which stays in the host.
	Hidden
	// InputFile is a file that the command may read.
	InputFile
	// OutputFile is a file that the command may read and write.
	OutputFile
	// SecretFile is a file with secrets, which the command may write and
	// delete, but never reads.
	SecretFile
)

// Spec declares an option.
type Spec struct {
	// Name is the long name without dashes.
	Name string
	// Alias is one letter.
	Alias string
	Kind  Kind
	Role  Role
	// Entity is the type that the value identifies, for role Identifier.
	Entity entity.Type
	// Placeholder stands for the value in the usage line.
	Placeholder string
	Help        string
	Required    bool
	// AllowEmpty accepts an empty value.
	AllowEmpty bool
	// Choices are the only accepted values.
	Choices []string
	// Default applies when the option is absent, as it would be typed.
	Default []string
	// Positional makes it an argument: a word after the command, without a
	// name. Its kind is Text, or List for the last one.
	Positional bool
}

// Need is something that a command may ask of the host.
type Need struct {
	// Resource is a type of entity, or logs, project, login, interrupt, config,
	// builder, sources, commands, settings or plugins.
	Resource string
	// Write allows creating, changing and deleting besides reading.
	Write bool
}

// Needs is what a command may ask of the host. A call beyond it is denied.
type Needs []Need

// Read needs to read entities of the given types.
func Read(types ...entity.Type) Needs { return needs(false, types) }

// Write needs to create, change or delete entities of the given types.
func Write(types ...entity.Type) Needs { return needs(true, types) }

func needs(write bool, types []entity.Type) Needs {
	all := make(Needs, len(types))
	for i, t := range types {
		all[i] = Need{string(t), write}
	}
	return all
}

// And joins needs.
func (n Needs) And(more Needs) Needs { return append(append(Needs{}, n...), more...) }

// Needs other than entities.
var (
	// Logs reads logs and log streams.
	Logs = Needs{{Resource: "logs"}}
	// Project reads the project file.
	Project = Needs{{Resource: "project"}}
	// ChangeProject writes and deletes the project file and its source files.
	ChangeProject = Needs{{Resource: "project", Write: true}}
	// ReadConfig reads the group's configuration file.
	ReadConfig = Needs{{Resource: "config"}}
	// ChangeConfig writes and deletes it, and the files that it names.
	ChangeConfig = Needs{{Resource: "config", Write: true}}
	// Builder writes, finds and deletes the directories that Builder leaves
	// behind.
	Builder = Needs{{Resource: "builder", Write: true}}
	// ReadSources finds and reads source code, wherever it is.
	ReadSources = Needs{{Resource: "sources"}}
	// Commands runs command lines of the user's.
	Commands = Needs{{Resource: "commands", Write: true}}
	// LoginStatus asks which login applies.
	LoginStatus = Needs{{Resource: "login"}}
	// Login logs in and out.
	Login = Needs{{Resource: "login", Write: true}}
	// ReadSettings reads what the plugin keeps for the user, and uses its secrets.
	ReadSettings = Needs{{Resource: "settings"}}
	// ChangeSettings saves settings and secrets.
	ChangeSettings = Needs{{Resource: "settings", Write: true}}
	// ReadPlugins tells which plugins there are. Groups that come with impt
	// alone get it, as ChangePlugins.
	ReadPlugins = Needs{{Resource: "plugins"}}
	// ChangePlugins installs, removes and packs plugins.
	ChangePlugins = Needs{{Resource: "plugins", Write: true}}
	// Interrupt lets Ctrl-C be the command's ordinary end.
	Interrupt = Needs{{Resource: "interrupt"}}
)

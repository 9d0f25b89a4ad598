// Package cli turns arguments and manifests into what to do: show a help, show
// the version, report a syntax error, or run a command whose options have been
// checked. Nothing here starts a plugin or knows one.
//
// Parse decides, Run decides and acts through mitchellh/cli, Validate tells
// whether a manifest of a stranger may be used at all.
//
// Of a manifest only the name and the synopsis are read, and in which groups it
// has commands, unless one of these groups, or the plugin's qualified name, is
// one of the arguments. Who keeps many manifests may leave the rest out.
package cli

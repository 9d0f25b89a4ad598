// Package cli turns arguments and manifests into what to do: show a help, show
// the version, report a syntax error, or run a command whose options have been
// checked. Nothing here starts a plugin or knows one.
//
// Parse decides, Run decides and acts through mitchellh/cli, Validate tells
// whether a manifest of a stranger may be used at all.
//
// Of a manifest whose name is none of the arguments, only the name and the
// synopsis are read. Who keeps many manifests may leave the rest out.
package cli

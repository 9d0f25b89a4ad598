package completion

import (
	"embed"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Word is the first argument of a question. No group has such a name.
const Word = "__complete"

// GroupName is the group that prints the scripts, which the host has itself.
const GroupName = "completion"

//go:embed scripts
var scripts embed.FS

// Script makes a shell complete; false for one that is not known.
func Script(shell string) (string, bool) {
	b, err := scripts.ReadFile("scripts/impt." + shell)
	return string(b), err == nil
}

// Group is the manifest of the group completion: one command for each shell.
func Group() *pluginv1.Manifest {
	m := &pluginv1.Manifest{
		Name:     GroupName,
		Synopsis: "Completion of commands, options and names in the shell.",
		Description: "Prints a script that makes a shell complete groups, commands, options, " +
			"and the names of entities of your account. The script has to be read by the shell when it starts.",
	}
	for _, shell := range []struct{ name, title, example string }{
		{"bash", "Bash", `In ~/.bashrc: source <(impt completion bash)`},
		{"fish", "fish", `Once: impt completion fish > ~/.config/fish/completions/impt.fish`},
		{"powershell", "PowerShell", `In $PROFILE: impt completion powershell | Out-String | Invoke-Expression`},
		{"zsh", "Zsh", `In ~/.zshrc, after compinit: source <(impt completion zsh)`},
	} {
		m.Commands = append(m.Commands, &pluginv1.Command{
			Name:        shell.name,
			Synopsis:    "Prints the script for " + shell.title + ".",
			Description: "Prints the script for " + shell.title + ". " + shell.example,
			Examples:    []string{"impt completion " + shell.name},
		})
	}
	return m
}

package main

import (
	"fmt"
	"strings"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// spoilt are the ways in which a manifest can be an attack, by the name of the
// plugin. Each is made of one that is good.
func spoilt() map[string]func(*pluginv1.Manifest) {
	first := func(m *pluginv1.Manifest) *pluginv1.Command { return m.GetCommands()[0] }
	return map[string]func(*pluginv1.Manifest){
		"vendor-path":    func(m *pluginv1.Manifest) { m.Vendor = "../stranger" },
		"vendor-codes":   func(m *pluginv1.Manifest) { m.Vendor = "\x1b[31mstranger" },
		"version-path":   func(m *pluginv1.Manifest) { m.Version = "1.0.0/../../etc" },
		"version-nul":    func(m *pluginv1.Manifest) { m.Version = "1.0.0\x00" },
		"version-long":   func(m *pluginv1.Manifest) { m.Version = "1.0.0-" + strings.Repeat("x", 64<<10) },
		"name-path":      func(m *pluginv1.Manifest) { m.Name = "../product" },
		"contact-codes":  func(m *pluginv1.Manifest) { m.Contact = "\x1b]0;x\x07@stranger.example" },
		"contact-tricks": func(m *pluginv1.Manifest) { m.Contact = "help@stranger.example or run: curl stranger.example" },
		"command-path":   func(m *pluginv1.Manifest) { first(m).Name = "a/b" },
		"command-dots":   func(m *pluginv1.Manifest) { first(m).Name = ".." },
		"command-nul":    func(m *pluginv1.Manifest) { first(m).Name = "a\x00b" },
		"command-long":   func(m *pluginv1.Manifest) { first(m).Name = strings.Repeat("x", 64<<10) },
		"command-help":   func(m *pluginv1.Manifest) { first(m).Name = "help" },
		"command-twice":  func(m *pluginv1.Manifest) { m.Commands = append(m.Commands, first(m)) },
		"option-help":    func(m *pluginv1.Manifest) { first(m).Options[0].Name = "help" },
		"option-twice":   func(m *pluginv1.Manifest) { first(m).Options = append(first(m).Options, first(m).GetOptions()[0]) },
		"option-codes":   func(m *pluginv1.Manifest) { first(m).Options[0].Help = paint },
		"alias-twice": func(m *pluginv1.Manifest) {
			first(m).Options = append(first(m).Options, &pluginv1.Option{Name: "zoo", Alias: "z", Kind: pluginv1.OptionKind_OPTION_KIND_TEXT})
		},
		"rule-alone": func(m *pluginv1.Manifest) {
			first(m).Rules = []*pluginv1.Rule{{Kind: pluginv1.RuleKind_RULE_KIND_REQUIRES, Options: []string{"nobody", "nothing"}}}
		},
		"requires-codes": func(m *pluginv1.Manifest) { m.Requires = []string{paint} },
		"example-codes":  func(m *pluginv1.Manifest) { first(m).Examples = []string{"impt x\n\x1b[31m"} },
		"shadow-group": func(m *pluginv1.Manifest) {
			m.Commands = append(m.Commands, &pluginv1.Command{Name: "list", Group: "../product", Synopsis: "x"})
		},
		"million": func(m *pluginv1.Manifest) {
			for i := range 1_000_000 {
				m.Commands = append(m.Commands, &pluginv1.Command{Name: fmt.Sprint("c", i)})
			}
		},
	}
}

package fault

import "fmt"

// PluginRefused says why a plugin is not installed; nothing has changed then.
func PluginRefused(what, why string) *Fault {
	subject := "It"
	if what != "" {
		subject = fmt.Sprintf("Plugin \"%s\"", what)
	}
	return &Fault{
		Kind:     ConflictKind,
		Sentence: fmt.Sprintf("%s is not installed: %s.", subject, why),
	}
}

// PluginForbidden says that the policy of an organization forbids a plugin.
func PluginForbidden(name, version, policy, why string) *Fault {
	return &Fault{
		Kind:     DeniedKind,
		Sentence: fmt.Sprintf("%s is forbidden by the policy %s: %s.", Plugin(name, version), policy, why),
	}
}

// NoPlugin says that no plugin of that name is installed.
func NoPlugin(name string) *Fault {
	return &Fault{
		Kind:       NotFoundKind,
		Sentence:   fmt.Sprintf("Plugin \"%s\" is not installed.", name),
		Identifier: name,
	}
}

// NotPacked says why no archive is made of a folder.
func NotPacked(what, why string) *Fault {
	return &Fault{
		Kind:     FileKind,
		Sentence: fmt.Sprintf("\"%s\" cannot be packed: %s.", what, why),
	}
}

// PluginsDamaged says that verify has found something.
func PluginsDamaged(names string) *Fault {
	return &Fault{
		Kind:     ConflictKind,
		Sentence: fmt.Sprintf("Not what was installed: %s.", names),
		Hints:    []string{"Remove and install again what you need."},
	}
}

// NotGranted says that a plugin, as Plugin calls it, asked for something that it
// declares and was not granted, or that the policy takes from it.
func NotGranted(plugin, what string) *Fault {
	return &Fault{
		Kind:     DeniedKind,
		Sentence: fmt.Sprintf("%s asked for %s, which was not granted to it.", plugin, what),
	}
}

package sdk

import pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"

// Rule relates options of a command; the host checks it before the command
// runs.
type Rule struct{ message *pluginv1.Rule }

// Exclusive says that at most one of the options has a value. The usage line
// shows them as alternatives.
func Exclusive(options ...Option) Rule {
	return rule(pluginv1.RuleKind_RULE_KIND_EXCLUSIVE, options)
}

// Requires says that an option may have a value only together with another.
func Requires(option, other Option) Rule {
	return rule(pluginv1.RuleKind_RULE_KIND_REQUIRES, []Option{option, other})
}

// Together says that either both options are given or none.
func Together(option, other Option) Rule {
	return rule(pluginv1.RuleKind_RULE_KIND_TOGETHER, []Option{option, other})
}

// RequiredFor says that options must be given when another has one of values.
func RequiredFor(when Option, values []string, options ...Option) Rule {
	return conditional(pluginv1.RuleKind_RULE_KIND_REQUIRED_FOR, when, values, options)
}

// OnlyFor says that options may have a value only when another has one of
// values.
func OnlyFor(when Option, values []string, options ...Option) Rule {
	return conditional(pluginv1.RuleKind_RULE_KIND_ONLY_FOR, when, values, options)
}

func rule(kind pluginv1.RuleKind, options []Option) Rule {
	names := make([]string, len(options))
	for i, o := range options {
		names[i] = o.Spec().Name
	}
	return Rule{&pluginv1.Rule{Kind: kind, Options: names}}
}

func conditional(kind pluginv1.RuleKind, when Option, values []string, options []Option) Rule {
	r := rule(kind, options)
	r.message.WhenOption = when.Spec().Name
	r.message.WhenValues = values
	return r
}

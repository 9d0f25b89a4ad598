package cli

import (
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// invocation makes the call of a command from a line that passed all checks.
func invocation(c *member, options []known, r *reading) *Invocation {
	v := &Invocation{
		Manifest: c.manifest,
		Command:  c.Command,
		Request:  &pluginv1.RunRequest{Command: c.GetName(), Group: c.GetGroup()},
		Secrets:  map[string]string{},
	}
	for i, o := range options {
		g := r.given[i]
		if o.option == nil || (g == nil && len(o.option.GetDefaultValues()) == 0) {
			continue
		}
		values := o.option.GetDefaultValues()
		if g != nil {
			values = g.values
		}
		value := &pluginv1.OptionValue{Name: o.name, Given: g != nil}
		setValue(value, o.option, values, v.Secrets)
		v.Request.Options = append(v.Request.Options, value)
		if g == nil {
			continue
		}
		switch o.name {
		case "output":
			v.Mode = value.GetText()
		case "confirmed":
			v.Confirmed = value.GetTruth()
		}
	}
	return v
}

// setValue fills in the value by the option's kind and role; values is not
// empty.
func setValue(to *pluginv1.OptionValue, o *pluginv1.Option, values []string, secrets map[string]string) {
	last := values[len(values)-1]
	if o.GetRole() == pluginv1.ValueRole_VALUE_ROLE_SECRET {
		secrets[o.GetName()] = last
		to.Value = &pluginv1.OptionValue_Secret{Secret: &pluginv1.Secret{Empty: last == ""}}
		return
	}
	switch o.GetKind() {
	case pluginv1.OptionKind_OPTION_KIND_FLAG, pluginv1.OptionKind_OPTION_KIND_BOOL:
		to.Value = &pluginv1.OptionValue_Truth{Truth: last == "true"}
	case pluginv1.OptionKind_OPTION_KIND_LIST:
		to.Value = &pluginv1.OptionValue_List{List: &pluginv1.TextList{Texts: values}}
	case pluginv1.OptionKind_OPTION_KIND_NUMBER:
		f, _ := number(last)
		n, _ := positive(f)
		to.Value = &pluginv1.OptionValue_Number{Number: n}
	case pluginv1.OptionKind_OPTION_KIND_TEXT,
		pluginv1.OptionKind_OPTION_KIND_OPTIONAL_TEXT,
		pluginv1.OptionKind_OPTION_KIND_UNSPECIFIED:
		to.Value = &pluginv1.OptionValue_Text{Text: last}
	default:
		to.Value = &pluginv1.OptionValue_Text{Text: last}
	}
}

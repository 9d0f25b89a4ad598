package cli

import (
	"errors"
	"fmt"
	"slices"

	"github.com/electricimp/impt/sdk/entity"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// validateOption checks an option whose names are good.
func validateOption(o *pluginv1.Option) error {
	if err := errors.Join(
		line("placeholder", o.GetPlaceholder()),
		line("help", o.GetHelp()),
		atMost("choices", len(o.GetChoices()), maxChoices),
		atMost("defaults", len(o.GetDefaultValues()), maxDefaults),
	); err != nil {
		return err
	}
	switch o.GetKind() {
	case pluginv1.OptionKind_OPTION_KIND_FLAG,
		pluginv1.OptionKind_OPTION_KIND_BOOL,
		pluginv1.OptionKind_OPTION_KIND_TEXT,
		pluginv1.OptionKind_OPTION_KIND_LIST,
		pluginv1.OptionKind_OPTION_KIND_NUMBER,
		pluginv1.OptionKind_OPTION_KIND_OPTIONAL_TEXT:
	case pluginv1.OptionKind_OPTION_KIND_UNSPECIFIED:
		return errors.New("it has no kind")
	default:
		return fmt.Errorf("kind %d is not known", o.GetKind())
	}
	for _, check := range []func(*pluginv1.Option) error{
		validateChoices, validateDefaults, validateRole, validateStandard,
	} {
		if err := check(o); err != nil {
			return err
		}
	}
	return nil
}

func isText(k pluginv1.OptionKind) bool {
	return k == pluginv1.OptionKind_OPTION_KIND_TEXT ||
		k == pluginv1.OptionKind_OPTION_KIND_LIST ||
		k == pluginv1.OptionKind_OPTION_KIND_OPTIONAL_TEXT
}

func validateChoices(o *pluginv1.Option) error {
	if len(o.GetChoices()) > 0 && !isText(o.GetKind()) {
		return errors.New("only texts have choices")
	}
	for i, c := range o.GetChoices() {
		if err := line("choice", c); err != nil {
			return err
		}
		if c == "" || slices.Contains(o.GetChoices()[:i], c) {
			return fmt.Errorf("choice %q is empty or occurs twice", short(c))
		}
	}
	return nil
}

func validateDefaults(o *pluginv1.Option) error {
	values := o.GetDefaultValues()
	if len(values) == 0 {
		return nil
	}
	if o.GetRequired() {
		return errors.New("a required option has no default")
	}
	kind := o.GetKind()
	if len(values) > 1 && kind != pluginv1.OptionKind_OPTION_KIND_LIST {
		return errors.New("only a list has several defaults")
	}
	for _, v := range values {
		if err := line("default", v); err != nil {
			return err
		}
		if !goodDefault(o, v) {
			return fmt.Errorf("default %q is no value of it", short(v))
		}
	}
	return nil
}

func goodDefault(o *pluginv1.Option, v string) bool {
	switch o.GetKind() {
	case pluginv1.OptionKind_OPTION_KIND_BOOL:
		return v == "true" || v == "false"
	case pluginv1.OptionKind_OPTION_KIND_NUMBER:
		return isDigits(v) && numberProblem(v) == ""
	case pluginv1.OptionKind_OPTION_KIND_TEXT:
		return (v != "" || o.GetAllowEmpty()) && (len(o.GetChoices()) == 0 || isChoice(o, v))
	case pluginv1.OptionKind_OPTION_KIND_LIST, pluginv1.OptionKind_OPTION_KIND_OPTIONAL_TEXT:
		return len(o.GetChoices()) == 0 || isChoice(o, v)
	case pluginv1.OptionKind_OPTION_KIND_FLAG, pluginv1.OptionKind_OPTION_KIND_UNSPECIFIED:
	}
	return false
}

// validateRole checks what the value stands for. A role from the future is an
// ordinary value to this host.
func validateRole(o *pluginv1.Option) error {
	kind := o.GetKind()
	switch o.GetRole() {
	case pluginv1.ValueRole_VALUE_ROLE_SECRET:
		if kind != pluginv1.OptionKind_OPTION_KIND_TEXT {
			return errors.New("only a text can be a secret")
		}
		// Both would show up in helps.
		if len(o.GetDefaultValues()) > 0 || len(o.GetChoices()) > 0 {
			return errors.New("a secret has no default and no choices")
		}
	case pluginv1.ValueRole_VALUE_ROLE_ENTITY:
		if !isText(kind) {
			return errors.New("only a text can identify an entity")
		}
		if !goodFeature(o.GetEntity()) {
			return fmt.Errorf("%q is no type of entity", short(o.GetEntity()))
		}
		return nil
	case pluginv1.ValueRole_VALUE_ROLE_INPUT_FILE, pluginv1.ValueRole_VALUE_ROLE_OUTPUT_FILE,
		pluginv1.ValueRole_VALUE_ROLE_SECRET_FILE:
		if !isText(kind) {
			return errors.New("only a text can be a file")
		}
	case pluginv1.ValueRole_VALUE_ROLE_UNSPECIFIED:
	}
	// A login key is a secret and its own identifier.
	secretKey := o.GetRole() == pluginv1.ValueRole_VALUE_ROLE_SECRET && o.GetEntity() == string(entity.LoginKey)
	if o.GetEntity() != "" && !secretKey && o.GetRole() <= pluginv1.ValueRole_VALUE_ROLE_SECRET_FILE {
		return errors.New("it names an entity without identifying one")
	}
	return nil
}

// modes are the choices of the standard option --output.
var modes = []string{"minimal", "json", "debug"}

// validateStandard keeps the names of the options that the host itself obeys
// for what they stand for everywhere.
func validateStandard(o *pluginv1.Option) error {
	if o.GetPositional() && (o.GetName() == "output" || o.GetName() == "confirmed") {
		return errors.New("the name belongs to an option of the host")
	}
	isOutput := o.GetName() == "output"
	if !isOutput {
		if o.GetName() == "z" || o.GetAlias() == "z" {
			return errors.New("z is the alias of output")
		}
		if o.GetName() == "confirmed" && o.GetKind() != pluginv1.OptionKind_OPTION_KIND_FLAG {
			return errors.New("confirmed is a flag")
		}
		return nil
	}
	if o.GetAlias() != "z" || o.GetKind() != pluginv1.OptionKind_OPTION_KIND_TEXT ||
		o.GetRequired() || o.GetAllowEmpty() || len(o.GetDefaultValues()) > 0 ||
		o.GetRole() != pluginv1.ValueRole_VALUE_ROLE_UNSPECIFIED ||
		!slices.Equal(o.GetChoices(), modes) {
		return errors.New("it differs from the standard one")
	}
	return nil
}

// validateArguments checks the options that are words after the command.
func validateArguments(c *pluginv1.Command) error {
	optional, last := false, false
	for _, o := range c.GetOptions() {
		if !o.GetPositional() {
			continue
		}
		kind := o.GetKind()
		switch {
		case kind != pluginv1.OptionKind_OPTION_KIND_TEXT && kind != pluginv1.OptionKind_OPTION_KIND_LIST:
			return fmt.Errorf("option %s: only a text or a list can be an argument", o.GetName())
		case o.GetAlias() != "":
			return fmt.Errorf("option %s: an argument has no alias", o.GetName())
		case o.GetRole() == pluginv1.ValueRole_VALUE_ROLE_SECRET:
			return fmt.Errorf("option %s: a secret is no argument", o.GetName())
		case last:
			return fmt.Errorf("option %s: it follows an argument that takes all words", o.GetName())
		case o.GetRequired() && optional:
			return fmt.Errorf("option %s: it follows an argument that need not be given", o.GetName())
		}
		optional = optional || !o.GetRequired()
		last = kind == pluginv1.OptionKind_OPTION_KIND_LIST
	}
	return nil
}

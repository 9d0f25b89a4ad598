package cli

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

func TestValidateAcceptsWhatLaterVersionsAdd(t *testing.T) {
	t.Parallel()
	m := lamps()
	m.Vendor, m.Version = "acme", "1.2.3-rc.1+b5"
	m.Requires = []string{"log-streams"}
	c := m.GetCommands()[0]
	c.Needs = []*pluginv1.Capability{{Resource: "device", Access: 77}}
	c.Rules = []*pluginv1.Rule{{Kind: 77, Options: []string{"colour"}}}
	c.Examples = []string{"impt lamp paint -c red"}
	c.Options[0].Role = 77
	c.Options[1].Role, c.Options[1].Entity = pluginv1.ValueRole_VALUE_ROLE_ENTITY, "fixture"
	require.NoError(t, Validate(m))
}

func TestValidateRefuses(t *testing.T) {
	t.Parallel()
	type m = pluginv1.Manifest
	long := strings.Repeat("x", maxText+1)
	command := func(f func(*pluginv1.Command)) func(*m) {
		return func(x *m) { f(x.Commands[1]) }
	}
	option := func(i int, f func(*pluginv1.Option)) func(*m) {
		return func(x *m) { f(x.Commands[1].Options[i]) }
	}
	withRule := func(r *pluginv1.Rule) func(*m) {
		return func(x *m) { x.Commands[1].Rules = append(x.Commands[1].Rules, r) }
	}
	const lamp, level, out = 0, 1, 2 // the options of lamp dim
	for name, tc := range map[string]struct {
		change func(*m)
		want   string
	}{
		"no name":          {func(x *m) { x.Name = "" }, "no name"},
		"capitals":         {func(x *m) { x.Name = "Lamp" }, "no name"},
		"path":             {func(x *m) { x.Name = "../lamp" }, "no name"},
		"leading hyphen":   {func(x *m) { x.Name = "-lamp" }, "no name"},
		"leading digit":    {func(x *m) { x.Name = "1lamp" }, "no name"},
		"long name":        {func(x *m) { x.Name = strings.Repeat("a", 33) }, "no name"},
		"escape in a name": {func(x *m) { x.Name = "a\x1b[2J" }, `\x1b`},
		"group help":       {func(x *m) { x.Name = "help" }, "reserved"},
		"vendor":           {func(x *m) { x.Vendor = "a/b" }, "vendor"},
		"version":          {func(x *m) { x.Version = "1.0/.." }, "version"},
		"long version":     {func(x *m) { x.Version = "1.0.0-" + strings.Repeat("a", 64) }, "version"},
		"feature":          {func(x *m) { x.Requires = []string{"A B"} }, "feature"},
		"nameless config":  {func(x *m) { x.ConfigFile = &pluginv1.ConfigFile{} }, "no noun"},
		"escape in a noun": {func(x *m) { x.ConfigFile = &pluginv1.ConfigFile{Noun: "a\x1b[2J"} }, "noun"},
		"escape in a member": {func(x *m) {
			x.ConfigFile = &pluginv1.ConfigFile{Noun: "A", Files: []*pluginv1.FileMember{{Name: "a\nb"}}}
		}, "member"},
		"synopsis":             {func(x *m) { x.Synopsis = "a\nb" }, "synopsis"},
		"long synopsis":        {func(x *m) { x.Synopsis = long }, "synopsis"},
		"description":          {func(x *m) { x.Description = "a\x07" }, "description"},
		"turned description":   {func(x *m) { x.Description = "a\u202eb" }, "description"},
		"no UTF-8":             {func(x *m) { x.Description = "a\xff" }, "UTF-8"},
		"too large":            {func(x *m) { x.Requires = []string{strings.Repeat("a", maxManifest)} }, "bytes"},
		"too many commands":    {func(x *m) { x.Commands = make([]*pluginv1.Command, maxCommands+1) }, "commands"},
		"same command":         {func(x *m) { x.Commands = append(x.Commands, x.GetCommands()[0]) }, "twice"},
		"empty command":        {func(x *m) { x.Commands = append(x.Commands, &pluginv1.Command{}) }, "no name"},
		"command help":         {command(func(c *pluginv1.Command) { c.Name = "help" }), "reserved"},
		"command synopsis":     {command(func(c *pluginv1.Command) { c.Synopsis = "\x1b" }), "synopsis"},
		"too many options":     {command(func(c *pluginv1.Command) { c.Options = make([]*pluginv1.Option, maxOptions+1) }), "options"},
		"foreign example":      {command(func(c *pluginv1.Command) { c.Examples = []string{"rm -rf /"} }), "example"},
		"need":                 {command(func(c *pluginv1.Command) { c.Needs = []*pluginv1.Capability{{}} }), "resource"},
		"option name":          {option(lamp, func(o *pluginv1.Option) { o.Name = "a=b" }), "no name"},
		"option help":          {option(lamp, func(o *pluginv1.Option) { o.Name = "help" }), "reserved"},
		"option h":             {option(lamp, func(o *pluginv1.Option) { o.Name = "h" }), "reserved"},
		"alias h":              {option(lamp, func(o *pluginv1.Option) { o.Alias = "h" }), "reserved"},
		"long alias":           {option(lamp, func(o *pluginv1.Option) { o.Alias = "la" }), "alias"},
		"odd alias":            {option(lamp, func(o *pluginv1.Option) { o.Alias = "=" }), "alias"},
		"same option":          {option(lamp, func(o *pluginv1.Option) { o.Name = "level" }), "twice"},
		"same alias":           {option(lamp, func(o *pluginv1.Option) { o.Alias = "v" }), "two options"},
		"alias is a name":      {option(level, func(o *pluginv1.Option) { o.Name = "l" }), "twice"},
		"same in camel case":   {option(lamp, func(o *pluginv1.Option) { o.Name = "l-" }), "two options"},
		"no kind":              {option(lamp, func(o *pluginv1.Option) { o.Kind = 0 }), "kind"},
		"unknown kind":         {option(lamp, func(o *pluginv1.Option) { o.Kind = 77 }), "kind"},
		"placeholder":          {option(lamp, func(o *pluginv1.Option) { o.Placeholder = "\r" }), "placeholder"},
		"help text":            {option(lamp, func(o *pluginv1.Option) { o.Help = "a\nb" }), "help"},
		"choices of a number":  {option(level, func(o *pluginv1.Option) { o.Choices = []string{"1"} }), "choices"},
		"empty choice":         {option(lamp, func(o *pluginv1.Option) { o.Choices = []string{""} }), "choice"},
		"same choice":          {option(lamp, oneOf("a a")), "choice"},
		"choice with bell":     {option(lamp, func(o *pluginv1.Option) { o.Choices = []string{"\a"} }), "choice"},
		"required, yet set":    {option(lamp, normally("x")), "required"},
		"two numbers":          {option(level, normally("1", "2")), "several"},
		"number that is none":  {option(level, normally("x")), "default"},
		"number in hex":        {option(level, normally("0x10")), "default"},
		"default of a flag":    {option(level, func(o *pluginv1.Option) { o.Kind = flag }), "default"},
		"default of a bool":    {option(level, func(o *pluginv1.Option) { o.Kind = boolean }), "default"},
		"default not a choice": {option(level, func(o *pluginv1.Option) { o.Kind, o.Choices = text, []string{"a"} }), "default"},
		"empty default":        {option(level, func(o *pluginv1.Option) { o.Kind, o.DefaultValues = text, []string{""} }), "default"},
		"secret number":        {option(level, func(o *pluginv1.Option) { secret(o); o.DefaultValues = nil }), "secret"},
		"secret list":          {option(lamp, func(o *pluginv1.Option) { secret(o); o.Kind = list }), "secret"},
		"secret with choices":  {option(lamp, func(o *pluginv1.Option) { secret(o); o.Choices = []string{"a"} }), "secret"},
		"secret with default":  {option(lamp, func(o *pluginv1.Option) { secret(o); o.Required = false; normally("a")(o) }), "secret"},
		"flag as a file": {option(level, func(o *pluginv1.Option) {
			o.Role = pluginv1.ValueRole_VALUE_ROLE_INPUT_FILE
		}), "file"},
		"number as an argument": {option(level, func(o *pluginv1.Option) { o.DefaultValues = nil; o.Positional, o.Alias = true, "" }), "argument"},
		"alias of an argument":  {option(lamp, func(o *pluginv1.Option) { o.Positional = true }), "alias"},
		"secret as an argument": {option(lamp, func(o *pluginv1.Option) { secret(o); o.Positional, o.Alias = true, "" }), "argument"},
		"output as an argument": {option(out, func(o *pluginv1.Option) { o.Positional = true }), "host"},
		"required after optional": {command(func(c *pluginv1.Command) {
			c.Options = []*pluginv1.Option{opt(text, "a", "", "", "", positional), opt(text, "b", "", "", "", positional, required)}
		}), "need not"},
		"argument after all words": {command(func(c *pluginv1.Command) {
			c.Options = []*pluginv1.Option{opt(list, "a", "", "", "", positional), opt(text, "b", "", "", "", positional)}
		}), "all words"},
		"rule about an argument": {command(func(c *pluginv1.Command) {
			c.Options = append(c.Options, opt(text, "a", "", "", "", positional))
			c.Rules = []*pluginv1.Rule{rule(requires, "a level")}
		}), "no option"},
		"entity of no type": {option(lamp, func(o *pluginv1.Option) {
			o.Role = pluginv1.ValueRole_VALUE_ROLE_ENTITY
		}), "entity"},
		"entity number": {option(level, func(o *pluginv1.Option) {
			o.Role, o.Entity = pluginv1.ValueRole_VALUE_ROLE_ENTITY, "device"
		}), "entity"},
		"entity without role":    {option(lamp, func(o *pluginv1.Option) { o.Entity = "device" }), "entity"},
		"output under z only":    {option(out, func(o *pluginv1.Option) { o.Name = "format" }), "z is"},
		"output without z":       {option(out, func(o *pluginv1.Option) { o.Alias = "" }), "standard"},
		"output with more modes": {option(out, func(o *pluginv1.Option) { o.Choices = append(o.Choices, "xml") }), "standard"},
		"output as a list":       {option(out, func(o *pluginv1.Option) { o.Kind = list }), "standard"},
		"output with a default":  {option(out, normally("json")), "standard"},
		"confirmed as a text":    {option(lamp, func(o *pluginv1.Option) { o.Name = "confirmed" }), "flag"},
		"rule without a kind":    {withRule(rule(0, "lamp level")), "kind"},
		"rule about nobody":      {withRule(rule(exclusive, "lamp nosuch")), "nosuch"},
		"rule about one":         {withRule(rule(exclusive, "lamp")), "1 options"},
		"rule about three":       {withRule(rule(bothOrNone, "lamp level output")), "3 options"},
		"rule about the same":    {withRule(rule(requires, "lamp lamp")), "twice"},
		"rule decided by nobody": {withRule(rule(onlyFor, "lamp", "nosuch", "a")), "nosuch"},
		"rule decided by itself": {withRule(rule(requiredFor, "lamp", "lamp", "a")), "twice"},
		"rule without values":    {withRule(&pluginv1.Rule{Kind: onlyFor, Options: []string{"lamp"}, WhenOption: "level"}), "values"},
		"rule with odd values":   {withRule(rule(onlyFor, "lamp", "output", "\x1b")), "deciding"},
		"rule that tells a secret": {func(x *m) {
			secret(x.Commands[1].Options[lamp])
			withRule(rule(onlyFor, "level", "lamp", "a"))(x)
		}, "secret"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := lamps()
			require.NoError(t, Validate(x))
			tc.change(x)
			err := Validate(x)
			require.ErrorContains(t, err, tc.want)
			require.Less(t, len(err.Error()), 400)
			require.Equal(t, err.Error(), printable(err.Error()))
		})
	}
	require.Error(t, Validate(nil))
}

func TestValidateBounds(t *testing.T) {
	t.Parallel()
	m := group("lamp", "Lamps.")
	for i := range maxCommands {
		m.Commands = append(m.Commands, cmd(fmt.Sprintf("c%d", i), "x"))
	}
	require.NoError(t, Validate(m))
	c := cmd("x", "x")
	for i := range maxOptions - 1 {
		c.Options = append(c.Options, opt(flag, fmt.Sprintf("o%d", i), "", "", strings.Repeat("h", maxText)))
	}
	require.NoError(t, Validate(group("lamp", strings.Repeat("日", maxText/3), c)))
	require.Less(t, proto.Size(group("lamp", "", c)), maxManifest)
}

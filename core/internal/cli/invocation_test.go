package cli

import (
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

func truth(name string, given, v bool) *pluginv1.OptionValue {
	return &pluginv1.OptionValue{Name: name, Given: given, Value: &pluginv1.OptionValue_Truth{Truth: v}}
}

func texted(name string, given bool, v string) *pluginv1.OptionValue {
	return &pluginv1.OptionValue{Name: name, Given: given, Value: &pluginv1.OptionValue_Text{Text: v}}
}

func numbered(name string, given bool, v int64) *pluginv1.OptionValue {
	return &pluginv1.OptionValue{Name: name, Given: given, Value: &pluginv1.OptionValue_Number{Number: v}}
}

func listed(name string, given bool, v ...string) *pluginv1.OptionValue {
	return &pluginv1.OptionValue{
		Name: name, Given: given,
		Value: &pluginv1.OptionValue_List{List: &pluginv1.TextList{Texts: v}},
	}
}

func hidden(name string, empty bool) *pluginv1.OptionValue {
	return &pluginv1.OptionValue{
		Name: name, Given: true,
		Value: &pluginv1.OptionValue_Secret{Secret: &pluginv1.Secret{Empty: empty}},
	}
}

func TestValuesReachThePlugin(t *testing.T) {
	t.Parallel()
	patterns := listed("test-file", false, "*.test.nut", "tests/**")
	for _, tc := range []struct {
		line string
		want []*pluginv1.OptionValue
	}{
		{"product list", nil},
		{"product list -o 007 -o 1.50 --owner='' -o true", []*pluginv1.OptionValue{listed("owner", true, "007", "1.50", "", "true")}},
		{"product info -p=A=B -u", []*pluginv1.OptionValue{texted("product", true, "A=B"), truth("full", true, true)}},
		{"product info -p=-x", []*pluginv1.OptionValue{texted("product", true, "-x")}},
		{"-p 007 product info", []*pluginv1.OptionValue{texted("product", true, "007")}},
		{"product create -s '' -n ' '", []*pluginv1.OptionValue{texted("name", true, " "), texted("descr", true, "")}},
		{"product create -n 'a\xffb'", []*pluginv1.OptionValue{texted("name", true, "a\uFFFDb")}},
		{"build update --no-flagged", []*pluginv1.OptionValue{truth("flagged", true, false)}},
		{"build update -f false -f", []*pluginv1.OptionValue{truth("flagged", true, true)}},
		{"log get", []*pluginv1.OptionValue{numbered("page-size", false, 20)}},
		{"log get -n 0x10 --pageSize='5.'", []*pluginv1.OptionValue{numbered("page-size", true, 5), numbered("page-number", true, 16)}},
		{"test update -x", []*pluginv1.OptionValue{texted("device-file", true, ""), patterns}},
		{"test update -x -5 -s", []*pluginv1.OptionValue{texted("device-file", true, "-5"), truth("stop-on-fail", true, true), patterns}},
		{"test update -f a", []*pluginv1.OptionValue{listed("test-file", true, "a")}},
		{"dg create -n x", []*pluginv1.OptionValue{texted("name", true, "x"), texted("dg-type", false, "development")}},
	} {
		t.Run(tc.line, func(t *testing.T) {
			t.Parallel()
			o := Parse(words(tc.line), someGroups(t))
			require.Equal(t, RunCommand, o.Kind, o.Error)
			want := &pluginv1.RunRequest{Command: o.Command.GetName(), Options: tc.want}
			require.True(t, proto.Equal(want, o.Invocation.Request), o.Invocation.Request.String())
			require.Empty(t, o.Invocation.Secrets)
			require.Empty(t, o.Invocation.Mode)
			require.False(t, o.Invocation.Confirmed)
		})
	}
}

func TestSecretsStayOutOfTheRequest(t *testing.T) {
	t.Parallel()
	o := Parse(words("auth login -u me --pwd=-hush -l"), someGroups(t))
	require.Equal(t, RunCommand, o.Kind, o.Error)
	require.Equal(t, map[string]string{"pwd": "-hush"}, o.Invocation.Secrets)
	require.True(t, proto.Equal(&pluginv1.RunRequest{Command: "login", Options: []*pluginv1.OptionValue{
		truth("local", true, true),
		texted("endpoint", false, "https://example.com/v5"),
		texted("user", true, "me"),
		hidden("pwd", false),
	}}, o.Invocation.Request))

	o = Parse(words("auth login -u me -w ''"), someGroups(t))
	require.Equal(t, map[string]string{"pwd": ""}, o.Invocation.Secrets)
	require.Contains(t, o.Invocation.Request.String(), "empty:true")
}

func TestStandardOptionsAreReadByTheHost(t *testing.T) {
	t.Parallel()
	o := Parse(words("product delete -z minimal -q"), someGroups(t))
	require.Equal(t, "minimal", o.Invocation.Mode)
	require.True(t, o.Invocation.Confirmed)
	require.Same(t, o.Manifest, o.Invocation.Manifest)
	require.Same(t, o.Command, o.Invocation.Command)
}

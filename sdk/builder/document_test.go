package builder_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/builder/buildertest"
)

// The examples of docs/builder.md: a block of the language with a name is a
// file, one of JavaScript a library; each heading begins anew.
func TestTheDocumentIsTrue(t *testing.T) {
	t.Parallel()
	document, err := os.ReadFile("../../docs/builder.md")
	require.NoError(t, err)
	block := regexp.MustCompile("(?ms)^(## .*?)$|^```(builder|js|text) ?(\\S*)\n(.*?)^```$")
	var c buildertest.Case
	examples := 0
	for _, m := range block.FindAllStringSubmatch(strings.ReplaceAll(string(document), "\r\n", "\n"), -1) {
		switch name := m[3]; {
		case m[1] != "":
			c = buildertest.Case{Name: m[1], Files: buildertest.Files{}, Libraries: map[string]string{}, Suppress: true}
		case m[2] == "js":
			c.Libraries[name] = m[4]
		case m[2] == "builder" && strings.HasSuffix(name, ".nut"):
			c.Files[name] = m[4]
		case m[2] == "builder":
			c.Text, c.LineControl = m[4], name == "line-control"
		default:
			o := c.Run(t.Context())
			got := o.Text
			if o.Error != "" {
				got = "error: " + o.Error + "\n"
			}
			require.Equal(t, m[4], got, "%s: %s", c.Name, c.Text)
			examples++
		}
	}
	require.Greater(t, examples, 10)
}

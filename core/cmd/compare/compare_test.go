package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEveryCaseFileCanBeRead(t *testing.T) {
	t.Parallel()
	cases, err := loadCases(embedded)
	require.NoError(t, err)
	require.Greater(t, len(cases), 500)
	for _, c := range cases {
		if c.Want.Entry == "" {
			w := c.Want
			said := w.Like != nil || w.Without != "" || w.Error != nil || w.Syntax != nil || w.Out != nil || w.Err != nil || w.Exit != nil
			require.Falsef(t, said || w.State+w.Files+w.Requests != "", "%s expects something else than the peer without naming an entry", c.Name)
		}
	}
}

func TestSettingsHoldForTheirCaseSectionAndFile(t *testing.T) {
	t.Parallel()
	cases, err := parseCases("x.txt", `
: fixture fleet
[one]
: env A=1
product list -o 'a b' "" c\ d
    env B=2
    modes text json
[two]
product info
    differs A1
    error No.
`)
	require.NoError(t, err)
	require.Len(t, cases, 3)
	require.Equal(t, []string{"product", "list", "-o", "a b", "", "c d"}, cases[0].Args)
	require.Equal(t, []string{"A=1", "B=2"}, cases[0].Env)
	require.Equal(t, "json", cases[1].mode())
	require.Equal(t, "x.txt:5+json", cases[1].Name)
	require.Equal(t, "fleet", cases[2].Fixture)
	require.Empty(t, cases[2].Env)
	require.Equal(t, "No.", *cases[2].Want.Error)
}

func TestMistakesInCaseFilesAreRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"    env A=1", "[x]\nproduct 'list", "[x]\nproduct list\n    nosuch 1", "[x]\na\n    answer y", "[x]\na\n    fault GET / x"} {
		_, err := parseCases("x.txt", text)
		require.Error(t, err, text)
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	f, err := parseFault("GET /products 404 nth 2 count -1 after header A=b Not Found: It is gone.")
	require.NoError(t, err)
	require.Equal(t, "GET /products 404", f.Method+" "+f.Path+" "+"404")
	require.Equal(t, []int{2, -1}, []int{f.Nth, f.Count})
	require.True(t, f.After)
	require.Equal(t, "b", f.Headers["A"])
	require.JSONEq(t, `{"errors":[{"id":"1","status":"404","code":"E1","title":"Not Found","detail":"It is gone."}]}`, f.Body)

	f, err = parseFault("* /auth drop")
	require.NoError(t, err)
	require.True(t, f.DropConnection)
	require.Empty(t, f.Method)
}

func TestScreenShowsWhatIsLeft(t *testing.T) {
	t.Parallel()
	for written, shown := range map[string]string{
		"a\r\nb  \r\n":                            "a\nb\n",
		"\x1b[2K\x1b[1G| Wait...\x1b[2K\x1b[1Gx":  "x",
		"\x1b[1G\x1b[0JEnter: \x1b[8Gy\r\n":       "Enter: y\n",
		"abc\b\bX":                                "aXc",
		"\x1b[32mgreen\x1b[39m":                   "green",
		"a\r\nb\x1b[1A\x1b[1GX":                   "X\nb",
		"\x1b[3Gx":                                "  x",
		"a\x1b":                                   "a",
		"one\r\ntwo\r\nthree\x1b[2A\x1b[1G\x1b[J": "",
	} {
		require.Equal(t, shown, screen(written), "%q", written)
	}
}

func TestHelpIsComparedByItsLayout(t *testing.T) {
	t.Parallel()
	const help = `
Usage: impt lamp dim --lamp <LAMP> [--level <percent>] [--output <mode>]
[--help]

Makes a lamp darker.

Options:
  --help, -h    Shows this text.                                       [boolean]
  --lamp, -l    Which lamp.                                  [string] [required]
  --level, -v   How bright it shall be afterwards, in percent of what it can do.
                                                          [number] [default: 50]
`
	masked := maskHelp(help + "Error: No.\nIMPT COMMAND FAILS\n")
	require.Equal(t, `<help>
Usage: impt lamp dim --lamp <LAMP> [--level <percent>] [--output <mode>] [--help]
(text)
Options:
  --help, -h [boolean]
  --lamp, -l [string] [required]
  --level, -v [number] [default: 50]
</help>
Error: No.
IMPT COMMAND FAILS
`, masked)
	require.Equal(t, "Error: No.\n", maskHelp("Error: No.\n"))
}

func TestDumpsAreTakenOutOfDebugOutput(t *testing.T) {
	t.Parallel()
	rest, dumps := takeDumps(`Doing the request with options:
{
  "url": "x",
  "body": {
    "password": "p"
  }
}

Response code: 200
Response headers: {
  "content-type": "a",
  "date": "today"
}
Response body: {}
Product list (0 items):
`)
	require.Equal(t, "Product list (0 items):\n", rest)
	require.Len(t, dumps, 4)
	require.Contains(t, withoutSecrets(dumps[0]), `"password": "[hidden]"`)
	require.NotContains(t, dumps[2], "date")
	require.Equal(t, "a\nb\n", withoutObject("a\nSome: error\n    at x (y:1)\n    at z {\n  _field: 1\n}\nb\n"))
}

func TestReadingLessIsAllowedWritingLessIsNot(t *testing.T) {
	t.Parallel()
	missing, extra := requestDiff(
		[]string{"GET /a", "GET /a", "POST /b", "DELETE /c"},
		[]string{"GET /a", "POST /b", "GET /d"},
	)
	require.Equal(t, []string{"DELETE /c"}, missing)
	require.Equal(t, []string{"GET /d"}, extra)

	_, extra = requestDiff([]string{"GET /d filter[a]=1", "GET /d filter[a]=2"}, []string{"GET /d"})
	require.Empty(t, extra)
	_, extra = requestDiff([]string{"GET /d filter[a]=1"}, []string{"GET /d", "GET /d page[number]=2"})
	require.Len(t, extra, 2)
}

func TestDifferencesShowOnlyWhatDiffers(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"  b", "- c", "+ x", "  d"}, lineDiff([]string{"a", "b", "c", "d", "e"}, []string{"a", "b", "x", "d", "e"}))
}

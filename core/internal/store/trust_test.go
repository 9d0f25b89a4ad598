package store

import (
	"bytes"
	"strings"
	"testing"

	"aead.dev/minisign"
	"github.com/stretchr/testify/require"
)

// What is missing or wrong is never taken for good, whatever the user accepts.
func TestLevels(t *testing.T) {
	t.Parallel()
	acme, evil := newPublisher(t), newPublisher(t)
	raw := []byte("manifest")
	good, other := minisign.Sign(acme.secret, raw), minisign.Sign(acme.secret, []byte("older manifest"))
	foreign := minisign.Sign(evil.secret, raw)
	everything := Choice{Unsigned: true, AcceptKey: true}
	for name, tc := range map[string]struct {
		key, pinned string
		signature   []byte
		choice      Choice
		want        Level
	}{
		"nothing":                     {"", "", nil, Choice{}, ""},
		"nothing, key accepted":       {"", "", nil, Choice{AcceptKey: true}, ""},
		"nothing, key pinned":         {"", acme.public, nil, Choice{Unsigned: true}, ""},
		"signature removed":           {acme.public, acme.public, nil, everything, ""},
		"signature emptied":           {acme.public, "", []byte{}, everything, ""},
		"key removed":                 {"", acme.public, good, everything, ""},
		"key is no key":               {"RWQ", "", good, everything, ""},
		"key with a line":             {acme.public + "\n", "", good, everything, ""},
		"signature of another text":   {acme.public, "", other, everything, ""},
		"signature by another":        {acme.public, "", foreign, everything, ""},
		"signature is HTML":           {acme.public, "", []byte("<html>"), everything, ""},
		"signature cut":               {acme.public, "", good[:len(good)-10], everything, ""},
		"signature of great length":   {acme.public, "", bytes.Repeat([]byte("a"), maxSignature+1), everything, ""},
		"another publisher":           {evil.public, acme.public, foreign, Choice{}, ""},
		"another publisher, unsigned": {evil.public, acme.public, foreign, Choice{Unsigned: true}, ""},

		"first":                    {acme.public, "", good, Choice{}, Signed},
		"pinned":                   {acme.public, acme.public, good, Choice{}, Signed},
		"new key accepted":         {evil.public, acme.public, foreign, Choice{AcceptKey: true}, Signed},
		"unsigned by choice":       {"", "", nil, Choice{Unsigned: true}, Unsigned},
		"unsigned in spite of key": {"", acme.public, nil, everything, Unsigned},
	} {
		level, err := decide(raw, tc.key, tc.signature, tc.pinned, tc.choice)
		require.Equal(t, tc.want, level, name)
		require.Equal(t, tc.want == "", err != nil, name)
	}
}

// Any changed byte of a manifest or its signature is noticed.
func TestEveryByteCounts(t *testing.T) {
	t.Parallel()
	acme := newPublisher(t)
	raw, _ := newRelease("1.0.0", &acme, "device:write").head(t)
	signature := minisign.SignWithComments(acme.secret, raw, "acme/fleet 1.0.0", "signature")
	believed := func(raw, signature []byte) bool {
		m, err := parseManifest(raw)
		if err != nil {
			return false
		}
		level, err := decide(raw, m.Key, signature, acme.public, Choice{})
		return err == nil && level == Signed
	}
	require.True(t, believed(raw, signature))
	for _, mask := range []byte{0x01, 0x20, 0x80} {
		for i := range raw {
			changed := bytes.Clone(raw)
			changed[i] ^= mask
			require.False(t, believed(changed, signature), "byte %d of the manifest", i)
		}
		// The untrusted comment is outside of what is signed, and not used.
		start := bytes.IndexByte(signature, '\n') + 1
		for i := start; i < len(signature)-1; i++ { // the last is a line end
			changed := bytes.Clone(signature)
			changed[i] ^= mask
			require.False(t, believed(raw, changed), "byte %d of the signature: %q", i, changed)
		}
	}
	for i := range raw {
		require.False(t, believed(raw[:i], signature))
	}
}

func TestManifestsThatTwoReadersUnderstandDifferently(t *testing.T) {
	t.Parallel()
	acme := newPublisher(t)
	raw, _ := newRelease("1.0.0", &acme).head(t)
	good := string(raw)
	for _, bad := range []string{
		strings.Replace(good, `"vendor": "acme"`, `"vendor": "acme", "vendor": "evil"`, 1),
		strings.Replace(good, `"vendor": "acme"`, `"vendor": "acme", "Vendor": "evil"`, 1),
		strings.Replace(good, `"version"`, `"VERSION"`, 1) + ` `,
		strings.Replace(good, `"version": "1.0.0"`, `"version": "1.0.0", "ver\u017fion": "2.0.0"`, 1),
		strings.Replace(good, `"size": 9`, `"size": 9, "size": 9`, 1),
		strings.Replace(good, `{`, `{"more": 1,`, 1),
		good + "{}",
		good + "x",
		"[" + good + "]",
		strings.Repeat("[", 100000),
		"null", "", "<html></html>",
	} {
		m, err := parseManifest([]byte(bad))
		if err == nil {
			require.Equal(t, "1.0.0", m.Version, "%s", bad) // another spelling alone, which is signed as well
			continue
		}
	}
	for _, bad := range []string{`"vendor": "acme", "vendor": "evil"`, `"vendor": "acme", "Vendor": "evil"`} {
		_, err := parseManifest([]byte(strings.Replace(good, `"vendor": "acme"`, bad, 1)))
		require.ErrorContains(t, err, "occurs twice")
	}
	_, err := parseManifest([]byte(strings.Replace(good, `"version": "1.0.0"`, `"version": "1.0.0", "ver`+"\u017f"+`ion": "2.0.0"`, 1)))
	require.ErrorContains(t, err, "occurs twice")
}

// What is granted never grows by itself.
func FuzzGrants(f *testing.F) {
	f.Add("device,product:write", "device:write,logs")
	f.Fuzz(func(t *testing.T, a, b string) {
		wants, has := Grants(strings.Split(a, ",")), Grants(strings.Split(b, ","))
		if wants.check() != nil || has.check() != nil {
			t.Skip("nothing like that can be granted")
		}
		more := wants.Beyond(has)
		for _, g := range wants {
			// Everything wanted is granted or missing, and what is missing is
			// not granted.
			if !has.Has(g) && !more.Has(g) {
				t.Fatalf("%q is neither granted by %q nor beyond it", g, has)
			}
		}
		both := intersect(wants, has)
		if len(both.Beyond(wants)) > 0 || len(both.Beyond(has)) > 0 {
			t.Fatalf("%q of %q and %q has more than either", both, wants, has)
		}
		if len(wants.Beyond(wants)) > 0 || len(wants.tidy().Beyond(wants)) > 0 || len(wants.Beyond(wants.tidy())) > 0 {
			t.Fatalf("%q is another set in order", wants)
		}
	})
}

func TestSentences(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		grants Grants
		want   string
	}{
		{nil, "may not log in; no files but those that you name"},
		{Grants{"interrupt", "config:write"}, "may not log in; no files but those that you name"},
		{Grants{"device", "devicegroup:write", "device:write"}, "may change Devices and Device Groups; may not log in; no files but those that you name"},
		{Grants{"logs", "project:write"}, "may change the project file and its source files; may read logs of Devices; may not log in"},
		{Grants{"login:write"}, "may log in and out; no files but those that you name"},
		{Grants{"login"}, "may ask who is logged in; may not log in; no files but those that you name"},
		{Grants{"commands:write"}, "may run commands of this machine, and so do whatever you can; may not log in"},
	} {
		require.Equal(t, tc.want, tc.grants.Sentence())
	}
}

func TestNamesAndVersions(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"acme/fleet", "a/b", "a-1/b-2"} {
		_, err := ParseID(good)
		require.NoError(t, err, good)
	}
	for _, bad := range []string{
		"", "/", "a", "a/", "/a", "a/b/c", "../a", "a/..", "a/.", "A/b", "a/B", "a b/c", "1a/b", "-a/b", "a/con", "nul/b", "com1/x", "a\x00/b",
		"a\\b/c", "a/b\n", "é/b", strings.Repeat("a", 33) + "/b",
	} {
		_, err := ParseID(bad)
		require.Error(t, err, bad)
	}
	for _, good := range []string{"1.0.0", "0.0.1", "1.2.3-rc.1", "1.2.3+b5", "10.20.30-a-b"} {
		require.True(t, isVersion(good), good)
	}
	for _, bad := range []string{"", "1", "1.0", "v1.0.0", "1.0.0.0", "01.0.0", "1.0.0-", "1.0.0-01", "1.0.0-A", "1.0.0/..", "/../", "1.0.0\x00", "1.0.0 ", strings.Repeat("1", 61) + ".0.0"} {
		require.False(t, isVersion(bad), bad)
	}
	require.True(t, older("1.9.0", "1.10.0"))
	require.True(t, older("1.0.0-rc.1", "1.0.0"))
	require.False(t, older("1.0.0", "1.0.0"))
}

package store

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"aead.dev/minisign"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Level is why a plugin may be started.
type Level string

// The levels of what is in the store.
const (
	// Signed by the key that is pinned for its publisher.
	Signed Level = "signed"
	// Unsigned, which the user has accepted.
	Unsigned Level = "unsigned"
)

// levels are the levels of the contract.
var levels = map[Level]pluginv1.TrustLevel{
	Signed:   pluginv1.TrustLevel_TRUST_LEVEL_SIGNED,
	Unsigned: pluginv1.TrustLevel_TRUST_LEVEL_UNSIGNED,
}

// Choice is what the user accepts beyond the ordinary.
type Choice struct {
	// Unsigned accepts that there is no signature.
	Unsigned bool
	// AcceptKey accepts another key than the pinned one.
	AcceptKey bool
}

// errWrong is said of a signature that is there and proves nothing.
var errWrong = errors.New("its signature is wrong: somebody has changed it, or it is damaged")

// decide is the one place where the level of a plugin is decided. manifest are
// the bytes as they came, signature those of the signature file, nil without
// one; pinned is the publisher's key, empty if none is known.
//
// There are two ways to a level: a good signature by the key that the manifest
// names, if that is the pinned key, or none is pinned, or the user accepts
// another; or no signature and no key at all, if the user accepts that. All
// else is an error.
func decide(manifest []byte, key string, signature []byte, pinned string, c Choice) (Level, error) {
	if len(signature) == 0 && key == "" {
		switch {
		case pinned != "" && (!c.Unsigned || !c.AcceptKey):
			return "", errors.New("it has no signature, and its publisher's key is known; --unsigned with --accept-key takes it nevertheless")
		case !c.Unsigned:
			return "", errors.New("it has no signature; --unsigned takes it nevertheless")
		}
		return Unsigned, nil
	}
	if len(signature) == 0 {
		return "", errors.New("it names a key, and its signature is missing")
	}
	if err := verify(manifest, key, signature); err != nil {
		return "", err
	}
	if pinned != "" && pinned != key && !c.AcceptKey {
		return "", fmt.Errorf("it is signed by another key (%s) than what was installed from this publisher before (%s); ask the publisher, and accept the key with --accept-key", key, pinned)
	}
	return Signed, nil
}

// verify checks a signature in minisign's form.
func verify(message []byte, key string, signature []byte) error {
	public, err := publicKey(key)
	if err != nil {
		return err
	}
	if len(signature) > maxSignature || !minisign.Verify(public, message, signature) || !plain(signature) {
		return errWrong
	}
	return nil
}

// plain tells whether a signature is spelt as minisign spells it: base64 has
// several spellings of the same bytes.
func plain(signature []byte) bool {
	var s minisign.Signature
	if s.UnmarshalText(signature) != nil {
		return false
	}
	text, err := s.MarshalText()
	return err == nil && bytes.Equal(bytes.TrimRight(text, "\r\n"), bytes.TrimRight(signature, "\r\n"))
}

func publicKey(key string) (minisign.PublicKey, error) {
	var public minisign.PublicKey
	// One spelling of a key, as keys are compared as texts.
	if err := public.UnmarshalText([]byte(key)); err != nil || public.String() != key || strings.ContainsAny(key, "\r\n") {
		return public, errors.New("the key that it names is none")
	}
	return public, nil
}

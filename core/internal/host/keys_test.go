package host

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/core/internal/resolve"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
)

func TestPluginsGetHandlesInPlaceOfLoginKeys(t *testing.T) {
	t.Parallel()
	var k keys
	const key = "de30000000000001"
	listed, err := resolve.Parse(entity.LoginKey,
		[]byte(`{"type":"login_key","id":"`+key+`","links":{"self":"https://host/accounts/me/login_keys/`+key+`"}}`))
	require.NoError(t, err)
	handle := k.keep(key)
	require.NotContains(t, string(k.texts([]resolve.Resource{listed})[0]), key)

	path := []string{"accounts", "me", "login_keys", handle}
	require.Equal(t, []string{"accounts", "me", "login_keys", key}, k.revealPath(path))
	require.Equal(t, []string{"products", handle}, k.revealPath([]string{"products", handle}), "nowhere else")
	require.Equal(t, `{"data":{"id":"`+key+`","x":"no `+handle+`"}}`,
		string(k.revealBody(path, []byte(`{"data":{"id":"`+handle+`","x":"no `+handle+`"}}`))), "whole identifiers alone")
	require.Equal(t, handle, string(k.revealBody([]string{"products"}, []byte(handle))), "nowhere else")
	require.NotContains(t, string(k.body(path[:3], []byte(`{"data":{"id":"`+key+`"}}`))), key)

	gone := fault.NotFound(entity.LoginKey, key)
	gone.Cause = errors.New("no " + key)
	hidden := k.fault(gone, k.hide)
	f, ok := fault.Of(hidden)
	require.True(t, ok)
	require.NotContains(t, f.Proto().String(), key)
	require.Equal(t, gone.Sentence, k.fault(hidden, k.reveal).Error())
}

func TestKeysAreRevealedAsJSON(t *testing.T) {
	t.Parallel()
	var k keys
	handle := k.keep("a\"b\\c")
	require.Equal(t, `{"id":"a\"b\\c"}`, string(k.revealJSON([]byte(`{"id":"`+handle+`"}`))))
	require.Empty(t, k.keep(""))
}

func TestSecretsOfAnotherRunAreNone(t *testing.T) {
	t.Parallel()
	var mine, other vault
	s := other.keep("secret")
	_, err := mine.open(s)
	require.True(t, fault.Is(err, fault.DeniedKind))
	got, err := other.open(s)
	require.NoError(t, err)
	require.Equal(t, "secret", got)
	require.NotContains(t, s.GetHandle(), "secret")
}

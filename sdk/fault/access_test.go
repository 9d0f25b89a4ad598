package fault_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk/fault"
)

func TestSentencesOfAccess(t *testing.T) {
	t.Parallel()
	cause := errors.New("cause")
	cases := map[string]struct {
		fault *fault.Fault
		kind  fault.Kind
	}{
		"Access to impCentral failed or timed out. Please check your network connection.": {
			fault.AccessFailed(cause), fault.UnreachableKind,
		},
		"Request error: Error: socket hang up.": {
			fault.RequestFailed("Error: socket hang up", cause), fault.UnreachableKind,
		},
		"Internal error: Unexpected format of log stream message: x.": {fault.UnexpectedMessage("x"), fault.Other},
		`Non empty "id" parameter required.`:                          {fault.EmptyParameter("id"), fault.InvalidOptionKind},
		"Global Auth File is not found.":                              {fault.MissingFile("Global Auth"), fault.FileKind},
		"Access token is expired for the Local Auth File. Information required to refresh access token is not saved.": {
			fault.LoginExpired("Local Auth"), fault.NotLoggedInKind,
		},
		"Impossible to refresh access token for the Auth File.": {fault.LoginRevoked("Auth", cause), fault.NotLoggedInKind},
	}
	for want, tc := range cases {
		require.Equal(t, want, tc.fault.Error())
		require.Equal(t, tc.kind, tc.fault.Kind)
	}
	require.ErrorIs(t, fault.AccessFailed(cause), cause)
	require.ErrorIs(t, fault.RequestFailed("x", cause), cause)
	require.ErrorIs(t, fault.LoginRevoked("x", cause), cause)
}

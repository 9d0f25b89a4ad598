package sdk_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/sdk"
)

func TestEachReturnsTheFirstFailureInOrder(t *testing.T) {
	t.Parallel()
	bad := errors.New("bad")
	err := sdk.Each(t.Context(), 20, func(ctx context.Context, i int) error {
		if i == 3 {
			return bad
		}
		if i > 3 {
			<-ctx.Done()
			return ctx.Err()
		}
		return nil
	})
	require.ErrorIs(t, err, bad)
	require.NoError(t, sdk.Each(t.Context(), 0, nil))
}

func TestEachDoesAllOfIt(t *testing.T) {
	t.Parallel()
	done := make([]bool, 100)
	require.NoError(t, sdk.Each(t.Context(), len(done), func(_ context.Context, i int) error {
		done[i] = true
		return nil
	}))
	require.NotContains(t, done, false)
}

func TestEachStopsWhenItIsCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	begun := 0
	err := sdk.Each(ctx, 50, func(ctx context.Context, _ int) error {
		begun++
		return ctx.Err()
	})
	require.ErrorIs(t, err, context.Canceled)
	require.LessOrEqual(t, begun, 1)
}

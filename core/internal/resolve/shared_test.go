package resolve_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/core/internal/resolve"
	"github.com/electricimp/impt/sdk/entity"
)

// held is a cloud whose answers wait until they are let go; a request that is
// canceled meanwhile is counted.
type held struct {
	*cloud
	let      chan struct{}
	canceled atomic.Int32
}

func hold(c *cloud) *held {
	h := &held{cloud: c, let: make(chan struct{})}
	c.before = func(ctx context.Context, _ string) error {
		select {
		case <-h.let:
			return nil
		case <-ctx.Done():
			h.canceled.Add(1)
			return ctx.Err()
		}
	}
	return h
}

func TestOneGetForMany(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cloud := hold(small())
		store := storeOf(cloud.cloud)
		first, leave := context.WithCancel(t.Context())
		var group sync.WaitGroup
		group.Go(func() {
			_, err := store.Get(first, entity.Product, "p-1", false)
			assert.ErrorIs(t, err, context.Canceled)
		})
		synctest.Wait()
		for range 5 {
			group.Go(func() {
				r, err := store.Get(t.Context(), entity.Product, "p-1", true)
				assert.NoError(t, err)
				assert.Equal(t, "p-1", r.ID)
			})
		}
		synctest.Wait()
		leave()
		synctest.Wait()
		close(cloud.let)
		group.Wait()
		require.Equal(t, []string{"GET products/p-1"}, cloud.requests())
		require.Zero(t, cloud.canceled.Load())
	})
}

func TestGetThatNobodyWaitsForIsCanceled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cloud := hold(small())
		store := storeOf(cloud.cloud)
		ctx, leave := context.WithCancel(t.Context())
		var group sync.WaitGroup
		for range 3 {
			group.Go(func() {
				_, err := store.Get(ctx, entity.Product, "p-1", false)
				assert.ErrorIs(t, err, context.Canceled)
			})
		}
		synctest.Wait()
		leave()
		group.Wait()
		synctest.Wait()
		require.EqualValues(t, 1, cloud.canceled.Load())
		close(cloud.let)
		_, err := store.Get(t.Context(), entity.Product, "p-1", false)
		require.NoError(t, err)
		require.Len(t, cloud.requests(), 2)
	})
}

func TestWriteOvertakesReads(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cloud := hold(small())
		store := storeOf(cloud.cloud)
		var group sync.WaitGroup
		read := func() {
			group.Go(func() { assert.NoError(t, do(t.Context(), store, "get product p-1")) })
			group.Go(func() { assert.NoError(t, do(t.Context(), store, "list product")) })
			synctest.Wait()
		}
		read()
		store.Wrote("PATCH", []string{"products", "p-1"})
		read()
		close(cloud.let)
		group.Wait()
		require.Len(t, cloud.requests(), 4)
		// The later ones are kept.
		require.NoError(t, do(t.Context(), store, "full product p-1"))
		require.NoError(t, do(t.Context(), store, "list product"))
		require.Len(t, cloud.requests(), 4)
	})
}

func TestOvertakenReadsAreNotKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cloud := hold(small())
		store := storeOf(cloud.cloud)
		var group sync.WaitGroup
		group.Go(func() { assert.NoError(t, do(t.Context(), store, "get product p-1")) })
		group.Go(func() { assert.NoError(t, do(t.Context(), store, "list product")) })
		synctest.Wait()
		store.Wrote("PATCH", []string{"products", "p-1"})
		close(cloud.let)
		group.Wait()
		require.NoError(t, do(t.Context(), store, "get product p-2"))
		require.NoError(t, do(t.Context(), store, "get product p-1"))
		require.NoError(t, do(t.Context(), store, "list product"))
		require.Len(t, cloud.requests(), 5)
	})
}

func TestOneListForMany(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := small()
		c.pageSize = 3
		cloud := hold(c)
		store := storeOf(c)
		first, leave := context.WithCancel(t.Context())
		read := make(chan int)
		var group sync.WaitGroup
		group.Go(func() {
			n := 0
			for page, err := range store.List(first, entity.Product) {
				if err != nil {
					assert.ErrorIs(t, err, context.Canceled)
					return
				}
				n += len(page)
				read <- n
			}
		})
		cloud.let <- struct{}{}
		// A page is there before the list is complete.
		require.Equal(t, 3, <-read)
		for range 2 {
			group.Go(func() {
				found, err := everything(store.List(t.Context(), entity.Product))
				assert.NoError(t, err)
				assert.Len(t, found, 7)
			})
		}
		group.Go(func() {
			r, err := resolve.One(t.Context(), store, entity.Product, "Beta", false)
			assert.NoError(t, err)
			assert.Equal(t, "p-3", r.ID)
		})
		synctest.Wait()
		leave()
		synctest.Wait()
		close(cloud.let)
		group.Wait()
		require.ElementsMatch(t, []string{
			"LIST products", "LIST products?page=2", "LIST products?page=3", "GET products/Beta",
		}, c.requests())
		require.Zero(t, cloud.canceled.Load())
	})
}

func TestListThatNobodyReadsIsEnded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := small()
		c.pageSize = 3
		cloud := hold(c)
		store := storeOf(c)
		go func() { cloud.let <- struct{}{} }()
		for page, err := range store.List(t.Context(), entity.Product) {
			require.NoError(t, err)
			require.Len(t, page, 3)
			break
		}
		synctest.Wait()
		// The second page may have been asked for already.
		require.LessOrEqual(t, len(c.requests()), 2)
		before := len(c.requests())
		close(cloud.let)
		found, err := everything(store.List(t.Context(), entity.Product))
		require.NoError(t, err)
		require.Len(t, found, 7)
		require.Len(t, c.requests(), before+3)
	})
}

func TestCanceledBeforeItBegins(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	cloud := small()
	store := storeOf(cloud)
	for _, step := range []string{"get product p-1", "list product", "name product {me}{Beta}", "many devicegroup a b"} {
		require.ErrorIs(t, do(ctx, store, step), context.Canceled)
	}
	require.Empty(t, cloud.requests())
}

// canceledDo leaves somewhere within a step.
func canceledDo(t *testing.T, s *resolve.Store, step string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go cancel()
	if err := do(ctx, s, step); err != nil {
		assert.ErrorIs(t, err, context.Canceled, step)
	}
}

func TestManyReadersAndWriters(t *testing.T) {
	t.Parallel()
	store := storeOf(small())
	steps := []string{
		"get product p-1", "full product p-1", "list product", "list device devicegroup.id=g-1", "name device lamp",
		"get account me", "PATCH products/p-1", "POST deployments", "DELETE devicegroups/g-9", "full devicegroup g-1",
		"list devicegroup", "many devicegroup g-1 g-2 g-3 g-4 x1 x2 x3 x4 x5 x6 x7 x8 x9",
		"POST devicegroups/g-1/relationships/devices", "namefull product {me}{Beta}",
	}
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for n := range 60 {
				step := steps[(n*7+i)%len(steps)]
				if n%9 == i {
					canceledDo(t, store, step)
					continue
				}
				assert.NoError(t, do(t.Context(), store, step), step)
			}
		})
	}
	group.Wait()
}

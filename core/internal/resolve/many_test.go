package resolve_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/core/internal/impcentral"
	"github.com/electricimp/impt/core/internal/resolve"
	"github.com/electricimp/impt/sdk/entity"
)

// crowd has n products p-0 … on pages of 100; those in shared are not listed.
func crowd(n int, shared ...int) *cloud {
	things := make([]thing, n)
	for i := range things {
		things[i] = named(fmt.Sprintf("p-%d", i), fmt.Sprintf("name %d", i)).of("product")
	}
	for _, i := range shared {
		things[i].shared = true
	}
	return &cloud{collections: map[string][]thing{"products": things, "deployments": things, "webhooks": things}}
}

func span(from, to int) []string {
	var all []string
	for i := from; i < to; i++ {
		all = append(all, fmt.Sprintf("p-%d", i))
	}
	return all
}

func TestManyByTheCheaperWay(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		of          entity.Type
		cloud       *cloud
		ids         []string
		full        bool
		missing     []string
		lists, gets int
	}{
		"few are asked for singly":         {ids: span(0, 10), cloud: crowd(1000), gets: 10},
		"each once":                        {ids: append(span(0, 5), span(0, 5)...), cloud: crowd(10), gets: 5},
		"short list":                       {ids: span(0, 50), cloud: crowd(80), lists: 1},
		"all of a long list":               {ids: span(0, 1000), cloud: crowd(1000), lists: 10},
		"half of a long list":              {ids: span(500, 1000), cloud: crowd(1000), lists: 10},
		"half of a long list, spread":      {ids: odd(span(0, 1000)), cloud: crowd(1000), lists: 10},
		"some of somebody else":            {ids: span(0, 200), cloud: crowd(200, 7, 8, 9), lists: 2, gets: 3},
		"some are gone":                    {ids: append(span(0, 100), "x", ".."), missing: []string{"x", ".."}, cloud: crowd(100), lists: 1, gets: 1},
		"full ones are in no list":         {ids: span(0, 50), full: true, cloud: crowd(50), gets: 50},
		"list too long":                    {ids: span(0, 20), cloud: crowd(5000), lists: 1},
		"list too long, and in vain":       {ids: span(4000, 4020), cloud: crowd(5000), lists: 1, gets: 20},
		"nothing on the first page":        {ids: span(200, 220), cloud: crowd(600), lists: 1, gets: 20},
		"nothing but in the middle":        {ids: span(300, 320), cloud: crowd(700), lists: 1, gets: 20},
		"large and in the middle":          {ids: span(300, 650), cloud: crowd(1000), lists: 10},
		"builds only when it is very many": {of: entity.Deployment, ids: span(0, 100), cloud: crowd(100), gets: 100},
		"very many builds":                 {of: entity.Deployment, ids: span(0, 101), cloud: crowd(200), lists: 1, gets: 1},
		"webhooks never":                   {of: entity.Webhook, ids: span(0, 101), cloud: crowd(101), gets: 101},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.of == "" {
				c.of = entity.Product
			}
			store := storeOf(c.cloud)
			found, missing, err := store.GetMany(t.Context(), c.of, c.ids, c.full)
			require.NoError(t, err)
			require.Equal(t, c.missing, missing)
			require.Equal(t, without(c.ids, c.missing), ids(found))
			lists, gets := counted(c.cloud)
			require.Equal(t, c.gets, gets, "GETs")
			require.Equal(t, c.lists, lists, "pages")
		})
	}
}

func odd(ids []string) []string {
	var half []string
	for i := 1; i < len(ids); i += 2 {
		half = append(half, ids[i])
	}
	return half
}

func without(ids, missing []string) []string {
	var rest []string
	seen := map[string]bool{}
	for _, id := range missing {
		seen[id] = true
	}
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			rest = append(rest, id)
		}
	}
	return rest
}

func counted(c *cloud) (lists, gets int) {
	for _, r := range c.requests() {
		if strings.HasPrefix(r, "LIST") {
			lists++
		} else {
			gets++
		}
	}
	return lists, gets
}

// TestNeverDearerThanSingly tries many places for what is wanted. One request
// in a hundred, rounded up, is what a look at the list may cost in vain.
func TestNeverDearerThanSingly(t *testing.T) {
	t.Parallel()
	for _, size := range []int{1, 60, 150, 420, 2500} {
		for _, wanted := range []int{5, 11, 40, 150, 420, 900} {
			for _, from := range []int{0, size / 3, size / 2, size - wanted, size} {
				t.Run(fmt.Sprint(size, wanted, from), func(t *testing.T) {
					t.Parallel()
					cloud := crowd(size)
					store := storeOf(cloud)
					_, _, err := store.GetMany(t.Context(), entity.Product, span(max(0, from), max(0, from)+wanted), false)
					require.NoError(t, err)
					lists, gets := counted(cloud)
					require.LessOrEqual(t, lists+gets, wanted+(wanted+99)/100)
				})
			}
		}
	}
}

func TestListReadForManyIsTheTypesList(t *testing.T) {
	t.Parallel()
	cloud := crowd(250)
	store := storeOf(cloud)
	_, _, err := store.GetMany(t.Context(), entity.Product, span(0, 240), false)
	require.NoError(t, err)
	require.Len(t, cloud.requests(), 3)
	found, err := everything(store.List(t.Context(), entity.Product))
	require.NoError(t, err)
	require.Equal(t, span(0, 250), ids(found))
	require.Len(t, cloud.requests(), 3)

	store.Wrote("POST", []string{"products"})
	_, err = everything(store.List(t.Context(), entity.Product))
	require.NoError(t, err)
	require.Len(t, cloud.requests(), 6)
}

func TestUnfinishedSurveyGoesOn(t *testing.T) {
	t.Parallel()
	cloud := crowd(1500)
	store := storeOf(cloud)
	// Fifteen pages are too many for eleven.
	_, _, err := store.GetMany(t.Context(), entity.Product, span(50, 61), false)
	require.NoError(t, err)
	require.Len(t, cloud.requests(), 1)
	_, _, err = store.GetMany(t.Context(), entity.Product, span(0, 1500), false)
	require.NoError(t, err)
	require.Len(t, cloud.requests(), 15)
}

func TestListThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"no list":       `{}`,
		"no last page":  `{"data":[],"links":{"next":"x"}}`,
		"odd last page": `{"data":[],"links":{"next":"x","last":"x?page%5Bnumber%5D=-1"}}`,
		"no link":       `{"data":[],"links":{"next":"x","last":"%zz"}}`,
		"not JSON":      `<html>`,
		"odd resource":  `{"data":[1],"links":{}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := &oddList{cloud: crowd(20), body: body}
			store := resolve.New(resolve.Config{API: api})
			for range 2 {
				found, _, err := store.GetMany(t.Context(), entity.Product, span(0, 20), false)
				require.NoError(t, err)
				require.Len(t, found, 20)
				store.Wrote("PATCH", []string{"products", "p-0"})
			}
			require.EqualValues(t, 1, api.lists.Load())
		})
	}
}

type oddList struct {
	*cloud
	body  string
	lists atomic.Int32
}

func (o *oddList) Do(ctx context.Context, r impcentral.Request) (impcentral.Response, error) {
	if len(r.Path) == 1 {
		o.lists.Add(1)
		return ok200(o.body), nil
	}
	return o.cloud.Do(ctx, r)
}

func TestManyAtOnceShareTheirRequests(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := crowd(300)
		cloud := hold(c)
		store := storeOf(c)
		var group sync.WaitGroup
		for i := range 3 {
			group.Go(func() {
				found, _, err := store.GetMany(t.Context(), entity.Product, span(i*20, i*20+100), false)
				assert.NoError(t, err)
				assert.Len(t, found, 100)
			})
		}
		ctx, cancel := context.WithCancel(t.Context())
		group.Go(func() {
			_, _, err := store.GetMany(ctx, entity.Product, span(0, 100), false)
			assert.ErrorIs(t, err, context.Canceled)
		})
		synctest.Wait()
		cancel()
		synctest.Wait()
		close(cloud.let)
		group.Wait()
		lists, gets := counted(c)
		require.LessOrEqual(t, lists, 4) // the one that was canceled may have begun
		require.Zero(t, gets)
	})
}

func TestListUnderWayServesMany(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := crowd(30)
		cloud := hold(c)
		store := storeOf(c)
		var group sync.WaitGroup
		group.Go(func() { assert.NoError(t, do(t.Context(), store, "list product")) })
		synctest.Wait()
		group.Go(func() {
			_, _, err := store.GetMany(t.Context(), entity.Product, span(0, 30), false)
			assert.NoError(t, err)
		})
		synctest.Wait()
		close(cloud.let)
		group.Wait()
		require.Equal(t, []string{"LIST products"}, c.requests())
	})
}

func TestNoMoreThanEightAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := crowd(40)
		cloud := hold(c)
		store := storeOf(c)
		var group sync.WaitGroup
		group.Go(func() {
			_, _, err := store.GetMany(t.Context(), entity.Product, span(0, 40), true)
			assert.NoError(t, err)
		})
		synctest.Wait()
		require.Len(t, c.requests(), 8)
		close(cloud.let)
		group.Wait()
		require.Len(t, c.requests(), 40)
	})
}

package resolve_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/electricimp/impt/core/internal/impcentral"
	"github.com/electricimp/impt/core/internal/resolve"
	"github.com/electricimp/impt/sdk/entity"
	"github.com/electricimp/impt/sdk/fault"
)

// A step is something done with a store: get T ID, full T ID, list T
// [name=value], or METHOD path.
func do(ctx context.Context, s *resolve.Store, step string) error {
	words := strings.Fields(step)
	switch words[0] {
	case "get", "full":
		_, err := s.Get(ctx, entity.Type(words[1]), words[2], words[0] == "full")
		if fault.Is(err, fault.NotFoundKind) {
			return nil
		}
		return err
	case "name", "namefull":
		_, err := resolve.One(ctx, s, entity.Type(words[1]), words[2], words[0] == "namefull")
		return err
	case "all":
		_, err := resolve.All(ctx, s, entity.Type(words[1]), words[2], false)
		return err
	case "list":
		var filters []impcentral.Param
		for _, w := range words[2:] {
			name, value, _ := strings.Cut(w, "=")
			filters = append(filters, resolve.Filter(name, value))
		}
		_, err := everything(s.List(ctx, entity.Type(words[1]), filters...))
		return err
	case "many":
		_, _, err := s.GetMany(ctx, entity.Type(words[1]), words[2:], false)
		return err
	default:
		_, err := s.Call(ctx, impcentral.Request{Method: words[0], Path: strings.Split(words[1], "/")})
		return err
	}
}

func TestAskedTwice(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ steps, requests []string }{
		"entity": {
			[]string{"get product p-1", "get product p-1", "full product p-1"},
			[]string{"GET products/p-1"},
		},
		"not found": {
			[]string{"get product x", "get product x"},
			[]string{"GET products/x", "GET products/x"},
		},
		"not found by name": {
			[]string{"all product x", "all product x"},
			[]string{"GET products/x", "LIST products", "GET products/x"},
		},
		"unfiltered list": {
			[]string{"list product", "list product"},
			[]string{"LIST products"},
		},
		"filtered list": {
			[]string{"list product owner.id=a-1", "list product owner.id=a-1"},
			[]string{"LIST products?owner.id=a-1", "LIST products?owner.id=a-1"},
		},
		"known from a list": {
			[]string{"list product", "get product p-1", "full product p-1", "list product", "get product p-1"},
			[]string{"LIST products", "GET products/p-1"},
		},
		"known from a filtered list": {
			[]string{"list device devicegroup.id=g-2", "get device d-4", "list device"},
			[]string{"LIST devices?devicegroup.id=g-2", "LIST devices"},
		},
		"full copy outlives lists": {
			[]string{"full product p-1", "list product", "full product p-1"},
			[]string{"GET products/p-1", "LIST products"},
		},
		"me, then by id": {
			[]string{"get account me", "get account me", "get account a-1"},
			[]string{"GET accounts/me"},
		},
		"by id, then me": {
			[]string{"get account a-1", "get account me"},
			[]string{"GET accounts/a-1", "GET accounts/me"},
		},
		"MAC": {
			[]string{"get device d-1", "get device 0c:2a", "get device 0c:2a"},
			[]string{"GET devices/d-1", "GET devices/0c:2a"},
		},
		"PATCH": {
			[]string{"get device 0c:2a", "list device", "get device d-2", "PATCH devices/d-1", "get device d-2", "get device 0c:2a", "list device"},
			[]string{"GET devices/0c:2a", "LIST devices", "PATCH devices/d-1", "GET devices/0c:2a", "LIST devices"},
		},
		"PATCH by MAC": {
			[]string{"get device 0c:2a", "PATCH devices/0c:2a", "get device d-1"},
			[]string{"GET devices/0c:2a", "PATCH devices/0c:2a", "GET devices/d-1"},
		},
		"POST": {
			[]string{"list product", "POST products", "get product p-1", "list product"},
			[]string{"LIST products", "POST products", "LIST products"},
		},
		"DELETE": {
			[]string{"get product p-1", "DELETE products/p-1", "get product p-1"},
			[]string{"GET products/p-1", "DELETE products/p-1", "GET products/p-1"},
		},
		"PUT of a relationship": {
			[]string{"get devicegroup g-1", "PUT devicegroups/g-1/relationships/min_supported_deployment", "get devicegroup g-1"},
			[]string{"GET devicegroups/g-1", "PUT devicegroups/g-1/relationships/min_supported_deployment", "GET devicegroups/g-1"},
		},
		"assigned devices": {
			[]string{"list device", "POST devicegroups/g-2/relationships/devices", "get device d-1", "list device"},
			[]string{"LIST devices", "POST devicegroups/g-2/relationships/devices", "GET devices/d-1", "LIST devices"},
		},
		"builds of a deleted group": {
			[]string{"list deployment", "DELETE devicegroups/g-1", "get deployment b-2"},
			[]string{"LIST deployments", "DELETE devicegroups/g-1", "GET deployments/b-2"},
		},
		"group of a new build": {
			[]string{"list devicegroup", "full devicegroup g-1", "POST deployments", "get devicegroup g-1", "list devicegroup", "full devicegroup g-1"},
			[]string{"LIST devicegroups", "GET devicegroups/g-1", "POST deployments", "GET devicegroups/g-1"},
		},
		"login keys are no accounts": {
			[]string{"get account me", "get login_key k-1", "DELETE accounts/me/login_keys/k-1", "get account me", "get login_key k-1"},
			[]string{
				"GET accounts/me", "GET accounts/me/login_keys/k-1", "DELETE accounts/me/login_keys/k-1",
				"GET accounts/me/login_keys/k-1",
			},
		},
		"log streams are nothing": {
			[]string{"list device", "POST logstream", "list device"},
			[]string{"LIST devices", "POST logstream"},
		},
		"GET as it is": {
			[]string{"get product p-1", "GET products/p-1", "get product p-1"},
			[]string{"GET products/p-1", "GET products/p-1"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := small()
			store := storeOf(cloud)
			for _, step := range c.steps {
				require.NoError(t, do(t.Context(), store, step), step)
			}
			require.Equal(t, c.requests, cloud.requests())
		})
	}
}

func TestFailedReadsAreRepeated(t *testing.T) {
	t.Parallel()
	var down atomic.Bool
	cloud := small()
	cloud.before = func(context.Context, string) error {
		if down.Load() {
			return errors.New("down")
		}
		return nil
	}
	store := storeOf(cloud)
	for _, step := range []string{"get product p-1", "list product", "many device d-1 d-2"} {
		down.Store(true)
		require.ErrorContains(t, do(t.Context(), store, step), "down")
		down.Store(false)
		require.NoError(t, do(t.Context(), store, step))
	}
}

func TestFailedWriteForgets(t *testing.T) {
	t.Parallel()
	cloud := failing(small(), errors.New("down"), "PATCH products/p-1")
	store := storeOf(cloud)
	require.NoError(t, do(t.Context(), store, "get product p-1"))
	require.Error(t, do(t.Context(), store, "PATCH products/p-1"))
	require.NoError(t, do(t.Context(), store, "get product p-1"))
	require.Len(t, cloud.requests(), 3)
}

// TestOddAnswers has answers of success that are none.
func TestOddAnswers(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		``, `{}`, `[]`, `null`, `{"data":null}`, `{"data":[]}`, `{"data":{}}`, `{"data":{"id":5}}`,
		`{"data":{"id":""}}`, `{"data":{"id":"x"}`, `<html>`,
	} {
		store := resolve.New(resolve.Config{API: answering(body)})
		_, err := store.Get(t.Context(), entity.Product, "p", false)
		require.EqualError(t, err, "Internal error: Unexpected format of impCentral response.", body)
		_, _, err = store.GetMany(t.Context(), entity.Product, manyIDs("p", 20), false)
		require.EqualError(t, err, "Internal error: Unexpected format of impCentral response.", body)
	}
	for _, body := range []string{`{"data":[5],"links":{}}`, `{"data":[{}],"links":{}}`} {
		store := resolve.New(resolve.Config{API: answering(body)})
		_, err := everything(store.List(t.Context(), entity.Product))
		require.EqualError(t, err, "Internal error: Unexpected format of impCentral response.", body)
	}
}

// answering gives the same answer to everything.
func answering(body string) resolve.API { return answers{&cloud{}, body} }

type answers struct {
	*cloud
	body string
}

func (a answers) Do(context.Context, impcentral.Request) (impcentral.Response, error) {
	return ok200(a.body), nil
}

func (a answers) Pages(ctx context.Context, path []string, query []impcentral.Param) pages {
	return pagesOf(ctx, a.Do, path, query)
}

func TestUnsendableIdentifiersAreNotSent(t *testing.T) {
	t.Parallel()
	cloud := small()
	store := storeOf(cloud)
	for _, id := range []string{"", ".", ".."} {
		_, err := store.Get(t.Context(), entity.Product, id, false)
		require.True(t, fault.Is(err, fault.NotFoundKind))
		found, missing, err := store.GetMany(t.Context(), entity.Product, []string{id}, true)
		require.NoError(t, err)
		require.Empty(t, found)
		require.Equal(t, []string{id}, missing)
	}
	require.Empty(t, cloud.requests())
}

func TestPermission(t *testing.T) {
	t.Parallel()
	refused := errors.New("refused")
	var mu sync.Mutex
	allow := map[string]bool{}
	var asked []string
	cloud := small()
	store := resolve.New(resolve.Config{API: cloud, Permit: func(method string, path []string) error {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, method+" "+strings.Join(path, "/"))
		if allow[path[0]] && method == http.MethodGet {
			return nil
		}
		return refused
	}})
	steps := []string{
		"get product p-1", "list product", "many product p-1", "name product p-1", "name product {me}{Beta}",
		"PATCH products/p-1", "GET products/p-1",
	}
	for _, step := range steps {
		require.ErrorIs(t, do(t.Context(), store, step), refused, step)
	}
	_, err := resolve.Default(t.Context(), store, t.TempDir(), entity.Product, false, false)
	require.ErrorIs(t, err, refused)
	require.Empty(t, cloud.requests())

	// What is known already is no more open than what is not.
	allow["products"] = true
	for _, step := range steps[:5] {
		require.NoError(t, do(t.Context(), store, step), step)
	}
	allow["products"] = false
	for _, step := range steps {
		require.ErrorIs(t, do(t.Context(), store, step), refused, step)
	}

	asked = nil
	require.ErrorIs(t, do(t.Context(), store, "name devicegroup {me}{Beta}{x}"), refused)
	require.ErrorIs(t, do(t.Context(), store, "get devicegroup g-1"), refused)
	require.ErrorIs(t, do(t.Context(), store, "get login_key k-1"), refused)
	require.Equal(t, []string{"GET devicegroups", "GET devicegroups/g-1", "GET accounts/me/login_keys/k-1"}, asked)
}

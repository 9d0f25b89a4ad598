package host

import (
	"crypto/rand"
	"sync"

	"github.com/electricimp/impt/sdk/fault"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// vault keeps the secrets of a run; a plugin gets handles.
type vault struct {
	mu     sync.Mutex
	values map[string]string
}

// Keep takes a secret and returns what a plugin gets in its place.
func (v *vault) keep(secret string) *pluginv1.Secret {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.values == nil {
		v.values = map[string]string{}
	}
	handle := rand.Text()
	v.values[handle] = secret
	return &pluginv1.Secret{Handle: handle, Empty: secret == ""}
}

// open returns the secret that a handle stands for.
func (v *vault) open(s *pluginv1.Secret) (string, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	secret, ok := v.values[s.GetHandle()]
	if !ok {
		return "", &fault.Fault{Kind: fault.DeniedKind, Sentence: "A plugin handed over a secret that is not of this run."}
	}
	return secret, nil
}

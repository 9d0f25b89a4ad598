//go:build unix

package app

import (
	"os"
	"strings"
	"unsafe"
)

// arguments returns copies of the arguments, so that the originals can be
// changed.
func arguments() []string {
	var all []string
	for _, a := range os.Args[min(1, len(os.Args)):] {
		all = append(all, strings.Clone(a))
	}
	return all
}

// conceal blots secrets out of the arguments of this process, which every
// other process can read. The runtime's strings are the very memory that the
// system shows.
func conceal(secrets map[string]string) {
	for _, a := range os.Args[min(1, len(os.Args)):] {
		for _, s := range secrets {
			if s == "" || !strings.HasSuffix(a, s) {
				continue
			}
			shown := unsafe.Slice(unsafe.StringData(a), len(a)) //nolint:gosec // not constant, and nobody else has it
			for i := len(a) - len(s); i < len(a); i++ {
				shown[i] = 'x'
			}
		}
	}
}

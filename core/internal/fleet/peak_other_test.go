//go:build !linux

package fleet

import "os"

// peak is not known here.
func peak(*os.ProcessState) int64 { return 0 }

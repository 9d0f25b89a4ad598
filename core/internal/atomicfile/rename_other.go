//go:build !windows

package atomicfile

import (
	"fmt"
	"os"
)

func rename(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return fmt.Errorf("replacing the file: %w", err)
	}
	return nil
}

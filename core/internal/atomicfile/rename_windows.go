package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// rename replaces a file. Windows refuses that while anybody reads the old
// one, which takes an instant.
func rename(from, to string) error {
	const tries, pause = 50, 10 * time.Millisecond
	for i := 0; ; i++ {
		err := os.Rename(from, to)
		if err == nil {
			return nil
		}
		if i == tries || !errors.Is(err, fs.ErrPermission) {
			return fmt.Errorf("replacing the file: %w", err)
		}
		<-time.After(pause)
	}
}

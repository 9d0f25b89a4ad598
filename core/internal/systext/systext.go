// Package systext says what the system answered, in the words that users of
// impt know: `EACCES: permission denied, open '.impt.project'`.
package systext

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"
)

// Text is why an operation failed. op is the system's name for it: open, read,
// rename. An empty path is left out, as it is for read and write.
func Text(err error, op, path string) string {
	what := describe(err)
	if path == "" {
		return fmt.Sprintf("%s, %s", what, op)
	}
	return fmt.Sprintf("%s, %s '%s'", what, op, path)
}

func describe(err error) string {
	if number, ok := errors.AsType[syscall.Errno](err); ok {
		if t, ok := texts[name(number)]; ok {
			return name(number) + ": " + t
		}
		return number.Error()
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "ENOENT: " + texts["ENOENT"]
	case errors.Is(err, fs.ErrPermission):
		return "EACCES: " + texts["EACCES"]
	case errors.Is(err, fs.ErrExist):
		return "EEXIST: " + texts["EEXIST"]
	}
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err.Error()
	}
	return err.Error()
}

var texts = map[string]string{
	"EACCES":       "permission denied",
	"EAGAIN":       "resource temporarily unavailable",
	"EBADF":        "bad file descriptor",
	"EBUSY":        "resource busy or locked",
	"EEXIST":       "file already exists",
	"EFBIG":        "file too large",
	"EINVAL":       "invalid argument",
	"EIO":          "i/o error",
	"EISDIR":       "illegal operation on a directory",
	"ELOOP":        "too many symbolic links encountered",
	"EMFILE":       "too many open files",
	"EMLINK":       "too many links",
	"ENAMETOOLONG": "name too long",
	"ENFILE":       "file table overflow",
	"ENODEV":       "no such device",
	"ENOENT":       "no such file or directory",
	"ENOMEM":       "not enough memory",
	"ENOSPC":       "no space left on device",
	"ENOTDIR":      "not a directory",
	"ENOTEMPTY":    "directory not empty",
	"ENXIO":        "no such device or address",
	"EPERM":        "operation not permitted",
	"EROFS":        "read-only file system",
	"ETXTBSY":      "text file is busy",
	"EXDEV":        "cross-device link not permitted",
}

package systext

import (
	"syscall"

	"golang.org/x/sys/windows"
)

// names are what the errors of Windows are called elsewhere.
var names = map[syscall.Errno]string{
	windows.ERROR_ACCESS_DENIED:         "EPERM",
	windows.ERROR_NOACCESS:              "EACCES",
	windows.ERROR_ALREADY_EXISTS:        "EEXIST",
	windows.ERROR_FILE_EXISTS:           "EEXIST",
	windows.ERROR_BAD_PATHNAME:          "ENOENT",
	windows.ERROR_DIRECTORY:             "ENOENT",
	windows.ERROR_FILE_NOT_FOUND:        "ENOENT",
	windows.ERROR_INVALID_NAME:          "ENOENT",
	windows.ERROR_PATH_NOT_FOUND:        "ENOENT",
	windows.ERROR_CANT_RESOLVE_FILENAME: "ELOOP",
	windows.ERROR_CRC:                   "EIO",
	windows.ERROR_DIR_NOT_EMPTY:         "ENOTEMPTY",
	windows.ERROR_DISK_FULL:             "ENOSPC",
	windows.ERROR_HANDLE_DISK_FULL:      "ENOSPC",
	windows.ERROR_FILENAME_EXCED_RANGE:  "ENAMETOOLONG",
	windows.ERROR_INVALID_FUNCTION:      "EISDIR",
	windows.ERROR_INVALID_HANDLE:        "EBADF",
	windows.ERROR_INVALID_PARAMETER:     "EINVAL",
	windows.ERROR_LOCK_VIOLATION:        "EBUSY",
	windows.ERROR_SHARING_VIOLATION:     "EBUSY",
	windows.ERROR_NOT_ENOUGH_MEMORY:     "ENOMEM",
	windows.ERROR_NOT_SAME_DEVICE:       "EXDEV",
	windows.ERROR_PRIVILEGE_NOT_HELD:    "EPERM",
	windows.ERROR_TOO_MANY_OPEN_FILES:   "EMFILE",
	windows.ERROR_WRITE_PROTECT:         "EROFS",
	syscall.EISDIR:                      "EISDIR",
	syscall.ELOOP:                       "ELOOP",
	syscall.EACCES:                      "EACCES",
}

func name(number syscall.Errno) string { return names[number] }

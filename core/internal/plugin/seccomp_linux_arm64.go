package plugin

import "golang.org/x/sys/unix"

const auditArch = unix.AUDIT_ARCH_AARCH64

// refusedHere are older forms of calls that are refused, of which there are
// none.
var refusedHere []uint32

//go:build unix

package app

import (
	"os"
	"syscall"
)

// ofAnotherUser reports whether a file belongs to another user of this machine than the one who
// runs this process.
func ofAnotherUser(path string) bool {
	info, err := os.Stat(path)
	if err != nil {
		return false // it was opened just now: whatever is wrong is told elsewhere
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(st.Uid) != os.Getuid()
}

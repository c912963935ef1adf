package api

import (
	"errors"
	"syscall"
)

// addressInUse reports whether another program has the port.
func addressInUse(err error) bool { return errors.Is(err, syscall.EADDRINUSE) }

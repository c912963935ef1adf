package auth_test

import (
	"testing"

	"deskwatch/core/auth"
	"deskwatch/core/coretest"
)

func TestUsersInMemoryKeepTheContract(t *testing.T) {
	coretest.UsersContract(t, func(*testing.T) auth.Users { return new(coretest.MemoryUsers) })
}

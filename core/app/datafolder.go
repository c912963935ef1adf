package app

import (
	"fmt"
	"os"
	"path/filepath"

	"deskwatch/core"
)

// DefaultDataDir is deskwatch in the user's config folder.
func DefaultDataDir() (string, error) {
	base, err := os.UserConfigDir()
	if err != nil {
		return "", core.NewError(core.CodeInvalid, "app.data", "This account has no config folder. Name a data folder with --data.", err)
	}
	return filepath.Join(base, "deskwatch"), nil
}

// prepareDataDir makes the data folder when it is not there, and proves that it can be written.
func prepareDataDir(dir string) (string, error) {
	if dir == "" {
		var err error
		if dir, err = DefaultDataDir(); err != nil {
			return "", err
		}
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", unusable(dir, "its path cannot be resolved", err)
	}
	if info, err := os.Stat(abs); err == nil && !info.IsDir() {
		return "", unusable(abs, "it is a file, not a folder", nil)
	}
	if err := os.MkdirAll(abs, 0o700); err != nil {
		return "", unusable(abs, "it cannot be made", err)
	}
	probe, err := os.CreateTemp(abs, ".write-check-*")
	if err != nil {
		return "", unusable(abs, "it cannot be written to", err)
	}
	if err := probe.Close(); err != nil {
		return "", unusable(abs, "it cannot be written to", err)
	}
	if err := os.Remove(probe.Name()); err != nil {
		return "", unusable(abs, "it cannot be written to", err)
	}
	return abs, nil
}

func unusable(dir, why string, cause error) error {
	return core.NewError(core.CodeDenied, "app.data", fmt.Sprintf("The data folder %s cannot be used: %s. Name another one with --data.", dir, why), cause)
}

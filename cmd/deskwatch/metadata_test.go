package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"deskwatch/core/app"
)

func TestMetadataIsTheOneInFyneAppToml(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "FyneApp.toml"))
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{
		"ID": strconv.Quote(appID), "Name": strconv.Quote(appName),
		"Version": strconv.Quote(app.Version), "Build": strconv.Itoa(appBuild),
	} {
		found := regexp.MustCompile(`(?m)^\s*` + key + `\s*=\s*(.+)$`).FindSubmatch(text)
		if found == nil || string(found[1]) != want {
			t.Errorf("%s in FyneApp.toml is %q, the program says %s", key, found, want)
		}
	}
	icon := regexp.MustCompile(`(?m)^\s*Icon\s*=\s*"(.+)"$`).FindSubmatch(text)
	if icon == nil {
		t.Fatal("FyneApp.toml names no icon")
	}
	if _, err := os.Stat(filepath.Join("..", "..", string(icon[1]))); err != nil {
		t.Errorf("the icon of FyneApp.toml: %v", err)
	}
}

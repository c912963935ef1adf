package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// asProgram makes the test binary run as deskwatchd itself, so that a test can start it as a
// process of its own, and kill it.
const asProgram = "DESKWATCHD_TEST_RUN"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) == "1" {
		main()
		return
	}
	os.Exit(m.Run())
}

// program is a deskwatchd process on a data folder, not started yet.
func program(t testing.TB, dir string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0], append([]string{"--data", dir}, args...)...)
	cmd.Env = append(os.Environ(), asProgram+"=1", "DESKWATCH_VAULT=file", "XDG_CONFIG_HOME="+filepath.Join(dir, "config"))
	return cmd
}

// call runs one command line in this process.
func call(t testing.TB, dir string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	return callWith(t, "", dir, args...)
}

// callWith is call with something on standard input.
func callWith(t testing.TB, stdin, dir string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	t.Setenv("DESKWATCH_VAULT", "file")
	t.Setenv("XDG_CONFIG_HOME", filepath.Join(dir, "config"))
	var out, errs bytes.Buffer
	status = run(context.Background(), append([]string{"--data", dir}, args...), strings.NewReader(stdin), &out, &errs)
	return status, out.String(), errs.String()
}

// callJSON runs one command line with --json and decodes its result.
func callJSON(t testing.TB, dir string, into any, args ...string) {
	t.Helper()
	status, out, errs := call(t, dir, append([]string{"--json"}, args...)...)
	if status != 0 {
		t.Fatalf("deskwatchd %s: status %d\n%s", strings.Join(args, " "), status, errs)
	}
	if err := json.Unmarshal([]byte(out), into); err != nil {
		t.Fatalf("deskwatchd %s: %v in %q", strings.Join(args, " "), err, out)
	}
}

// writeFile makes a file in a new folder.
func writeFile(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

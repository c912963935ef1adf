package instance

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"deskwatch/core"
)

func TestOnlyOneHoldsTheWatchLock(t *testing.T) {
	dir := t.TempDir()
	first, ok, _, err := TryLock(dir)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	_, ok, holder, err := TryLock(dir)
	if ok || err != nil || !strings.Contains(holder, fmt.Sprintf("(process %d)", os.Getpid())) {
		t.Errorf("second: %v, held by %q, %v", ok, holder, err)
	}
	for range 2 {
		if err := first.Unlock(); err != nil {
			t.Fatal(err)
		}
	}
	again, ok, _, err := TryLock(dir)
	if err != nil || !ok {
		t.Fatal("the lock was not given back", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "watch.holder"), []byte("a\nb\x1b[2J"+strings.Repeat("x", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, holder, _ = TryLock(dir); len(holder) > 200 || strings.ContainsAny(holder, "\n\x1b") {
		t.Errorf("a damaged note is shown as %q", holder)
	}
	if err := again.Unlock(); err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := TryLock(filepath.Join(dir, "none")); core.ErrorCode(err) != core.CodeDenied {
		t.Errorf("without a folder: %v", err)
	}
}

// listen returns what arrives for dir.
func listen(t *testing.T, dir string) (<-chan core.Raise, io.Closer) {
	t.Helper()
	wishes := make(chan core.Raise, 10)
	c, err := Listen(dir, func(r core.Raise) { wishes <- r })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return wishes, c
}

func TestASecondStartRaisesTheFirst(t *testing.T) {
	short := t.TempDir()
	long := filepath.Join(t.TempDir(), strings.Repeat("long", 40))
	if err := os.Mkdir(long, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", t.TempDir())
	for _, dir := range []string{short, long} {
		if ok, err := Raise(dir, core.Raise{}); ok || err != nil {
			t.Errorf("nobody listens, but %v, %v", ok, err)
		}
		wishes, c := listen(t, dir)
		if ok, err := Raise(dir, core.Raise{Path: "orders.csv"}); !ok || err != nil {
			t.Fatalf("in %s: %v, %v", dir, ok, err)
		}
		here, err := filepath.Abs("orders.csv")
		if err != nil {
			t.Fatal(err)
		}
		if w := <-wishes; w.Path != here {
			t.Errorf("got %+v, want %s", w, here)
		}
		path, err := socketPath(dir)
		if err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("socket: %v, %v", info.Mode(), err)
		}
		if _, err := Listen(dir, nil); core.ErrorCode(err) != core.CodeConflict {
			t.Errorf("a second listener: %v", err)
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
		if ok, err := Raise(dir, core.Raise{}); ok || err != nil {
			t.Errorf("after Close: %v, %v", ok, err)
		}
	}
}

func TestASocketLeftByACrashIsReplaced(t *testing.T) {
	dir := t.TempDir()
	path, err := socketPath(dir)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	l.Close()
	if ok, err := Raise(dir, core.Raise{}); ok || err != nil {
		t.Errorf("a socket nobody listens on: %v, %v", ok, err)
	}
	wishes, _ := listen(t, dir)
	if ok, err := Raise(dir, core.Raise{}); !ok || err != nil {
		t.Errorf("after the crash: %v, %v", ok, err)
	}
	if w := <-wishes; w.Path != "" {
		t.Errorf("got %+v", w)
	}
}

func TestWhatIsNoWishIsDroppedAndTheNextIsTaken(t *testing.T) {
	dir := t.TempDir()
	wishes, _ := listen(t, dir)
	path, err := socketPath(dir)
	if err != nil {
		t.Fatal(err)
	}
	for name, message := range map[string]string{
		"oversized": `{"Path":"` + strings.Repeat("x", 2*maxMessage) + "\"}\n",
		"no JSON":   "GET / HTTP/1.1\n",
		"empty":     "\n",
	} {
		conn, err := net.Dial("unix", path)
		if err != nil {
			t.Fatal(err)
		}
		// The listener may have hung up before all of it is written.
		_, _ = io.WriteString(conn, message)
		if err := conn.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
			t.Fatal(err)
		}
		if reply, _ := io.ReadAll(conn); len(reply) != 0 {
			t.Errorf("%s: answered %q", name, reply)
		}
		conn.Close()
	}
	if _, err := Raise(dir, core.Raise{Path: "/" + strings.Repeat("x", maxMessage)}); core.ErrorCode(err) != core.CodeInvalid {
		t.Errorf("a name that is too long: %v", err)
	}
	if ok, err := Raise(dir, core.Raise{Path: "/a"}); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if w := <-wishes; w.Path != "/a" || len(wishes) != 0 {
		t.Errorf("got %+v and %d more", w, len(wishes))
	}
}

func TestCloseDoesNotWaitForASilentCaller(t *testing.T) {
	dir := t.TempDir()
	_, c := listen(t, dir)
	path, err := socketPath(dir)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	began := time.Now()
	if err := c.Close(); err != nil || time.Since(began) > within/2 {
		t.Errorf("closed after %s, %v", time.Since(began), err)
	}
}

func TestAWindowThatDoesNotAnswerIsAnErrorInTime(t *testing.T) {
	dir := t.TempDir()
	path, err := socketPath(dir)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	began := time.Now()
	if ok, err := Raise(dir, core.Raise{}); ok || core.ErrorCode(err) != core.CodeUnavailable || time.Since(began) > 2*within {
		t.Errorf("after %s: %v, %v", time.Since(began), ok, err)
	}
}

func TestASharedTemporaryFolderIsNotTrusted(t *testing.T) {
	long := filepath.Join(t.TempDir(), strings.Repeat("long", 40))
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	shared := filepath.Join(temp, fmt.Sprintf("deskwatch-%d", os.Getuid()))
	if err := os.Mkdir(long, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(shared, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(shared, 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := Listen(long, func(core.Raise) {}); core.ErrorCode(err) != core.CodeDenied {
		t.Errorf("got %v", err)
	}
}

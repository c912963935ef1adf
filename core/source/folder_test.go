package source

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"deskwatch/core"
)

// watched is a folder being watched.
type watched struct {
	dir     string
	mu      sync.Mutex
	known   []core.FolderFile
	texts   []string
	taken   chan string
	trouble chan error
}

func watchFolder(t *testing.T, dir string, every time.Duration) *watched {
	t.Helper()
	w := &watched{dir: dir, taken: make(chan string, 100), trouble: make(chan error, 100)}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		Folder{Path: dir, Every: every,
			Known: func(f core.FolderFile) bool {
				w.mu.Lock()
				defer w.mu.Unlock()
				return slices.ContainsFunc(w.known, f.Same)
			},
			Take: func(_ context.Context, path string, f core.FolderFile) {
				text, err := os.ReadFile(path)
				if err != nil {
					t.Error(err)
				}
				w.mu.Lock()
				w.known = append(w.known, f)
				w.texts = append(w.texts, string(text))
				w.mu.Unlock()
				w.taken <- f.Name
			},
			Trouble: func(err error) { w.trouble <- err },
		}.Watch(ctx)
	}()
	t.Cleanup(func() { cancel(); <-ended })
	return w
}

func (w *watched) write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(w.dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (w *watched) want(t *testing.T, name string) {
	t.Helper()
	select {
	case got := <-w.taken:
		if got != name {
			t.Fatalf("took %q, want %q", got, name)
		}
	case <-time.After(5 * time.Second):
		t.Fatalf("%q was not taken", name)
	}
}

func (w *watched) wantNothing(t *testing.T) {
	t.Helper()
	select {
	case got := <-w.taken:
		t.Errorf("took %q", got)
	case <-time.After((settleLooks + 3) * settleLook):
	}
}

func (w *watched) wantTrouble(t *testing.T, code core.Code) {
	t.Helper()
	select {
	case err := <-w.trouble:
		if core.ErrorCode(err) != code {
			t.Errorf("trouble %v, want %q", err, code)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("nothing was told")
	}
}

func TestADroppedFileIsTakenOnceAndSoon(t *testing.T) {
	dir := t.TempDir()
	w := watchFolder(t, dir, time.Minute)
	w.wantTrouble(t, "")
	dropped := time.Now()
	w.write(t, "a.json", "[]")
	w.want(t, "a.json")
	if took := time.Since(dropped); took > 500*time.Millisecond {
		t.Errorf("it took %v", took)
	}
	// Written beside and renamed in; and what is no file of tickets.
	w.write(t, "b.csv.part", "x")
	w.write(t, ".hidden.json", "x")
	w.write(t, "readme.txt", "x")
	w.write(t, "~lock.csv", "x")
	if err := os.Rename(filepath.Join(dir, "b.csv.part"), filepath.Join(dir, "b.csv")); err != nil {
		t.Fatal(err)
	}
	w.want(t, "b.csv")
	// The same bytes again are a new file; a touch of the folder is not.
	w.write(t, "a.json", "[1]")
	w.want(t, "a.json")
	w.wantNothing(t)
}

func TestAFileIsTakenOnlyWhenItIsComplete(t *testing.T) {
	w := watchFolder(t, t.TempDir(), time.Minute)
	w.wantTrouble(t, "")
	text := ""
	for range 8 {
		text += "row\n"
		w.write(t, "slow.csv", text)
		time.Sleep(settleLook)
	}
	w.want(t, "slow.csv")
	w.wantNothing(t)
	if len(w.texts) != 1 || w.texts[0] != text {
		t.Errorf("read %q", w.texts)
	}
}

func TestWhatIsThereAtTheStartIsTakenOldestFirst(t *testing.T) {
	dir := t.TempDir()
	for i, name := range []string{"new.json", "old.json", "done.json"} {
		path := filepath.Join(dir, name)
		at := noon.Add(-time.Duration(i) * time.Hour)
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	files, err := Files(dir)
	if err != nil || len(files) != 3 || files[0].Name != "new.json" {
		t.Fatal(files, err)
	}
	w := &watched{dir: dir, known: files[2:]}
	pending := map[string]pendingFile{}
	f := Folder{Path: dir,
		Known: func(f core.FolderFile) bool { return slices.ContainsFunc(w.known, f.Same) },
		Take:  func(_ context.Context, _ string, f core.FolderFile) { w.texts = append(w.texts, f.Name) }}
	if err := f.look(pending); err != nil {
		t.Fatal(err)
	}
	for range settleLooks - 1 {
		f.takeSettled(t.Context(), pending)
	}
	if len(w.texts) > 0 {
		t.Errorf("took %v at first sight", w.texts)
	}
	f.takeSettled(t.Context(), pending)
	if !slices.Equal(w.texts, []string{"old.json", "new.json"}) || len(pending) > 0 {
		t.Errorf("took %v, waiting %v", w.texts, pending)
	}
}

func TestAFolderThatIsMissingIsWaitedFor(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "in")
	w := watchFolder(t, dir, 20*time.Millisecond)
	w.wantTrouble(t, core.CodeNotFound)
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	w.write(t, "a.json", "[]")
	w.want(t, "a.json")
}

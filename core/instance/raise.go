package instance

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"deskwatch/core"

	"github.com/gofrs/flock"
)

const (
	maxMessage = 64 << 10        // bytes of one wish
	within     = 2 * time.Second // for one wish, from the connection to the answer
	maxPath    = 100             // a socket's path may have 103 bytes on macOS, 107 on Linux
	answer     = "ok\n"
)

// Listen makes this process the one that later starts raise, until the Closer is closed. raised
// is called with one wish at a time, on a goroutine of the listener; it must not block, and
// not call Close. When another process listens already the error is core.CodeConflict.
//
// A wish is one line of JSON over a Unix socket that only the user may open.
func Listen(dir string, raised func(core.Raise)) (io.Closer, error) {
	path, err := socketPath(dir)
	if err != nil {
		return nil, err
	}
	// With the lock, a socket that is there was left by a process that is not.
	lock := flock.New(filepath.Join(dir, "raise.lock"))
	ok, err := lock.TryLock()
	if err != nil {
		return nil, listenError(dir, err)
	}
	if !ok {
		return nil, core.NewError(core.CodeConflict, "instance.listen", "Deskwatch is running already on this data folder.", nil)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		lock.Unlock()
		return nil, listenError(dir, err)
	}
	listener, err := net.Listen("unix", path)
	if err == nil {
		if err = os.Chmod(path, 0o600); err != nil {
			listener.Close()
		}
	}
	if err != nil {
		lock.Unlock()
		return nil, listenError(dir, err)
	}
	s := &server{listener: listener, lock: lock, raised: raised, done: make(chan struct{})}
	go s.serve()
	return s, nil
}

func listenError(dir string, cause error) error {
	return core.NewError(core.CodeDenied, "instance.listen", fmt.Sprintf(
		"A second start cannot raise this window, because nothing can be put into %s for it. Everything else works.", dir), cause)
}

type server struct {
	listener net.Listener
	lock     *flock.Flock
	raised   func(core.Raise)
	done     chan struct{}

	mu     sync.Mutex
	conn   net.Conn // the one being read
	closed bool
}

// serve takes one wish at a time; each has a deadline, so none holds up the next for long.
func (s *server) serve() {
	defer close(s.done)
	for {
		conn, err := s.listener.Accept()
		s.mu.Lock()
		closed := s.closed
		s.conn = conn
		s.mu.Unlock()
		if closed || errors.Is(err, net.ErrClosed) {
			if err == nil {
				conn.Close()
			}
			return
		}
		if err != nil { // such as too many open files: they may be fewer soon
			time.Sleep(50 * time.Millisecond)
			continue
		}
		s.take(conn)
	}
}

// take reads one wish. What is not a wish is dropped without an answer.
func (s *server) take(conn net.Conn) {
	defer conn.Close()
	if conn.SetDeadline(time.Now().Add(within)) != nil {
		return
	}
	line, err := bufio.NewReaderSize(io.LimitReader(conn, maxMessage), 4096).ReadBytes('\n')
	var wish core.Raise
	if err != nil || json.Unmarshal(line, &wish) != nil {
		return
	}
	s.raised(wish)
	// The second start may have given up by now; the wish counts all the same.
	_, _ = io.WriteString(conn, answer)
}

// Close ends listening. It may be called several times.
func (s *server) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	if s.conn != nil {
		s.conn.Close()
	}
	s.mu.Unlock()
	err := s.listener.Close() // removes the socket
	<-s.done
	if err = errors.Join(err, s.lock.Unlock()); err != nil {
		return core.NewError(core.CodeInternal, "instance.close", "The socket for a second start could not be removed. The next start replaces it.", err)
	}
	return nil
}

// Raise hands a wish to the process that listens for the data folder dir. It returns false when
// there is none; an error means that there is one, but it did not take the wish. A relative
// Path is made absolute, since the other process has its own working folder.
func Raise(dir string, wish core.Raise) (bool, error) {
	path, err := socketPath(dir)
	if err != nil {
		return false, err
	}
	if wish.Path != "" {
		if wish.Path, err = filepath.Abs(wish.Path); err != nil {
			return false, core.NewError(core.CodeInvalid, "instance.raise", fmt.Sprintf("The file %s cannot be found from here. Nothing was opened.", wish.Path), err)
		}
	}
	line, err := json.Marshal(wish)
	if err != nil {
		return false, core.NewError(core.CodeInternal, "instance.raise", "The file's name could not be handed over. Nothing was opened.", err)
	}
	if len(line) >= maxMessage {
		return false, core.NewError(core.CodeInvalid, "instance.raise", "The file's name is too long to be handed over. Nothing was opened.", nil)
	}
	conn, err := net.DialTimeout("unix", path, within)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED) {
		return false, nil
	}
	if err == nil {
		err = exchange(conn, append(line, '\n'))
	}
	if err != nil {
		return false, core.NewError(core.CodeUnavailable, "instance.raise", "Deskwatch is running already, but its window does not answer. Wait a moment, or end it and start again.", err)
	}
	return true, nil
}

func exchange(conn net.Conn, line []byte) error {
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(within)); err != nil {
		return err
	}
	if _, err := conn.Write(line); err != nil {
		return err
	}
	reply := make([]byte, len(answer))
	if _, err := io.ReadFull(conn, reply); err != nil {
		return err
	}
	if string(reply) != answer {
		return fmt.Errorf("answered %q", reply)
	}
	return nil
}

// socketPath is the socket of a data folder: in it, or where that makes too long a name for a
// socket, in a private folder among the temporary files, named by a hash of the folder's path.
func socketPath(dir string) (string, error) {
	full, err := filepath.Abs(dir)
	if err == nil {
		full, err = filepath.EvalSymlinks(full)
	}
	if err != nil {
		return "", listenError(dir, err)
	}
	if path := filepath.Join(full, "raise.sock"); len(path) <= maxPath {
		return path, nil
	}
	private := filepath.Join(os.TempDir(), fmt.Sprintf("deskwatch-%d", os.Getuid()))
	if err := os.MkdirAll(private, 0o700); err != nil {
		return "", listenError(private, err)
	}
	// Anybody may make folders there. One that we can use and others cannot is our own.
	info, err := os.Lstat(private)
	if err == nil && (!info.IsDir() || os.PathSeparator == '/' && info.Mode().Perm() != 0o700) {
		err = errors.New("it is not a private folder")
	}
	if err != nil {
		return "", listenError(private, err)
	}
	sum := sha256.Sum256([]byte(full))
	return filepath.Join(private, hex.EncodeToString(sum[:8])+".sock"), nil
}

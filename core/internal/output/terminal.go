package output

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"
)

// ErrInterrupt says that the user pressed Ctrl-C instead of answering.
var ErrInterrupt = errors.New("interrupted")

// A Terminal is where the user answers questions.
type Terminal interface {
	// ReadLine calls prompt when the terminal is ready, and reads one line,
	// without its end; hidden ones do not appear. The terminal is then as it
	// was before. ErrInterrupt, io.EOF when the user ended the input, and
	// the context's error, which ends the reading at once.
	ReadLine(ctx context.Context, hidden bool, prompt func()) (string, error)
	Close() error
}

// NewTerminal answers questions on the terminal f, which it closes.
func NewTerminal(f *os.File) Terminal { return &tty{f} }

type tty struct{ file *os.File }

func (t *tty) Close() error { return t.file.Close() }

func (t *tty) ReadLine(ctx context.Context, hidden bool, prompt func()) (string, error) {
	restore, interrupt, err := prepare(t.file, hidden)
	if err != nil {
		return "", fmt.Errorf("preparing the terminal: %w", err)
	}
	defer restore()
	prompt()

	type result struct {
		line string
		err  error
	}
	read := make(chan result, 1)
	go func() {
		line, err := readLine(t.file, interrupt)
		read <- result{line, err}
	}()
	select {
	case r := <-read:
		return r.line, r.err
	case <-ctx.Done():
		// Where terminals know no deadline the reader stays until the
		// process ends, which is what an ended context means.
		if t.file.SetReadDeadline(time.Unix(1, 0)) == nil {
			<-read
			_ = t.file.SetReadDeadline(time.Time{})
		}
		return "", ctx.Err()
	}
}

// readLine reads a line, and nothing after it. A line that ends with interrupt
// was left; 0 stands for no such character.
func readLine(r io.Reader, interrupt byte) (string, error) {
	var line []byte
	var c [1]byte
	for {
		n, err := r.Read(c[:])
		switch {
		case n == 0 && err != nil:
			return "", err
		case n == 0:
			continue
		case c[0] == '\n':
			return strings.TrimSuffix(string(line), "\r"), nil
		case c[0] == interrupt && interrupt != 0:
			return "", ErrInterrupt
		}
		line = append(line, c[0])
	}
}

// IsTerminal tells whether f is a terminal.
func IsTerminal(f *os.File) bool {
	terminal := false
	control(f, func(fd int) { terminal = term.IsTerminal(fd) })
	return terminal
}

// FileStream is the stream of an open file, such as standard output.
func FileStream(f *os.File) Stream {
	s := Stream{Writer: f, Terminal: IsTerminal(f)}
	if s.Terminal {
		s.Dumb = !showsCodes(f)
		control(f, func(fd int) {
			if columns, _, err := term.GetSize(fd); err == nil {
				s.Columns = columns
			}
		})
	}
	return s
}

// control calls do with f's descriptor, without changing how f is read.
func control(f *os.File, do func(fd int)) {
	raw, err := f.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) { do(int(fd)) })
}

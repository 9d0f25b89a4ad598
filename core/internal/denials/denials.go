// Package denials keeps what plugins have asked for and were denied: a small
// file in the user's state directory, of which the newest part stays.
package denials

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"github.com/electricimp/impt/core/internal/atomicfile"
)

// Denial is one thing that was denied, as often as it was asked for in one run.
type Denial struct {
	Time time.Time `json:"time"`
	// Plugin is vendor/name, or the name alone.
	Plugin  string `json:"plugin"`
	Version string `json:"version,omitempty"`
	Command string `json:"command"`
	// What was asked for, as the user was told, with nothing in it that a
	// terminal obeys.
	What  string `json:"what"`
	Count int    `json:"count"`
}

const (
	file = "denied.log"
	lock = "denied.lock"
	// maxSize is how large the file may become; then the older half goes.
	maxSize = 64 << 10
	// maxWhat is how long one text may be.
	maxWhat = 300
)

// Record adds denials to the file in dir, which is made when it is missing.
func Record(dir string, all []Denial) error {
	if dir == "" || len(all) == 0 {
		return nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("recording what was denied: %w", err)
	}
	l := flock.New(filepath.Join(dir, lock), flock.SetPermissions(0o600))
	if err := l.Lock(); err != nil {
		return fmt.Errorf("recording what was denied: %w", err)
	}
	defer func() { _ = l.Close() }()
	path := filepath.Join(dir, file)
	text, err := read(path)
	if err != nil {
		return fmt.Errorf("recording what was denied: %w", err)
	}
	for _, d := range all {
		d.Plugin, d.Version, d.Command, d.What = clean(d.Plugin), clean(d.Version), clean(d.Command), clean(d.What)
		line, err := json.Marshal(d)
		if err != nil {
			return fmt.Errorf("recording what was denied: %w", err)
		}
		text = append(append(text, line...), '\n')
	}
	if len(text) > maxSize {
		text = text[len(text)-maxSize/2:]
		_, text, _ = bytes.Cut(text, []byte("\n"))
	}
	if err := atomicfile.Replace(path, text, 0o600); err != nil {
		return fmt.Errorf("recording what was denied: %w", err)
	}
	return nil
}

// Of returns what was denied to a plugin, the newest last. Lines that nobody
// can read are left out.
func Of(dir, plugin string) ([]Denial, error) {
	text, err := read(filepath.Join(dir, file))
	if err != nil {
		return nil, fmt.Errorf("reading what was denied: %w", err)
	}
	var all []Denial
	for line := range bytes.Lines(text) {
		var d Denial
		if json.Unmarshal(line, &d) == nil && d.Plugin == plugin {
			d.Version, d.Command, d.What = clean(d.Version), clean(d.Command), clean(d.What)
			all = append(all, d)
		}
	}
	return all, nil
}

// read returns the file's content, of a file that somebody has made larger its
// end.
func read(path string) ([]byte, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	b := make([]byte, min(info.Size(), maxSize))
	n, err := f.ReadAt(b, max(0, info.Size()-maxSize))
	if n < len(b) {
		return nil, err
	}
	return b, nil
}

// clean escapes and cuts a text of a plugin's.
func clean(s string) string {
	if len(s) > maxWhat {
		s = strings.ToValidUTF8(s[:maxWhat], "") + "…"
	}
	var b strings.Builder
	for _, r := range s {
		if strconv.IsPrint(r) {
			b.WriteRune(r)
			continue
		}
		q := strconv.QuoteRune(r)
		b.WriteString(q[1 : len(q)-1])
	}
	return b.String()
}

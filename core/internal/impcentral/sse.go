package impcentral

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
	"time"
)

// event is one server-sent event.
type event struct {
	name string
	data []byte // valid until the next event is read
}

// eventReader reads server-sent events as the HTML standard describes them.
// Its memory does not grow with the number of events.
type eventReader struct {
	in    *bufio.Reader
	limit int

	line    []byte
	skipLF  bool // the last line ended in CR: a LF that follows belongs to it
	started bool

	name []byte
	data []byte
	held bool // there is data, perhaps an empty line of it

	lastID string
	retry  time.Duration // what the server asked for, 0 before
}

var errLongLine = errors.New("a line of the log stream is too long")

func newEventReader(in io.Reader, limit int) *eventReader {
	return &eventReader{in: bufio.NewReaderSize(in, 32<<10), limit: limit}
}

// next returns the next event that has data. At the end of the input an event
// that is not finished is dropped.
func (r *eventReader) next() (event, error) {
	r.name, r.data, r.held = r.name[:0], r.data[:0], false
	for {
		line, err := r.readLine()
		if err != nil {
			return event{}, err
		}
		if len(line) > 0 {
			if err := r.field(line); err != nil {
				return event{}, err
			}
			continue
		}
		if !r.held {
			r.name = r.name[:0]
			continue
		}
		e := event{name: "message", data: bytes.TrimSuffix(r.data, []byte("\n"))}
		if len(r.name) > 0 {
			e.name = string(r.name)
		}
		return e, nil
	}
}

func (r *eventReader) field(line []byte) error {
	name, value, _ := bytes.Cut(line, []byte(":"))
	value = bytes.TrimPrefix(value, []byte(" "))
	switch string(name) {
	case "data":
		if len(r.data)+len(value) > r.limit {
			return errLongLine
		}
		r.data = append(append(r.data, value...), '\n')
		r.held = true
	case "event":
		r.name = append(r.name[:0], value...)
	case "id":
		if bytes.IndexByte(value, 0) < 0 {
			r.lastID = string(value)
		}
	case "retry":
		if ms, err := strconv.ParseUint(string(value), 10, 32); err == nil {
			r.retry = time.Duration(ms) * time.Millisecond
		}
	}
	return nil
}

// readLine returns one line without its end, which is CR, LF or both. What
// follows the last end is no line.
func (r *eventReader) readLine() ([]byte, error) {
	r.line = r.line[:0]
	for {
		if _, err := r.in.Peek(1); err != nil {
			return nil, err
		}
		piece, err := r.in.Peek(r.in.Buffered())
		if err != nil {
			return nil, err
		}
		if r.skipLF {
			r.skipLF = false
			if piece[0] == '\n' {
				r.discard(1)
				continue
			}
		}
		end := bytes.IndexAny(piece, "\r\n")
		if end < 0 {
			end = len(piece)
		}
		if len(r.line)+end > r.limit {
			return nil, errLongLine
		}
		r.line = append(r.line, piece[:end]...)
		if end == len(piece) {
			r.discard(end)
			continue
		}
		r.skipLF = piece[end] == '\r'
		r.discard(end + 1)
		if !r.started {
			r.started = true
			return bytes.TrimPrefix(r.line, []byte("\ufeff")), nil
		}
		return r.line, nil
	}
}

// discard drops bytes that are buffered, which cannot fail.
func (r *eventReader) discard(n int) { _, _ = r.in.Discard(n) }

//nolint:forbidigo // this is where a plugin meets its process
package serve

import (
	"io"
	"os"
	"sync"

	"github.com/electricimp/impt/sdk/proto/handshake"
)

// claimed are the streams that a host gave to this process, or nil if no host
// started it. They are taken when the package is initialised, because one line
// that an author prints before Serve would spoil the handshake.
var claimed = claim()

// streams are what the host's streams and the author's are.
type streams struct {
	handshake *os.File // what was standard output
	lifeline  *os.File // what was standard input: a pipe that ends with the host
	out, log  *os.File // what the author has as os.Stdout and os.Stderr

	once sync.Once
}

func claim() *streams {
	if os.Getenv(handshake.CookieKey) != handshake.CookieValue {
		return nil
	}
	s := &streams{}
	s.lifeline, s.handshake = takeStreams()
	s.out, s.log = os.Stdout, os.Stderr
	return s
}

// lend gives os.Stdout to go-plugin, which prints the handshake on it.
func (s *streams) lend() { os.Stdout = s.handshake }

// restore takes os.Stdout and os.Stderr back from go-plugin, which has put
// pipes in their place that block once they are full: nobody reads them.
// Prints of the author go to the log.
func (s *streams) restore() {
	s.once.Do(func() { os.Stdout, os.Stderr = s.out, s.log })
}

// hostGone returns a channel that is closed when the host has let go of the
// process, or has ended.
func (s *streams) hostGone() <-chan struct{} {
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		// Whatever is written to the lifeline means nothing.
		_, _ = io.Copy(io.Discard, s.lifeline)
	}()
	return gone
}

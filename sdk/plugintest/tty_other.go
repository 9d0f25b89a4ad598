//go:build !unix

package plugintest

import (
	"errors"

	"github.com/rogpeppe/go-internal/testscript"
)

const hasTerminals = false

func leaveTerminal() {}

// session never exists here.
type session struct{}

func (s *session) kill() {}

func (x *script) tty(*testscript.TestScript, bool, []string) error { return x.skip() }

func (x *script) interrupt(*testscript.TestScript, bool, []string) error { return x.skip() }

func (x *script) skip() error {
	x.t.Skip("tty needs pseudo-terminals, which this system does not have")
	return errors.New("skipped")
}

package plugin

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/electricimp/impt/sdk/fault"
	"github.com/electricimp/impt/sdk/proto/handshake"
)

const (
	// maxQuoted is how many bytes of a plugin's text a sentence quotes.
	maxQuoted = 80
	// maxReason is how long the reason is why a manifest cannot be used.
	maxReason = 400
)

// subject begins a sentence about the plugin.
func (p *Plugin) subject() string {
	return fault.Plugin(p.Identity(), p.Version)
}

// remedy is what to do about a plugin that is broken.
func (p *Plugin) remedy() string {
	if p.Bundled {
		return "Reinstall impt."
	}
	return "Reinstall it or " + p.author()
}

// author says whom to tell.
func (p *Plugin) author() string {
	if p.decode != nil {
		if m, err := p.decode(); err == nil && m.GetContact() != "" {
			return "tell its author, " + printable(shortened(m.GetContact())) + "."
		}
	}
	return "tell its author."
}

// broken is a failure of the plugin itself, which it does not tell.
func (p *Plugin) broken(cause error, format string, args ...any) *fault.Fault {
	f := p.fault(cause, format, args...)
	f.Broken = &fault.Broken{}
	return f
}

// crashed is what a plugin tells of its own crash. What it says itself is not
// more than we know.
func (p *Plugin) crashed(cause error) *fault.Fault {
	f := p.broken(cause, "has crashed. T%s", strings.TrimPrefix(p.author(), "t"))
	if cause != nil {
		first, _, _ := strings.Cut(cause.Error(), "\n")
		f.Broken.Words = []string{printable(cut(first, maxReason))}
	}
	return f
}

func (p *Plugin) fault(cause error, format string, args ...any) *fault.Fault {
	return &fault.Fault{Sentence: p.subject() + " " + fmt.Sprintf(format, args...), Cause: cause}
}

func (p *Plugin) notKnown() *fault.Fault {
	return p.fault(nil, "has not told yet what it declares. Run impt --help once.")
}

func (p *Plugin) ended(cause error) *fault.Fault {
	return p.broken(cause, "ended unexpectedly. %s", p.remedy())
}

func (p *Plugin) slow(limit time.Duration, cause error) *fault.Fault {
	return p.broken(cause, "did not answer within %s. %s", limit, p.remedy())
}

// mute is said of a plugin that neither asks for anything nor ends.
func (p *Plugin) mute(limit time.Duration) *fault.Fault {
	return p.broken(nil, "was silent for %s, and was ended. %s", limit, p.remedy())
}

// tooMany is said of a plugin that has gone beyond a limit.
func (p *Plugin) tooMany(what string, limit int) *fault.Fault {
	return p.broken(nil, "made more than "+what+", and was ended. %s", limit, p.remedy())
}

// full is said of a plugin that has ended, and had much of the memory that it
// may have.
func (p *Plugin) full(limit uint64, cause error) *fault.Fault {
	return p.broken(cause, "ended when it had used up the %d MiB of memory that it may have. %s", limit>>20, p.remedy())
}

func (p *Plugin) silent(cause error) *fault.Fault {
	return p.broken(cause, "failed without saying why. %s", p.remedy())
}

func (p *Plugin) tooLarge(cause error) *fault.Fault {
	return p.broken(cause, "answered with more than %d MiB. %s", handshake.MaxMessage>>20, p.remedy())
}

func (p *Plugin) spoilt(line string, cause error) *fault.Fault {
	return p.broken(cause, "printed %s before it was ready. %s", quoted(line), p.remedy())
}

func (p *Plugin) elsewhere(address string) *fault.Fault {
	return p.broken(nil, "listens on %s and not where it was told. %s", quoted(address), p.remedy())
}

// otherVersion names the side to update; theirs is the plugin's version.
func (p *Plugin) otherVersion(theirs int) *fault.Fault {
	update := "Update the plugin."
	if theirs > handshake.Version {
		update = "Update impt."
	}
	return p.fault(nil, "speaks version %d of the plugin contract, and impt version %d. %s", theirs, handshake.Version, update)
}

func (p *Plugin) lacksFeature(feature string) *fault.Fault {
	return p.fault(nil, "needs the feature %s of impt, which this version lacks. Update impt.", quoted(feature))
}

func (p *Plugin) unstartable(cause error) *fault.Fault {
	return p.broken(cause, "cannot be started: %s. %s", systemText(cause), p.remedy())
}

func (p *Plugin) unreadable(cause error) *fault.Fault {
	f := p.fault(cause, "cannot be read: %s. %s", systemText(cause), p.remedy())
	f.Kind = fault.FileKind
	return f
}

func (p *Plugin) changed() *fault.Fault {
	f := p.fault(nil, "was changed a moment ago. Try again.")
	if p.Installed {
		f = p.fault(nil, "is not what was installed: its file was changed since. Remove it and install it again.")
	}
	f.Kind = fault.FileKind
	return f
}

func (p *Plugin) badManifest(cause error) *fault.Fault {
	return p.fault(cause, "declares something that impt cannot use: %s. %s",
		strings.TrimSuffix(printable(cut(cause.Error(), maxReason)), "."), p.remedy())
}

func (p *Plugin) mayNot(reason error) *fault.Fault {
	return p.fault(nil, "is not used: %s.", printable(reason.Error()))
}

func (p *Plugin) wrongToken() *fault.Fault {
	return &fault.Fault{
		Kind:     fault.DeniedKind,
		Sentence: p.subject() + " called impt without the token of a run that is under way. " + p.remedy(),
	}
}

func hostCrashed(cause error) *fault.Fault {
	return &fault.Fault{Sentence: "impt has crashed while it served a plugin. Tell its authors.", Cause: cause}
}

func noRunDirectory(cause error) *fault.Fault {
	return &fault.Fault{
		Kind: fault.FileKind,
		Sentence: "There is no place for the sockets of plugins. " +
			"Set TMPDIR to a folder with a short path in which only you can change files.",
		Cause: cause,
	}
}

// systemText is the system's own word on a failed call, without the path.
func systemText(err error) string {
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		err = inner
	}
	return shortened(err.Error())
}

// quoted is a text from a plugin as a sentence quotes it: escaped, cut.
func quoted(s string) string { return strconv.Quote(shortened(s)) }

func shortened(s string) string { return cut(s, maxQuoted) }

// cut cuts s between two letters.
func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	s = s[:limit]
	for len(s) > 0 && !utf8.RuneStart(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	if r, size := utf8.DecodeLastRuneInString(s); r == utf8.RuneError && size == 1 {
		s = s[:len(s)-1]
	}
	return s + "…"
}

package source

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// maxSource is the largest source in bytes.
const maxSource = 16 << 20

// tooLarge is what messages say of larger ones.
const tooLarge = "larger than 16 MiB"

// decode makes text of a source's bytes: in UTF-8, without a byte-order mark,
// and with a newline at its end.
func (s *Sources) decode(name string, data []byte) (string, error) {
	if isUTF16(data) {
		return "", notUTF8(name)
	}
	if rest, found := bytes.CutPrefix(data, []byte("\xef\xbb\xbf")); found {
		data = rest
		s.note("File \"" + name + "\" begins with a byte-order mark, which is left out.")
	}
	text := string(data)
	if !utf8.ValidString(text) {
		s.note("File \"" + name + "\" is not UTF-8; what is not is replaced by question marks.")
		text = strings.ToValidUTF8(text, "\uFFFD")
	}
	return terminated(text), nil
}

func terminated(text string) string {
	if text != "" && !strings.HasSuffix(text, "\n") {
		return text + "\n"
	}
	return text
}

// isUTF16 sees the mark at the beginning, or that every other byte is 0, as in
// UTF-16 of mostly English text.
func isUTF16(data []byte) bool {
	if bytes.HasPrefix(data, []byte{0xff, 0xfe}) || bytes.HasPrefix(data, []byte{0xfe, 0xff}) {
		return true
	}
	head := data[:min(len(data), 512)]
	pairs := len(head) / 2
	var little, big int
	for i := range pairs {
		first, second := head[2*i], head[2*i+1]
		if first != 0 && second == 0 {
			little++
		}
		if first == 0 && second != 0 {
			big++
		}
	}
	return pairs > 0 && (little > pairs/2 || big > pairs/2)
}

// note warns once of each thing.
func (s *Sources) note(text string) {
	s.mu.Lock()
	known := s.noted[text]
	s.noted[text] = true
	s.mu.Unlock()
	if !known {
		s.cfg.Warn(text)
	}
}

package resolve

import (
	"encoding/json"
	"iter"
	"unicode/utf8"
)

// members walks the members of a JSON object without looking into their
// values. It expects a valid JSON text; of another one it yields what it can
// make out, and of anything but an object nothing. Keys are bytes, as 10,000
// devices have 200,000 of them, and hardly one is kept.
func members(text []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(key, value []byte) bool) {
		i := blanks(text, 0)
		if i >= len(text) || text[i] != '{' {
			return
		}
		for i++; ; i++ {
			i = blanks(text, i)
			if i >= len(text) || text[i] != '"' {
				return
			}
			end := skipString(text, i)
			key := text[i:end]
			i = blanks(text, end)
			if i >= len(text) || text[i] != ':' {
				return
			}
			i = blanks(text, i+1)
			end = skipValue(text, i)
			if end == i || !yield(unquote(key), text[i:end:end]) {
				return
			}
			i = blanks(text, end)
			if i >= len(text) || text[i] != ',' {
				return
			}
		}
	}
}

// member is the value of a member, or nil. Of a repeated key the last counts.
func member(text []byte, name string) []byte {
	var found []byte
	for key, value := range members(text) {
		if string(key) == name {
			found = value
		}
	}
	return found
}

// text is the string that a JSON text holds, and whether it holds one.
func text(value []byte) (string, bool) {
	if len(value) < 2 || value[0] != '"' {
		return "", false
	}
	return string(unquote(value)), true
}

// unquote expects a whole JSON string, quotes included.
func unquote(quoted []byte) []byte {
	for _, c := range quoted {
		// Bytes that are not UTF-8 need the decoder as well.
		if c == '\\' || c >= utf8.RuneSelf {
			var s string
			if json.Unmarshal(quoted, &s) != nil {
				return nil
			}
			return []byte(s)
		}
	}
	if len(quoted) < 2 {
		return nil
	}
	return quoted[1 : len(quoted)-1]
}

func blanks(text []byte, i int) int {
	for i < len(text) && (text[i] == ' ' || text[i] == '\n' || text[i] == '\t' || text[i] == '\r') {
		i++
	}
	return i
}

// skipString returns the place after the string that begins at i.
func skipString(text []byte, i int) int {
	for i++; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(text)
}

// skipValue returns the place after the value that begins at i.
func skipValue(text []byte, i int) int {
	if i >= len(text) {
		return i
	}
	switch text[i] {
	case '"':
		return skipString(text, i)
	case '{', '[':
		return skipNested(text, i)
	default:
		return skipWord(text, i)
	}
}

// skipNested returns the place after the object or array that begins at i.
func skipNested(text []byte, i int) int {
	depth := 0
	for i < len(text) {
		switch text[i] {
		case '"':
			i = skipString(text, i)
			continue
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		i++
		if depth == 0 {
			return i
		}
	}
	return len(text)
}

// skipWord returns the place after a number, true, false or null.
func skipWord(text []byte, i int) int {
	for ; i < len(text); i++ {
		switch text[i] {
		case ',', '}', ']', ' ', '\n', '\t', '\r':
			return i
		}
	}
	return i
}

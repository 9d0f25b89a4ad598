package builder

import "strings"

// withoutComments leaves comments out of the argument of a directive. A quote
// that is not closed swallows what follows it, as does a comment.
func withoutComments(text string) string {
	if !strings.ContainsAny(text, `/"'`) {
		return text
	}
	var kept strings.Builder
	begin := 0 // of what is kept next
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"' || c == '\'':
			end := closingQuote(text, i)
			if end < 0 {
				return kept.String() + text[begin:i+1]
			}
			i = end
		case c == '/' && strings.HasPrefix(text[i:], "//"):
			return kept.String() + text[begin:i]
		case c == '/' && strings.HasPrefix(text[i:], "/*"):
			kept.WriteString(text[begin:i])
			length := strings.Index(text[i+2:], "*/")
			if length < 0 {
				return kept.String()
			}
			begin = i + 2 + length + 2
			i = begin - 1
		}
	}
	if begin == 0 {
		return text
	}
	return kept.String() + text[begin:]
}

// closingQuote returns where the string that begins at i ends, or -1.
func closingQuote(text string, i int) int {
	for j := i + 1; j < len(text); j++ {
		switch text[j] {
		case '\\':
			j++
		case text[i]:
			return j
		}
	}
	return -1
}

package completion

import (
	"io"
	"strconv"
	"strings"

	"github.com/electricimp/impt/core/internal/cli"
)

// Question is what a shell asks: what may stand at the cursor.
type Question struct {
	// Args are the words before the cursor's, without the program's name.
	Args []string
	// Current is the cursor's word as far as the cursor.
	Current string

	shell string
	// typed is Current as it was typed, and quote the quotation mark that was
	// opened in it. Of Bash alone.
	typed string
	quote byte
}

// Read reads the arguments after Word: the name of the shell, and for Bash the
// place of the cursor, in bytes, and the line; for the others a = with the
// current word, and the words before it. It is false for anything else.
func Read(args []string) (Question, bool) {
	if len(args) < 2 {
		return Question{}, false
	}
	q := Question{shell: args[0]}
	if _, known := Script(q.shell); !known {
		return Question{}, false
	}
	if q.shell == "bash" {
		return q.bash(args[1:])
	}
	current, ok := strings.CutPrefix(args[1], "=")
	q.Args, q.Current = args[2:], current
	return q, ok
}

func (q Question) bash(args []string) (Question, bool) {
	if len(args) != 2 {
		return Question{}, false
	}
	point, err := strconv.Atoi(args[0])
	line := args[1]
	if err != nil || point < 0 || point > len(line) {
		return Question{}, false
	}
	words := split(line[:point])
	last := words[len(words)-1]
	q.Current, q.typed, q.quote = last.text, last.typed, last.quote
	for _, w := range words[:len(words)-1] {
		q.Args = append(q.Args, w.text)
	}
	if len(q.Args) == 0 {
		return Question{}, false
	}
	q.Args = q.Args[1:]
	return q, true
}

// word is a word of a line of Bash: what it means, and what was typed.
type word struct {
	text, typed string
	quote       byte
}

// split splits a line as Bash does, but for expansions. The last word is the
// one that is not finished, and may be empty.
func split(line string) []word {
	var words []word
	var text strings.Builder
	begin, inside := 0, false
	var quote byte
	end := func(i int) {
		words = append(words, word{text.String(), line[begin:i], quote})
		text.Reset()
		inside = false
	}
	for i := 0; i < len(line); i++ {
		c := line[i]
		if !inside && !blank(c) {
			begin, inside = i, true
		}
		switch {
		case quote == 0 && blank(c):
			if inside {
				end(i)
			}
			begin = i + 1
		case c == '\\' && quote != '\'' && i+1 < len(line):
			i++
			if quote == '"' && !strings.ContainsRune("\"\\$`", rune(line[i])) {
				text.WriteByte(c)
			}
			text.WriteByte(line[i])
		case c == quote:
			quote = 0
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		default:
			text.WriteByte(c)
		}
	}
	end(len(line))
	return words
}

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' }

// Answer writes what may stand at the cursor, a candidate a line.
func (q Question) Answer(to io.Writer, c cli.Completion) error {
	var b strings.Builder
	if c.Files {
		b.WriteString(":files\n")
	}
	if q.shell == "zsh" && c.Before != "" {
		b.WriteString(":before\t" + c.Before + "\n")
	}
	for _, candidate := range c.Candidates {
		if strings.ContainsAny(candidate.Word, "\n\r\t") || candidate.Word == "" {
			continue
		}
		switch q.shell {
		case "bash":
			b.WriteString(q.inBash(c.Before + candidate.Word))
		case "zsh":
			b.WriteString(candidate.Word)
		default:
			b.WriteString(c.Before + candidate.Word)
		}
		if help := strings.Join(strings.Fields(candidate.Help), " "); help != "" && q.shell != "bash" {
			b.WriteString("\t" + help)
		}
		b.WriteByte('\n')
	}
	_, err := io.WriteString(to, b.String())
	return err
}

// inBash is a word as it has to be typed in Bash, without the part that Bash
// keeps: up to a quotation mark that is open, else up to the last = or :, after
// which it begins a new word.
func (q Question) inBash(text string) string {
	if q.quote != 0 {
		return strings.TrimPrefix(text, q.typed[:strings.LastIndexByte(q.typed, q.quote)])
	}
	kept := strings.LastIndexAny(q.Current, "=:") + 1
	var b strings.Builder
	for _, r := range text[kept:] {
		if strings.ContainsRune(" \t\"'\\$`!&|;<>()[]{}*?#~", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

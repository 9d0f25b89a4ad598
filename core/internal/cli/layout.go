package cli

import (
	"cmp"
	"slices"
	"strings"
)

// page lays out a help. Scripts and eyes know the peer's layout: two columns
// and, at the right edge, what an option's value looks like.
type page struct {
	b     strings.Builder
	width int
}

func newPage(width int) *page {
	if width <= 0 || width > MaxWidth {
		width = MaxWidth
	}
	return &page{width: width}
}

// String is the whole text.
func (p *page) String() string { return p.b.String() }

// part begins a part: an empty line before each.
func (p *page) part() { p.b.WriteByte('\n') }

func (p *page) line(s string) {
	p.b.WriteString(strings.TrimRight(s, " "))
	p.b.WriteByte('\n')
}

func (p *page) paragraph(text string) {
	p.part()
	for line := range strings.SplitSeq(text, "\n") {
		for _, r := range wrap(printable(line), p.width) {
			p.line(r)
		}
	}
}

// row is an entry of a table: what, its text, and what goes to the right edge.
type row struct{ left, text, extra string }

// commands is a table in the order of the names.
func (p *page) commands(rows []row) {
	slices.SortStableFunc(rows, func(a, b row) int { return cmp.Compare(a.left, b.left) })
	p.table(sectionCommands, rows)
}

func (p *page) table(title string, rows []row) {
	p.part()
	p.line(title)
	left := 0
	for _, r := range rows {
		left = max(left, displayWidth(r.left))
	}
	left = min(left, p.width/2)
	for _, r := range rows {
		p.row(r, left)
	}
}

func (p *page) row(r row, left int) {
	// Blanks at the end of a text make its column narrower; nobody sees why.
	trailing := len(r.text) - len(strings.TrimRight(r.text, " "))
	name := wrap(r.left, left)
	text := wrap(r.text, p.width-left-4-trailing)
	lines := make([]string, max(len(name), len(text)))
	for i := range lines {
		var a, b string
		if i < len(name) {
			a = name[i]
		}
		if i < len(text) {
			b = text[i]
		}
		lines[i] = strings.TrimRight("  "+a+strings.Repeat(" ", max(0, left-displayWidth(a)))+"  "+b, " ")
	}
	if r.extra != "" {
		lines = p.appendExtra(lines, r.extra)
	}
	for _, l := range lines {
		p.line(l)
	}
}

// appendExtra puts extra to the right edge: its first row beside the last line
// when there is room, even without a gap.
func (p *page) appendExtra(lines []string, extra string) []string {
	for i, e := range wrap(extra, p.width-2) {
		blanks := max(0, p.width-displayWidth(e))
		last := len(lines) - 1
		if used := displayWidth(lines[last]); i == 0 && blanks >= used {
			lines[last] += strings.Repeat(" ", blanks-used) + e
			continue
		}
		lines = append(lines, strings.Repeat(" ", blanks)+e)
	}
	return lines
}

// wrap breaks text at single blanks into rows of at most width columns. Blanks
// inside a row stay as they are. A word wider than that begins a row and is
// cut; the next word goes on behind its last piece. There is at least one row.
func wrap(text string, width int) []string {
	width = max(width, 1)
	if displayWidth(text) <= width {
		return []string{strings.TrimSpace(text)}
	}
	var rows []string
	row, used := "", 0
	for word := range strings.SplitSeq(text, " ") {
		w := displayWidth(word)
		if w > width {
			if used > 0 {
				rows = append(rows, row)
			}
			pieces := cut(word, width)
			rows = append(rows, pieces[:len(pieces)-1]...)
			row = pieces[len(pieces)-1]
			used = displayWidth(row)
			continue
		}
		switch {
		case used == 0:
			row, used = word, w
		case used+1+w <= width:
			row += " " + word
			used += 1 + w
		default:
			rows = append(rows, row)
			row, used = word, w
		}
	}
	rows = append(rows, row)
	for i, r := range rows {
		rows[i] = strings.TrimSpace(r)
	}
	return rows
}

// cut breaks a word into pieces of at most width columns, or of one character
// where even that is wider.
func cut(word string, width int) []string {
	var pieces []string
	start, used := 0, 0
	for i, r := range word {
		w := runeWidth(r)
		if used+w > width && i > start {
			pieces = append(pieces, word[start:i])
			start, used = i, 0
		}
		used += w
	}
	return append(pieces, word[start:])
}

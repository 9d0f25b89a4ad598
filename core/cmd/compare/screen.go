package main

import (
	"strconv"
	"strings"
)

// screen is what a terminal without width and height shows in the end of what
// was written to it, without blanks at line ends.
func screen(written string) string {
	s := display{lines: [][]rune{nil}}
	text := []rune(written)
	for i := 0; i < len(text); i++ {
		switch r := text[i]; r {
		case '\r':
			s.x = 0
		case '\n':
			s.down()
		case '\b':
			s.x = max(0, s.x-1)
		case '\a':
		case 0x1b:
			i = s.escape(text, i)
		default:
			s.put(r)
		}
	}
	lines := make([]string, len(s.lines))
	for i, l := range s.lines {
		lines[i] = strings.TrimRight(string(l), " ")
	}
	return strings.Join(lines, "\n")
}

type display struct {
	lines [][]rune
	x, y  int
}

func (s *display) down() {
	if s.y++; s.y == len(s.lines) {
		s.lines = append(s.lines, nil)
	}
}

func (s *display) put(r rune) {
	line := s.lines[s.y]
	for len(line) <= s.x {
		line = append(line, ' ')
	}
	line[s.x] = r
	s.lines[s.y] = line
	s.x++
}

// escape carries out the code at i and returns where it ends.
func (s *display) escape(text []rune, i int) int {
	if i+1 >= len(text) || text[i+1] != '[' {
		return i + 1
	}
	end := i + 2
	for end < len(text) && (text[end] < '@' || text[end] > '~') {
		end++
	}
	if end == len(text) {
		return end
	}
	parameter := string(text[i+2 : end])
	n, err := strconv.Atoi(parameter)
	line := s.lines[s.y]
	switch text[end] {
	case 'G':
		s.x = max(1, n) - 1
	case 'C':
		s.x += max(1, n)
	case 'D':
		s.x = max(0, s.x-max(1, n))
	case 'A':
		s.y = max(0, s.y-max(1, n))
	case 'B':
		for range max(1, n) {
			s.down()
		}
	case 'K', 'J':
		if n == 2 && err == nil {
			s.lines[s.y] = nil
		} else {
			s.lines[s.y] = line[:min(len(line), s.x)]
		}
		if text[end] == 'J' {
			s.lines = s.lines[:s.y+1]
		}
	}
	return end
}

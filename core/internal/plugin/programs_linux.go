package plugin

import (
	"bytes"
	"debug/elf"
	"io"
	"os"
	"path/filepath"
	"strings"
)

const (
	// maxInterpreters is how deep the kernel follows interpreters.
	maxInterpreters = 5
	// firstLineLength is how much of a first line it reads.
	firstLineLength = 256
)

// programs are the files that the kernel executes when it is told to execute
// path: itself, the interpreter that its first line names, that one's dynamic
// linker. What it does not find there it does not execute either.
func programs(path string) []string {
	var all []string
	for range maxInterpreters {
		all = append(all, path)
		next := interpreters(path)
		if len(next) == 0 {
			break
		}
		all = append(all, next[:len(next)-1]...)
		path = next[len(next)-1]
	}
	return all
}

// interpreters are what executes the file, the last of which may need one
// itself.
func interpreters(path string) []string {
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer func() { _ = f.Close() }()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	head := make([]byte, firstLineLength)
	n, _ := io.ReadFull(f, head)
	if line, script := bytes.CutPrefix(head[:n], []byte("#!")); script {
		line, _, _ = bytes.Cut(line, []byte("\n"))
		return namedBy(strings.FieldsFunc(string(line), func(r rune) bool { return r == ' ' || r == '\t' }))
	}
	return linker(f)
}

// namedBy reads the words of a first line. What env is to start is looked for
// in the folders of the system, as a plugin has no PATH, and there alone: a
// path among its words could be that of a file which is not for the plugin.
func namedBy(words []string) []string {
	if len(words) == 0 || !identifiable(words[0]) {
		return nil
	}
	named := words[:1:1]
	if filepath.Base(words[0]) != "env" {
		return named
	}
	for _, word := range words[1:] {
		if strings.HasPrefix(word, "-") || strings.Contains(word, "=") {
			continue
		}
		for _, folder := range []string{"/bin", "/usr/bin"} {
			if path := filepath.Join(folder, word); !strings.Contains(word, "/") && identifiable(path) {
				return append(named, path)
			}
		}
		break
	}
	return named
}

func identifiable(path string) bool {
	_, err := identify(path)
	return err == nil
}

// linker is the dynamic linker of a program that needs one.
func linker(r io.ReaderAt) []string {
	program, err := elf.NewFile(r)
	if err != nil {
		return nil
	}
	for _, part := range program.Progs {
		if part.Type != elf.PT_INTERP || part.Filesz > firstLineLength {
			continue
		}
		name := make([]byte, part.Filesz)
		if _, err := part.ReadAt(name, 0); err != nil {
			return nil
		}
		return []string{string(bytes.TrimRight(name, "\x00"))}
	}
	return nil
}

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"strings"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/builder"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/fault"
)

// workshop is where code is preprocessed.
type workshop struct {
	c *sdk.Call
	settings
	variables map[string]any
	libraries map[string]any
	// before and lock are the lock file as it is, and as it shall be.
	before, lock []byte

	directory string // that sources is for
	sources   *sdk.Sources
}

// built is preprocessed code.
type built struct {
	text string
	// lines tells where it comes from; nil with line control, when the text
	// itself does.
	lines []sdk.Segment
}

// open reads what all code is preprocessed with.
func open(ctx context.Context, c *sdk.Call, s settings) (*workshop, error) {
	w := &workshop{c: c, settings: s, variables: map[string]any{}}
	own, err := defined(c)
	if err != nil {
		return nil, err
	}
	if err := w.readLock(ctx); err != nil {
		return nil, err
	}
	var file map[string]any
	if s.Variables != "" {
		if file, err = readVariables(ctx, c, s.Variables); err != nil {
			return nil, err
		}
	}
	if err := w.openSources(ctx, ""); err != nil {
		return nil, err
	}
	if len(w.sources.Variables) > 0 {
		if err := json.Unmarshal(document.Encode(w.sources.Variables), &w.variables); err != nil {
			return nil, fmt.Errorf("reading the locked variables: %w", err)
		}
	}
	maps.Copy(w.variables, s.Define)
	maps.Copy(w.variables, file)
	maps.Copy(w.variables, own)
	return w, w.loadLibraries(ctx)
}

func readVariables(ctx context.Context, c *sdk.Call, path string) (map[string]any, error) {
	content, missing, err := c.ReadFile(ctx, path)
	if err != nil {
		return nil, err
	}
	if missing {
		return nil, &fault.Fault{
			Kind: fault.FileKind, Sentence: fmt.Sprintf("File with variables \"%s\" is not found.", path),
		}
	}
	var all map[string]any
	if err := json.Unmarshal(bytes.TrimPrefix(content, []byte("\ufeff")), &all); err != nil || all == nil {
		return nil, &fault.Fault{
			Kind: fault.FileKind, Sentence: fmt.Sprintf("File with variables \"%s\" is no JSON object.", path), Cause: err,
		}
	}
	return all, nil
}

// openSources makes sources look for files in the directory of a file, too.
func (w *workshop) openSources(ctx context.Context, file string) error {
	s := w.settings.sources(file, w.lock)
	if w.sources != nil && s.Directory == w.directory {
		return nil
	}
	opened, err := w.c.OpenSources(ctx, s)
	if err == nil {
		w.sources, w.directory = opened, s.Directory
	}
	return err
}

// build preprocesses a file.
func (w *workshop) build(ctx context.Context, file string) (built, error) {
	if err := w.openSources(ctx, file); err != nil {
		return built{}, err
	}
	source, err := w.sources.Read(ctx, filepath.ToSlash(file), builder.Place{})
	if err != nil {
		return built{}, ended(err)
	}
	var warned error
	known := map[string]bool{} // a source that includes itself is told once
	made, err := builder.Build(ctx, source.Text, source.Place, builder.Settings{
		Reader:      w.sources,
		Variables:   w.variables,
		Libraries:   w.libraries,
		Environment: w.sources.Environment(ctx),
		LineControl: w.LineControl,
		Warn: func(warning builder.Warning) {
			if known[warning.Message] {
				return
			}
			known[warning.Message] = true
			warned = errors.Join(warned, w.c.Warn(ctx, warning.Message))
		},
	})
	if err != nil {
		return built{}, explained(err)
	}
	if w.Lock != "" {
		if w.lock, err = w.sources.Lock(ctx, w.locked()); err != nil {
			return built{}, err
		}
	}
	b := built{text: made.Text}
	if !w.LineControl {
		b.lines = segments(made, namesFrom(source, file))
	}
	return b, warned
}

// ended is a failure to read the file itself: its sentence is made for the
// place of an include, and has no end.
func ended(err error) error {
	if f, ok := fault.Of(err); ok && f.Sentence != "" && !strings.HasSuffix(f.Sentence, ".") {
		f.Sentence += "."
		return f
	}
	return err
}

// shownOfChain is how many includes of a chain are shown, the innermost first.
const shownOfChain = 5

// explained says more of a mistake in a source than its sentence, which is the
// one that Builder has always had.
func explained(err error) error {
	mistake := &builder.Error{}
	if !errors.As(err, &mistake) {
		return err
	}
	f := &fault.Fault{Kind: fault.FileKind, Sentence: mistake.Error(), Cause: err}
	if cause, ok := fault.Of(mistake.Cause); ok {
		f.Kind, f.Hints = cause.Kind, cause.Hints
	}
	if mistake.Column > 0 {
		f.Hints = append(f.Hints, fmt.Sprintf("It is at %s:%d.", mistake.Position, mistake.Column))
	}
	for i, n := len(mistake.Chain)-1, 0; i >= 0 && n < shownOfChain; i, n = i-1, n+1 {
		f.Hints = append(f.Hints, fmt.Sprintf("Included or used at %s.", mistake.Chain[i]))
	}
	return f
}

// namesFrom makes the names of local files those that the user would type: he
// typed file for the source.
func namesFrom(source builder.Source, file string) func(builder.Position) string {
	typed := path.Clean(filepath.ToSlash(file))
	directory, found := strings.CutSuffix(source.Name, typed)
	return func(p builder.Position) string {
		name := p.Name
		if p.Name == source.File && p.Dir == source.Path {
			name = source.Name
		}
		if found {
			name = strings.TrimPrefix(name, directory)
		}
		return name
	}
}

// segments are the runs of lines in a result.
func segments(r *builder.Result, name func(builder.Position) string) []sdk.Segment {
	var all []sdk.Segment
	for line := 1; ; line++ {
		p, found := r.Position(line)
		if !found {
			return append(all, sdk.Segment{Line: line}) // there are no more
		}
		next := sdk.Segment{Line: line, Source: name(p), SourceLine: p.Line}
		if n := len(all); n > 0 {
			last := all[n-1]
			if last.Source == next.Source && last.SourceLine+line-last.Line == next.SourceLine {
				continue
			}
		}
		all = append(all, next)
	}
}

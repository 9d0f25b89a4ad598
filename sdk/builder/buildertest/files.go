// Package buildertest has what tests of Builder sources need: sources in
// memory, and cases in files.
package buildertest

import (
	"context"
	"fmt"
	"path"
	"strings"

	"github.com/electricimp/impt/sdk/builder"
)

// Root is the directory of the files of a case, and its working directory.
const Root = "/case"

// Files are local files by their path under Root. They are a builder.Reader
// that looks for a relative reference beside the source that includes it and
// then in Root.
type Files map[string]string

// Read returns a file.
func (f Files) Read(_ context.Context, reference string, from builder.Place) (builder.Source, error) {
	if strings.HasPrefix(reference, "http:") || strings.HasPrefix(reference, "https:") {
		return builder.Source{}, fmt.Errorf("Source \"%s\" is not supported", reference) //nolint:staticcheck // the sentence that users read
	}
	tried := []string{reference}
	if !path.IsAbs(reference) {
		tried = []string{path.Join(from.Path, reference), path.Join(Root, reference)}
	}
	for _, name := range tried {
		text, ok := f[strings.TrimPrefix(path.Clean(name), Root+"/")]
		if ok {
			name = path.Clean(name)
			return builder.Source{
				Place: builder.Place{File: path.Base(name), Path: path.Dir(name)},
				Name:  name,
				Text:  text,
			}, nil
		}
	}
	return builder.Source{}, fmt.Errorf("Local file \"%s\" not found", path.Clean(reference)) //nolint:staticcheck // the sentence that users read
}

package workshop

import (
	"context"
	"os"
	"path/filepath"

	"github.com/electricimp/impt/core/internal/atomicfile"
	"github.com/electricimp/impt/core/internal/plugin"
	"github.com/electricimp/impt/core/internal/systext"
	"github.com/electricimp/impt/sdk/fault"
)

// Attach has the next run of the plugin wait for a debugger.
func (w Workshop) Attach(ctx context.Context, name string) error {
	if w.Data == "" {
		return fault.MissingFile("Home directory")
	}
	p, ok := w.Index.Find(ctx, name)
	if !ok {
		return &fault.Fault{Kind: fault.NotFoundKind, Sentence: "Plugin \"" + name + "\" is not found."}
	}
	mark := w.mark(p)
	err := os.MkdirAll(filepath.Dir(mark), 0o700)
	if err == nil {
		err = atomicfile.Replace(mark, nil, atomicfile.Private)
	}
	if err != nil {
		return fault.File(mark, systext.Text(err, "open", mark), err)
	}
	return nil
}

// Awaited tells whether this run waits, and that the next one does not.
func (w Workshop) Awaited(p *plugin.Plugin) bool {
	return w.Data != "" && os.Remove(w.mark(p)) == nil
}

func (w Workshop) mark(p *plugin.Plugin) string {
	return filepath.Join(w.Data, "attach", p.Vendor+"."+p.Name)
}

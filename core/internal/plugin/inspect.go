package plugin

import (
	"context"
	"path/filepath"
	"time"

	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// Inspect starts the plugin at a path and returns it with what it declares,
// checked as Load does, but for the name of the file.
func Inspect(ctx context.Context, c Config, path string) (*Plugin, error) {
	c.Limits = c.Limits.orDefaults()
	x := &Index{config: c}
	p := &Plugin{Name: filepath.Base(path), Path: path}
	if name, ok := groupOf(p.Name); ok {
		p.Name = name
	}
	var err error
	if p.seen, err = identify(path); err != nil {
		return nil, p.unreadable(err)
	}
	p.anyName = true
	if file, err := filepath.EvalSymlinks(path); err == nil {
		p.Folder = filepath.Dir(file)
	}
	if err := x.describe(ctx, p); err != nil {
		return nil, err
	}
	return p, nil
}

// ID is the number of the process.
func (p *Process) ID() int { return p.child.cmd.Process.Pid }

// Group is the plugin as it answers, for those who look closer than Run does.
func (p *Process) Group() pluginv1.CommandGroupClient { return p.group }

// LetGo lets go of the process, and tells whether it has ended by itself within
// the limit.
func (p *Process) LetGo(limit time.Duration) bool {
	_ = p.child.lifeline.Close()
	return p.child.await(limit)
}

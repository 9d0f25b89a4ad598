//go:build linux && !amd64 && !arm64

package plugin

// filters tells that there is no filter of system calls for this processor.
func filters() bool { return false }

// gate is nothing here.
type gate struct{}

func (*gate) watch(func() int) {}

func (*gate) shut() {}

func (*enclosure) filter() (*gate, error) { return nil, nil } //nolint:nilnil // there is no such fence

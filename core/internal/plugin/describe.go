package plugin

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"
	"google.golang.org/protobuf/proto"

	"github.com/electricimp/impt/sdk/fault"
	"github.com/electricimp/impt/sdk/proto/handshake"
	pluginv1 "github.com/electricimp/impt/sdk/proto/impt/plugin/v1"
)

// describeAll starts the plugins side by side and asks for their manifests. It
// fails with the context's cause alone.
func (x *Index) describeAll(ctx context.Context, plugins []*Plugin) error {
	var g errgroup.Group
	g.SetLimit(2 * runtime.NumCPU())
	for _, p := range plugins {
		g.Go(func() error {
			p.fresh = true
			err := x.describe(ctx, p)
			if ctx.Err() != nil {
				return fmt.Errorf("describing the plugins: %w", context.Cause(ctx))
			}
			if err != nil {
				p.Fault = p.faultOf(err)
				return nil
			}
			return nil
		})
		x.Described = append(x.Described, p.Name)
	}
	return g.Wait()
}

// faultOf is err as a fault, which it is but for errors of our own.
func (p *Plugin) faultOf(err error) *fault.Fault {
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return f
	}
	return p.silent(err)
}

// describe starts one plugin for its manifest.
func (x *Index) describe(ctx context.Context, p *Plugin) error {
	limit := x.config.Limits.Describe
	ctx, cancel := context.WithTimeoutCause(ctx, limit, errLate)
	defer cancel()
	if p.SHA256 == nil {
		if err := p.digest(); err != nil {
			return p.unreadable(err)
		}
	}
	limits := x.config.Limits
	limits.Start = limit
	process, err := Start(ctx, p, StartOptions{Environment: x.config.Environment, Limits: limits})
	if err != nil {
		return err
	}
	defer func() { _ = process.Close() }()
	m, err := process.describe(ctx, x.config.Features)
	switch {
	case errors.Is(err, errLate):
		return p.slow(limit, process.child.outcome())
	case err != nil:
		return err
	}
	if err := p.unchanged(); err != nil {
		return err
	}
	return x.check(p, m)
}

var (
	errNoManifest    = errors.New("it has no manifest")
	errLargeManifest = fmt.Errorf("its manifest is larger than %d MiB", handshake.MaxManifest>>20)
)

// check takes the manifest, unless it is none that the host can use.
func (x *Index) check(p *Plugin, m *pluginv1.Manifest) error {
	// A version is for sentences too, also for those about what follows.
	p.Version = printable(shortened(m.GetVersion()))
	if m == nil {
		return p.badManifest(errNoManifest)
	}
	encoded, err := proto.Marshal(m)
	switch {
	case err != nil:
		return p.badManifest(err)
	case len(encoded) > handshake.MaxManifest:
		return p.badManifest(errLargeManifest)
	case p.anyName && isName(m.GetName()):
		p.Name = m.GetName()
	case m.GetName() != p.Name:
		return p.badManifest(fmt.Errorf("the group %s, in a file for the group %q", quoted(m.GetName()), p.Name))
	}
	for _, feature := range m.GetRequires() {
		if !slices.Contains(x.config.Features, feature) {
			return p.lacksFeature(feature)
		}
	}
	if x.config.Validate != nil {
		if err := x.config.Validate(m); err != nil {
			return p.badManifest(err)
		}
	}
	p.hold(encoded)
	p.Vendor, p.Synopsis, p.Groups = m.GetVendor(), m.GetSynopsis(), groupsOf(m)
	return nil
}

// groupsOf are the groups in which a plugin has commands. One without any has a
// group nevertheless.
func groupsOf(m *pluginv1.Manifest) []string {
	var groups []string
	for _, c := range m.GetCommands() {
		if g := cmp.Or(c.GetGroup(), m.GetName()); !slices.Contains(groups, g) {
			groups = append(groups, g)
		}
	}
	if len(groups) == 0 {
		groups = []string{m.GetName()}
	}
	return groups
}

// digest computes the SHA-256 of the plugin's file.
func (p *Plugin) digest() error {
	f, err := os.Open(p.Path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return err
	}
	p.SHA256 = h.Sum(nil)
	return nil
}

// sameContent tells whether the file has only got another time or place in the
// file system since r was recorded, and takes what is known from r then.
func (x *Index) sameContent(p *Plugin, r *record) bool {
	if r == nil || r.sentence != "" || r.name != p.Name || p.digest() != nil || string(p.SHA256) != string(r.digest) {
		return false
	}
	if p.unchanged() != nil {
		return false
	}
	r.fill(p, x.manifest)
	_, ok := p.encoded()
	return ok
}

// cacheable tells whether what is known of the plugin shall be known to the
// next start: what the plugin says, and what is wrong with it, but not our own
// troubles, nor a file that is just being written.
func (p *Plugin) cacheable() bool {
	return !p.unsafe && (p.Fault == nil || p.Fault.Kind == fault.Other)
}

package store

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/electricimp/impt/sdk/fault"
)

// Policy is what an organization demands of plugins that do not come with impt.
// What a field does not say is allowed.
type Policy struct {
	// Publishers are the keys that each vendor's plugins must be signed by; no
	// vendor but these.
	Publishers map[string][]string `json:"publishers,omitempty"`
	// Sources are what the source of a plugin must begin with.
	Sources []string `json:"sources,omitempty"`
	// Grants is the most that any plugin may do.
	Grants *Grants `json:"grants,omitempty"`
	// Least are the oldest versions, by vendor/name.
	Least map[string]string `json:"least,omitempty"`

	file string
}

// policies are all rules that apply; each of them has to permit.
type policies []*Policy

const maxPolicy = 256 << 10

// policy reads the rules. One that cannot be read permits nothing.
func (s *Store) policy() (policies, error) {
	var all policies
	for _, file := range s.Policies {
		b, err := readFile(file, maxPolicy)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		p := &Policy{file: file}
		if err == nil {
			err = decode(b, p)
		}
		if err == nil {
			err = p.check()
		}
		if err != nil {
			return nil, &fault.Fault{
				Kind:     fault.CorruptedFileKind,
				Sentence: fmt.Sprintf("The policy for plugins, %s, cannot be understood, so no plugin is used that does not come with impt.", file),
				Cause:    err,
			}
		}
		all = append(all, p)
	}
	return all, nil
}

func (p *Policy) check() error {
	for vendor, keys := range p.Publishers {
		if !isName(vendor) {
			return fmt.Errorf("%.60q is no vendor", vendor)
		}
		for _, k := range keys {
			if _, err := publicKey(k); err != nil {
				return err
			}
		}
	}
	for name, version := range p.Least {
		if _, err := ParseID(name); err != nil || !isVersion(version) {
			return fmt.Errorf("%.60q is no plugin with a version", name)
		}
	}
	if p.Grants != nil {
		return p.Grants.check()
	}
	return nil
}

// permits tells whether a version may be installed and started. grants are
// what it shall be granted.
func (all policies) permits(id ID, version, key, source string, grants Grants) error {
	for _, p := range all {
		var why string
		switch keys, known := p.Publishers[id.Vendor]; {
		case p.Publishers != nil && !known:
			why = "its publisher is not among those that are allowed"
		case p.Publishers != nil && !slices.Contains(keys, key):
			why = "it is not signed by a key that is allowed for its publisher"
		case p.Sources != nil && !slices.ContainsFunc(p.Sources, func(s string) bool { return below(source, s) }):
			why = "its source is not among those that are allowed"
		case p.Least[id.String()] != "" && older(version, p.Least[id.String()]):
			why = "it is older than " + p.Least[id.String()]
		case p.Grants != nil && len(grants.Beyond(*p.Grants)) > 0:
			why = "it wants more than plugins may do: " + strings.Join(grants.Beyond(*p.Grants), ", ")
		default:
			continue
		}
		return fault.PluginForbidden(id.String(), version, p.file, why)
	}
	return nil
}

// below tells whether a source is the allowed one or lies below it: a prefix
// alone would take plugins.example.com.evil.org for plugins.example.com.
func below(source, allowed string) bool {
	rest, ok := strings.CutPrefix(source, allowed)
	return ok && (rest == "" || strings.HasSuffix(allowed, "/") || strings.ContainsRune("/:@#", rune(rest[0])))
}

// leaves is what the rules leave of grants.
func (all policies) leaves(grants Grants) Grants {
	for _, p := range all {
		if p.Grants != nil {
			grants = intersect(grants, *p.Grants)
		}
	}
	return grants
}

func intersect(a, b Grants) Grants {
	var both Grants
	for _, s := range a {
		resource, _ := strings.CutSuffix(s, writing)
		switch {
		case b.Has(s):
			both = append(both, s)
		case b.Has(resource):
			both = append(both, resource)
		}
	}
	return both.tidy()
}

// placed tells whether plugins may be used that somebody has put into a
// folder: not where publishers or sources matter.
func (all policies) placed(name string) error {
	for _, p := range all {
		if p.Publishers != nil || p.Sources != nil || p.Grants != nil {
			return fault.PluginForbidden(name, "", p.file, "it was not installed by impt plugin install")
		}
	}
	return nil
}

package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"oras.land/oras-go/v2/content"
	"oras.land/oras-go/v2/registry"
	"oras.land/oras-go/v2/registry/remote"
	"oras.land/oras-go/v2/registry/remote/auth"
	"oras.land/oras-go/v2/registry/remote/credentials"

	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// LayerType is the media type of the layer that is an archive.
const LayerType = "application/vnd.impt.plugin.v1.tar+gzip"

// maxImage is the size of the largest image manifest, in bytes.
const maxImage = 4 << 20

// parseRegistry reads host/repository[:version].
func parseRegistry(at string) (source, error) {
	r, err := registry.ParseReference(at)
	if err != nil {
		return source{}, fmt.Errorf("%.60q is no repository of a registry", at)
	}
	version := r.Reference
	if version != "" && !isVersion(version) {
		return source{}, fmt.Errorf("%.60q is no version", version)
	}
	r.Reference = ""
	return source{kind: fromRegistry, at: r.Registry + "/" + r.Repository, version: version}, nil
}

// repository is a repository with the credentials for its registry, if there
// are any.
func (s *Store) repository(at string) (*remote.Repository, error) {
	r, err := remote.NewRepository(at)
	if err != nil {
		return nil, err
	}
	host := r.Reference.Host()
	r.PlainHTTP = isLoopback(hostname(host))
	r.Client = &auth.Client{
		Client: &http.Client{Transport: &loyal{host: host, next: s.HTTP, plain: r.PlainHTTP}, CheckRedirect: s.client().CheckRedirect},
		Cache:  auth.NewCache(),
		Credential: func(ctx context.Context, asked string) (auth.Credential, error) {
			if asked != host && asked != r.Reference.Registry {
				return auth.EmptyCredential, nil
			}
			return s.credential(ctx, r.Reference.Registry)
		},
	}
	return r, nil
}

func hostname(host string) string {
	if i := strings.LastIndexByte(host, ':'); i > 0 && !strings.HasSuffix(host, "]") {
		host = host[:i]
	}
	return strings.Trim(host, "[]")
}

// credential is the user's for a registry: those of the variables, which name
// the registry that they are for, or those of Docker's configuration file.
func (s *Store) credential(ctx context.Context, host string) (auth.Credential, error) {
	if s.Registry.Host == host && host != "" {
		return auth.Credential{Username: s.Registry.User, Password: s.Registry.Password}, nil
	}
	if s.DockerConfig == "" || !exists(s.DockerConfig) {
		return auth.EmptyCredential, nil
	}
	// The file alone: no helper is started that it may name.
	file, err := credentials.NewFileStore(s.DockerConfig)
	if err != nil {
		return auth.EmptyCredential, errors.New("the credentials of registries cannot be read")
	}
	return file.Get(ctx, host)
}

// loyal sends what authorizes to one host alone, whatever a registry answers:
// it may redirect, and name any address that gives out tokens.
type loyal struct {
	host  string
	plain bool
	next  http.RoundTripper
}

func (l *loyal) RoundTrip(r *http.Request) (*http.Response, error) {
	if _, err := allowedURL(r.URL.String()); err != nil {
		return nil, err
	}
	if r.URL.Host != l.host || !l.plain && r.URL.Scheme != "https" {
		r = r.Clone(r.Context())
		r.Header.Del("Authorization")
		r.Header.Del("Cookie")
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			// The credentials of a token service are in the body.
			return nil, fmt.Errorf("the registry %s wants the credentials to be sent to %s", l.host, r.URL.Host)
		}
	}
	next := l.next
	if next == nil {
		next = http.DefaultTransport
	}
	return next.RoundTrip(r)
}

// pull writes the archive of a version to w, or of the newest one.
func (s *Store) pull(ctx context.Context, from source, w io.Writer) (source, error) {
	r, err := s.repository(from.at)
	if err != nil {
		return from, err
	}
	if from.version == "" {
		if from.version, err = newest(ctx, r); err != nil {
			return from, registryFailed(from.at, err)
		}
	}
	layer, err := layerOf(ctx, r, from.version)
	if err != nil {
		return from, registryFailed(from.at, err)
	}
	blob, err := r.Blobs().Fetch(ctx, layer)
	if err != nil {
		return from, registryFailed(from.at, err)
	}
	defer func() { _ = blob.Close() }()
	verified := content.NewVerifyReader(&patient{ctx, blob}, layer)
	if _, err := io.Copy(w, verified); err != nil {
		return from, registryFailed(from.at, err)
	}
	if err := verified.Verify(); err != nil {
		return from, registryFailed(from.at, err)
	}
	// What is kept is the repository: update looks for newer versions.
	from.version = ""
	return from, nil
}

func registryFailed(at string, err error) error {
	return fmt.Errorf("the registry repository %s cannot be read: %w", at, err)
}

// newest is the newest release among the tags of a repository.
func newest(ctx context.Context, r *remote.Repository) (string, error) {
	best := ""
	seen := 0
	err := r.Tags(ctx, "", func(tags []string) error {
		if seen += len(tags); seen > maxEntries {
			return errors.New("it has too many tags")
		}
		for _, tag := range tags {
			if isVersion(tag) && (best == "" || preferred(tag, best)) {
				best = tag
			}
		}
		return nil
	})
	if err == nil && best == "" {
		err = errors.New("it has no version")
	}
	return best, err
}

// layerOf finds the layer that is an archive.
func layerOf(ctx context.Context, r *remote.Repository, version string) (ocispec.Descriptor, error) {
	d, err := r.Resolve(ctx, version)
	if err != nil {
		return d, err
	}
	if d.MediaType != ocispec.MediaTypeImageManifest || d.Size > maxImage {
		return d, fmt.Errorf("%.60q is no image of a plugin", d.MediaType)
	}
	b, err := content.FetchAll(ctx, r, d)
	if err != nil {
		return d, err
	}
	var image ocispec.Manifest
	if err := json.Unmarshal(b, &image); err != nil {
		return d, err
	}
	i := slices.IndexFunc(image.Layers, func(l ocispec.Descriptor) bool { return l.MediaType == LayerType })
	if i < 0 || image.Layers[i].Size > maxArchive || image.Layers[i].Size < 0 {
		return d, errors.New("it has no archive of a plugin")
	}
	return image.Layers[i], nil
}

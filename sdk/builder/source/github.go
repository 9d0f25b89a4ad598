package source

import (
	"context"
	"crypto/sha1" //nolint:gosec // git names its blobs by it
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/electricimp/impt/sdk/fault"
)

// blob is a file as GitHub answers it.
type blob struct {
	Type     string `json:"type"`
	SHA      string `json:"sha"`
	Size     *int   `json:"size"`
	Encoding string `json:"encoding"`
	Content  string `json:"content"`
}

// fromGitHub reads a file by its name, or the blob with the given id.
func (s *Sources) fromGitHub(ctx context.Context, r reference, id string) ([]byte, string, error) {
	file, ok := inside(r.path)
	if !ok {
		return nil, "", failed(r.name, "the path is not one of a file in the repository", nil)
	}
	repository := strings.TrimSuffix(s.cfg.GitHub.API, "/") + "/repos/" + r.project + "/" + r.repository
	if id != "" {
		return s.gitHubBlob(ctx, r, repository, id)
	}
	address := repository + "/contents/" + escapePath(file)
	if r.ref != "" {
		address += "?ref=" + url.QueryEscape(r.ref)
	}
	b, err := s.gitHubFile(ctx, r, address)
	if err != nil {
		return nil, "", err
	}
	if b.Type != "" && b.Type != "file" {
		return nil, "", failed(r.name, "it is a "+b.Type+" and not a file", nil)
	}
	if b.Encoding == "none" { // too large for this call
		return s.gitHubBlob(ctx, r, repository, b.SHA)
	}
	data, err := b.data(r.name)
	return data, b.SHA, err
}

func (s *Sources) gitHubBlob(ctx context.Context, r reference, repository, id string) ([]byte, string, error) {
	b, err := s.gitHubFile(ctx, r, repository+"/git/blobs/"+url.PathEscape(id))
	if err != nil {
		return nil, "", err
	}
	data, err := b.data(r.name)
	if err != nil {
		return nil, "", err
	}
	if len(id) == hex.EncodedLen(sha1.Size) && gitBlobID(data) != id {
		return nil, "", failed(r.name, "the answer is not the blob that was asked for", nil)
	}
	return data, id, nil
}

func (s *Sources) gitHubFile(ctx context.Context, r reference, address string) (blob, error) {
	token := string(s.cfg.GitHub.Token)
	header := ""
	if token != "" {
		header = "Bearer " + token
	}
	body, err := s.get(ctx, request{
		name: r.name, url: address, accept: "application/vnd.github+json",
		login:   newLogin(s.cfg.GitHub.API, header),
		attempt: s.cfg.HTTP.GitHubTimeout, limit: 2 * maxSource,
	})
	if err != nil {
		return blob{}, s.gitHubFailure(r.name, err)
	}
	if strings.HasPrefix(strings.TrimSpace(string(body[:min(len(body), 64)])), "[") {
		return blob{}, failed(r.name, "it is a directory and not a file", nil)
	}
	var b blob
	if err := json.Unmarshal(body, &b); err != nil {
		return blob{}, failed(r.name, "the answer is not what GitHub answers", err)
	}
	return b, nil
}

func (s *Sources) gitHubFailure(name string, err error) error {
	answer, ok := errors.AsType[*statusError](err)
	if !ok {
		return err
	}
	limited := answer.status == http.StatusForbidden || answer.status == http.StatusTooManyRequests
	if limited && (answer.header.Get("X-RateLimit-Remaining") == "0" || answer.header.Get("Retry-After") != "") {
		why := fmt.Sprintf("HTTP/%d, the rate limit of GitHub is exceeded", answer.status)
		if reset, err := strconv.ParseInt(answer.header.Get("X-RateLimit-Reset"), 10, 64); err == nil {
			why += " until " + time.Unix(reset, 0).UTC().Format("15:04:05") + " UTC"
		}
		f := failed(name, why, answer)
		f.Kind = fault.DeniedKind
		if s.cfg.GitHub.Token == "" {
			f.Hints = []string{"With a GitHub token the limit is much higher."}
		}
		return f
	}
	if answer.status == http.StatusNotFound && s.cfg.GitHub.Token == "" {
		return asFault(name, err, "If the repository is private, a GitHub token is needed.")
	}
	return asFault(name, err)
}

// data is a file's content.
func (b blob) data(name string) ([]byte, error) {
	if b.Encoding != "" && b.Encoding != "base64" {
		return nil, failed(name, "the answer has an unknown encoding "+strconv.Quote(b.Encoding), nil)
	}
	data, err := base64.StdEncoding.DecodeString(b.Content)
	switch {
	case err != nil:
		return nil, failed(name, "the answer is not base64", err)
	case b.SHA == "":
		return nil, failed(name, "the answer is not what GitHub answers", nil)
	case b.Size != nil && *b.Size != len(data):
		return nil, failed(name, "the answer is truncated", nil)
	case len(data) > maxSource:
		return nil, failed(name, tooLarge, nil)
	}
	return data, nil
}

func gitBlobID(data []byte) string {
	h := sha1.New() //nolint:gosec // git names its blobs by it
	fmt.Fprintf(h, "blob %d\x00", len(data))
	h.Write(data)
	return hex.EncodeToString(h.Sum(nil))
}

// escapePath escapes all but the slashes.
func escapePath(p string) string {
	elements := strings.Split(p, "/")
	for i, e := range elements {
		elements[i] = url.PathEscape(e)
	}
	return path.Join(elements...)
}

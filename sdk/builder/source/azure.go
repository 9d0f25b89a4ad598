package source

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// fromAzure reads a file of Azure Repos at its branch, tag or commit, or at
// the commit with the given id.
func (s *Sources) fromAzure(ctx context.Context, r reference, id string) ([]byte, string, error) {
	file, ok := inside(r.path)
	if !ok {
		return nil, "", failed(r.name, "the path is not one of a file in the repository", nil)
	}
	address := strings.TrimSuffix(s.cfg.Azure.Address, "/") + "/" + r.owner + "/" + r.project +
		"/_apis/git/repositories/" + r.repository + "/items?path=" + url.QueryEscape(file) +
		"&api-version=5.1&$format=json&includeContent=true"
	version := func(name, kind string) string {
		return address + "&versionDescriptor.version=" + url.QueryEscape(name) + "&versionDescriptor.versionType=" + kind
	}
	switch {
	case id != "":
		return s.azure(ctx, r.name, version(id, "commit"))
	case r.ref == "":
		return s.azure(ctx, r.name, address)
	}
	// Nobody knows what it is.
	for _, kind := range []string{"branch", "tag"} {
		data, commit, err := s.azure(ctx, r.name, version(r.ref, kind))
		if answer, ok := errors.AsType[*statusError](err); !ok || answer.status != http.StatusNotFound {
			return data, commit, err
		}
	}
	return s.azure(ctx, r.name, version(r.ref, "commit"))
}

func (s *Sources) azure(ctx context.Context, name, address string) ([]byte, string, error) {
	header := ""
	if token := string(s.cfg.Azure.Token); token != "" {
		header = basic(s.cfg.Azure.User, token)
	}
	body, err := s.get(ctx, request{
		name: name, url: address, accept: "application/json", limit: 4 * maxSource,
		login: newLogin(s.cfg.Azure.Address, header),
	})
	if err != nil {
		return nil, "", asFault(name, err, serverSays(err)...)
	}
	var answer struct {
		Content  *string `json:"content"`
		CommitID string  `json:"commitId"`
		IsFolder bool    `json:"isFolder"`
	}
	switch err := json.Unmarshal(body, &answer); {
	case err != nil:
		return nil, "", failed(name, "the answer is not what Azure Repos answer", err,
			"Azure Repos answer a web page when they want a login: check the Azure token.")
	case answer.IsFolder:
		return nil, "", failed(name, "it is a directory and not a file", nil)
	case answer.Content == nil:
		return nil, "", failed(name, "the answer has no content", nil)
	case len(*answer.Content) > maxSource:
		return nil, "", failed(name, tooLarge, nil)
	}
	return []byte(*answer.Content), answer.CommitID, nil
}

package source

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/electricimp/impt/sdk/fault"
)

// fromBitbucket reads a file of a Bitbucket Server at its branch, tag or
// commit, or at the commit with the given id. The commit's id is asked for
// only when it is going to be locked.
func (s *Sources) fromBitbucket(ctx context.Context, r reference, id string) ([]byte, string, error) {
	if s.cfg.Bitbucket.Address == "" {
		return nil, "", &fault.Fault{
			Kind:     fault.InvalidOptionKind,
			Sentence: "Bitbucket Server address is not specified",
		}
	}
	file, ok := inside(r.path)
	if !ok {
		return nil, "", failed(r.name, "the path is not one of a file in the repository", nil)
	}
	address, _ := splitLogin(s.cfg.Bitbucket.Address)
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, "", &fault.Fault{
			Kind:     fault.InvalidOptionKind,
			Sentence: "Bitbucket Server address \"" + clean(address) + "\" is not a URL",
		}
	}
	repository := strings.TrimSuffix(address, "/") + "/rest/api/1.0/projects/" + r.project + "/repos/" + r.repository
	if id == "" && (s.cfg.Record || s.cfg.Lock != nil) {
		if id, err = s.bitbucketCommit(ctx, r, repository); err != nil {
			return nil, "", err
		}
	}
	at := r.ref
	if id != "" {
		at = id
	}
	query := ""
	if at != "" {
		query = "?at=" + url.QueryEscape(at)
	}
	data, err := s.bitbucket(ctx, r.name, repository+"/raw/"+escapePath(file)+query)
	return data, id, err
}

func (s *Sources) bitbucketCommit(ctx context.Context, r reference, repository string) (string, error) {
	address := repository + "/commits?limit=1"
	if r.ref != "" {
		address += "&until=" + url.QueryEscape(r.ref)
	}
	body, err := s.bitbucket(ctx, r.name, address)
	if err != nil {
		return "", err
	}
	var answer struct {
		Values []struct {
			ID string `json:"id"`
		} `json:"values"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return "", failed(r.name, "the answer is not what a Bitbucket Server answers", err)
	}
	if len(answer.Values) == 0 || answer.Values[0].ID == "" {
		return "", failed(r.name, "the Bitbucket Server knows no commit of it", nil)
	}
	return answer.Values[0].ID, nil
}

func (s *Sources) bitbucket(ctx context.Context, name, address string) ([]byte, error) {
	token := string(s.cfg.Bitbucket.Token)
	header := ""
	switch {
	case token != "" && s.cfg.Bitbucket.User != "":
		header = basic(s.cfg.Bitbucket.User, token)
	case token != "":
		header = "Bearer " + token
	}
	body, err := s.get(ctx, request{
		name: name, url: address, limit: maxSource, login: newLogin(s.cfg.Bitbucket.Address, header),
	})
	if err == nil {
		return body, nil
	}
	return nil, asFault(name, err, serverSays(err)...)
}

// serverSays are the first words of a server's answer that is no success.
func serverSays(err error) []string {
	answer, ok := errors.AsType[*statusError](err)
	if !ok {
		return nil
	}
	var body struct {
		Message string `json:"message"`
		Errors  []struct {
			Message string `json:"message"`
		} `json:"errors"`
	}
	if json.Unmarshal(answer.body, &body) != nil {
		return nil
	}
	if len(body.Errors) > 0 {
		body.Message = body.Errors[0].Message
	}
	if body.Message == "" || answer.status == http.StatusUnauthorized {
		return nil
	}
	return []string{"The server says: " + clean(body.Message)}
}

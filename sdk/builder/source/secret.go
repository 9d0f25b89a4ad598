package source

import (
	"net/url"
	"slices"
	"strings"
)

// blot stands where a secret was.
const blot = "***"

// clean is a reference without what nobody else may see: the password of a
// URL, and the values of parameters that are known to be secrets. The user of
// a URL goes too, except for ssh, where it is part of the address.
func clean(reference string) string {
	text, _ := splitLogin(reference)
	before, query, found := strings.Cut(text, "?")
	if !found || !strings.Contains(before, "://") {
		return text
	}
	parameters := strings.Split(query, "&")
	for i, p := range parameters {
		name, _, valued := strings.Cut(p, "=")
		if valued && secretParameter(name) {
			parameters[i] = name + "=" + blot
		}
	}
	return before + "?" + strings.Join(parameters, "&")
}

// splitLogin cuts the login out of a text that contains a URL.
func splitLogin(text string) (rest string, login *url.Userinfo) {
	start := strings.Index(text, "://")
	if start < 0 {
		return text, nil
	}
	start += len("://")
	end := len(text)
	if i := strings.IndexAny(text[start:], `/\?#`); i >= 0 {
		end = start + i
	}
	at := strings.LastIndexByte(text[start:end], '@')
	if at < 0 {
		return text, nil
	}
	user, password, hasPassword := strings.Cut(text[start:start+at], ":")
	kept := ""
	if strings.HasSuffix(strings.ToLower(text[:start]), "ssh://") {
		kept = user + "@"
	}
	rest = text[:start] + kept + text[start+at+1:]
	if !hasPassword {
		return rest, url.User(unescaped(user))
	}
	return rest, url.UserPassword(unescaped(user), unescaped(password))
}

func unescaped(s string) string {
	if u, err := url.PathUnescape(s); err == nil {
		return u
	}
	return s
}

func secretParameter(name string) bool {
	name = strings.ToLower(unescaped(name))
	return strings.HasPrefix(name, "x-amz-") || slices.Contains([]string{
		"token", "access_token", "private_token", "auth_token", "api_key", "apikey",
		"password", "secret", "client_secret", "sig", "signature",
	}, name)
}

// without blots secrets out of a text that another program wrote.
func without(text string, secrets []string) string {
	for _, s := range secrets {
		if s != "" {
			text = strings.ReplaceAll(text, s, blot)
		}
	}
	return text
}

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
	"github.com/electricimp/impt/sdk/fault"
	"github.com/electricimp/impt/sdk/option"
)

var (
	define         = option.NewList("define", "", "<name=value>", "Variable for Builder, a text.")
	variables      = option.NewInputFile("variables", "", "<json_file>", "File with variables for Builder, a JSON object.")
	libs           = option.NewList("lib", "", "<library>", "File with a library in JavaScript for Builder; also a directory, or a pattern with *, ** and ?.")
	lockFile       = option.NewOutputFile("lock", "", "<lock_file>", "File that keeps the exact versions of all remote sources, and the variables. What is in it is used, what is not is added; delete it to have newer versions.")
	frozen         = option.NewFlag("frozen", "", "Uses exactly what the lock file has, and fails where that is not enough.")
	lineMap        = option.NewOutputFile("line-map", "", "<map_file>", "File for where each line of the code comes from: `impt log` shows places in the sources by it.")
	lineControl    = option.NewBool("line-control", "", "Writes #line directives, which say where the next lines come from.")
	cache          = option.NewBool("builder-cache", "", "Keeps remote sources in the directory .builder-cache.")
	cacheAge       = option.NewNumber("cache-age", "", "<hours>", "How old a kept source may be. Default: 24.")
	cacheExclude   = option.NewInputFile("cache-exclude-list", "", "<file>", "File with patterns of sources not to keep. Default: builder-cache.exclude, if there is one.")
	offline        = option.NewBool("offline", "", "Fetches nothing; what is kept may be of any age.")
	remoteRelative = option.NewBool("remote-relative", "", "Looks for what a remote source includes by a relative path where that source is.")
	credentials    = option.NewSecretFile("github-config", "", "<github_credentials_file>", "File with the GitHub credentials, as `impt test github` writes it.")
	preprocessCode = option.NewBool("preprocess", "", "Preprocesses the code by Builder. Implied by the options for that, and by the project file.")
)

// What "deploy" and "run" have no option for, the project file can say.
var (
	preprocessing    = sdk.Options{define, variables, libs, lockFile, frozen, lineControl, cache, cacheAge, cacheExclude, offline, remoteRelative, credentials}
	deployProcessing = sdk.Options{preprocessCode, define, variables, libs, lockFile, frozen, lineMap}
)

// settings are how code is preprocessed, as the member "preprocess" of the
// project file has them.
type settings struct {
	Define           map[string]any `json:"define"`
	Variables        string         `json:"variables"`
	Libs             []string       `json:"libs"`
	Lock             string         `json:"lock"`
	LineControl      bool           `json:"lineControl"`
	LineMap          string         `json:"lineMap"`
	Cache            bool           `json:"builderCache"`
	CacheAge         int            `json:"cacheAge"`
	CacheExcludeList string         `json:"cacheExcludeList"`
	Offline          bool           `json:"offline"`
	RemoteRelative   bool           `json:"remoteRelative"`
	GithubConfig     string         `json:"githubConfig"`

	frozen bool
}

// given are settings with what the user gave in their place.
func given(c *sdk.Call, s settings) settings {
	for _, f := range []struct {
		option option.File
		value  *string
	}{
		{variables, &s.Variables}, {lockFile, &s.Lock}, {cacheExclude, &s.CacheExcludeList}, {credentials, &s.GithubConfig},
		{lineMap, &s.LineMap},
	} {
		if f.option.Given(c) {
			*f.value = f.option.Of(c)
		}
	}
	for _, b := range []struct {
		option option.Bool
		value  *bool
	}{
		{lineControl, &s.LineControl}, {cache, &s.Cache}, {offline, &s.Offline}, {remoteRelative, &s.RemoteRelative},
	} {
		if b.option.Given(c) {
			*b.value = b.option.Of(c)
		}
	}
	if libs.Given(c) {
		s.Libs = libs.Of(c)
	}
	s.frozen = frozen.Of(c)
	if cacheAge.Given(c) {
		s.CacheAge = cacheAge.Of(c)
	}
	return s
}

// ofProject are the settings of the project, and whether it wants code to be
// preprocessed.
func ofProject(p sdk.ProjectFile) (s settings, wanted bool, err error) {
	switch v := p.Preprocess.(type) {
	case nil:
		return s, false, nil
	case bool:
		return s, v, nil
	case document.Object:
		if err := json.Unmarshal(document.Encode(v), &s); err != nil {
			return s, false, fault.CorruptedFile("Project", fmt.Errorf("reading preprocess: %w", err))
		}
		return s, true, nil
	default:
		return s, false, fault.CorruptedFile("Project", errors.New("reading preprocess: neither true, false nor an object"))
	}
}

// howToDeploy tells whether code is to be preprocessed before it is deployed,
// and how.
func howToDeploy(c *sdk.Call, p sdk.ProjectFile) (s settings, wanted bool, err error) {
	if preprocessCode.Given(c) && !preprocessCode.Of(c) {
		return s, false, nil
	}
	s, wanted, err = ofProject(p)
	for _, o := range deployProcessing {
		wanted = wanted || c.Value(o).Given()
	}
	return given(c, s), wanted, err
}

// sources are what the host gets of the settings, for a file.
func (s settings) sources(file string, lock []byte) sdk.SourceSettings {
	return sdk.SourceSettings{
		Directory:         path.Dir(filepath.ToSlash(file)),
		RemoteRelative:    s.RemoteRelative,
		Cache:             s.Cache || s.Offline,
		CacheAge:          time.Duration(s.CacheAge) * time.Hour,
		Offline:           s.Offline,
		CacheExcludeList:  s.CacheExcludeList,
		GithubCredentials: s.GithubConfig,
		Lock:              lock,
		Record:            s.Lock != "",
		Frozen:            s.frozen,
	}
}

// defined are the variables that were given one by one.
func defined(c *sdk.Call) (map[string]any, error) {
	all := map[string]any{}
	for _, text := range define.Of(c) {
		name, value, found := strings.Cut(text, "=")
		if !found || name == "" {
			return nil, &fault.Fault{
				Kind:     fault.InvalidOptionKind,
				Sentence: fmt.Sprintf("Option \"--define\" must be a name and a value: NAME=VALUE, not \"%s\".", text),
			}
		}
		all[name] = value
	}
	return all, nil
}

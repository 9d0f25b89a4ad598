package main

import (
	"context"
	"fmt"

	"github.com/electricimp/impt/sdk"
	"github.com/electricimp/impt/sdk/document"
)

// configFile is another file that the configuration names.
type configFile struct{ noun, path string }

// left is what lies in the working directory.
type left struct {
	directories   []directory
	files, absent []configFile
}

func findLeft(ctx context.Context, c *sdk.Call, o document.Object) (left, error) {
	var l left
	for _, d := range []directory{cache, debug} {
		there, err := c.StatFile(ctx, d.path)
		if err != nil {
			return l, err
		}
		if there.Exists {
			l.directories = append(l.directories, d)
		}
	}
	for _, f := range []struct {
		wanted    bool
		noun, key string
	}{
		{withGithub.Of(c) || all.Of(c), githubNoun, "githubConfig"},
		{withBuilder.Of(c) || all.Of(c), builderNoun, "builderConfig"},
	} {
		path := o.Text(f.key)
		if !f.wanted || path == "" {
			continue
		}
		there, err := exists(ctx, c, path)
		if err != nil {
			return l, err
		}
		if there {
			l.files = append(l.files, configFile{f.noun, path})
		} else {
			l.absent = append(l.absent, configFile{f.noun, path})
		}
	}
	return l, nil
}

// lines are what the user reads before the question.
func (l left) lines() []string {
	var lines []string
	for _, d := range l.directories {
		lines = append(lines, fmt.Sprintf("%s will be deleted.", d))
	}
	for _, f := range l.files {
		lines = append(lines, fmt.Sprintf("%s File %s will be deleted.", f.noun, f.path))
	}
	lines = append(lines, noun+" File in the current directory will be deleted.")
	for _, f := range l.absent {
		lines = append(lines, missing(f.noun, f.path))
	}
	return lines
}

// deletions are how it is announced what remove does.
func (l left) deletions() []string {
	var all []string
	for _, d := range l.directories {
		all = append(all, deletion(d))
	}
	for _, f := range l.files {
		all = append(all, deletion(f.noun))
	}
	return append(all, deletion(noun))
}

func (l left) remove(ctx context.Context, c *sdk.Call) error {
	for _, d := range l.directories {
		if err := d.remove(ctx, c); err != nil {
			return err
		}
	}
	for _, f := range l.files {
		if err := c.DeleteFile(ctx, f.path); err != nil {
			return err
		}
		if err := c.Did(ctx, deletion(f.noun), "%s is deleted successfully.", f.noun); err != nil {
			return err
		}
	}
	if err := c.DeleteConfig(ctx); err != nil {
		return err
	}
	return c.Did(ctx, deletion(noun), "%s is deleted successfully.", noun)
}

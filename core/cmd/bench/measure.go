package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// program is one of those that are timed.
type program struct {
	name, path, dir string
	env             []string
}

// sample is what one run took: by the clock, and of the processor, plugins
// included.
type sample struct{ wall, cpu time.Duration }

// environment is ours without what would make a difference: logins, plugins
// and caches of whoever measures, and the variables that are named.
func environment(home string, without ...string) []string {
	var env []string
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		if !strings.HasPrefix(name, "IMPT_") && !strings.HasPrefix(name, "XDG_") && !slices.Contains(without, name) &&
			!strings.HasSuffix(strings.ToLower(name), "_proxy") &&
			name != "HOME" && name != "USERPROFILE" && name != "LocalAppData" {
			env = append(env, v)
		}
	}
	return append(env, "HOME="+home, "USERPROFILE="+home, "LocalAppData="+home)
}

// time runs the program once.
func (p *program) time(ctx context.Context, args []string) (sample, error) {
	var output strings.Builder
	cmd := exec.CommandContext(ctx, p.path, args...)
	cmd.Dir, cmd.Env = p.dir, p.env
	cmd.Stdout, cmd.Stderr = &output, &output
	begin := time.Now()
	err := cmd.Run()
	took := time.Since(begin)
	if err != nil {
		return sample{}, fmt.Errorf("%s %s: %w\n%s", p.name, strings.Join(args, " "), err, output.String())
	}
	return sample{took, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}, nil
}

// warmUps are runs that do not count: caches fill.
const warmUps = 2

// interleaved runs the programs in turn, so that what else the machine does
// hits them alike, and returns each one's samples.
func interleaved(ctx context.Context, programs []*program, command []string, runs int) ([][]sample, error) {
	samples := make([][]sample, len(programs))
	for i := range warmUps + runs {
		for k, p := range programs {
			s, err := p.time(ctx, command)
			if err != nil {
				return nil, err
			}
			if i >= warmUps {
				samples[k] = append(samples[k], s)
			}
		}
	}
	return samples, nil
}

// median is the sample of both medians.
func median(samples []sample) sample {
	return sample{
		wall: middle(samples, func(s sample) time.Duration { return s.wall }),
		cpu:  middle(samples, func(s sample) time.Duration { return s.cpu }),
	}
}

func middle(samples []sample, of func(sample) time.Duration) time.Duration {
	all := make([]time.Duration, len(samples))
	for i, s := range samples {
		all[i] = of(s)
	}
	slices.Sort(all)
	if n := len(all); n%2 == 0 {
		return (all[n/2-1] + all[n/2]) / 2
	}
	return all[len(all)/2]
}

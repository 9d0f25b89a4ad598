// Package plugin finds the plugins, knows what they declare, and starts and
// stops them.
//
// A plugin is a file impt-plugin-<group> in one of three places: the folder
// of bundled plugins, the user's, and those of IMPT_PLUGIN_PATH. Load returns
// all of them with their manifests, which come from an index in the cache
// directory: no process is started unless a file has changed.
//
//	index, err := plugin.Load(ctx, plugin.Config{…})
//	p, ok := index.Find(ctx, "device")
//	manifest, err := p.Manifest()     // err is p.Fault: why it cannot be used
//
// Start starts one plugin to run one command. The process has an empty
// environment, a session of its own, and a pipe from us as its standard input
// whose end tells it that we are gone. What it may ask of us, the service
// Host, lies on a socket in a directory that is made for the run, behind a
// token that is good for the run.
//
//	process, err := plugin.Start(ctx, p, plugin.StartOptions{Host: host, …})
//	defer process.Close()             // stops it on every path, whatever it does
//	err = process.Run(ctx, request)
//
// A plugin that does not come with the host is closed in: enclosure says what it
// can reach by itself, and watch ends it when it does too much, or nothing.
//
// Harden keeps plugins out of our memory; the program calls it first.
//
// Whatever a plugin does wrong becomes a *fault.Fault of one sentence, with
// its last words in the cause.
package plugin

// Package plugintest runs the transcripts of a command group: the real impt
// starts the real plugin, which talks to a simulated impCentral.
//
//	func TestMain(m *testing.M)    { plugintest.Main(m, group) }
//	func TestScripts(t *testing.T) { plugintest.Scripts(t, "testdata") }
//
// Every *.txtar file of testdata is a transcript in the language of
// [testscript], and each command has one of its name:
//
//	# An assigned Device is moved after a confirmation.
//	sim fleet.json
//	exec impt device assign -d meter-7 -g Kitchen -q
//	cmp stdout moved.txt
//	requests GET:/devices/meter-7 GET:/devices GET:/devicegroups/Kitchen GET:/devicegroups POST:/devicegroups/*/relationships/devices
//
//	-- fleet.json --
//	…
//	-- moved.txt --
//	Device "meter-7" is assigned successfully to Device Group "Kitchen".
//	IMPT COMMAND SUCCEEDS
//
// With IMPT_UPDATE=1 the files that cmp compares with are rewritten.
//
// # The world of a transcript
//
// A transcript runs in a directory of its own, $WORK, with an empty home
// directory, $HOME, and no other program than impt on its PATH. It has no
// controlling terminal but the one that tty makes. What it sends to any address
// arrives at its simulator: output can name $ENDPOINT, http://impcentral.test/v5,
// which is the same in every run, and so are ids, tokens and times; the
// simulator's clock stands still in the year 2040. What devices log later in a
// session (the seed's scripts say so, see package sim) comes at once, with the
// time that it would have had.
//
// A transcript fails when a plugin had to be described: the host must know it
// from its index, which is filled before. One that is about new plugins sets
// XDG_CACHE_HOME (on Windows LocalAppData) to a directory of its own.
//
// # Commands
//
// Beside those of testscript there are seven:
//
//	sim [-no-login] [-as ACCOUNT] [-rate-limit N] [-page-size N] [-keep-zombies] SEED
//
// starts a simulator with the entities of the seed (see package sim) and writes
// $HOME/.impt.auth, as if its first account had logged in with a password. A
// rate limit is per second, and lets the clock go. A second sim replaces the
// first.
//
//	requests [METHOD:/path[?filter=value[&…]][ BODY] …]
//
// compares the requests that arrived since the last check, in their order;
// those between { and } may arrive in any, and ... is whatever is left. In a path
// or value, * stands for anything but a slash. Of the query, filters are written by their bare names,
// page=N from the second page on, and size=N if it isn't 100. A body is JSON
// text in the same, quoted argument; without one, bodies are not compared.
//
//	fail [-after] METHOD /path NTH STATUS [FILE]
//	fail [-after] METHOD /path NTH drop
//
// lets the NTH matching request from now on fail: with an error of that status,
// with the content of the file, or without an answer. NTH+ is that one and all
// after it, a METHOD of * is any. -after carries the request out nevertheless.
//
//	[!] tty [[TEXT=>]ANSWER …] -- PROGRAM ARGUMENT … [&]
//
// runs the program on a terminal of 80 columns. Each answer is typed, with Enter,
// when the program asks with "Enter …: ", or when TEXT has appeared; ^C, ^D and ^M
// are those keys alone, and TEXT=> types nothing. All that the terminal shows is
// standard output afterwards, with escape characters as ^[. With & the program
// goes on while the transcript does.
//
//	[!] interrupt [-not] [TEXT]
//
// presses Ctrl-C on the terminal of tty … & when TEXT has appeared, and waits
// for the program's end. With -not it only waits.
//
//	emit [-type TYPE] DEVICE TEXT
//	emit -close | -drop
//
// logs a line of a device as soon as a log stream has it, closes the log
// streams, or cuts their connections. TYPE is server.log if not given.
//
//	steady
//
// replaces what differs in every run in the last standard output: the times of
// a report's lines, and the names of test sessions.
//
// tty and interrupt need a pseudo-terminal, without which (on Windows) the
// transcript is skipped; the condition [tty] tells.
//
// # Which impt
//
// The one that $IMPT names, with the plugins that it comes with. Without $IMPT,
// impt and its own plugins are built from the module that the tests are built
// with, once for all packages. Race builds of a test build a race build, and
// with GOCOVERDIR what host and plugins cover goes there.
//
// [testscript]: https://pkg.go.dev/github.com/rogpeppe/go-internal/testscript
package plugintest

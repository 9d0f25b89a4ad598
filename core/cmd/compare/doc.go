// Command compare runs command lines through impt and through the peer, the
// Node.js program 2.6.1, and compares everything that can be seen of a run:
//
//	go run ./core/cmd/compare -impt build/bin/impt -peer PROGRAM [-run TEXT] [-v]
//
// Each case is one command line. Either program runs it in a fresh working
// directory and a fresh home, against a simulated impCentral of its own with
// the same content. Compared are standard output, standard error, the exit
// code, the files, the requests (impt may read less than the peer, never more,
// and writes the same) and what is left in impCentral. Of help only the layout
// is compared: the wording is our own.
//
// # Cases
//
// The cases are in cases/*.txt, and what impCentral has in cases/*.json. A line
// is
//
//	# a comment
//	[title]       the begin of a section
//	: SETTING     for all cases of the section; before the first one: of the file
//	product list  a case, as typed after "impt"; quotes and \ as in a shell
//	    SETTING   indented: for the case above
//
// In all texts @product:NAME, @dg:NAME, @device:NAME, @mac:NAME, @agent:NAME,
// @build:TAG, @sha:TAG, @hook:NAME and @account:NAME stand for ids of the
// fixture, @endpoint for the API's address, @home and @work for directories.
//
// Settings:
//
//	fixture NAME             cases/NAME.json
//	login KIND               the global auth file: password, key, temp, expired or none
//	local KIND               the same, in the working directory
//	project DG [DEVICE-FILE AGENT-FILE]
//	file PATH TEXT           in the working directory; @home/NAME: in the home; TEXT may be a Go string
//	folder PATH
//	env NAME=VALUE
//	modes MODE…              repeats the case with -z MODE; "text" adds nothing
//	terminal [in|COLUMNS]    has a terminal; "in": but standard output is a pipe
//	answer PROMPT => REPLY   types REPLY when PROMPT is shown; ^C interrupts
//	expire, revoke           the access tokens; all tokens
//	fault METHOD PATH ACT    see parseFault
//	log DEVICE TYPE TEXT     once the devices are streamed: logs a line
//	close, cut, interrupt    ends the stream, its connection, or presses Ctrl-C
//	seen TEXT                waits until TEXT was printed
//	any-order                lines may come in any order, as they do in the peer
//
// Where impt does something else on purpose, the case says so:
//
//	differs ENTRY            the entry of docs/differences.md; needed for those below
//	like ARGUMENTS           does what the peer does for these
//	like-without env|folder|terminal|fault
//	                         does what the peer does without that setting
//	error TEXT               fails with TEXT, in each mode's form
//	syntax TEXT              shows help and the error TEXT
//	out LINE, err LINE       prints these lines
//	exit CODE
//	state begin|any, files begin|any, requests any|none
//	                         what is not compared, or is as before the run
//
// # Sources
//
// After the cases, the sources in sdk/builder/testdata/compare are built, by
// impt's Builder language and by the Builder that lies beside the peer in
// node_modules, which node must be there for.
//
// # Unit tests
//
// Where the peer's sources lie, with its test framework in lib/impUnit, the unit
// tests that it tests its `test run` with are run by both, on devices of the
// simulator that run the code, and the verdicts compared. They are none of ours,
// and are not in this repository.
package main

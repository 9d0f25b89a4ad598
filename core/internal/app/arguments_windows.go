package app

import "os"

// arguments are those of this process.
func arguments() []string { return os.Args[1:] }

// conceal does nothing: what Windows shows others is beyond our reach.
func conceal(map[string]string) {}

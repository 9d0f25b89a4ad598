// Command impt is the command-line tool for the impCloud.
package main

import (
	"os"

	"github.com/electricimp/impt/core/internal/app"
)

func main() { os.Exit(app.Main(app.OS())) } //nolint:forbidigo // the one place

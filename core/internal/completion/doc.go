// Package completion speaks with shells: it has the scripts that make a shell
// ask impt what may stand at the cursor, reads their questions and writes the
// answers. What may stand there is for package cli to say.
package completion

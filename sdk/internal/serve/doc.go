// Package serve is the plugin's side of a process that lives for one call: it
// keeps the standard streams from the author, serves CommandGroup through
// go-plugin, dials Host meanwhile, and ends when the host lets go of it.
package serve

// Package source finds the sources that the Builder language includes: on
// GitHub, on a Bitbucket Server, in Azure Repos, in git repositories, behind
// URLs and in local files.
//
// What a reference may look like; the first form that fits is taken, letter
// case in the prefix does not matter, and no path has an at sign:
//
//	bitbucket-server:PROJECT/REPOSITORY/PATH[@REF]
//	git-azure-repos:ORGANISATION/PROJECT/REPOSITORY/PATH[@REF]
//	git-local:PATH[@REF]                   a file of a commit of a repository here
//	github:OWNER/REPOSITORY/PATH[@REF]     also github.com: and github.com/
//	git:URL#PATH[@REF]                     any git server, by the git command
//	http://HOST/PATH, https://HOST/PATH
//	anything else                          a local file
//
// The URL after git: is https, http, ssh, git or file, or of the form
// USER@HOST:PATH. Nothing but the beginning of a reference says what it is, so
// that a local path may contain "github" or ".git".
//
// Failures are faults whose sentence has no full stop, because the language
// appends where the source was included. No failure, cached file or lock holds
// a credential.
package source

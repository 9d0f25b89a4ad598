package impcentral

import (
	"crypto/x509"
	"os"
	"runtime"
)

// bundles are the places where systems keep all certificates in one file.
// Reading one takes a fraction of the time that the whole directory takes.
var bundles = []string{
	"/etc/ssl/certs/ca-certificates.crt",                // Debian, Arch, Gentoo
	"/etc/pki/tls/certs/ca-bundle.crt",                  // Fedora, RHEL 6
	"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // RHEL 7
	"/etc/ssl/ca-bundle.pem",                            // openSUSE
	"/etc/ssl/cert.pem",                                 // Alpine, FreeBSD
}

// firstRoots returns the certificates to try first, and whether these are all
// there are. nil stands for the system's own verification.
func firstRoots(cfg Config) (pool *x509.CertPool, whole bool) {
	if cfg.Roots != nil {
		return cfg.Roots, true
	}
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return allRoots(cfg), true
	}
	files := bundles
	if cfg.BundleFile != "" {
		files = []string{cfg.BundleFile}
	}
	pool = x509.NewCertPool()
	for _, f := range files {
		if addFile(pool, f) {
			addFiles(pool, cfg.RootFiles)
			return pool, false
		}
	}
	return allRoots(cfg), true
}

// TrustedRoots returns what the system trusts and the certificates in the
// files; nil if there are none.
func TrustedRoots(files []string) *x509.CertPool { return allRoots(Config{RootFiles: files}) }

// allRoots returns what the system trusts and what the user added.
func allRoots(cfg Config) *x509.CertPool {
	if len(cfg.RootFiles) == 0 {
		return nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	addFiles(pool, cfg.RootFiles)
	return pool
}

func addFiles(pool *x509.CertPool, files []string) {
	for _, f := range files {
		addFile(pool, f)
	}
}

func addFile(pool *x509.CertPool, file string) bool {
	text, err := os.ReadFile(file)
	return err == nil && pool.AppendCertsFromPEM(text)
}

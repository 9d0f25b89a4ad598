package impcentral

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"
	"time"
	"unicode"

	"github.com/electricimp/impt/sdk/fault"
)

// failure is err as callers get it: the context's error when that ended the
// request, else a fault.
func (c *Client) failure(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("asking impCentral: %w", ctx.Err())
	case errors.Is(err, errTooLong):
		return fault.UnexpectedAnswer(err)
	}
	if timedOut(err) {
		return fault.AccessFailed(err)
	}
	return fault.RequestFailed(c.reason(err), err)
}

// timedOut also holds for connections that were reset before an answer, which
// users know under the same sentence.
func timedOut(err error) bool {
	if errors.Is(err, errStalled) || errors.Is(err, context.DeadlineExceeded) || isUnreachable(err) {
		return true
	}
	if n, ok := errors.AsType[net.Error](err); ok && n.Timeout() {
		return true
	}
	b, ok := errors.AsType[*broken](err)
	return isReset(err) && (!ok || b.phase != reading)
}

// reason says in the peer's words why there is no answer.
func (c *Client) reason(err error) string {
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "proxyconnect" && c.origin.scheme == "https" {
		return "Error: tunneling socket could not be established, cause=" + cause(op.Err)
	}
	return "Error: " + cause(err)
}

func cause(err error) string {
	if b, ok := errors.AsType[*broken](err); ok && b.phase == reading {
		if lost(err) {
			return "aborted"
		}
	}
	if name, ok := errors.AsType[*net.DNSError](err); ok {
		if name.IsNotFound {
			return "getaddrinfo ENOTFOUND " + name.Name
		}
		return "getaddrinfo EAI_AGAIN " + name.Name
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && isRefused(err) {
		return "connect ECONNREFUSED" + address(op)
	}
	if cert, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return certificate(cert)
	}
	if tunnel, ok := errors.AsType[*tunnelError](err); ok {
		return tunnel.Error()
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return "the address does not answer in TLS"
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.EPIPE) {
		return "socket hang up"
	}
	if b, ok := errors.AsType[*broken](err); ok && b.phase == waiting {
		return "the answer is not HTTP"
	}
	return plain(err.Error())
}

// address is where a connection was refused: the innermost operation knows.
func address(op *net.OpError) string {
	if inner, ok := errors.AsType[*net.OpError](op.Err); ok {
		return address(inner)
	}
	if op.Addr == nil {
		return ""
	}
	return " " + op.Addr.String()
}

func certificate(err *tls.CertificateVerificationError) string {
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && invalid.Reason == x509.Expired {
		if invalid.Cert != nil && invalid.Cert.NotBefore.After(time.Now()) {
			return "certificate is not yet valid"
		}
		return "certificate has expired"
	}
	if host, ok := errors.AsType[x509.HostnameError](err); ok {
		return otherName(host)
	}
	if !unknownAuthority(err) {
		return plain(err.Err.Error())
	}
	chain := err.UnverifiedCertificates
	switch {
	case len(chain) == 0:
		return "unable to verify the first certificate"
	case selfSigned(chain[0]):
		return "self-signed certificate"
	case selfSigned(chain[len(chain)-1]):
		return "self-signed certificate in certificate chain"
	case len(chain) == 1:
		return "unable to verify the first certificate"
	default:
		return "unable to get local issuer certificate"
	}
}

func selfSigned(c *x509.Certificate) bool { return bytes.Equal(c.RawSubject, c.RawIssuer) }

func otherName(err x509.HostnameError) string {
	const start = "Hostname/IP does not match certificate's altnames: "
	if net.ParseIP(err.Host) != nil {
		ips := make([]string, len(err.Certificate.IPAddresses))
		for i, ip := range err.Certificate.IPAddresses {
			ips[i] = ip.String()
		}
		return start + fmt.Sprintf("IP: %s is not in the cert's list: %s", err.Host, strings.Join(ips, ", "))
	}
	var names []string
	for _, n := range err.Certificate.DNSNames {
		names = append(names, "DNS:"+n)
	}
	return start + fmt.Sprintf("Host: %s. is not in the cert's altnames: %s", err.Host, strings.Join(names, ", "))
}

// plain makes one short line of a text that may hold anything.
func plain(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, text)
	if runes := []rune(text); len(runes) > 200 {
		text = string(runes[:200])
	}
	return text
}

package settings

import (
	"net"
	"strconv"
	"strings"

	"deskwatch/core"
)

// maxHosts bounds the other names of this machine, maxHost one of them.
const (
	maxHosts = 50
	maxHost  = 253
)

func (c *checker) server(s core.ServerSettings) {
	c.oneOf("server.tls", string(s.TLS), string(core.TLSOff), string(core.TLSFiles), string(core.TLSGenerated))
	c.within("server.token_seconds", "The seconds a token is good for", s.TokenSeconds, 60, 86400)
	c.within("server.max_upload_mb", "The megabytes of one post", s.MaxUploadMB, 1, 1024)
	if host, ok := c.listenAddress(s.Address); ok && s.TLS == core.TLSOff && !s.InsecureHTTP && !loopback(host) {
		c.bad("server.tls", "Others can reach %s, so its connections have to be protected. Choose a certificate, or listen on 127.0.0.1.", s.Address)
	}
	if s.TLS == core.TLSFiles {
		c.file("server.cert_file", "certificate", s.CertFile)
		c.file("server.key_file", "key", s.KeyFile)
	}
	if len(s.Hosts) > maxHosts {
		c.bad("server.hosts", "There are %d names of this machine. Use at most %d.", len(s.Hosts), maxHosts)
		return
	}
	for _, h := range s.Hosts {
		if h == "" || !hostName(h) {
			c.bad("server.hosts", "%q is not the name of a machine. Write it as desk.company.com, without a protocol or a port.", h)
			return
		}
	}
}

// listenAddress checks host:port to listen on, and returns the host.
func (c *checker) listenAddress(address string) (host string, ok bool) {
	host, port, err := net.SplitHostPort(address)
	if n, wrong := strconv.Atoi(port); err != nil || wrong != nil || n < 1 || n > 65535 || !hostName(host) {
		c.bad("server.address", "%q is not an address to listen on. Write it as 127.0.0.1:8750.", address)
		return "", false
	}
	return host, true
}

// hostName reports whether h can be the name or the number of a machine; "" is every one of this.
func hostName(h string) bool {
	if net.ParseIP(h) != nil {
		return true
	}
	return len(h) <= maxHost && !strings.ContainsFunc(h, func(r rune) bool { return r <= ' ' || r == 0x7f || strings.ContainsRune(`/\@:"'<>[],;?#%*`, r) })
}

// loopback reports whether only this machine reaches host.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

func (c *checker) file(name, what, path string) {
	switch {
	case path == "":
		c.bad(name, "Choose the file of the %s, or let Deskwatch make a certificate.", what)
	case len(path) > maxPath || strings.ContainsFunc(path, control):
		c.bad(name, "The path of the %s has a line break in it or is too long. Choose the file again.", what)
	}
}

func (c *checker) signIn(s core.SignInSettings) {
	c.oneOf("sign_in.mode", string(s.Mode), string(core.SignInAuto), string(core.SignInAlways))
	c.within("sign_in.lock_minutes", "The minutes until the window locks itself", s.LockMinutes, 0, 1440)
}

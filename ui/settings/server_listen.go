package settings

import (
	"net"
	"net/netip"
	"strconv"
	"strings"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// Where the REST server listens when a person only says how far it reaches.
const (
	hostHere       = "127.0.0.1"
	hostEverywhere = "0.0.0.0"
)

// splitListen parts host and port of an address; a port that is not there is "".
func splitListen(address string) (host, port string) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return strings.Trim(address, "[]"), ""
	}
	return host, port
}

// reachesOthers reports whether other machines can come to an address.
func reachesOthers(address string) bool {
	host, _ := splitListen(address)
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return !strings.EqualFold(host, "localhost")
	}
	return !ip.Unmap().IsLoopback()
}

// protection is how the connections to the REST server are protected, as one choice.
type protection string

const (
	protectNot       protection = "off" // on this computer only
	protectGenerated protection = "generated"
	protectFiles     protection = "files"
	protectInsecure  protection = "insecure" // beyond this computer, and said in so many words
)

// protections are the choices there are.
func protections(others bool) []protection {
	if others {
		return []protection{protectGenerated, protectFiles, protectInsecure}
	}
	return []protection{protectNot, protectGenerated, protectFiles}
}

// protectionOf is the choice made in s; it may be none of those there are.
func protectionOf(s core.ServerSettings) protection {
	switch {
	case s.TLS == core.TLSGenerated:
		return protectGenerated
	case s.TLS == core.TLSFiles:
		return protectFiles
	case s.InsecureHTTP && reachesOthers(s.Address):
		return protectInsecure
	}
	return protectNot
}

// setReach lets other machines in, or not. Who lets them in gets a certificate without having to
// ask for one, and loses it again with them.
func (s *serverPresenter) setReach(others bool) {
	delete(s.typed, "server.port")
	set := &s.draft.Server
	if others == reachesOthers(set.Address) {
		return
	}
	_, port := splitListen(set.Address)
	if port == "" {
		_, port = splitListen(core.DefaultServerSettings().Address)
	}
	host := hostHere
	if others {
		host = hostEverywhere
	}
	set.Address = net.JoinHostPort(host, port)
	switch {
	case others && set.TLS == core.TLSOff && !set.InsecureHTTP:
		set.TLS, s.lent = core.TLSGenerated, true
	case !others && s.lent:
		set.TLS, s.lent = core.TLSOff, false
	}
	if !others {
		set.InsecureHTTP = false
	}
	s.presenter.view.showSettings(s.draft)
	s.tell()
}

// setPort takes the port as it is typed.
func (s *serverPresenter) setPort(text string) {
	s.edit("server.port", func(set *core.Settings) string {
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || n < 1 || n > 65535 {
			return kit.T("Write a number from 1 to 65535.")
		}
		host, _ := splitListen(set.Server.Address)
		set.Server.Address = net.JoinHostPort(host, strconv.Itoa(n))
		return ""
	})
	s.presenter.view.showSettings(s.draft)
}

// setAddress takes the whole address as it is typed.
func (s *serverPresenter) setAddress(text string) {
	delete(s.typed, "server.port")
	s.edit("server.address", func(set *core.Settings) string { set.Server.Address = strings.TrimSpace(text); return "" })
	s.presenter.view.showSettings(s.draft)
}

// setProtection takes the choice of a protection.
func (s *serverPresenter) setProtection(choice protection) {
	s.lent = false
	s.edit("server.tls", func(set *core.Settings) string {
		set.Server.TLS, set.Server.InsecureHTTP = core.TLSOff, choice == protectInsecure
		switch choice {
		case protectGenerated:
			set.Server.TLS = core.TLSGenerated
		case protectFiles:
			set.Server.TLS = core.TLSFiles
		}
		return ""
	})
}

// hostNames reads names with commas, blanks or lines between.
func hostNames(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(", ;\t\r\n", r) })
}

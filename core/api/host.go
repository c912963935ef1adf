package api

import (
	"net"
	"net/http"
	"net/url"
	"strings"

	"deskwatch/core"
)

// meant refuses, before anybody is asked who they are, what a page in somebody's browser was
// made to send: a request under a name this server does not have (a name of another's that was
// pointed here), and one from the page of another server. It answers no CORS question, so that
// no other page reads anything.
func (s *Server) meant(r *http.Request) error {
	if !s.knownHost(r.Host) {
		return newProblem(http.StatusMisdirectedRequest, core.CodeForbidden, "This server is not called by the name the request was sent to. Nothing was done. An admin can add the name to the hosts in Settings, REST server.")
	}
	for _, origin := range r.Header.Values("Origin") {
		if !sameOrigin(origin, r) {
			return newProblem(http.StatusForbidden, core.CodeForbidden, "A page of another server sent this request. Nothing was done.")
		}
	}
	return nil
}

// knownHost reports whether this server is called so: on the loopback interface, by the address
// it listens on, by the machine's name, or by one of the names in the settings.
func (s *Server) knownHost(hostport string) bool {
	host := strings.ToLower(strings.TrimSuffix(hostOnly(hostport), "."))
	if host == "" {
		return false
	}
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
		return true
	}
	set := s.Settings()
	listen := hostOnly(s.address(set))
	if strings.EqualFold(host, listen) || s.hostName != "" && strings.EqualFold(host, s.hostName) {
		return true
	}
	for _, name := range set.Hosts {
		if strings.EqualFold(host, strings.TrimSuffix(strings.TrimSpace(name), ".")) {
			return true
		}
	}
	// Listening on every address of the machine, it is called by any of them: an address cannot
	// be pointed elsewhere, as a name can.
	return net.ParseIP(host) != nil && isUnspecified(listen)
}

func isUnspecified(host string) bool {
	ip := net.ParseIP(host)
	return host == "" || ip != nil && ip.IsUnspecified()
}

// hostOnly takes the port and the brackets of an IPv6 address away.
func hostOnly(hostport string) string {
	if host, _, err := net.SplitHostPort(hostport); err == nil {
		return host
	}
	return strings.TrimSuffix(strings.TrimPrefix(hostport, "["), "]")
}

// sameOrigin reports whether a page of this very server sent r.
func sameOrigin(origin string, r *http.Request) bool {
	u, err := url.Parse(origin)
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return err == nil && strings.EqualFold(u.Host, r.Host) && u.Scheme == scheme
}

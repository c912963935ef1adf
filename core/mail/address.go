package mail

import (
	"fmt"
	"strings"
	"unicode"

	"deskwatch/core"
)

// mailbox is an address with the name people see.
type mailbox struct{ name, address string }

// parseMailbox reads "address" or "Name <address>". Quotes around the name are optional, so
// that a name with a comma or a dot can be typed as it is.
func parseMailbox(s string) (mailbox, error) {
	s = strings.TrimSpace(s)
	m := mailbox{address: s}
	if open := strings.LastIndexByte(s, '<'); open >= 0 && strings.HasSuffix(s, ">") {
		m.address = strings.TrimSpace(s[open+1 : len(s)-1])
		name := strings.TrimSpace(s[:open])
		if len(name) > 1 && name[0] == '"' && name[len(name)-1] == '"' {
			name = strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(name[1 : len(name)-1])
		}
		m.name = oneLine(name, 100)
	}
	return m, CheckAddress(m.address)
}

// CheckAddress says what is wrong with s as an e-mail address such as ana@shop.example, or
// returns nil. It accepts what mail servers take without extensions: no quoted local parts,
// no address literals, ASCII only. A reserved domain is no error here, see IsReserved.
func CheckAddress(s string) error {
	bad := func(why string) error {
		return core.NewError(core.CodeInvalid, "mail.address", fmt.Sprintf("%q is not an e-mail address: %s.", clip(s, 80), why), nil)
	}
	if s == "" {
		return core.NewError(core.CodeInvalid, "mail.address", "The e-mail address is empty. Write it like ana@shop.example.", nil)
	}
	for _, r := range s {
		switch {
		case unicode.IsControl(r) || unicode.IsSpace(r):
			return bad("it contains a blank or a line break")
		case r > unicode.MaxASCII:
			return bad("it contains a letter that mail servers do not take, such as an accent; a domain with accents has a spelling that begins with xn--")
		}
	}
	local, domain, found := strings.Cut(s, "@")
	switch {
	case !found:
		return bad("it has no @")
	case strings.Contains(domain, "@"):
		return bad("it has more than one @")
	case local == "":
		return bad("nothing stands before the @")
	case domain == "":
		return bad("nothing stands after the @")
	case len(local) > 64 || len(s) > 254:
		return bad("it is too long")
	case strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") || strings.Contains(local, ".."):
		return bad("a dot stands at an edge or next to another one")
	}
	for _, r := range local {
		// The characters of an atom, RFC 5322 section 3.2.3, and the dot between atoms.
		if !isAlphanumeric(r) && !strings.ContainsRune(".!#$%&'*+-/=?^_`{|}~", r) {
			return bad(fmt.Sprintf("%q cannot stand before the @", r))
		}
	}
	if !strings.Contains(domain, ".") && !strings.EqualFold(domain, "localhost") {
		return bad("its domain has no ending such as .com")
	}
	for _, label := range strings.Split(domain, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return bad("its domain is not a name on the internet")
		}
		for _, r := range label {
			if !isAlphanumeric(r) && r != '-' {
				return bad(fmt.Sprintf("%q cannot stand in a domain", r))
			}
		}
	}
	return nil
}

func isAlphanumeric(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

// IsReserved reports whether addr lies in a domain set aside for examples and tests, which
// nobody owns (RFC 2606 and RFC 6761): example.com, .net and .org with their subdomains, and
// everything under .test, .example, .invalid and .localhost.
func IsReserved(addr string) bool {
	domain := strings.ToLower(addr[strings.LastIndexByte(addr, '@')+1:])
	labels := strings.Split(strings.TrimSuffix(strings.TrimSuffix(domain, ">"), "."), ".")
	switch last := labels[len(labels)-1]; last {
	case "test", "example", "invalid", "localhost":
		return true
	case "com", "net", "org":
		return len(labels) > 1 && labels[len(labels)-2] == "example"
	}
	return false
}

// oneLine makes text safe to stand in a header or a log line: control characters and line
// breaks become blanks, runs of blanks become one, and it is at most n characters long.
func oneLine(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.IsSpace(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return clip(strings.Join(strings.Fields(s), " "), n)
}

func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

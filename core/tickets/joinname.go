package tickets

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// legalForms are words that say what kind of company a name is, and not which. They are left
// out at the end of a name.
var legalForms = [...]string{
	"inc", "incorporated", "corp", "corporation", "co", "company", "llc", "llp", "lp", "plc", "ltd", "limited", "pty", "pvt",
	"gmbh", "ag", "kg", "ohg", "ug", "mbh", "ev", "se", "sa", "sl", "slu", "sau", "sas", "sasu", "sarl", "sc", "srl", "spa", "snc",
	"bv", "nv", "vof", "ab", "as", "asa", "oy", "oyj", "aps", "kft", "zrt", "sro", "doo", "sp", "zoo", "lda", "ltda", "eirl", "cv",
	"group", "holding", "holdings",
}

// noNames are words a form demands of somebody who has no name to give.
var noNames = [...]string{
	"unknown", "anonymous", "anonymo", "none", "na", "null", "nil", "test", "test user", "test customer", "customer", "client", "guest", "user",
	"admin", "administrator", "support", "info", "sales", "no name", "noname", "private", "various", "other", "cliente", "desconocido",
}

// PlainName is a customer's name as joining compares it: lower case, no accents, no punctuation,
// no legal form at its end. It is "" for a name that names nobody, or is a number.
func PlainName(name string) string {
	words := plainWords(name)
	for len(words) > 1 {
		cut := legalTail(words)
		if cut == 0 {
			break
		}
		words = words[:len(words)-cut]
	}
	plain := strings.Join(words, " ")
	if slices.Contains(noNames[:], plain) || strings.IndexFunc(plain, unicode.IsLetter) < 0 {
		return ""
	}
	return plain
}

// legalTail is how many of the last words make one legal form: one, or the letters of one that
// was written with stops or blanks, as "S. L." or "s a r l"; 0 for none.
func legalTail(words []string) int {
	last := words[len(words)-1]
	if slices.Contains(legalForms[:], last) || last == "and" { // "& Co."
		return 1
	}
	letters := 0
	for letters < min(4, len(words)-1) && len(words[len(words)-1-letters]) == 1 {
		letters++
	}
	for n := letters; n >= 2; n-- {
		if slices.Contains(legalForms[:], strings.Join(words[len(words)-n:], "")) {
			return n
		}
	}
	return 0
}

// plainWords splits a name into words of lower-case letters and digits. A full stop or an
// apostrophe inside a word is left out ("S.L." is "sl", "O'Neil" is "oneil"), "&" is "and".
func plainWords(name string) (words []string) {
	var b strings.Builder
	flush := func() {
		if b.Len() > 0 {
			words = append(words, b.String())
			b.Reset()
		}
	}
	name = strings.ToLower(name)
	if !printable(name) {
		name = norm.NFKD.String(name)
	}
	for _, r := range name {
		switch {
		case unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) && (r < 0x300 || r > 0x36F):
			b.WriteRune(r)
		case r >= 0x300 && r <= 0x36F, r == '.', r == '\'', r == '’':
		case r == '&':
			flush()
			words = append(words, "and")
		default:
			flush()
		}
	}
	flush()
	return words
}

// plainID is an identity as joining compares it: lower case, without blanks.
func plainID(id string) string {
	if strings.IndexFunc(id, unicode.IsSpace) >= 0 {
		id = strings.Join(strings.Fields(id), "")
	}
	return strings.ToLower(id)
}

// plainEmail is an e-mail as joining compares it, and its domain; "" for a text that is none,
// and for mailboxes of machines, which many customers may have.
func plainEmail(email string) (whole, domain string) {
	whole = strings.ToLower(strings.TrimSpace(email))
	local, domain, ok := strings.Cut(whole, "@")
	if !ok || local == "" || !strings.Contains(domain, ".") || strings.ContainsAny(whole, " \t<>,;") || strings.Contains(domain, "@") {
		return "", ""
	}
	switch fold(local) {
	case "noreply", "donotreply", "mailerdaemon", "postmaster", "none", "nobody", "unknown":
		return "", ""
	}
	return whole, domain
}

// freeMail are the mail providers whose domain says nothing about a customer. A domain with a
// country behind it (yahoo.co.uk) is known by its first word.
var freeMail = [...]string{
	"gmail", "googlemail", "yahoo", "ymail", "rocketmail", "hotmail", "outlook", "live", "msn", "aol", "icloud", "me", "mac",
	"gmx", "web", "t-online", "freenet", "mail", "inbox", "list", "bk", "yandex", "ya", "rambler", "qq", "163", "126", "sina", "sohu", "foxmail",
	"protonmail", "proton", "pm", "tutanota", "tuta", "zoho", "fastmail", "hushmail", "mailbox", "posteo",
	"comcast", "verizon", "att", "sbcglobal", "bellsouth", "cox", "charter", "earthlink", "btinternet", "sky", "virginmedia", "talktalk", "ntlworld",
	"orange", "wanadoo", "free", "laposte", "sfr", "libero", "virgilio", "tiscali", "alice", "tin", "terra", "telefonica", "movistar",
	"uol", "bol", "ig", "globo", "naver", "hanmail", "daum", "rediffmail", "seznam", "centrum", "wp", "onet", "o2", "interia",
	"mailinator", "guerrillamail", "example",
}

// sharedDomain reports whether a domain belongs to a mail provider, and not to a customer.
func sharedDomain(domain string) bool {
	first, _, _ := strings.Cut(domain, ".")
	return slices.Contains(freeMail[:], first)
}

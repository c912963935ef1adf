package settings

import (
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// serverStanding is how the REST server is doing, in one sentence. elsewhere: another process
// watches, and runs it.
func serverStanding(st core.ServerState, on, elsewhere bool, now time.Time) outcome {
	switch {
	case st.Running:
		o := outcome{kit.T("Running since %s.", kit.When(st.Since, now)), kit.ToneGood}
		if st.Problem != "" {
			o = outcome{o.Text + " " + st.Problem, kit.ToneWarn}
		}
		return o
	case on && elsewhere:
		return outcome{kit.T("Not running in this window: it runs in the process that watches, which is another one on this data folder."), kit.ToneMuted}
	case st.Problem != "":
		return outcome{kit.T("Not running: %s", st.Problem), kit.ToneBad}
	case on:
		return outcome{kit.T("Switched on; it is starting."), kit.ToneMuted}
	}
	return outcome{kit.T("Switched off: nothing can connect to this desk."), kit.ToneMuted}
}

// protectionName is a choice of protection, for people.
func protectionName(p protection) string {
	switch p {
	case protectGenerated:
		return kit.T("A certificate that Deskwatch makes itself")
	case protectFiles:
		return kit.T("Certificate files of yours")
	case protectInsecure:
		return kit.T("None: passwords travel readable")
	}
	return kit.T("None: nothing leaves this computer")
}

// addressFor is the address to give to others: a server on every network of this computer calls
// itself localhost, which is another computer to them.
func addressFor(address string, set core.ServerSettings, computer string) string {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() != "localhost" || !reachesOthers(set.Address) {
		return address
	}
	if len(set.Hosts) > 0 {
		computer = set.Hosts[0]
	}
	if computer == "" {
		return address
	}
	u.Host = net.JoinHostPort(computer, u.Port())
	return u.String()
}

// collectCommand posts a file of cases to the server as a collector does.
func collectCommand(address, fingerprint string, own bool) string {
	if address == "" {
		address = "https://desk.company.com:8750"
	}
	command := "deskwatchd collect cases.json --token-stdin --to " + address
	if own && fingerprint != "" { // nobody's computer trusts it otherwise
		command += " --fingerprint " + fingerprint
	}
	return command
}

// parted gives a fingerprint blanks at which it can go on in the next line.
func parted(fingerprint string) string {
	const group = 8 * len("AB:")
	var out strings.Builder
	for len(fingerprint) > group {
		out.WriteString(fingerprint[:group] + " ")
		fingerprint = fingerprint[group:]
	}
	return out.String() + fingerprint
}

// uploadResult is how a post ended, in a word.
func uploadResult(u core.Upload) (string, kit.Tone) {
	switch {
	case u.Status >= 200 && u.Status < 300:
		return kit.T("accepted"), kit.ToneGood
	case u.Status == http.StatusServiceUnavailable || u.Status == http.StatusTooManyRequests:
		return kit.T("put off"), kit.ToneWarn
	}
	return kit.T("refused"), kit.ToneBad
}

// uploadHead says when, by whom and from where something was posted.
func uploadHead(u core.Upload, now time.Time) string {
	parts := []string{kit.When(u.At, now)}
	for _, part := range []string{u.User, u.Agent, u.Address} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(append(parts, kit.Bytes(u.Size)), " · ")
}

// uploadText says what came of it.
func uploadText(u core.Upload) string {
	if u.Reason != "" {
		return u.Reason
	}
	return kit.T("%s read, %s new, %s changed.", kit.Number(u.Tickets), kit.Number(u.New), kit.Number(u.Changed))
}

// signers are those who can sign in.
type signers struct {
	Known         bool
	Count, Admins int
}

// signersAmong counts who can sign in at a window; a collector is a program.
func signersAmong(list []core.User) signers {
	n := signers{Known: true}
	for _, u := range list {
		if !u.Active || !u.HasPassword || u.Role == core.RoleCollector {
			continue
		}
		n.Count++
		if u.Role == core.RoleAdmin {
			n.Admins++
		}
	}
	return n
}

// seatStanding says what is in force at this window now.
func seatStanding(s core.Seat, n signers) outcome {
	switch {
	case s.Required:
		text := kit.T("Whoever opens this window has to sign in.")
		if s.Title != "" {
			text += " " + kit.T("Signed in now: %s.", s.Title)
		}
		if s.LockAfter > 0 {
			return outcome{text + " " + kit.T("It locks itself when nobody used it for %s.", kit.Span(s.LockAfter)), kit.ToneGood}
		}
		return outcome{text + " " + kit.T("It never locks by itself."), kit.ToneWarn}
	case n.Known && n.Count == 0:
		return outcome{kit.T("Nobody is asked to sign in: no user has a password yet. Whoever opens this window may do everything."), kit.ToneWarn}
	case n.Known && n.Count == 1:
		return outcome{kit.T("Nobody is asked to sign in: only one user has a password. Whoever opens this window may do everything."), kit.ToneMuted}
	}
	return outcome{kit.T("Nobody is asked to sign in. Whoever opens this window may do everything."), kit.ToneMuted}
}

// lockedOut says why a sign-in that is always wanted would lock out those who change the
// settings; "" when it would not, or is wanted already.
func lockedOut(draft, saved core.SignInSettings, n signers) string {
	if draft.Mode != core.SignInAlways || saved.Mode == core.SignInAlways || !n.Known || n.Admins > 0 {
		return ""
	}
	return kit.T("No admin can sign in yet. Give a user with the role Admin a password in the Users tab first.")
}

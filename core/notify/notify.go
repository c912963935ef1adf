// Package notify shows desktop notifications that do something when they are clicked. On
// desktops that follow freedesktop.org it speaks org.freedesktop.Notifications over the session
// bus (https://specifications.freedesktop.org/notification-spec/latest/); elsewhere it says
// that it cannot, and the window falls back to the toolkit's own.
package notify

import (
	"strings"
	"unicode"

	"deskwatch/core"
)

// Options describe who notifies.
type Options struct {
	Icon    string // a file's path, or a name of the icon theme; "" for none
	Address string // of the message bus; "" for the session's
}

const (
	appName  = "Deskwatch"
	maxTitle = 120 // characters
	maxText  = 600
)

func unavailable(cause error) error {
	return core.NewError(core.CodeUnavailable, "notify.show", "This desktop shows no notifications from Deskwatch at the moment. The news is in the window.", cause)
}

// tidy makes text fit to be shown: valid, without control characters but for line breaks, and
// at most n characters long.
func tidy(text string, n int, breaks bool) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case r == '\n' && breaks, unicode.IsPrint(r):
			return r
		case unicode.IsSpace(r):
			return ' '
		}
		return -1
	}, strings.ToValidUTF8(text, ""))
	if runes := []rune(clean); len(runes) > n {
		return string(runes[:n-1]) + "…"
	}
	return clean
}

package app

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"deskwatch/core"
	"deskwatch/core/mail"
)

// Bounds of what a user can be given.
const (
	maxUserName    = 100 // characters
	maxUserList    = 100
	maxQuietFrames = 50
)

// CheckUser says what is wrong with a user and a password as typed, by field; it only computes.
// An empty password is not checked.
func (a *App) CheckUser(u core.User, password core.Secret) []core.SettingProblem {
	u = tidyUser(u)
	problems := checkUser(u)
	if !password.IsZero() {
		if problem := a.auth.CheckPassword(u, password); problem != "" {
			problems = append(problems, core.SettingProblem{Name: "password", Message: problem})
		}
	}
	return problems
}

// tidyUser removes blanks around and repetitions among what was typed. No list is nil. A name is
// in the normal form C, so that it is the same whichever keyboard wrote it.
func tidyUser(u core.User) core.User {
	u.Name, u.Email, u.DisplayName = norm.NFC.String(strings.TrimSpace(u.Name)), strings.TrimSpace(u.Email), strings.TrimSpace(u.DisplayName)
	u.Products, u.OwnerNames = tidyList(u.Products), tidyList(u.OwnerNames)
	u.Role = cmp.Or(u.Role, core.RoleEngineer)
	if u.Quiet == nil {
		u.Quiet = []core.QuietFrame{}
	}
	return u
}

func tidyList(list []string) []string {
	tidy := make([]string, 0, len(list))
	for _, s := range list {
		s = strings.TrimSpace(s)
		if s != "" && !slices.ContainsFunc(tidy, func(t string) bool { return strings.EqualFold(s, t) }) {
			tidy = append(tidy, s)
		}
	}
	return tidy
}

// checkUser says what is wrong with a user, by field, for people.
func checkUser(u core.User) []core.SettingProblem {
	var problems []core.SettingProblem
	bad := func(field, message string) {
		if message != "" {
			problems = append(problems, core.SettingProblem{Name: field, Message: message})
		}
	}
	bad("name", checkUserName(u.Name))
	switch {
	case utf8.RuneCountInString(u.DisplayName) > maxUserName:
		bad("display_name", fmt.Sprintf("The display name is too long. Use at most %d characters.", maxUserName))
	case hasControl(u.DisplayName):
		bad("display_name", "The display name has a line break or another control character in it. Remove it.")
	}
	if u.Email != "" {
		if err := mail.CheckAddress(u.Email); err != nil {
			bad("email", core.ErrorMessage(err))
		}
	} else if u.Mail {
		bad("email", "Give an e-mail address, or do not tell this person by mail.")
	}
	if !slices.Contains(core.Roles(), u.Role) {
		bad("role", fmt.Sprintf("%q is not a role. Use admin, lead, engineer or collector.", u.Role))
	}
	bad("products", checkUserList("products", u.Products))
	bad("owners", checkUserList("owner names", u.OwnerNames))
	bad("quiet", checkQuiet(u.Quiet))
	return problems
}

func checkUserName(name string) string {
	switch {
	case name == "":
		return "Give the user a name."
	case utf8.RuneCountInString(name) > maxUserName:
		return fmt.Sprintf("The name is too long. Use at most %d characters.", maxUserName)
	case hasControl(name):
		return "The name has a line break or another control character in it. Remove it."
	case strings.Contains(name, ":"):
		return "The name has a colon in it, which programs that sign in cannot send. Remove it."
	}
	return ""
}

func checkUserList(what string, list []string) string {
	if len(list) > maxUserList {
		return fmt.Sprintf("There are %d %s. Use at most %d.", len(list), what, maxUserList)
	}
	for _, s := range list {
		if utf8.RuneCountInString(s) > 2*maxUserName || hasControl(s) {
			return fmt.Sprintf("One of the %s is longer than %d characters or has a control character in it. Correct it.", what, 2*maxUserName)
		}
	}
	return ""
}

func checkQuiet(frames []core.QuietFrame) string {
	if len(frames) > maxQuietFrames {
		return fmt.Sprintf("There are %d quiet hours. Use at most %d.", len(frames), maxQuietFrames)
	}
	const day = 24 * 60
	for _, f := range frames {
		if f.Day < time.Sunday || f.Day > time.Saturday || f.From < 0 || f.From >= day || f.To < 0 || f.To > day || f.From == f.To {
			return "One of the quiet hours does not begin and end at two times of a day. Write it like 18:00 to 08:00."
		}
	}
	return ""
}

// hasControl reports whether s could break a line or a header, or is not text at all.
func hasControl(s string) bool {
	return !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' })
}

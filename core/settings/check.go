package settings

import (
	"fmt"
	"net/mail"
	"regexp"
	"slices"
	"strings"

	"deskwatch/core"
)

// Bounds of the lists a person can grow.
const (
	maxPatterns      = 50
	maxPatternLength = 1000
	maxStatuses      = 1000
)

// Check lists what is wrong with s, by dotted name; nil when all of it can be used.
func Check(s core.Settings) []core.SettingProblem {
	c := checker{}
	c.oneOf("general.theme", s.General.Theme, "system", "light", "dark")
	c.oneOf("general.log_level", s.General.LogLevel, "debug", "info", "warn", "error")
	c.mail(s.Mail)
	c.orders(s.Orders)
	c.orderBook(s.OrderBook)
	c.within("alerts.send_seconds", "The seconds between two looks at the outbox", s.Alerts.SendSeconds, 5, 3600)
	c.clock(s.Clock)
	c.notify(s.Notify)
	c.predict(s.Predict)
	c.server(s.Server)
	c.signIn(s.SignIn)
	return c.problems
}

type checker struct{ problems []core.SettingProblem }

func (c *checker) bad(name, format string, args ...any) {
	c.problems = append(c.problems, core.SettingProblem{Name: name, Message: fmt.Sprintf(format, args...)})
}

func (c *checker) oneOf(name, value string, allowed ...string) {
	if !slices.Contains(allowed, value) {
		c.bad(name, "%q is not a choice. Use one of: %s.", value, strings.Join(allowed, ", "))
	}
}

func (c *checker) within(name, what string, n, low, high int) {
	if n < low || n > high {
		c.bad(name, "%s must be between %d and %d; %d is not.", what, low, high, n)
	}
}

func (c *checker) mail(m core.MailSettings) {
	c.oneOf("mail.language", m.Language, "en", "es")
	c.oneOf("mail.mode", string(m.Mode), string(core.MailSandbox), string(core.MailSMTP))
	c.oneOf("mail.tls", string(m.TLS), string(core.TLSStartTLS), string(core.TLSImplicit), string(core.TLSNone))
	c.within("mail.port", "The port", m.Port, 1, 65535)
	c.within("mail.timeout_seconds", "The seconds one try may take", m.TimeoutSeconds, 5, 300)
	switch {
	case m.Host == "" && m.Mode == core.MailSMTP:
		c.bad("mail.host", "Name the mail server, such as smtp.company.com, or choose the sandbox.")
	case len(m.Host) > 253 || strings.ContainsFunc(m.Host, func(r rune) bool { return r <= ' ' || strings.ContainsRune("/@\"'<>", r) }):
		c.bad("mail.host", "%q is not the name of a server. Write it as smtp.company.com, without a protocol or a user.", m.Host)
	}
	if strings.ContainsFunc(m.User, control) {
		c.bad("mail.user", "The user has a line break or another control character in it. Remove it.")
	}
	if _, err := mail.ParseAddress(m.From); err != nil {
		c.bad("mail.from", "%q is not a mail address. Write it as name@company.com or Name <name@company.com>.", m.From)
	}
}

func (c *checker) orders(o core.OrderSettings) {
	if len(o.CustomerPatterns) == 0 {
		c.bad("orders.customer_patterns", "Give at least one pattern, or no customer is ever recognised.")
	}
	if len(o.CustomerPatterns) > maxPatterns {
		c.bad("orders.customer_patterns", "There are %d patterns. Use at most %d.", len(o.CustomerPatterns), maxPatterns)
	}
	for _, p := range o.CustomerPatterns[:min(len(o.CustomerPatterns), maxPatterns)] {
		if strings.TrimSpace(p) == "" || len(p) > maxPatternLength {
			c.bad("orders.customer_patterns", "A pattern is empty or longer than %d characters. Remove or shorten it.", maxPatternLength)
		} else if _, err := regexp.Compile(p); err != nil {
			c.bad("orders.customer_patterns", "%q is not a regular expression. Check its brackets and backslashes.", p)
		}
	}
	if len(o.Statuses) > maxStatuses {
		c.bad("orders.statuses", "There are %d assigned spellings. Use at most %d.", len(o.Statuses), maxStatuses)
	}
	for raw, status := range o.Statuses {
		if strings.TrimSpace(raw) == "" || !slices.Contains(core.Statuses(), status) {
			c.bad("orders.statuses", "An assigned spelling is empty or has no status. Remove it or choose its status.")
			break
		}
	}
}

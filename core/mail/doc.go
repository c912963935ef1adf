// Package mail carries messages: Sandbox keeps them inside Deskwatch, SMTP hands them to a
// server. Both write the same RFC 5322 bytes and answer with a core.SendReport in words.
// It also writes the alert mail from the templates in assets/mail.
//
// go-mail composes every message. The conversation with the server is net/smtp's Client and
// not go-mail's Dialer, for three reasons: the Dialer reads the server's greeting before it
// sets a deadline, and the only way around that is a package-level variable of the library;
// it drops the server's last reply ("250 2.0.0 OK: queued as 1234"), which is what a person
// who sends a test mail wants to read; and it does not tell at which command a try ended,
// which decides whether a message may have arrived.
package mail

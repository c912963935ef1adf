package assets

import "embed"

// MailTemplates holds the mails under "mail/": alert.txt.tmpl and alert.html.tmpl are the
// layouts of an alert, ticket.txt.tmpl and ticket.html.tmpl of news of tickets, and
// words.LANG.tmpl the sentences of one language, used by all layouts.
//
//go:embed mail/*.tmpl
var MailTemplates embed.FS

package assets

import "embed"

// MailTemplates holds the alert mail under "mail/": alert.txt.tmpl and alert.html.tmpl are the
// layouts, words.LANG.tmpl the sentences of one language, used by both layouts.
//
//go:embed mail/*.tmpl
var MailTemplates embed.FS

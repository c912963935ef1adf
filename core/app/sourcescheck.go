package app

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"deskwatch/core"
	"deskwatch/core/source"
)

// longestMinutes is a day.
const longestMinutes = 1440

// isAsked reports whether a source is asked by itself, again and again.
func isAsked(s core.Source) bool {
	return s.Enabled && s.Minutes > 0 && (s.Kind == core.SourceSalesforce || s.Kind == core.SourceDesk)
}

// asksOtherwise reports whether tickets that are known already would look different now.
func asksOtherwise(old, s core.Source) bool {
	old.Enabled, old.Minutes, old.URL = s.Enabled, s.Minutes, s.URL
	return !reflect.DeepEqual(old, s)
}

// checkedSource returns s as it is kept, without what its kind does not use, or says what is
// wrong with it.
func checkedSource(s core.Source) (core.Source, error) {
	if s.Name = strings.TrimSpace(s.Name); s.Name == "" || s.Name == fileSource {
		return s, core.NewError(core.CodeInvalid, "app.source", fmt.Sprintf("A source needs a name of its own, other than %q.", fileSource), nil)
	}
	if err := checkTicketRequest(&core.TicketImportRequest{Source: s.Name}); err != nil {
		return s, err
	}
	if s.Minutes < 0 || s.Minutes > longestMinutes {
		return s, core.NewError(core.CodeInvalid, "app.source", "A source can be asked every 1 to 1440 minutes, or 0 for only when told.", nil)
	}
	if _, err := ticketDictionary(s.Mapping, s.Mapping.DateFormat); err != nil {
		return s, err
	}
	if err := checkTicketURL(s.URL); err != nil {
		return s, err
	}
	kept := core.Source{Name: s.Name, Kind: s.Kind, Enabled: s.Enabled, Minutes: s.Minutes, Full: s.Full, Mapping: s.Mapping, URL: strings.TrimSpace(s.URL)}
	switch s.Kind {
	case core.SourceFolder:
		kept.Folder, kept.Minutes = filepath.Clean(strings.TrimSpace(s.Folder)), 0
		if strings.TrimSpace(s.Folder) == "" || !filepath.IsAbs(kept.Folder) {
			return s, core.NewError(core.CodeInvalid, "app.source", "Choose the folder to watch, with its whole path.", nil)
		}
		if info, err := os.Stat(kept.Folder); err == nil && !info.IsDir() { // one that is not there yet is waited for
			return s, core.NewError(core.CodeInvalid, "app.source", fmt.Sprintf("%q is a file. Choose the folder it is in.", filepath.Base(kept.Folder)), nil)
		}
	case core.SourceSalesforce:
		kept.Address, kept.Grant, kept.ClientID, kept.Query = strings.TrimSpace(s.Address), s.Grant, strings.TrimSpace(s.ClientID), strings.TrimSpace(s.Query)
		if kept.Grant == "" {
			kept.Grant = core.GrantClient
		}
		if kept.Grant == core.GrantPassword {
			kept.User = strings.TrimSpace(s.User)
		}
		return kept, checkSalesforce(kept)
	case core.SourceDesk:
		kept.Address, kept.User = strings.TrimSpace(s.Address), strings.TrimSpace(s.User)
		if kept.User == "" {
			return s, core.NewError(core.CodeInvalid, "app.source", "The other Deskwatch needs a user to sign in with.", nil)
		}
		var err error
		if kept.Fingerprint, err = source.CheckFingerprint(s.Fingerprint); err != nil {
			return s, err
		}
		kept.InsecureHTTP = s.InsecureHTTP
		return kept, source.CheckDesk(kept)
	case core.SourceCollector:
	default:
		return s, core.NewError(core.CodeInvalid, "app.source", fmt.Sprintf("%q is not a kind of source that can be set up. The kinds are folder, salesforce, desk and collector.", s.Kind), nil)
	}
	return kept, nil
}

func checkSalesforce(s core.Source) error {
	if err := source.CheckAddress(s.Address); err != nil {
		return err
	}
	switch {
	case s.Grant != core.GrantClient && s.Grant != core.GrantPassword:
		return core.NewError(core.CodeInvalid, "app.source", "Salesforce is signed in to by client_credentials or by password.", nil)
	case s.ClientID == "":
		return core.NewError(core.CodeInvalid, "app.source", "Salesforce needs the consumer key of its connected app, as the client id.", nil)
	case s.Grant == core.GrantPassword && s.User == "":
		return core.NewError(core.CodeInvalid, "app.source", "A sign-in with a password needs a user.", nil)
	}
	return source.CheckSOQL(s.Query)
}

// checkTicketURL checks where a ticket is found in its source system.
func checkTicketURL(text string) error {
	if text = strings.TrimSpace(text); text == "" {
		return nil
	}
	u, err := url.Parse(strings.NewReplacer("{id}", "1", "{number}", "1").Replace(text))
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || !strings.Contains(text, "{id}") && !strings.Contains(text, "{number}") {
		return core.NewError(core.CodeInvalid, "app.source", fmt.Sprintf("%q is no address of a ticket. Write one such as https://acme.my.salesforce.com/{id}, with {id} or {number} in it.", text), nil)
	}
	return nil
}

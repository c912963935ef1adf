package settings

import (
	"strings"
	"time"

	"deskwatch/core"
	"deskwatch/ui/kit"
)

// sourceKindName is what a source is, for people.
func sourceKindName(k core.SourceKind) string {
	switch k {
	case core.SourceFolder:
		return kit.T("Watched folder")
	case core.SourceSalesforce:
		return kit.T("Salesforce")
	case core.SourceDesk:
		return kit.T("Another Deskwatch")
	case core.SourceCollector:
		return kit.T("Collector")
	}
	return kit.T("Imported files")
}

// sourcePlace says where a source is and how often it is asked.
func sourcePlace(s core.Source) string {
	parts := []string{sourceKindName(s.Kind)}
	switch {
	case s.Folder != "":
		parts = append(parts, s.Folder)
	case s.Address != "":
		parts = append(parts, s.Address)
	}
	if s.Kind == core.SourceSalesforce || s.Kind == core.SourceDesk {
		if s.Minutes == 0 {
			parts = append(parts, kit.T("only when told"))
		} else {
			parts = append(parts, kit.N("every %s minute", "every %s minutes", int64(s.Minutes)))
		}
	}
	return strings.Join(parts, " · ")
}

// sourceStanding is how a source is doing, in one sentence.
func sourceStanding(r core.SourceReport, now time.Time) outcome {
	st := r.State
	switch {
	case st.Running:
		return outcome{kit.T("Being read now…"), kit.ToneAccent}
	case st.LastError != "":
		return outcome{kit.T("Failed %s: %s", kit.When(st.LastRun, now), st.LastError), kit.ToneBad}
	}
	if o, live := deskStanding(r, now); live {
		return o
	}
	switch {
	case r.Kind == core.SourceFile:
		return outcome{kit.T("Not set up here: files were imported under this name."), kit.ToneMuted}
	case st.LastSuccess.IsZero() && r.Kind == core.SourceFolder:
		return outcome{kit.T("Nothing was dropped into the folder yet."), kit.ToneMuted}
	case st.LastSuccess.IsZero() && r.Kind == core.SourceCollector:
		return outcome{kit.T("Nothing was sent yet."), kit.ToneMuted}
	case st.LastSuccess.IsZero():
		return outcome{kit.T("Not asked yet."), kit.ToneMuted}
	}
	return outcome{kit.T("Went well %s: %s read, %s new, %s changed.", kit.When(st.LastSuccess, now),
		kit.Number(st.Counts.Tickets), kit.Number(st.Counts.New), kit.Number(st.Counts.Changed)), kit.ToneGood}
}

// sourceFacts is what else there is to say of a source.
func sourceFacts(r core.SourceReport, now time.Time) string {
	text := kit.N("%s ticket kept.", "%s tickets kept.", r.State.Tickets)
	switch {
	case r.Kind == core.SourceFile:
	case !r.Enabled:
		text += " " + kit.T("Switched off.")
	case !r.State.NextRun.IsZero() && r.State.NextRun.After(now):
		text += " " + kit.T("Next time %s.", kit.When(r.State.NextRun, now))
	}
	return text
}

package app

import (
	"context"
	"maps"
	"slices"
	"time"

	"deskwatch/core"
	"deskwatch/core/tabular"
	"deskwatch/core/tickets"
)

// inheritMapping fills in the mapping of the source the request names, where the request is
// silent. It returns the fields that came from there.
func (a *App) inheritMapping(ctx context.Context, req *core.TicketImportRequest) (inherited []core.Field, err error) {
	if req.Hints.DateFormat != "" {
		req.Mapping.DateFormat = req.Hints.DateFormat
	}
	sources, err := a.registry.Sources(ctx)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(sources, func(s core.Source) bool { return s.Name == req.Source })
	if at < 0 {
		return nil, nil
	}
	known, asked := sources[at].Mapping, req.Mapping
	for field := range known.Fields {
		if _, ok := asked.Fields[field]; !ok {
			inherited = append(inherited, field)
		}
	}
	req.Mapping = core.TicketMapping{
		Fields: overlay(known.Fields, asked.Fields), Statuses: overlay(known.Statuses, asked.Statuses), Priorities: overlay(known.Priorities, asked.Priorities),
		DateFormat: asked.DateFormat, Zone: asked.Zone,
	}
	if req.Mapping.DateFormat == "" {
		req.Mapping.DateFormat = known.DateFormat
	}
	if req.Mapping.Zone == "" {
		req.Mapping.Zone = known.Zone
	}
	return inherited, nil
}

// overlay is under with over on top.
func overlay[K comparable, V any](under, over map[K]V) map[K]V {
	m := make(map[K]V, len(under)+len(over))
	maps.Copy(m, under)
	maps.Copy(m, over)
	return m
}

// ticketDictionary reads the fields of a source. dateFormat "" is that of programs: years in
// front, and seconds since 1970.
func ticketDictionary(m core.TicketMapping, dateFormat string) (*tickets.Dictionary, error) {
	words, err := tickets.NewDictionary(m, time.Local)
	if err != nil {
		return nil, err
	}
	zone, err := tickets.Zone(m, time.Local)
	if err != nil {
		return nil, err
	}
	if dateFormat == "" {
		dateFormat = tabular.FormatISO
	}
	read, err := tabular.TimeReader(dateFormat, zone)
	if err != nil {
		return nil, err
	}
	words.ReadTimes(read)
	return words, nil
}

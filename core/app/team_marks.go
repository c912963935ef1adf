package app

import (
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"time"

	"deskwatch/core"
	"deskwatch/core/source"
)

// marksUnknown is what the log says when it cannot be known what was said on another desk.
const marksUnknown = "what was said on another desk is not known"

// marksWithin bounds how long the words of another desk are waited for. It is less than tellWithin:
// what a person says meanwhile waits for it.
const marksWithin = tellWithin / 2

// takeMarks brings what was said on another desk up to date here.
func (a *App) takeMarks(ctx context.Context, s core.Source) error {
	d, err := a.deskOf(ctx, s)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, marksWithin)
	defer cancel()
	d.marking.Lock()
	defer d.marking.Unlock()
	kept, err := a.keptMarks(ctx, s.Name)
	if err != nil {
		return err
	}
	known := d.tag
	if kept != d.kept {
		known = "" // this desk, or another process, changed them: they may be other than there
	}
	marks, tag, changed, err := d.Marks(ctx, known)
	if err != nil || !changed {
		return err
	}
	if err := a.keepMarks(ctx, s.Name, marks); err != nil {
		return err
	}
	d.tag = tag
	d.kept, err = a.keptMarks(ctx, s.Name)
	return err
}

// keptMarks is another text whenever the marks of a source's tickets and customers are others.
func (a *App) keptMarks(ctx context.Context, source string) (string, error) {
	attention, err := a.marks.Attention(ctx)
	if err != nil {
		return "", err
	}
	flags, err := a.marks.Flags(ctx)
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	for _, m := range attention {
		if m.Key.Source == source {
			fmt.Fprintf(sum, "%q %q %q %d %d %q\n", m.Key.ID, m.Kind, m.Comment, m.At.UnixMilli(), m.Until.UnixMilli(), m.By)
		}
	}
	for _, f := range flags {
		if f.Customer.Source == source {
			fmt.Fprintf(sum, "%q %t %q %d %d %q\n", f.Customer.ID, f.Tough, f.Note, f.At.UnixMilli(), f.Until.UnixMilli(), f.By)
		}
	}
	return string(sum.Sum(nil)), nil
}

// keepMarks makes what was said on another desk the only words kept of its tickets and customers.
func (a *App) keepMarks(ctx context.Context, source string, marks core.SharedMarks) error {
	if err := a.keepAttention(ctx, source, marks.Attention); err != nil {
		return err
	}
	if err := a.keepFlags(ctx, source, marks.Flags); err != nil {
		return err
	}
	if !a.index.Ready() {
		return nil // they are applied when the tickets are read
	}
	if err := a.marked(ctx); err != nil {
		return err
	}
	return a.flagsChanged(ctx)
}

func (a *App) keepAttention(ctx context.Context, source string, there []core.Attention) error {
	type mark struct {
		key  core.TicketKey
		kind core.AttentionKind
	}
	wanted := make(map[mark]bool, len(there))
	for _, m := range there {
		wanted[mark{m.Key, m.Kind}] = true
	}
	here, err := a.marks.Attention(ctx)
	if err != nil {
		return err
	}
	gone := map[core.AttentionKind][]core.TicketKey{}
	for _, m := range here {
		if m.Key.Source == source && !wanted[mark{m.Key, m.Kind}] {
			gone[m.Kind] = append(gone[m.Kind], m.Key)
		}
	}
	for kind, keys := range gone {
		if err := a.marks.DeleteAttention(ctx, kind, keys); err != nil {
			return err
		}
	}
	if len(there) == 0 {
		return nil
	}
	return a.marks.SaveAttention(ctx, there)
}

func (a *App) keepFlags(ctx context.Context, source string, there []core.ToughFlag) error {
	here, err := a.marks.Flags(ctx)
	if err != nil {
		return err
	}
	known := make(map[core.CustomerKey]core.ToughFlag, len(here))
	for _, f := range here {
		if f.Customer.Source == source {
			known[f.Customer] = f
		}
	}
	for _, f := range there {
		f.At, f.Until = f.At.UTC().Truncate(time.Millisecond), f.Until.UTC().Truncate(time.Millisecond) // as they are kept
		if known[f.Customer] != f {
			if err := a.marks.SaveFlag(ctx, f); err != nil {
				return err
			}
		}
		delete(known, f.Customer)
	}
	for customer := range known {
		if err := a.marks.DeleteFlag(ctx, customer); err != nil {
			return err
		}
	}
	return nil
}

// freshWithin bounds how long what was changed on another desk is waited for: it comes by its
// events, too.
const freshWithin = 5 * time.Second

// assignOnDesks gives tickets an owner where they are.
func (a *App) assignOnDesks(ctx context.Context, nos []uint32, owner string) error {
	keys, err := a.ticketKeys(ctx, nos)
	if err != nil {
		return err
	}
	var there []core.TicketKey
	err = a.onDesks(ctx, keys, func(ctx context.Context, d *teamDesk, keys []core.TicketKey) (int, error) {
		n, err := d.Assign(ctx, keys, owner)
		there = append(there, keys[:n]...)
		return n, err
	}, func(ctx context.Context, keys []core.TicketKey) error {
		if len(there) > 0 && keys[0].Source == there[len(there)-1].Source {
			return nil // of the other desk: it is fetched below
		}
		for part := range slices.Chunk(keys, keysAtOnce) {
			known, err := a.pool.Nos(ctx, part)
			if err != nil {
				return err
			}
			if err := a.assignHere(ctx, slices.Collect(maps.Values(known)), owner); err != nil {
				return err
			}
		}
		return nil
	})
	a.freshen(ctx, there)
	return err
}

// freshen fetches tickets of other desks that were changed there by this one.
func (a *App) freshen(ctx context.Context, keys []core.TicketKey) {
	desks, _, err := a.byDesk(ctx, keys)
	if err != nil {
		a.log.Warn("tickets that were changed on another desk are not fetched at once", "err", err)
	}
	ctx, cancel := context.WithTimeout(ctx, freshWithin)
	defer cancel()
	for _, of := range desks {
		named := map[core.TicketKey]bool{}
		for _, k := range of.keys {
			if there, ok := source.TicketThere(k); ok {
				named[there] = false
			}
		}
		if err := a.takeOwn(ctx, of.source, named); err != nil {
			a.log.Debug("tickets that were changed on another desk are not fetched at once", "source", of.source.Name, "err", err)
		}
	}
}

func (a *App) takeOwn(ctx context.Context, s core.Source, named map[core.TicketKey]bool) error {
	end, err := a.ownRun(ctx, s)
	if err != nil {
		return err
	}
	defer end()
	_, _, err = a.takeNamed(ctx, s, named)
	return err
}

// flagThere says a person's word on a customer where the customer is: f on another desk when it is
// one of its tickets, or takes it back there when f is nil. It does nothing for any other.
func (a *App) flagThere(ctx context.Context, customer core.CustomerKey, f *core.ToughFlag) error {
	desks, err := a.teamSources(ctx)
	if err != nil {
		return err
	}
	s, ok := desks[customer.Source]
	if !ok {
		return nil
	}
	d, err := a.deskOf(ctx, s)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, tellWithin)
	defer cancel()
	d.marking.Lock()
	defer d.marking.Unlock()
	if f == nil {
		return d.Unflag(ctx, customer)
	}
	return d.Flag(ctx, *f)
}

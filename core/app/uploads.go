package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"deskwatch/core"
	"deskwatch/core/api"
	"deskwatch/core/source"
	"deskwatch/core/store"
	"deskwatch/core/tickets"
)

const (
	// collectorSource is the source of what collectors post, but for those that have one of their
	// own name.
	collectorSource = "collector"
	// takePostWithin bounds how long a post waits for its turn and is taken.
	takePostWithin = 2 * time.Minute
	// toldRejects is how many records that cannot be read are told one by one.
	toldRejects = 20
)

// uploads is what goes on with posts in this process.
type uploads struct {
	queue uploadQueue
	last  lastPosted
	clear sync.Once
}

// PostTickets takes the tickets of a collector's post into the pool, all or nothing. What is
// accepted is the last posted document from then on; what is refused is kept aside.
func (a *App) PostTickets(ctx context.Context, p core.Post) (core.Upload, error) {
	if err := a.allow(ctx, core.PostTickets); err != nil {
		return core.Upload{}, err
	}
	ctx, end, err := a.begin(ctx)
	if err != nil {
		return core.Upload{}, err
	}
	defer end()
	user := a.actor(ctx).Name
	leave, err := a.uploads.queue.enter(user)
	if err != nil {
		a.log.Warn("too many posts at once", "address", p.Address)
		return core.Upload{}, err
	}
	defer leave()
	u := store.KeptUpload{Upload: core.Upload{At: a.now(), User: user, Address: p.Address}}
	doc, err := a.spoolPost(ctx, p)
	if err == nil {
		err = a.takePost(ctx, doc, &u)
	}
	u.Size = doc.size
	if err != nil {
		u.Status, u.Reason, u.SnapshotCounts = api.StatusOf(core.ErrorCode(err)), core.ErrorMessage(err), core.SnapshotCounts{}
		if u.Status != http.StatusServiceUnavailable {
			a.keepAside(doc, &u)
		}
	}
	doc.remove(a.log)
	a.noteUpload(context.WithoutCancel(ctx), &u, err)
	return u.Upload, err
}

// keepAside keeps a refused document for the admin.
func (a *App) keepAside(doc *spooledPost, u *store.KeptUpload) {
	var whole bool
	if u.Document, whole = a.keepRefused(doc, u.At); u.Document != "" && !whole {
		u.Reason += " Only its beginning is kept aside."
	}
	u.Kept = u.Document != ""
}

// takePost takes a document that arrived.
func (a *App) takePost(ctx context.Context, doc *spooledPost, u *store.KeptUpload) error {
	ctx, cancel := context.WithTimeout(ctx, takePostWithin)
	defer cancel()
	end, err := a.uploads.queue.turn(ctx)
	if err != nil {
		return err
	}
	defer end()
	s, err := a.openSourceOfPosts(ctx, u.User)
	if err != nil {
		return err
	}
	cases, taken, err := a.takeDocument(ctx, s, doc)
	u.Agent = cases.agent()
	if errors.Is(err, context.DeadlineExceeded) {
		err = &core.Error{Code: core.CodeBusy, Op: "app.post", Message: "The desk is taking other tickets, and it takes long. Nothing was kept. Send it again later.", Err: err, RetryAfter: time.Minute}
	}
	if err != nil {
		return err
	}
	// It is accepted, whatever becomes of the rest.
	u.Status, u.SnapshotCounts = http.StatusOK, taken.SnapshotCounts
	if err := a.becomeLast(doc, cases); err != nil {
		a.log.Error("the tickets of a post are kept, and the document is not: the one before it is still handed out", "err", err)
	}
	if err := a.noteCollector(ctx, s, taken); err != nil {
		a.log.Warn("when tickets last came from this source is not kept", "source", s.Name, "err", err)
	}
	return nil
}

// takeDocument takes the tickets of a document into the pool.
func (a *App) takeDocument(ctx context.Context, s core.Source, doc *spooledPost) (cases *postedCases, taken takenStream, err error) {
	file, err := os.Open(doc.path)
	if err != nil {
		return nil, taken, spoolPostFailed(err)
	}
	defer file.Close()
	stream, cases, err := a.openPosted(s, file)
	if err != nil {
		return nil, taken, err
	}
	defer func() { err = joinErrors(err, stream.Close()) }()
	refused := &core.RejectedRecords{}
	taken, err = a.takeStream(ctx, tickets.TakeStart{Source: s.Name, At: a.now(), Full: s.Full}, stream, takeOptions{
		Reject: func(r *source.Rejected) error {
			if refused.Count++; len(refused.First) < toldRejects {
				refused.First = append(refused.First, core.Reject{Line: r.Line, Column: r.Column, Reason: r.Reason})
			}
			return nil
		},
		Before: func() error {
			if refused.Count > 0 {
				return refusedRecords(refused)
			}
			return cases.finish(file)
		},
	}, nil)
	return cases, taken, err
}

// refusedRecords is the error of a post in which records cannot be read.
func refusedRecords(r *core.RejectedRecords) error {
	text := fmt.Sprintf("%d records cannot be read. Nothing was kept.", r.Count)
	if r.Count == 1 {
		text = "One record cannot be read. Nothing was kept."
	}
	for _, one := range r.First[:min(len(r.First), 3)] {
		where := fmt.Sprintf(" Record %d", one.Line)
		if one.Column != "" {
			where += ", " + one.Column
		}
		text += where + ": " + strings.TrimSuffix(one.Reason, ".") + "."
	}
	return core.NewError(core.CodeInvalid, "app.post", text, r)
}

// noteUpload writes down how a post ended.
func (a *App) noteUpload(ctx context.Context, u *store.KeptUpload, why error) {
	if why != nil {
		a.log.Warn("a post was refused", "user", u.User, "address", u.Address, "size", u.Size, "status", u.Status, "err", why)
	} else {
		a.log.Info("a post was taken", "user", u.User, "address", u.Address, "size", u.Size, "agent", u.Agent, "tickets", u.Tickets, "new", u.New, "changed", u.Changed)
	}
	kept, err := store.NewUploads(a.desk).Add(ctx, *u)
	if err != nil {
		a.log.Error("how a post ended is not kept", "err", err)
	}
	u.ID = kept.ID
	a.bus.Publish(core.ServerChanged{})
}

// Uploads lists what was posted, newest first, at most limit (1..1000).
func (a *App) Uploads(ctx context.Context, limit int) ([]core.Upload, error) {
	if err := a.allow(ctx, core.EditServer); err != nil {
		return nil, err
	}
	kept, err := store.NewUploads(a.desk).List(ctx, limit)
	if err != nil {
		return nil, err
	}
	aside, err := a.refusedFilesKept()
	if err != nil {
		return nil, err
	}
	there := map[string]bool{}
	for _, f := range aside {
		there[f.name] = true
	}
	list := make([]core.Upload, len(kept))
	for i, u := range kept {
		list[i] = u.Upload
		list[i].Kept = there[u.Document]
	}
	return list, nil
}

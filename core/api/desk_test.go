package api

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"deskwatch/core"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

// fakeDesk is a desk with one of everything. It asks nobody's permission: what it is asked for
// got past the server.
type fakeDesk struct {
	mu     sync.Mutex
	asked  []string // the operations, with what is worth knowing of their arguments
	actors []string // who asked
	events []core.TicketEvent
	bus    []chan core.Event

	marks    core.SharedMarks
	err      error
	onTicket func(ctx context.Context)
}

func (d *fakeDesk) ask(ctx context.Context, what string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	a, _ := core.ActorOf(ctx)
	d.asked, d.actors = append(d.asked, what), append(d.actors, a.Name)
	return d.err
}

func (d *fakeDesk) lastAsked() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.asked) == 0 {
		return ""
	}
	return d.asked[len(d.asked)-1]
}

func (d *fakeDesk) Subscribe(n int) (<-chan core.Event, func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := make(chan core.Event, n)
	d.bus = append(d.bus, c)
	return c, func() {}
}

func (d *fakeDesk) publish(e core.Event) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, c := range d.bus {
		c <- e
	}
}

func (d *fakeDesk) happen(events ...core.TicketEvent) {
	d.mu.Lock()
	d.events = append(d.events, events...)
	d.mu.Unlock()
}

func (d *fakeDesk) PoolReady() bool                 { return true }
func (d *fakeDesk) Ready(ctx context.Context) error { return d.ask(ctx, "Ready") }
func (d *fakeDesk) Figures(ctx context.Context) ([]core.Figure, error) {
	return []core.Figure{{Name: "tickets", Value: 6}, {Name: `outbox{state="queued"}`, Value: 2}}, d.ask(ctx, "Figures")
}
func (d *fakeDesk) DisplayName(ctx context.Context) (string, error) {
	return "Ana Ruiz", d.ask(ctx, "DisplayName")
}

func aTicket() core.TicketView {
	return core.TicketView{
		Ticket: core.Ticket{No: 7, Source: "salesforce", ID: "5001g000009TXIm", Number: "00001026", Subject: "Cluster does not start", Status: core.TicketNew, RawStatus: "New",
			Priority: core.PriorityHigh, RawPriority: "P2", Product: "spark", CustomerID: "0012", Customer: "Acme", Email: "ana@acme.example", Channel: "web", CreatedAt: noon.Add(-time.Hour), UpdatedAt: noon},
		Due: noon.Add(30 * time.Minute), Clock: core.ClockAmber, Tough: 64, IsTough: true, BadOrders: 3, Risk: 71, Satisfaction: 29, CustomerKey: aCustomer(),
	}
}

func aCustomer() core.CustomerKey { return core.CustomerKey{Source: "salesforce", ID: "0012"} }

func reasons() []core.NamedReason {
	return []core.NamedReason{{Reason: "bad_ratings", Text: "3 bad ratings, the last 4 days ago", Points: 24, Count: 3}}
}

func (d *fakeDesk) Overview(ctx context.Context) (core.Overview, error) {
	return core.Overview{At: noon, Tickets: 6, Open: 4, Red: 1, Due: []core.TicketView{aTicket()}, AtRisk: []core.AtRisk{{TicketView: aTicket(), Reasons: reasons()}}}, d.ask(ctx, "Overview")
}

func (d *fakeDesk) Tickets(ctx context.Context, q core.TicketQuery) (core.TicketPage, error) {
	if d.onTicket != nil {
		d.onTicket(ctx)
	}
	return core.TicketPage{Total: 1, Items: []core.TicketView{aTicket()}}, d.ask(ctx, "Tickets "+q.Text+" "+q.Sort+" "+itoa(q.Limit)+" "+q.After)
}

func (d *fakeDesk) FindTicket(ctx context.Context, text string) (uint32, error) {
	return 7, d.ask(ctx, "FindTicket "+text)
}

func (d *fakeDesk) TicketDetail(ctx context.Context, no uint32) (core.TicketDetail, error) {
	return core.TicketDetail{TicketView: aTicket(), Prediction: aPrediction(), Events: []core.TicketEvent{anEvent(41)}}, d.ask(ctx, "TicketDetail")
}

func anEvent(seq int64) core.TicketEvent {
	return core.TicketEvent{Seq: seq, At: noon, SeenAt: noon, No: 7, Source: "salesforce", TicketID: "5001g000009TXIm", Number: "00001026", Kind: core.TicketStatusEvent, From: "New", To: "Open"}
}

func (d *fakeDesk) TicketEvents(ctx context.Context, q core.TicketEventQuery) ([]core.TicketEvent, error) {
	d.mu.Lock()
	var list []core.TicketEvent
	for _, e := range d.events {
		if e.Seq > q.After && len(list) < q.Limit {
			list = append(list, e)
		}
	}
	d.mu.Unlock()
	return list, d.ask(ctx, "TicketEvents")
}

func (d *fakeDesk) LastTicketEvent(ctx context.Context) (int64, error) {
	d.mu.Lock()
	var last int64
	if n := len(d.events); n > 0 {
		last = d.events[n-1].Seq
	}
	d.mu.Unlock()
	return last, d.ask(ctx, "LastTicketEvent")
}

func (d *fakeDesk) MarkByKey(ctx context.Context, m core.MarkRequest) error {
	return d.ask(ctx, "MarkByKey "+string(m.Kind)+" "+m.Tickets[0].String()+" "+m.Comment)
}

func (d *fakeDesk) AssignByKey(ctx context.Context, keys []core.TicketKey, owner string) error {
	return d.ask(ctx, "AssignByKey "+keys[0].String()+" "+owner)
}

func (d *fakeDesk) SharedMarks(ctx context.Context) (core.SharedMarks, error) {
	d.mu.Lock()
	m := d.marks
	d.mu.Unlock()
	return m, d.ask(ctx, "SharedMarks")
}

func (d *fakeDesk) CustomerCards(ctx context.Context, q core.CardQuery) (core.CardPage, error) {
	return core.CardPage{Total: 1, Items: []core.CustomerSummary{{Key: aCustomer(), Name: "Acme", Email: "ana@acme.example", Tickets: 6, Open: 2, Tough: 64, IsTough: true, BadOrders: 3, OrderIDs: []string{"acme_17"}}}}, d.ask(ctx, "CustomerCards "+q.Text)
}

func (d *fakeDesk) CustomerCard(ctx context.Context, key core.CustomerKey) (core.CustomerCard, error) {
	return core.CustomerCard{Key: key, Name: "Acme", Tickets: 6, Open: 2, Tough: 64, IsTough: true, Reasons: reasons(), OrderIDs: []string{"acme_17"}}, d.ask(ctx, "CustomerCard "+key.String())
}

func (d *fakeDesk) SaveFlag(ctx context.Context, f core.ToughFlag) error {
	return d.ask(ctx, "SaveFlag "+f.Customer.String()+" "+f.Note)
}

func (d *fakeDesk) DeleteFlag(ctx context.Context, key core.CustomerKey) error {
	return d.ask(ctx, "DeleteFlag "+key.String())
}

func (d *fakeDesk) Orders(ctx context.Context, q core.OrderQuery) (core.OrderPage, error) {
	day, _ := core.NewDay(2026, 3, 2)
	return core.OrderPage{Total: 1, Orders: []core.Order{{OrderID: "100017", Customer: q.Customer, Day: day, Status: core.StatusCancelled, Amount: 647620, Lines: 2}}},
		d.ask(ctx, "Orders "+q.Customer+" "+q.From.String()+" "+q.To.String()+" "+q.Statuses.String())
}

func (d *fakeDesk) Clients(ctx context.Context, q core.ClientQuery) (core.ClientPage, error) {
	return core.ClientPage{Total: 1, Clients: []core.Client{{Customer: "acme_17", Name: "acme", Origin: core.OriginSeed, CreatedAt: noon, Orders: 12}}}, d.ask(ctx, "Clients "+q.Text)
}

func (d *fakeDesk) Breaches(ctx context.Context, q core.BreachQuery) ([]core.Breach, error) {
	return []core.Breach{{Customer: "acme_17", Name: "acme", Period: core.NewMonth(2026, 3), Count: 3, OrderIDs: []string{"100017", "100021", "100040"}}},
		d.ask(ctx, "Breaches "+q.Statuses.String()+" "+itoa(q.Threshold)+" "+itoa(q.Days)+" "+q.From.String())
}

func (d *fakeDesk) Rules(ctx context.Context) ([]core.Rule, error) {
	r := core.DefaultRule()
	r.ID, r.Threshold = 1, 5
	return []core.Rule{r}, d.ask(ctx, "Rules")
}

func (d *fakeDesk) Decisions(ctx context.Context, q core.DecisionQuery) ([]core.Decision, error) {
	return []core.Decision{{ID: 9, At: noon, RuleID: 1, RuleName: "Cancelled or returned", Customer: "acme_17", Period: core.NewMonth(2026, 3), Count: 3, Action: core.ActionSkip, Reason: core.ReasonAlreadyMailed}}, d.ask(ctx, "Decisions")
}

func aDelivery() core.Delivery {
	return core.Delivery{ID: 5, MessageID: "<5@desk.example>", RuleID: 1, Customer: "acme_17", Period: core.NewMonth(2026, 3), Count: 3, Recipient: "lead@desk.example", Subject: "acme: 3 orders", State: core.DeliverySent, Via: "sandbox", Attempts: 1, CreatedAt: noon, SentAt: noon}
}

func (d *fakeDesk) Deliveries(ctx context.Context, q core.DeliveryQuery) ([]core.Delivery, error) {
	return []core.Delivery{aDelivery()}, d.ask(ctx, "Deliveries "+string(q.State)+" "+q.Text)
}

func (d *fakeDesk) Delivery(ctx context.Context, id int64) (core.DeliveryDetail, error) {
	return core.DeliveryDetail{Delivery: aDelivery(), Message: core.Message{To: "lead@desk.example", Text: "acme: 3 orders", Date: noon}}, d.ask(ctx, "Delivery")
}

func aUser() core.User {
	return core.User{Person: core.Person{ID: 3, Name: "ana", Email: "ana@desk.example", Role: core.RoleEngineer, Products: []string{"spark"}, OwnerNames: []string{"Ana Ruiz"}, Quiet: []core.QuietFrame{}}, DisplayName: "Ana Ruiz", Active: true, HasPassword: true, Created: noon}
}

func (d *fakeDesk) Users(ctx context.Context) ([]core.User, error) {
	return []core.User{aUser()}, d.ask(ctx, "Users")
}

func (d *fakeDesk) SaveUser(ctx context.Context, u core.User, password *core.Secret) (core.User, error) {
	what := "SaveUser " + itoa(int(u.ID)) + " " + u.Name + " " + string(u.Role)
	if password != nil {
		what += " with the password " + password.Reveal()
	}
	return u, d.ask(ctx, what)
}

func (d *fakeDesk) DeleteUser(ctx context.Context, id int64) error { return d.ask(ctx, "DeleteUser") }

func aToken() core.Token {
	return core.Token{ID: 2, UserID: 4, UserName: "madrid", Name: "collector in Madrid", Start: "dw_x7K2", Scopes: []core.Scope{core.ScopeUpload}, Created: noon}
}

func (d *fakeDesk) Tokens(ctx context.Context) ([]core.Token, error) {
	return []core.Token{aToken()}, d.ask(ctx, "Tokens")
}

func (d *fakeDesk) CreateToken(ctx context.Context, t core.NewToken) (core.Token, core.Secret, error) {
	return aToken(), core.NewSecret("the-text-of-the-token"), d.ask(ctx, "CreateToken "+t.User)
}

func (d *fakeDesk) RevokeToken(ctx context.Context, id int64) error { return d.ask(ctx, "RevokeToken") }

func (d *fakeDesk) Sources(ctx context.Context) ([]core.SourceReport, error) {
	return []core.SourceReport{{Source: core.Source{Name: "salesforce", Kind: core.SourceSalesforce, Enabled: true, Minutes: 5, Address: "https://login.salesforce.com"}, State: core.SourceState{Name: "salesforce", LastRun: noon, Tickets: 6}}}, d.ask(ctx, "Sources")
}

func (d *fakeDesk) ReadLog(ctx context.Context, q core.LogQuery) ([]core.LogLine, error) {
	return []core.LogLine{{Seq: 12, Time: noon, Level: "INFO", Where: "app.(*App).Import:57", Text: "imported"}}, d.ask(ctx, "ReadLog "+q.MinLevel+" "+itoa(q.Limit))
}

func (d *fakeDesk) NamedSettings(ctx context.Context) (map[string]string, error) {
	return map[string]string{"mail.host": "mail.example.org", "mail.port": "587"}, d.ask(ctx, "NamedSettings")
}

func (d *fakeDesk) SetSettings(ctx context.Context, pairs []string) ([]string, error) {
	return nil, d.ask(ctx, "SetSettings "+strings.Join(pairs, " "))
}

// What the older routes and those of uploads ask for.

type readOnce struct{ *bytes.Reader }

func (readOnce) Close() error { return nil }

func aDocument() core.PostedDocument {
	text := []byte(`{"Agentname":"agent","Updatetime":"2026-03-14 12:00:00","Cases":[]}`)
	return core.PostedDocument{Content: readOnce{bytes.NewReader(text)}, Size: int64(len(text)), Tag: "abc123", At: noon, Name: "upload-1.json"}
}

func (d *fakeDesk) PostTickets(ctx context.Context, p core.Post) (core.Upload, error) {
	if _, err := io.Copy(io.Discard, p.Body); err != nil {
		return core.Upload{}, err
	}
	return core.Upload{Status: http.StatusOK}, d.ask(ctx, "PostTickets")
}

func (d *fakeDesk) LastPosted(ctx context.Context) (core.PostedDocument, error) {
	return aDocument(), d.ask(ctx, "LastPosted")
}

func (d *fakeDesk) PostedCases(ctx context.Context, product string, retain []string) (core.PostedDocument, error) {
	return aDocument(), d.ask(ctx, "PostedCases "+product)
}

func (d *fakeDesk) Uploads(ctx context.Context, limit int) ([]core.Upload, error) {
	return []core.Upload{{ID: 1, At: noon, User: "madrid", Address: "192.0.2.7", Size: 2048, Status: 400, Reason: "The case 3 has no id.", Kept: true}}, d.ask(ctx, "Uploads")
}

func (d *fakeDesk) UploadDocument(ctx context.Context, id int64) (core.PostedDocument, error) {
	return aDocument(), d.ask(ctx, "UploadDocument")
}

// fakeGuard knows everybody whose name is a role, by the password "right", and a token "token-"
// and the role. Others are turned away.
type fakeGuard struct {
	mu     sync.Mutex
	gone   map[string]bool // names nobody knows any more
	busy   bool
	scopes []core.Scope
}

func (g *fakeGuard) actor(name string) (core.Actor, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.busy {
		return core.Actor{}, &core.Error{Code: core.CodeBusy, Op: "test", Message: "Too many tries failed. Wait a little.", RetryAfter: 1500 * time.Millisecond}
	}
	for i, role := range core.Roles() {
		if string(role) == name && !g.gone[name] {
			return core.Actor{UserID: int64(i + 1), Name: name, Role: role, Scopes: g.scopes}, nil
		}
	}
	return core.Actor{}, core.NewError(core.CodeSignIn, "test", "Name and password do not belong together.", nil)
}

func (g *fakeGuard) forget(name string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.gone == nil {
		g.gone = map[string]bool{}
	}
	g.gone[name] = true
}

func (g *fakeGuard) Basic(_ context.Context, name string, password core.Secret, _ string) (core.Actor, error) {
	if strings.HasPrefix(name, "token-") {
		return g.actor(strings.TrimPrefix(name, "token-"))
	}
	if password.Reveal() != "right" {
		return g.actor("nobody")
	}
	return g.actor(name)
}

func (g *fakeGuard) Bearer(_ context.Context, token core.Secret, _ string) (core.Actor, error) {
	return g.actor(strings.TrimPrefix(token.Reveal(), "token-"))
}

func (g *fakeGuard) Issue(context.Context, core.Actor) (core.IssuedToken, error) {
	return core.IssuedToken{Token: core.NewSecret("signed.token.text"), Seconds: 600}, nil
}

func (g *fakeGuard) SignOut(context.Context, core.Actor) error { return nil }

// testServer is a server over fakes, and what it wrote into its log.
type testServer struct {
	*Server
	desk  *fakeDesk
	guard *fakeGuard
	log   *syncBuffer
	set   core.ServerSettings
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func newTestServer(t testing.TB) *testServer {
	t.Helper()
	ts := &testServer{desk: &fakeDesk{}, guard: &fakeGuard{}, log: &syncBuffer{}, set: core.DefaultServerSettings()}
	var err error
	ts.Server, err = New(Options{
		Desk: ts.desk, Guard: ts.guard, Now: func() time.Time { return noon }, Version: "1.2.3", Settings: func() core.ServerSettings { return ts.set },
		Log: slog.New(slog.NewTextHandler(ts.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := ts.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return ts
}

// ask sends a request as somebody, "" for nobody.
func (ts *testServer) ask(who, method, target, body string, change ...func(*http.Request)) *httptest.ResponseRecorder {
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	r := httptest.NewRequest(method, target, reader)
	r.Host = "127.0.0.1:8750"
	if who != "" {
		r.SetBasicAuth(who, "right")
	}
	for _, f := range change {
		f(r)
	}
	w := httptest.NewRecorder()
	ts.Handler().ServeHTTP(w, r)
	return w
}

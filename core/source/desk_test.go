package source

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"deskwatch/core"
)

// serveDesk answers as another Deskwatch would, page by page.
func serveDesk(t *testing.T, tickets []core.TicketView, perPage int) (src core.Source, asked *[]url.Values) {
	t.Helper()
	asked = &[]url.Values{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, password, _ := r.BasicAuth()
		if r.URL.Path != "/desk/api/v1/tickets" || user != "ana" || password != secretWord {
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprint(w, `{"error":"denied","message":"Wrong user or password."}`)
			return
		}
		*asked = append(*asked, r.URL.Query())
		from := 0
		fmt.Sscanf(r.URL.Query().Get("after"), "c%d", &from)
		to := min(from+perPage, len(tickets))
		page := core.TicketPage{Total: int64(len(tickets)), Items: tickets[from:to]}
		if to < len(tickets) {
			page.Next = fmt.Sprintf("c%d", to)
		}
		if err := json.NewEncoder(w).Encode(page); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(server.Close)
	return core.Source{Name: "madrid", Kind: core.SourceDesk, Address: server.URL + "/desk/", User: "ana"}, asked
}

func deskRemote(secret string) Remote {
	return Remote{Secret: core.NewSecret(secret), Now: func() time.Time { return noon }, Pause: time.Microsecond}
}

func TestAnotherDesksTicketsComeWhole(t *testing.T) {
	var tickets []core.TicketView
	for i := range 5 {
		tickets = append(tickets, core.TicketView{Ticket: core.Ticket{No: uint32(i + 1), Source: "salesforce", ID: fmt.Sprint(i), Number: "TS" + fmt.Sprint(i), Subject: "s",
			Status: core.TicketPending, RawStatus: "Waiting", Priority: core.PriorityUrgent, Customer: "Acme", Rating: 2, UpdatedAt: noon, Escalated: true}, Risk: 70})
	}
	src, asked := serveDesk(t, tickets, 2)
	s, err := OpenDesk(t.Context(), src, deskRemote(secretWord), noon)
	if err != nil {
		t.Fatal(err)
	}
	list, rejects := readAll(t, s)
	if len(list) != 5 || len(rejects) > 0 {
		t.Fatalf("%d tickets, %v", len(list), rejects)
	}
	want := tickets[4].Ticket
	want.No, want.Source, want.ID = 0, "madrid", "salesforce:4"
	if list[4] != want {
		t.Errorf("got %+v, want %+v", list[4], want)
	}
	if q := (*asked)[0]; q.Get("query") != "updated:>=2024-02-29" || q.Get("limit") != "1000" || q.Has("after") || (*asked)[2].Get("after") != "c4" {
		t.Errorf("asked %v", *asked)
	}
}

func TestWhatIsNoDeskIsTold(t *testing.T) {
	src, _ := serveDesk(t, nil, 1)
	s, err := OpenDesk(t.Context(), src, deskRemote("wrong"), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = end(s)
	wantFault(t, err, core.CodeDenied, "Wrong user or password.")
	for body, says := range map[string]string{`{"hello":1}`: "not a Deskwatch server", `<html>`: "sent no JSON"} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) }))
		src.Address = server.URL
		s, err := OpenDesk(t.Context(), src, deskRemote(secretWord), time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = end(s)
		wantFault(t, err, core.CodeInvalid, says)
		server.Close()
	}
}

func TestATicketOfANewerDeskCostsItselfOnly(t *testing.T) {
	p, err := openDeskPage([]byte(`{"items":[{"source":"a","id":"1","status":"frozen"},{"source":"a","id":""},{"source":"a","id":"2","status":"new"}],"next":""}`), "x")
	if err != nil {
		t.Fatal(err)
	}
	list, rejects := readAll(t, &pages{fetch: func(string) ([]byte, error) { return nil, nil }, open: func([]byte) (page, error) { return p, nil }})
	if len(list) != 1 || list[0].ID != "a:2" || len(rejects) != 2 || rejects[1].Line != 2 {
		t.Errorf("%v %v", list, rejects)
	}
}

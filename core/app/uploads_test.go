package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"deskwatch/core"
)

// posting is the context of a collector.
func posting(t testing.TB) context.Context {
	return core.WithActor(t.Context(), core.Actor{UserID: 7, Name: "madrid", Role: core.RoleCollector})
}

// post posts a document as a collector does.
func (d *desk) post(t testing.TB, text string) (core.Upload, error) {
	t.Helper()
	return d.PostTickets(posting(t), core.Post{Body: strings.NewReader(text), Length: -1, Address: "192.0.2.7"})
}

func (d *desk) mustPost(t testing.TB, text string) core.Upload {
	t.Helper()
	u, err := d.post(t, text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// read reads a document and closes it.
func read(t testing.TB, doc core.PostedDocument, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(doc.Content)
	if err := errors.Join(err, doc.Content.Close()); err != nil {
		t.Fatal(err)
	}
	if int64(len(text)) != doc.Size {
		t.Errorf("the document says it has %d bytes and has %d", doc.Size, len(text))
	}
	return string(text)
}

func posted(cases ...string) string {
	return `{"Agentname":"agent-1","Updatetime":"2023-07-03T08:00:00Z","Cases":[` + strings.Join(cases, " , ") + `]}`
}

const (
	sparkOne = `{"Id":"500A","CaseNumber":"0001","Subject":"Lost",  "Status":"New","Product__c":"Spark","OwnerId":"005X"}`
	sparkTwo = `{"Id":"500B","CaseNumber":"0002","Status":"New","Product__c":" spark ","Owner":{"Name":"Ana Sol","Id":"005Y"},"Retain_Id__c":"R-9"}`
	hiveOne  = `{"Id":"500C","CaseNumber":"0003","Status":"New","Product__c":"Hive"}`
)

func TestAPostIsTakenWholeAndHandedOutAsItCame(t *testing.T) {
	d := newDesk(t)
	if _, err := d.LastPosted(posting(t)); core.ErrorCode(err) != core.CodeNotFound {
		t.Errorf("before the first post: %v", err)
	}
	doc, err := d.PostedCases(posting(t), "Spark", nil)
	if got := read(t, doc, err); got != "[]" {
		t.Errorf("before the first post: %s", got)
	}
	text := posted(sparkOne, sparkTwo, hiveOne)
	u := d.mustPost(t, text)
	if u.Status != http.StatusOK || u.Agent != "agent-1" || u.User != "madrid" || u.Address != "192.0.2.7" || u.New != 3 || u.Size != int64(len(text)) || u.ID == 0 || u.Reason != "" {
		t.Errorf("%+v", u)
	}
	last, err := d.LastPosted(posting(t))
	sum := sha256.Sum256([]byte(text))
	if got := read(t, last, err); got != text || last.Tag != hex.EncodeToString(sum[:]) {
		t.Errorf("handed out %q with the tag %s", got, last.Tag)
	}
	reports, err := d.Sources(t.Context())
	if err != nil || len(reports) != 1 || reports[0].Name != "collector" || reports[0].Kind != core.SourceCollector || reports[0].State.Tickets != 3 || reports[0].State.LastSuccess.IsZero() {
		t.Errorf("%+v %v", reports, err)
	}
	// Another agent posts what the first one did, and one more: nothing is there twice.
	if u := d.mustPost(t, posted(sparkOne, `{"Id":"500D","Status":"New"}`)); u.New != 1 || u.Gone != 0 || u.Unchanged != 1 {
		t.Errorf("%+v", u)
	}
}

func TestTheDocumentSurvivesARestart(t *testing.T) {
	d := newDesk(t)
	text := "\uFEFF" + posted(sparkOne, sparkTwo, hiveOne)
	d.mustPost(t, text)
	before, err := d.LastPosted(posting(t))
	read(t, before, err)
	casesBefore, err := d.PostedCases(posting(t), "spark", nil)
	want := read(t, casesBefore, err)
	if want != "["+sparkOne+","+sparkTwo+"]" {
		t.Errorf("%s", want)
	}
	again := d.open(t)
	after, err := again.LastPosted(posting(t))
	if got := read(t, after, err); got != text || after.Tag != before.Tag || !after.At.Equal(before.At) {
		t.Errorf("after a restart: %q, tag %s, %v", got, after.Tag, after.At)
	}
	cases, err := again.PostedCases(posting(t), "spark", nil)
	if got := read(t, cases, err); got != want || cases.Tag != casesBefore.Tag {
		t.Errorf("after a restart: %s, tag %s", got, cases.Tag)
	}
}

func TestCasesAreFoundByProductAndNarrowedByWhatTheyCarry(t *testing.T) {
	d := newDesk(t)
	d.mustPost(t, posted(sparkOne, sparkTwo, hiveOne))
	for _, c := range []struct {
		product string
		retain  []string
		want    string
	}{
		{"Spark", nil, sparkOne + "," + sparkTwo},
		{" sPARK ", []string{"", "true", "1"}, sparkOne + "," + sparkTwo},
		{"Spark", []string{"500a"}, sparkOne},
		{"Spark", []string{"0002"}, sparkTwo},
		{"Spark", []string{"ana sol"}, sparkTwo},
		{"Spark", []string{"005Y", "nobody"}, sparkTwo},
		{"Spark", []string{"005X", "005Y"}, sparkOne + "," + sparkTwo},
		{"Spark", []string{" r-9 "}, sparkTwo},
		{"Spark", []string{"500C"}, sparkOne + "," + sparkTwo}, // of another product
		{"Hive", nil, hiveOne},
		{"Flink", nil, ""},
	} {
		doc, err := d.PostedCases(posting(t), c.product, c.retain)
		if got := read(t, doc, err); got != "["+c.want+"]" {
			t.Errorf("%q %q: %s", c.product, c.retain, got)
		}
	}
	// Other cases, another tag; the same, the same one.
	tag := func(retain ...string) string {
		doc, err := d.PostedCases(posting(t), "Spark", retain)
		read(t, doc, err)
		return doc.Tag
	}
	if tag() != tag("nobody") || tag("500A") == tag() || tag("500A") == tag("500B") || tag("500A") != tag("500a") {
		t.Error("tags do not tell what differs")
	}
	before := tag()
	d.mustPost(t, posted(sparkOne, sparkTwo))
	if tag() != before {
		t.Error("the same cases have another tag")
	}
	d.mustPost(t, posted(sparkTwo))
	if tag() == before {
		t.Error("other cases have the same tag")
	}
}

func TestGroupsAreHandedOutAsTheyWerePosted(t *testing.T) {
	d := newDesk(t)
	other := `{"Id":"9","Product__c":"Other"}`
	for name, text := range map[string]string{
		"an object": `{"Agentname":"a","Cases":{"Spark":[{"Id":"1"},` + other + `],"Hive":[{"Id":"2"}]}}`,
		"a list":    `{"Agentname":"a","Cases":[{"Product":"Spark","Cases":[{"Id":"1"},` + other + `]},{"Hive":[{"Id":"2"}]}]}`,
	} {
		d.mustPost(t, text)
		for product, want := range map[string]string{"spark": `[{"Id":"1"},` + other + `]`, "HIVE": `[{"Id":"2"}]`, "Other": "[]"} {
			doc, err := d.PostedCases(posting(t), product, nil)
			if got := read(t, doc, err); got != want {
				t.Errorf("%s, %s: %s", name, product, got)
			}
		}
	}
}

func TestCasesOfALargeDocumentComeFromItsFile(t *testing.T) {
	if testing.Short() {
		t.Skip("a document of 36 MB; not in the short run")
	}
	d := newDesk(t)
	filler := strings.Repeat("x", 900<<10)
	var cases []string
	for i := range 40 {
		cases = append(cases, fmt.Sprintf(`{"Id":"%d","Product__c":"P%d","Description":%q}`, i, i%2, filler))
	}
	text := posted(cases...)
	if len(text) <= casesInMemory {
		t.Fatal("the document is too small for this test")
	}
	d.mustPost(t, text)
	doc, err := d.PostedCases(posting(t), "P1", nil)
	var list []struct{ ID string }
	if err := json.Unmarshal([]byte(read(t, doc, err)), &list); err != nil || len(list) != 20 || list[19].ID != "39" {
		t.Errorf("%d cases: %v", len(list), err)
	}
	doc, err = d.PostedCases(posting(t), "P1", []string{"7"})
	if got := read(t, doc, err); got != "["+cases[7]+"]" {
		t.Errorf("%.80s", got)
	}
	if d.uploads.last.doc.cases.Load().products["p0"].whole != nil {
		t.Error("the cases of a large document are kept in memory")
	}
}

func TestAListOfCasesIsTheSameInAnyParts(t *testing.T) {
	text := "  {1}{22}{333} "
	list := newCaseList(strings.NewReader(text), []caseAt{{begin: 2, length: 3}, {begin: 5, length: 4}, {begin: 9, length: 5}})
	const want = "[{1},{22},{333}]"
	for size := 1; size <= len(want)+1; size++ {
		var got bytes.Buffer
		s := io.NewSectionReader(list, 0, list.size)
		if _, err := io.CopyBuffer(struct{ io.Writer }{&got}, struct{ io.Reader }{s}, make([]byte, size)); err != nil || got.String() != want {
			t.Errorf("in parts of %d: %s %v", size, &got, err)
		}
	}
}

func TestARefusedPostChangesNothingAndIsKeptAside(t *testing.T) {
	d := newDesk(t)
	good := posted(sparkOne)
	d.mustPost(t, good)
	for name, bad := range map[string]struct{ text, reason string }{
		"a record that is none": {posted(hiveOne, `{"Id":"x","CreatedDate":"yesterday"}`, `7`), "Record 2, CreatedDate"},
		"broken off":            {good[:len(good)-3], "breaks off"},
		"no JSON":               {"Id,Status\n1,New\n", "no JSON"},
		"nothing":               {"", "empty"},
		"no tickets":            {`{"colour":"blue"}`, "none of these is a field of a ticket"},
		"UTF-16":                {"\xFF\xFE{\x00}\x00", "UTF-16"},
	} {
		u, err := d.post(t, bad.text)
		if core.ErrorCode(err) != core.CodeInvalid || !strings.Contains(core.ErrorMessage(err), bad.reason) {
			t.Errorf("%s: %v", name, err)
		}
		if u.Status != http.StatusBadRequest || u.Reason == "" || u.Kept != (bad.text != "") {
			t.Errorf("%s: %+v", name, u)
		}
		var rejected *core.RejectedRecords
		if errors.As(err, &rejected) != (name == "a record that is none") || rejected != nil && (rejected.Count != 2 || rejected.First[0].Line != 2 || rejected.First[0].Column != "CreatedDate" || rejected.First[1].Line != 3) {
			t.Errorf("%s: %+v", name, rejected)
		}
		if u.Kept {
			doc, err := d.UploadDocument(t.Context(), u.ID)
			if got := read(t, doc, err); got != bad.text {
				t.Errorf("%s: kept aside is %q", name, got)
			}
		}
	}
	doc, err := d.LastPosted(posting(t))
	if got := read(t, doc, err); got != good {
		t.Errorf("a refused post replaced the good one: %q", got)
	}
	if page, err := d.Tickets(t.Context(), core.TicketQuery{}); err != nil || page.Total != 1 {
		t.Errorf("%d tickets, %v", page.Total, err)
	}
	list, err := d.Uploads(t.Context(), 10)
	if err != nil || len(list) != 7 || list[6].Status != http.StatusOK || list[6].New != 1 || list[0].Status != http.StatusBadRequest {
		t.Errorf("%+v %v", list, err)
	}
	path := filepath.Join(t.TempDir(), "refused.json")
	for _, u := range list {
		if !u.Kept {
			continue
		}
		if err := d.SaveUpload(t.Context(), u.ID, path); err != nil {
			t.Error(err)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	if left, _ := filepath.Glob(filepath.Join(d.dir, uploadsFolder, arrivingName)); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

func TestAPostThatBreaksOffIsKeptInPart(t *testing.T) {
	d := newDesk(t)
	body := io.MultiReader(strings.NewReader(`{"Cases":[`+sparkOne), failing{})
	u, err := d.PostTickets(posting(t), core.Post{Body: body, Length: 500})
	if core.ErrorCode(err) != core.CodeInvalid || !u.Kept || !strings.Contains(u.Reason, "Only its beginning") {
		t.Errorf("%+v %v", u, err)
	}
	doc, err := d.UploadDocument(t.Context(), u.ID)
	if got := read(t, doc, err); got != `{"Cases":[`+sparkOne || !strings.HasSuffix(doc.Name, partMark) {
		t.Errorf("%s: %q", doc.Name, got)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestAPostThatIsTooLargeIsRefused(t *testing.T) {
	d := newDesk(t)
	s := d.Settings()
	s.Server.MaxUploadMB = 1
	if err := d.SaveSettings(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	u, err := d.PostTickets(posting(t), core.Post{Body: failing{}, Length: 2 << 20})
	if core.ErrorCode(err) != core.CodeTooLarge || u.Kept || u.Status != http.StatusRequestEntityTooLarge {
		t.Errorf("announced: %+v %v", u, err)
	}
	for _, l := range d.logs.Lines(core.LogQuery{MinLevel: "error", Limit: 10}) {
		t.Errorf("nothing went wrong, and the log has %q", l.Text)
	}
	u, err = d.post(t, posted(`{"Id":"1","Subject":"`+strings.Repeat("x", 2<<20)))
	if core.ErrorCode(err) != core.CodeTooLarge || !u.Kept {
		t.Errorf("not announced: %+v %v", u, err)
	}
	if doc, err := d.UploadDocument(t.Context(), u.ID); err != nil || doc.Size != 1<<20+1 || doc.Content.Close() != nil {
		t.Errorf("%d bytes are kept aside, %v", doc.Size, err)
	}
}

func TestOnlyTheNewestRefusedPostsAreKept(t *testing.T) {
	d := newDesk(t)
	var first, last core.Upload
	for i := range refusedFiles + 2 {
		u, _ := d.post(t, fmt.Sprint("no JSON ", i))
		if i == 0 {
			first = u
		}
		last = u
		d.clock.advance(time.Second)
	}
	if files, err := d.refusedFilesKept(); err != nil || len(files) != refusedFiles {
		t.Errorf("%d files, %v", len(files), err)
	}
	if _, err := d.UploadDocument(t.Context(), first.ID); core.ErrorCode(err) != core.CodeNotFound {
		t.Errorf("the oldest: %v", err)
	}
	doc, err := d.UploadDocument(t.Context(), last.ID)
	if got := read(t, doc, err); got != fmt.Sprint("no JSON ", refusedFiles+1) {
		t.Errorf("the newest: %s", got)
	}
	list, err := d.Uploads(t.Context(), 1000)
	if err != nil || len(list) != refusedFiles+2 || list[len(list)-1].Kept || !list[0].Kept {
		t.Errorf("%d uploads, %v", len(list), err)
	}
}

func TestASourceOfTheCollectorsNameTakesItsPosts(t *testing.T) {
	d := newDesk(t)
	own := core.Source{Name: "Madrid", Kind: core.SourceCollector, Enabled: true, Full: true, Mapping: core.TicketMapping{Fields: map[core.Field]string{core.FieldProduct: "Line"}}}
	if err := d.SaveSource(t.Context(), own, nil, nil); err != nil {
		t.Fatal(err)
	}
	d.mustPost(t, posted(`{"Id":"1","Line":"Spark"}`, `{"Id":"2","Line":"Hive"}`))
	doc, err := d.PostedCases(posting(t), "Hive", nil)
	if got := read(t, doc, err); got != `[{"Id":"2","Line":"Hive"}]` {
		t.Errorf("the mapping is not used: %s", got)
	}
	if u := d.mustPost(t, posted(`{"Id":"1","Line":"Spark"}`)); u.Gone != 1 {
		t.Errorf("a full post: %+v", u)
	}
	again := d.open(t)
	if doc, err = again.PostedCases(posting(t), "Spark", nil); read(t, doc, err) == "[]" {
		t.Error("after a restart the mapping is not used")
	}
	own.Enabled = false
	if err := d.SaveSource(t.Context(), own, nil, nil); err != nil {
		t.Fatal(err)
	}
	if u, err := d.post(t, posted(sparkOne)); core.ErrorCode(err) != core.CodeForbidden || u.Status != http.StatusForbidden {
		t.Errorf("switched off: %+v %v", u, err)
	}
}

func TestPostsAtOnceAllEndWell(t *testing.T) {
	d := newDesk(t)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			if _, err := d.post(t, posted(fmt.Sprintf(`{"Id":"%d","Product__c":"Spark"}`, i))); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if page, err := d.Tickets(t.Context(), core.TicketQuery{}); err != nil || page.Total != 8 {
		t.Errorf("%d tickets, %v", page.Total, err)
	}
	// What is handed out is one of them whole, and its cases are its own.
	last, err := d.LastPosted(posting(t))
	text := read(t, last, err)
	cases, err := d.PostedCases(posting(t), "Spark", nil)
	if list := read(t, cases, err); !strings.Contains(text, `"Cases":`+list) {
		t.Errorf("%s and %s", text, list)
	}
}

func TestTooManyPostsAtOnceAreToComeAgain(t *testing.T) {
	d := newDesk(t)
	end, err := d.uploads.queue.turn(t.Context()) // one is being taken
	if err != nil {
		t.Fatal(err)
	}
	results := make(chan error, postsWaiting)
	for i := range postsWaiting {
		go func() {
			_, err := d.post(t, posted(fmt.Sprintf(`{"Id":"%d"}`, i)))
			results <- err
		}()
	}
	waiting := func() int {
		d.uploads.queue.mu.Lock()
		defer d.uploads.queue.mu.Unlock()
		return d.uploads.queue.waiting
	}
	for until := time.Now().Add(10 * time.Second); waiting() < postsWaiting; time.Sleep(time.Millisecond) {
		if time.Now().After(until) {
			t.Fatal("the posts do not wait")
		}
	}
	u, err := d.post(t, posted(`{"Id":"one too many"}`))
	var e *core.Error
	if !errors.As(err, &e) || e.Code != core.CodeBusy || e.RetryAfter <= 0 || u.Kept {
		t.Errorf("%+v %v", u, err)
	}
	end()
	for range postsWaiting {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
	if page, err := d.Tickets(t.Context(), core.TicketQuery{}); err != nil || page.Total != postsWaiting {
		t.Errorf("%d tickets, %v", page.Total, err)
	}
	leave := make([]func(), 0, postsAtOnce)
	for i := range postsAtOnce {
		l, err := d.uploads.queue.enter(strconv.Itoa(i))
		if err != nil {
			t.Fatal(err)
		}
		leave = append(leave, l)
	}
	if _, err := d.post(t, posted(sparkOne)); core.ErrorCode(err) != core.CodeBusy {
		t.Errorf("%v", err)
	}
	leave[0]()
	d.mustPost(t, posted(sparkOne))
}

func TestNobodyElsePostsOrReadsUploads(t *testing.T) {
	d := newDesk(t)
	for _, role := range core.Roles() {
		ctx := core.WithActor(t.Context(), core.Actor{Name: "x", Role: role})
		_, err := d.PostTickets(ctx, core.Post{Body: strings.NewReader(posted(sparkOne)), Length: -1})
		if refused := core.ErrorCode(err) == core.CodeForbidden; refused == role.May(core.PostTickets) {
			t.Errorf("%s posts: %v", role, err)
		}
		if doc, err := d.LastPosted(ctx); err != nil || doc.Content.Close() != nil {
			t.Errorf("%s reads: %v", role, err)
		}
		_, err = d.Uploads(ctx, 10)
		_, docErr := d.UploadDocument(ctx, 1)
		if role.May(core.EditServer) != (err == nil) || role.May(core.EditServer) != (core.ErrorCode(docErr) == core.CodeNotFound) {
			t.Errorf("%s reads uploads: %v, %v", role, err, docErr)
		}
	}
}

func TestOneCollectorLeavesRoomForOthers(t *testing.T) {
	var q uploadQueue
	var leave func()
	for range postsOfOne {
		var err error
		if leave, err = q.enter("madrid"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := q.enter("madrid"); core.ErrorCode(err) != core.CodeBusy {
		t.Errorf("%v", err)
	}
	if _, err := q.enter("paris"); err != nil {
		t.Error(err)
	}
	leave()
	if _, err := q.enter("madrid"); err != nil {
		t.Error(err)
	}
}

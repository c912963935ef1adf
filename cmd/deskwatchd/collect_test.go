package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/coretest"
)

const agentPassword = "a rather long sentence"

// restServer is a deskwatchd serve in a process of its own, on loopback.
type restServer struct {
	url string
	dir string
	pid int
}

// startREST starts a server on a data folder with a user of every role, named as it. Flags come
// behind serve.
func startREST(t testing.TB, dir string, flags ...string) *restServer {
	t.Helper()
	var users []core.User
	callJSON(t, dir, &users, "user", "list")
	for _, role := range core.Roles() {
		if len(users) > 0 {
			break // from an earlier start
		}
		if status, _, errs := callWith(t, agentPassword+"\n", dir, "user", "add", string(role), "--role", string(role), "--password-stdin"); status != 0 {
			t.Fatal(errs)
		}
	}
	address := coretest.FreeAddress(t)
	cmd := program(t, dir, append([]string{"serve", "--addr", address}, flags...)...)
	out, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Error("the server did not end well:", err)
		}
	})
	lines, said := bufio.NewScanner(out), ""
	for lines.Scan() {
		said += lines.Text() + "\n"
		if _, url, ok := strings.Cut(lines.Text(), "The REST server listens at "); ok {
			go io.Copy(io.Discard, out) //nolint:errcheck // it ends with the process
			return &restServer{strings.TrimSpace(url), dir, cmd.Process.Pid}
		}
	}
	t.Fatal("the server does not listen:\n", said)
	return nil
}

// olderClient does what the collectors and notifiers of the older server do: it fetches a token
// with the password, and uses it as the user name with any password.
type olderClient struct {
	t     testing.TB
	base  string
	token string
}

func (s *restServer) client(t testing.TB, user string) *olderClient {
	t.Helper()
	c := &olderClient{t: t, base: s.url}
	req, err := http.NewRequest(http.MethodPost, s.url+"/token", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth(user, agentPassword)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var issued struct {
		Token    string
		Duration int
	}
	if err := json.NewDecoder(resp.Body).Decode(&issued); err != nil || resp.StatusCode != http.StatusOK || issued.Token == "" || issued.Duration != 600 {
		t.Fatalf("POST /token: %s %+v %v", resp.Status, issued, err)
	}
	c.token = issued.Token
	return c
}

// do asks, and returns the answer with its body read.
func (c *olderClient) do(method, path string, body io.Reader, header ...string) (*http.Response, string) {
	c.t.Helper()
	resp, text, err := c.try(method, path, body, header...)
	if err != nil {
		c.t.Fatal(err)
	}
	return resp, text
}

func (c *olderClient) try(method, path string, body io.Reader, header ...string) (*http.Response, string, error) {
	req, err := http.NewRequest(method, c.base+path, body)
	if err != nil {
		return nil, "", err
	}
	req.SetBasicAuth(c.token, "whatever")
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return resp, string(text), err
}

// caseText is a case as a collector posts it.
func caseText(i int, product string) string {
	return fmt.Sprintf(`{"Id":"500%012d","CaseNumber":"TS%06d","Subject":"Job %d fails", "Status":"New","Priority":"High","Product__c":%q,"OwnerId":"005%03d","CreatedDate":"2026-10-01T10:00:00.000+0000"}`, i, i, i, product, i%7)
}

func postedText(from, n int, product string) string {
	cases := make([]string, n)
	for i := range cases {
		cases[i] = caseText(from+i, product)
	}
	return `{"Agentname":"agent","Updatetime":"2026-11-01T10:00:00Z","Cases":[` + strings.Join(cases, ", ") + `]}`
}

func TestAClientOfTheOlderServerWorksUnchanged(t *testing.T) {
	s := startREST(t, t.TempDir())
	c := s.client(t, "collector")
	text := postedText(0, 20, "Spark")
	for _, kind := range []string{"application/json", "application/x-www-form-urlencoded", ""} {
		resp, said := c.do(http.MethodPost, "/SF", strings.NewReader(text), "Content-Type", kind)
		if resp.StatusCode != http.StatusOK || said != "Upload done." {
			t.Fatalf("%q: %s %q", kind, resp.Status, said)
		}
	}
	// Without a length, packed, and as a file of a form.
	var packed, form bytes.Buffer
	zip := gzip.NewWriter(&packed)
	io.WriteString(zip, text) //nolint:errcheck // into memory
	zip.Close()
	w := multipart.NewWriter(&form)
	w.WriteField("agent", "x")                    //nolint:errcheck // into memory
	file, _ := w.CreateFormFile("file", "x.json") // into memory
	io.WriteString(file, text)                    //nolint:errcheck // into memory
	w.Close()
	for name, post := range map[string]struct {
		body   io.Reader
		header []string
	}{
		"chunked": {struct{ io.Reader }{strings.NewReader(text)}, nil},
		"gzip":    {bytes.NewReader(packed.Bytes()), []string{"Content-Encoding", "gzip"}},
		"form":    {&form, []string{"Content-Type", w.FormDataContentType()}},
	} {
		if resp, said := c.do(http.MethodPost, "/SF", post.body, post.header...); resp.StatusCode != http.StatusOK || said != "Upload done." {
			t.Errorf("%s: %s %q", name, resp.Status, said)
		}
		resp, got := c.do(http.MethodGet, "/SF", nil)
		if got != text || resp.ContentLength != int64(len(text)) {
			t.Errorf("%s: GET /SF is not what was posted: %.100q", name, got)
		}
	}
	resp, _ := c.do(http.MethodGet, "/SF", nil)
	tag := resp.Header.Get("ETag")
	if resp, got := c.do(http.MethodGet, "/SF", nil, "If-None-Match", tag); resp.StatusCode != http.StatusNotModified || got != "" || !strings.HasPrefix(tag, `"`) {
		t.Errorf("with the tag %s: %s %q", tag, resp.Status, got)
	}
	if resp, got := c.do(http.MethodHead, "/SF", nil); resp.StatusCode != http.StatusOK || got != "" || resp.ContentLength != int64(len(text)) || resp.Header.Get("ETag") != tag {
		t.Errorf("HEAD: %s %q %v", resp.Status, got, resp.Header)
	}
	resp, got := c.do(http.MethodGet, "/product/spark?retain_id=TS000003", nil)
	if got != "["+caseText(3, "Spark")+"]" || resp.Header.Get("ETag") == "" {
		t.Errorf("GET /product: %s %s", resp.Status, got)
	}
	resp, got = c.do(http.MethodGet, "/product/Spark", nil)
	var list []json.RawMessage
	if err := json.Unmarshal([]byte(got), &list); err != nil || len(list) != 20 || string(list[7]) != caseText(7, "Spark") {
		t.Errorf("GET /product: %s %d cases, %v", resp.Status, len(list), err)
	}
	if resp, again := c.do(http.MethodGet, "/product/Spark", nil, "If-None-Match", resp.Header.Get("ETag")); resp.StatusCode != http.StatusNotModified || again != "" {
		t.Errorf("GET /product again: %s %q", resp.Status, again)
	}
	if resp, got := c.do(http.MethodGet, "/product/nothing", nil); resp.StatusCode != http.StatusOK || got != "[]" {
		t.Errorf("an unknown product: %s %s", resp.Status, got)
	}
	if resp, _ := c.do(http.MethodDelete, "/token", nil); resp.StatusCode/100 != 2 {
		t.Errorf("DELETE /token: %s", resp.Status)
	}
	if resp, got := c.do(http.MethodGet, "/SF", nil); resp.StatusCode != http.StatusUnauthorized || !strings.HasPrefix(resp.Header.Get("WWW-Authenticate"), "Basic ") {
		t.Errorf("after signing out: %s %s", resp.Status, got)
	}
}

func TestABrokenPostLeavesTheGoodOne(t *testing.T) {
	s := startREST(t, t.TempDir())
	c := s.client(t, "collector")
	good := postedText(0, 5, "Spark")
	c.do(http.MethodPost, "/SF", strings.NewReader(good))
	var half bytes.Buffer
	zip := gzip.NewWriter(&half)
	io.WriteString(zip, strings.Repeat(good, 50)) //nolint:errcheck // into memory
	zip.Close()
	half.Truncate(half.Len() / 2)
	for name, post := range map[string]struct {
		body   io.Reader
		header []string
		reason string
	}{
		"half":      {strings.NewReader(good[:len(good)/2]), nil, "not complete"},
		"a record":  {strings.NewReader(`{"Cases":[{"Id":"1","CreatedDate":"soon"}]}`), nil, `"record 1, CreatedDate"`},
		"half gzip": {bytes.NewReader(half.Bytes()), []string{"Content-Encoding", "gzip"}, "broke off"},
		"no gzip":   {strings.NewReader(good), []string{"Content-Encoding", "gzip"}, "not packed with gzip"},
		"brotli":    {strings.NewReader(good), []string{"Content-Encoding", "br"}, "does not know"},
		"no form":   {strings.NewReader(good), []string{"Content-Type", "multipart/form-data; boundary=x"}, "Nothing was kept"},
		"empty":     {strings.NewReader(""), nil, "empty"},
	} {
		resp, said := c.do(http.MethodPost, "/SF", post.body, post.header...)
		if resp.StatusCode != http.StatusBadRequest || resp.Header.Get("Content-Type") != "application/problem+json" || !strings.Contains(said, post.reason) {
			t.Errorf("%s: %s %s", name, resp.Status, said)
		}
	}
	// One that hangs up in the middle.
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	req, _ := http.NewRequest(http.MethodPost, s.url+"/SF", nil) // for its header only
	req.SetBasicAuth(c.token, "x")
	fmt.Fprintf(conn, "POST /SF HTTP/1.1\r\nHost: %s\r\nAuthorization: %s\r\nContent-Length: %d\r\n\r\n%s", req.Host, req.Header.Get("Authorization"), len(good), good[:len(good)-9])
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	admin := s.client(t, "admin")
	var list struct{ Uploads []core.Upload }
	for until := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		_, text := admin.do(http.MethodGet, "/api/v1/uploads?limit=50", nil)
		if err := json.Unmarshal([]byte(text), &list); err != nil {
			t.Fatal(err, text)
		}
		if len(list.Uploads) > 0 && list.Uploads[0].Size == int64(len(good)-9) {
			break
		}
		if time.Now().After(until) {
			t.Fatalf("what broke off is not told: %+v", list.Uploads)
		}
	}
	if u := list.Uploads[0]; u.Status != http.StatusBadRequest || !u.Kept || u.User != "collector" || u.Address != "127.0.0.1" {
		t.Errorf("%+v", u)
	}
	resp, kept := admin.do(http.MethodGet, fmt.Sprintf("/api/v1/uploads/%d/document", list.Uploads[0].ID), nil)
	if resp.StatusCode != http.StatusOK || kept != good[:len(good)-9] || !strings.HasPrefix(resp.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("kept aside: %s %q", resp.Status, kept)
	}
	if _, got := c.do(http.MethodGet, "/SF", nil); got != good {
		t.Errorf("GET /SF is another one: %.100q", got)
	}
	for role, want := range map[string][2]int{"admin": {200, 200}, "lead": {200, 403}, "engineer": {403, 403}, "collector": {200, 403}} {
		c := s.client(t, role)
		post, _ := c.do(http.MethodPost, "/SF", strings.NewReader(good))
		list, _ := c.do(http.MethodGet, "/api/v1/uploads", nil)
		if post.StatusCode != want[0] || list.StatusCode != want[1] {
			t.Errorf("%s: posts %s, reads uploads %s", role, post.Status, list.Status)
		}
	}
}

func TestPostsAtTheSameTimeAllEndWell(t *testing.T) {
	s := startREST(t, t.TempDir())
	c := s.client(t, "collector")
	var all sync.WaitGroup
	texts := make([]string, 8)
	for i := range texts {
		texts[i] = postedText(1000*i, 200, fmt.Sprint("P", i))
		all.Go(func() {
			if resp, said, err := c.try(http.MethodPost, "/SF", strings.NewReader(texts[i])); err != nil || said != "Upload done." {
				t.Errorf("post %d: %v %v %s", i, err, resp, said)
			}
		})
	}
	all.Wait()
	_, got := c.do(http.MethodGet, "/SF", nil)
	for i, text := range texts {
		if got != text {
			continue
		}
		var list []json.RawMessage
		_, cases := c.do(http.MethodGet, fmt.Sprint("/product/p", i), nil)
		if err := json.Unmarshal([]byte(cases), &list); err != nil || len(list) != 200 {
			t.Errorf("the cases are not those of the document: %d, %v", len(list), err)
		}
		_, tickets := s.client(t, "engineer").do(http.MethodGet, "/api/v1/tickets?limit=1", nil)
		if !strings.Contains(tickets, `"total":1600`) {
			t.Errorf("the tickets: %.200s", tickets)
		}
		return
	}
	t.Errorf("GET /SF is none of what was posted: %.100q", got)
}

func TestWhatIsTooLargeIsRefused(t *testing.T) {
	dir := t.TempDir()
	if status, _, errs := call(t, dir, "settings", "set", "server.max_upload_mb=1"); status != 0 {
		t.Fatal(errs)
	}
	s := startREST(t, dir)
	c := s.client(t, "collector")
	text := `{"Cases":[{"Id":"1","Subject":"` + strings.Repeat("x", 3<<20) + `"}]}`
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	io.WriteString(zip, text) //nolint:errcheck // into memory
	zip.Close()
	for name, post := range map[string]struct {
		body   io.Reader
		header []string
	}{
		"announced": {strings.NewReader(text), nil},
		"chunked":   {struct{ io.Reader }{strings.NewReader(text)}, nil},
		"packed":    {&packed, []string{"Content-Encoding", "gzip"}},
	} {
		if resp, said := c.do(http.MethodPost, "/SF", post.body, post.header...); resp.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(said, "larger than") {
			t.Errorf("%s: %s %s", name, resp.Status, said)
		}
	}
	path := writeFile(t, "large.json", text)
	status, _, errs := callWith(t, agentPassword+"\n", t.TempDir(), "collect", path, "--to", s.url, "--user", "collector", "--password-stdin")
	if status != 1 || !strings.Contains(errs, "larger than the server takes") {
		t.Errorf("collect: status %d, %s", status, errs)
	}
}

func TestCollectPostsAFileLikeAnAgent(t *testing.T) {
	s := startREST(t, t.TempDir())
	good := writeFile(t, "cases.json", postedText(0, 3, "Spark"))
	bad := writeFile(t, "bad.json", `{"Cases":[{"Id":"1","CreatedDate":"soon"}]}`)
	collect := func(stdin string, args ...string) (int, string, string) {
		return callWith(t, stdin+"\n", t.TempDir(), append([]string{"collect"}, args...)...)
	}
	if status, out, errs := collect(agentPassword, good, "--to", s.url, "--user", "collector", "--password-stdin"); status != 0 || out != "Upload done.\n" {
		t.Errorf("status %d: %s%s", status, out, errs)
	}
	var token struct{ Text string }
	callJSON(t, s.dir, &token, "token", "create", "collector", "--name", "test", "--scope", "upload")
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	io.WriteString(zip, postedText(0, 4, "Hive")) //nolint:errcheck // into memory
	zip.Close()
	gz := writeFile(t, "cases.json.gz", packed.String())
	status, out, errs := collect(token.Text, gz, "--to", s.url, "--token-stdin", "--json")
	for until := time.Now().Add(10 * time.Second); status != 0 && time.Now().Before(until); time.Sleep(100 * time.Millisecond) {
		// The server looks for what another process made now and then.
		status, out, errs = collect(token.Text, gz, "--to", s.url, "--token-stdin", "--json")
	}
	if status != 0 || !strings.Contains(out, `"answer":"Upload done."`) {
		t.Errorf("with a token: status %d: %s%s", status, out, errs)
	}
	for name, c := range map[string]struct {
		stdin  string
		args   []string
		status int
		says   string
	}{
		"a wrong password":  {"not the right one", []string{good, "--to", s.url, "--user", "collector", "--password-stdin"}, 1, "does not know this user and password"},
		"a role":            {agentPassword, []string{good, "--to", s.url, "--user", "engineer", "--password-stdin"}, 1, "may not post tickets"},
		"a bad record":      {agentPassword, []string{bad, "--to", s.url, "--user", "collector", "--password-stdin"}, 1, "record 1, CreatedDate"},
		"no file":           {agentPassword, []string{"/nowhere/x.json", "--to", s.url, "--user", "collector", "--password-stdin"}, 1, "cannot be read"},
		"no server":         {agentPassword, []string{good, "--to", "http://127.0.0.1:1", "--user", "collector", "--password-stdin"}, 1, "cannot be reached"},
		"not a desk":        {token.Text, []string{good, "--to", s.url + "/docs", "--token-stdin"}, 1, "takes no posts of tickets"},
		"in the clear":      {agentPassword, []string{good, "--to", "http://desk.example", "--user", "collector", "--password-stdin"}, 1, "in the clear"},
		"no secret at all":  {"", []string{good, "--to", s.url}, 2, "--password-stdin"},
		"two ways to trust": {"", []string{good, "--to", s.url, "--token-stdin", "--insecure", "--fingerprint", "00"}, 2, "not both"},
	} {
		if status, _, errs := collect(c.stdin, c.args...); status != c.status || !strings.Contains(errs, c.says) {
			t.Errorf("%s: status %d, %s", name, status, errs)
		}
	}
}

func TestCollectWaitsForABusyServer(t *testing.T) {
	asked := 0
	busy := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body) //nolint:errcheck // from this test
		if asked++; asked < 3 {
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		io.WriteString(w, "Upload done.") //nolint:errcheck // to this test
	})}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go busy.Serve(l) //nolint:errcheck // it ends with the test
	defer busy.Shutdown(context.Background())
	path := writeFile(t, "cases.json", postedText(0, 1, "Spark"))
	status, out, errs := callWith(t, "a token\n", t.TempDir(), "collect", path, "--to", "http://"+l.Addr().String(), "--token-stdin")
	if status != 0 || out != "Upload done.\n" || asked != 3 || strings.Count(errs, "too much to do") != 2 {
		t.Errorf("status %d after %d tries: %s%s", status, asked, out, errs)
	}
}

func TestCollectTrustsAPinnedCertificate(t *testing.T) {
	dir := t.TempDir()
	s := startREST(t, dir, "--tls-generated")
	path := writeFile(t, "cases.json", postedText(0, 1, "Spark"))
	collect := func(args ...string) (int, string, string) {
		return callWith(t, agentPassword+"\n", t.TempDir(), append([]string{"collect", path, "--to", s.url, "--user", "collector", "--password-stdin"}, args...)...)
	}
	status, _, errs := collect()
	if status != 1 || !strings.Contains(errs, "is not trusted") {
		t.Fatalf("status %d: %s", status, errs)
	}
	if status, _, errs = collect("--fingerprint", strings.Repeat("00", 32)); status != 1 || !strings.Contains(errs, "another certificate") {
		t.Fatalf("status %d: %s", status, errs)
	}
	_, shown, _ := strings.Cut(errs, "Its fingerprint is ")
	if status, out, errs := collect("--fingerprint", shown[:95]); status != 0 || out != "Upload done.\n" {
		t.Errorf("status %d: %s%s", status, out, errs)
	}
	if status, out, errs := collect("--insecure"); status != 0 || out != "Upload done.\n" {
		t.Errorf("status %d: %s%s", status, out, errs)
	}
}

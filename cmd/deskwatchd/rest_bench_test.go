package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"deskwatch/core"
)

const (
	restConnections = 8
	restSeconds     = 5
	restCases       = 5000
)

// BenchmarkREST starts deskwatchd serve in a process of its own on loopback and measures what
// collectors and notifiers ask of it: the post of 5,000 cases (2.4 MB) end to end, and with 8
// connections and a token what it answers in a second. The load is made by wrk where there is
// one, else by this process, which costs more of the processor. The last lines are those of a
// token while others sign in with passwords as fast as they can.
func BenchmarkREST(b *testing.B) {
	if b.N > 1 {
		b.Skip("run with -benchtime 1x")
	}
	s := startREST(b, b.TempDir())
	collector, engineer := s.client(b, "collector"), s.client(b, "engineer")
	for i, text := range []string{restDocument(20, 0), restDocument(20, 1), restDocument(20, 1)} {
		what := []string{"post 5,000 cases, the first time", "post them, every fifth changed", "post them, nothing changed"}[i]
		begun := time.Now()
		if _, said := collector.do(http.MethodPost, "/SF", strings.NewReader(text)); said != "Upload done." {
			b.Fatal(said)
		}
		took := time.Since(begun)
		fmt.Printf("%-60s %10.2f s %22s %d bytes\n", what, took.Seconds(), "", len(text))
		if i == 1 {
			if n := s.countEvents(b); n < restCases/5 {
				b.Errorf("%d events were made of the changes", n)
			}
			b.ReportMetric(took.Seconds(), "post-s")
		}
	}
	load := func(what, path string) float64 {
		rate, p99 := engineer.load(b, path)
		fmt.Printf("%-60s %10.0f req/s %10s p99\n", what, rate, p99)
		return rate
	}
	b.ReportMetric(load("GET /product of 250 of 5,000 cases (120 kB)", "/product/Product%2003"), "product-req/s")
	b.ReportMetric(load("GET /product, 7 of the 250 by retain_id", "/product/Product%2003?retain_id=005000003"), "retain-req/s")
	alone := load("GET /api/v1/me", "/api/v1/me")
	b.ReportMetric(alone, "me-req/s")
	b.ReportMetric(load("GET /SF (2.4 MB)", "/SF"), "document-req/s")
	if _, said := collector.do(http.MethodPost, "/SF", strings.NewReader(restDocument(1, 1))); said != "Upload done." {
		b.Fatal(said)
	}
	b.ReportMetric(load("GET /product of all 5,000 cases (2.4 MB)", "/product/Product%2000"), "whole-product-req/s")
	for _, flood := range []struct{ what, password string }{{"a wrong password", "not this one"}, {"the right password", agentPassword}} {
		stop := s.signInFlood(flood.password)
		rate := load("GET /api/v1/me while 8 sign in with "+flood.what, "/api/v1/me")
		tries := stop()
		fmt.Printf("%-60s %10.0f /s, and the token kept %.0f %% of its rate\n", "  sign-ins answered", float64(tries)/restSeconds, 100*rate/alone)
		b.ReportMetric(rate/alone, strings.Fields(flood.what)[1]+"-password-kept")
	}
}

// restDocument is a collector's post of 5,000 cases, with every fifth of a later round changed.
func restDocument(products, round int) string {
	var text strings.Builder
	text.WriteString(`{"Agentname": "bench", "Updatetime": "2026-11-21T10:00:00Z", "Cases": [`)
	for i := range restCases {
		status, updated := []string{"New", "Working", "Waiting"}[i%3], 1+i%20
		if round > 0 && i%5 == 0 {
			status, updated = "Closed", 21
		}
		if i > 0 {
			text.WriteString(", ")
		}
		fmt.Fprintf(&text, `{"Id": "500%015d", "CaseNumber": "TS%07d", "Subject": "Job %d fails with error %d on the cluster", "Description": "The nightly job stops. The nightly job stops. The nightly jo", "Status": %q, "Priority": "High", "Product__c": "Product %02d", "AccountId": "001%06d", "Account": {"Name": "Customer %d"}, "OwnerId": "005%06d", "Owner": {"Name": "Owner %02d"}, "CreatedDate": "2026-10-%02dT10:00:00.000+0000", "LastModifiedDate": "2026-11-%02dT10:00:00.000+0000"}`,
			i, i, i, i%999, status, i%products, i%700, i%700, i/products%40, i/products%40, 1+i%28, updated)
	}
	text.WriteString("]}")
	return text.String()
}

// countEvents counts the ticket events of the data folder.
func (s *restServer) countEvents(b *testing.B) int {
	b.Helper()
	var uploads struct{ Uploads []core.Upload }
	_, text := s.client(b, "admin").do(http.MethodGet, "/api/v1/uploads?limit=1", nil)
	if err := json.Unmarshal([]byte(text), &uploads); err != nil || len(uploads.Uploads) != 1 {
		b.Fatal(err, text)
	}
	return int(uploads.Uploads[0].Events)
}

// load asks for a path with 8 connections for 5 seconds, and returns the answers in a second and
// how long all but the slowest hundredth of them took.
func (c *olderClient) load(b *testing.B, path string) (rate float64, p99 string) {
	b.Helper()
	authorization := "Basic " + base64.StdEncoding.EncodeToString([]byte(c.token+":x"))
	if wrk, err := exec.LookPath("wrk"); err == nil {
		out, err := exec.CommandContext(b.Context(), wrk, "-t1", "-c"+strconv.Itoa(restConnections), "-d"+strconv.Itoa(restSeconds)+"s", "--latency", "-H", "Authorization: "+authorization, c.base+path).CombinedOutput()
		if err != nil || strings.Contains(string(out), "Non-2xx") || strings.Contains(string(out), "Socket errors") {
			b.Fatalf("%v: %s", err, out)
		}
		for line := range strings.Lines(string(out)) {
			words := strings.Fields(line)
			if len(words) == 2 && words[0] == "99%" {
				p99 = words[1]
			}
			if len(words) == 2 && words[0] == "Requests/sec:" {
				rate, err = strconv.ParseFloat(words[1], 64)
			}
		}
		if err != nil || rate == 0 {
			b.Fatalf("%v: %s", err, out)
		}
		return rate, p99
	}
	var times []time.Duration
	var keep sync.Mutex
	begun := time.Now()
	parallel(b.Context(), restSeconds*time.Second, func(ctx context.Context, client *http.Client) {
		asked := time.Now()
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+path, nil)
		if err != nil {
			return
		}
		req.Header.Set("Authorization", authorization)
		resp, err := client.Do(req)
		if err != nil {
			return // the time is over
		}
		_, err = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		if err != nil {
			return
		}
		if resp.StatusCode != http.StatusOK {
			b.Error(resp.Status)
		}
		keep.Lock()
		defer keep.Unlock()
		times = append(times, time.Since(asked))
	})
	if len(times) == 0 {
		b.Fatal("nothing was answered")
	}
	slices.Sort(times)
	return float64(len(times)) / time.Since(begun).Seconds(), times[len(times)*99/100].Round(10 * time.Microsecond).String()
}

// signInFlood signs in with 8 connections until stop, which returns how many tries were answered.
func (s *restServer) signInFlood(password string) (stop func() int64) {
	ctx, cancel := context.WithCancel(context.Background())
	var tries atomic.Int64
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		parallel(ctx, time.Hour, func(ctx context.Context, client *http.Client) {
			req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/token", nil)
			if err != nil {
				return
			}
			req.SetBasicAuth("lead", password)
			resp, err := client.Do(req)
			if err != nil {
				return
			}
			io.Copy(io.Discard, resp.Body) //nolint:errcheck // only whether it was answered matters
			resp.Body.Close()
			tries.Add(1)
		})
	}()
	return func() int64 { cancel(); <-ended; return tries.Load() }
}

// parallel calls ask again and again from 8 goroutines with a connection each.
func parallel(ctx context.Context, d time.Duration, ask func(context.Context, *http.Client)) {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	var all sync.WaitGroup
	for range restConnections {
		all.Go(func() {
			client := &http.Client{Transport: &http.Transport{}}
			defer client.CloseIdleConnections()
			for ctx.Err() == nil {
				ask(ctx, client)
			}
		})
	}
	all.Wait()
}

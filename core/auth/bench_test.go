package auth_test

import (
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"deskwatch/core"
	"deskwatch/core/auth"
	"deskwatch/core/coretest"
)

// benchDesk is a desk with the real clock and a thousand users.
func benchDesk(b *testing.B) (d *desk, s *auth.Service, signed, long core.Secret) {
	d = newDesk(b)
	u := d.add("Anna", core.RoleLead)
	for i := range 1000 {
		_, err := d.users.SaveUser(b.Context(), core.User{Person: core.Person{Name: fmt.Sprint("user ", i), Role: core.RoleEngineer}, Active: true})
		d.check(err)
	}
	long, _ = d.token(u, time.Time{}, core.ScopeRead)
	s = realDesk(d.users.MemoryUsers, d)
	b.Cleanup(func() { s.Close(b.Context()) })
	a, err := s.Basic(b.Context(), u.Name, core.NewSecret(right), home)
	d.check(err)
	issued, err := s.Issue(b.Context(), a)
	d.check(err)
	return d, s, issued.Token, long
}

func realDesk(users *coretest.MemoryUsers, d *desk) *auth.Service {
	return auth.New(auth.Options{Users: users, Key: d.askKey, Now: time.Now, TokenSeconds: func() int { return 3600 }})
}

func BenchmarkSignedToken(b *testing.B) {
	d, s, signed, _ := benchDesk(b)
	b.ReportAllocs()
	for b.Loop() {
		_, err := s.Bearer(b.Context(), signed, home)
		d.check(err)
	}
}

func BenchmarkLongLivedToken(b *testing.B) {
	d, s, _, long := benchDesk(b)
	b.ReportAllocs()
	for b.Loop() {
		_, err := s.Bearer(b.Context(), long, home)
		d.check(err)
	}
}

func BenchmarkPasswordWithEveryRequest(b *testing.B) {
	d, s, _, _ := benchDesk(b)
	for b.Loop() {
		_, err := s.Basic(b.Context(), "Anna", core.NewSecret(right), home)
		d.check(err)
	}
}

func BenchmarkIssue(b *testing.B) {
	d, s, signed, _ := benchDesk(b)
	a, err := s.Bearer(b.Context(), signed, home)
	d.check(err)
	b.ReportAllocs()
	for b.Loop() {
		_, err := s.Issue(b.Context(), a)
		d.check(err)
	}
}

func BenchmarkHash(b *testing.B) {
	d := newDesk(b)
	d.SetCost(19456, 2)
	b.ReportAllocs()
	for b.Loop() {
		_, err := d.Hash(b.Context(), core.NewSecret(right))
		d.check(err)
	}
}

func BenchmarkCheckPassword(b *testing.B) {
	d := newDesk(b)
	for b.Loop() {
		if d.CheckPassword(anna, core.NewSecret(right)) != "" {
			b.Fatal("refused")
		}
	}
}

// BenchmarkTokensInAFlood checks tokens from 8 goroutines, alone and while 32 sign in with wrong
// passwords from ever new addresses.
func BenchmarkTokensInAFlood(b *testing.B) {
	for _, strangers := range []int{0, 32} {
		b.Run(fmt.Sprint(strangers), func(b *testing.B) {
			d, s, signed, _ := benchDesk(b)
			stop := make(chan struct{})
			var flood sync.WaitGroup
			var mu sync.Mutex
			tried, refused := 0, 0
			for i := range strangers {
				flood.Go(func() {
					for n := 0; ; n++ {
						select {
						case <-stop:
							return
						default:
						}
						_, err := s.SignIn(b.Context(), fmt.Sprint(i, " ", n), core.NewSecret("wrong"), fmt.Sprintf("10.%d.%d.%d", i, n>>8&255, n&255))
						mu.Lock()
						tried++
						if core.ErrorCode(err) == core.CodeBusy {
							refused++
						}
						mu.Unlock()
					}
				})
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			b.SetParallelism(4)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					_, err := s.Bearer(b.Context(), signed, home)
					d.check(err)
				}
			})
			b.StopTimer()
			seconds := b.Elapsed().Seconds()
			runtime.ReadMemStats(&after)
			close(stop)
			flood.Wait()
			b.ReportMetric(float64(b.N)/seconds, "tokens/s")
			b.ReportMetric(float64(tried-refused)/seconds, "hashed/s")
			b.ReportMetric(float64(refused)/seconds, "refused/s")
			b.ReportMetric(float64(after.NumGC-before.NumGC)/seconds, "gc/s")
			b.ReportMetric(float64(after.HeapSys)/(1<<20), "heapMB")
		})
	}
}

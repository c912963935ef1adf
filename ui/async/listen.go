package async

import (
	"sync"

	"deskwatch/core"
)

// Listen calls f on the UI goroutine for every event of a subscription, until stop. Events are
// dropped, oldest first, when the window cannot keep up; f therefore reloads rather than
// counts.
func Listen(d Dispatcher, subscribe func(buffer int) (<-chan core.Event, func()), f func(core.Event)) (stop func()) {
	events, cancel := subscribe(64)
	done := make(chan struct{})
	go func() {
		for {
			select {
			case e, ok := <-events:
				if !ok {
					return
				}
				d.Do(func() { f(e) })
			case <-done:
				return
			}
		}
	}()
	var once sync.Once
	return func() {
		once.Do(func() {
			cancel()
			close(done)
		})
	}
}

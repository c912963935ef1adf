package predict

import (
	"cmp"
	"context"
	"sync"
)

// learn fits what the shape is known for: the model of all tickets, the one that predicts the last part
// in time, and those that predict crosswise.
func (t *training) learn(ctx context.Context) (last *fitted, err error) {
	t.crossed = t.crossRows()
	said := make([]float64, len(t.f.life))
	err = t.sideBySide(ctx, t.crossFits()+2, func(i int) (err error) {
		switch i {
		case 0: // first, because it takes longest
			last, err = fit(ctx, t.f, t.f.all(), t.shape.options(t.cores), t.p)
		case 1:
			err = t.sayLate(ctx)
		default:
			err = t.cross(ctx, i-2, said)
		}
		return err
	})
	t.crossSaid = make([]float64, len(t.crossed))
	for i, e := range t.crossed {
		t.crossSaid[i] = said[e]
	}
	return last, err
}

// large training is of so many examples that the memory for one fit at a time is enough.
func (t *training) large() bool { return len(t.f.life) > crossExamples }

// sideBySide calls do with 0..n-1, each on a core of its own, so that fits need not wait for each other
// after every tree; the last to run have the cores of those that ended. A large training has one fit
// after the other, on all cores.
func (t *training) sideBySide(ctx context.Context, n int, do func(i int) error) error {
	var group sync.WaitGroup
	errs := make([]error, n)
	for i := range n {
		if errs[i] = t.cores.Take(ctx); errs[i] != nil {
			break
		}
		group.Go(func() {
			defer t.cores.Leave()
			errs[i] = do(i)
		})
		if t.large() {
			group.Wait()
		}
	}
	group.Wait()
	return cmp.Or(errs...)
}

package study

import (
	"context"
	"fmt"
	"runtime"
	"sync"
)

// inParallel calls do with 0 to n-1, on every core, until all is done or the context ends.
func inParallel(ctx context.Context, n int, do func(i int)) { onWorkers(ctx, 0, n, do) }

// onWorkers is inParallel on so many goroutines; on as many as there are cores for 0. Work is begun in order.
func onWorkers(ctx context.Context, workers, n int, do func(i int)) {
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	var wait sync.WaitGroup
	tasks := make(chan int)
	for range min(workers, n) {
		wait.Go(func() {
			for i := range tasks {
				do(i)
			}
		})
	}
	for i := 0; i < n && ctx.Err() == nil; i++ {
		select {
		case tasks <- i:
		case <-ctx.Done():
		}
	}
	close(tasks)
	wait.Wait()
}

// Unbroken carries something out, and returns a broken invariant as an error, so that the other runs go on.
func Unbroken(f func() error) (err error) {
	defer func() {
		if broken := recover(); broken != nil {
			err = fmt.Errorf("this breaks the simulation: %v; please report it", broken)
		}
	}()
	return f()
}

// Progress is told how much of the work is done. It is called by one goroutine at a time, and should not take long.
type Progress func(done, of int)

// counter counts work that several goroutines do.
type counter struct {
	mu       sync.Mutex
	done, of int
	tell     Progress // nil for nobody
}

func (c *counter) add(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done += n
	if c.tell != nil {
		c.tell(c.done, c.of)
	}
}

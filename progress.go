package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// progress shows on a terminal how far long work is, in one line that it writes anew. Elsewhere it shows nothing.
type progress struct {
	w     io.Writer
	name  string // of the subcommand
	most  bool   // the time left is a bound
	live  bool
	begun time.Time

	mu   sync.Mutex
	last time.Time
}

// progressEvery is how often the line changes.
const progressEvery = 200 * time.Millisecond

func newProgress(w io.Writer, name string) *progress {
	return &progress{w: w, name: name, live: isTerminal(w), begun: time.Now()}
}

// isTerminal reports whether what is written is read by somebody at once.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("TERM") != "dumb"
}

// runs tells that so many runs are done.
func (p *progress) runs(done, of int) {
	left := time.Since(p.begun) * time.Duration(of-done) / time.Duration(max(done, 1))
	p.show(fmt.Sprintf("%d of %d runs", done, of), left)
}

// show writes the line, unless it has just been written.
func (p *progress) show(what string, left time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.live || time.Since(p.last) < progressEvery {
		return
	}
	p.last = time.Now()
	bound := ""
	if p.most {
		bound = "at most "
	}
	fmt.Fprintf(p.w, "\r\x1b[Knetsplit: %s: %s, %s%s left", p.name, what, bound, inWords(left))
}

// clear takes the line away.
func (p *progress) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.live && !p.last.IsZero() {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
	p.last = time.Time{}
}

// inWords writes how long something will take, as exactly as anybody can know.
func inWords(d time.Duration) string {
	switch s := int(d.Round(time.Second).Seconds()); {
	case s < 1:
		return "1 s"
	case s < 100:
		return fmt.Sprintf("%d s", s)
	default:
		return fmt.Sprintf("%d min", (s+30)/60)
	}
}

// part is a part of long work: what it prints stands, whatever becomes of those after it.
type part struct {
	name    string
	seconds float64 // that it takes on two cores, about
	do      func(context.Context) (print func(io.Writer) error, err error)
}

// atOnce does a part, but does not wait for one that goes on when it is interrupted.
func (p part) atOnce(ctx context.Context) (print func(io.Writer) error, err error) {
	done := make(chan struct{})
	var result func(io.Writer) error
	var failed error
	go func() {
		defer close(done)
		result, failed = p.do(ctx)
	}()
	select {
	case <-done:
		return result, failed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// inParts carries out work part by part, prints each part as it is done, and says where it was interrupted.
func inParts(ctx context.Context, name string, parts []part, stdout, stderr io.Writer) int {
	p := newProgress(stderr, name)
	for i, one := range parts {
		stop := p.follow(parts, i)
		print, err := one.atOnce(ctx)
		stop()
		switch {
		case ctx.Err() != nil:
			fmt.Fprintf(stderr, "netsplit: %s: interrupted: %d of %d parts are done\n", name, i, len(parts))
			return exitFailed
		case err == nil:
			err = print(stdout)
		}
		if err != nil {
			fmt.Fprintf(stderr, "netsplit: %s: %v\n", name, err)
			return exitFailed
		}
	}
	return exitOK
}

// follow shows the progress of parts, of which one is being worked on, until it is told to stop.
func (p *progress) follow(parts []part, at int) (stop func()) {
	if !p.live {
		return func() {}
	}
	begun, done, all := time.Now(), 0.0, 0.0
	for i, one := range parts {
		if i < at {
			done += one.seconds
		}
		all += one.seconds
	}
	pace := 1.0 // of this machine
	if done > 0 {
		pace = begun.Sub(p.begun).Seconds() / done
	}
	ended, gone := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		ticker := time.NewTicker(progressEvery)
		defer ticker.Stop()
		for {
			here := min(time.Since(begun).Seconds()/pace, parts[at].seconds)
			left := time.Duration((all - done - here) * pace * float64(time.Second))
			p.show(fmt.Sprintf("%s (%d of %d)", parts[at].name, at+1, len(parts)), left)
			select {
			case <-ended:
				return
			case <-ticker.C:
			}
		}
	}()
	return func() {
		close(ended)
		<-gone
		p.clear()
	}
}

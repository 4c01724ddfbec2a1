package sim

import (
	"fmt"
	"strconv"
	"strings"
)

// Time is an instant of the simulated world, or a span of it, in whole microseconds. Instants count from the
// start of the run.
type Time int64

// Spans of virtual time.
const (
	Microsecond Time = 1
	Millisecond      = 1000 * Microsecond
	Second           = 1000 * Millisecond
	Hour             = 3600 * Second
)

// String prints t exactly and shortest, in seconds, as the scenario language writes it: 2s, 0.35s, 1.000001s.
func (t Time) String() string {
	sign := ""
	if t < 0 {
		sign, t = "-", -t
	}
	s := sign + strconv.FormatInt(int64(t/Second), 10)
	if frac := t % Second; frac != 0 {
		s += "." + strings.TrimRight(fmt.Sprintf("%06d", int64(frac)), "0")
	}
	return s + "s"
}

// Milliseconds returns t in milliseconds.
func (t Time) Milliseconds() float64 { return float64(t) / float64(Millisecond) }

// ParseTime reads a non-negative time as the scenario language writes it: a decimal number with the unit s, ms
// or us, exact to the microsecond. It refuses anything finer, and anything over MaxTime.
func ParseTime(s string) (Time, error) {
	digits, unit, places := s, Time(0), 0
	switch {
	case strings.HasSuffix(s, "us"):
		digits, unit, places = s[:len(s)-2], Microsecond, 0
	case strings.HasSuffix(s, "ms"):
		digits, unit, places = s[:len(s)-2], Millisecond, 3
	case strings.HasSuffix(s, "s"):
		digits, unit, places = s[:len(s)-1], Second, 6
	default:
		if s == "" {
			return 0, fmt.Errorf("expected a time such as 2.5s, 350ms or 40us, got nothing")
		}
		return 0, fmt.Errorf("expected a time such as 2.5s, 350ms or 40us, got %q", s)
	}
	whole, frac, dotted := strings.Cut(digits, ".")
	if dotted && (frac == "" || len(frac) > places) || len(whole) > 12 || !allDigits(whole) || dotted && !allDigits(frac) {
		return 0, fmt.Errorf("expected a time such as 2.5s, 350ms or 40us, exact to the microsecond, got %q", s)
	}
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("expected a time such as 2.5s, got %q", s)
	}
	if n > int64(MaxTime/unit) {
		return 0, fmt.Errorf("%s is over the longest time of %s", s, MaxTime)
	}
	t := Time(n) * unit
	if dotted {
		f, _ := strconv.ParseInt(frac+strings.Repeat("0", places-len(frac)), 10, 64)
		t += Time(f)
	}
	if t > MaxTime {
		return 0, fmt.Errorf("%s is over the longest time of %s", s, MaxTime)
	}
	return t, nil
}

func allDigits(s string) bool {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return s != ""
}

type eventKind uint8

const (
	eventArrival  eventKind = iota // a Message reaches its receiver
	eventTimer                     // a node's timer may be due
	eventErrand                    // a client's workload starts its next Errand
	eventDeadline                  // a client gives an attempt up
	eventRetry                     // a client tries again
	eventLoss                      // a Message is lost on its way, by chance
	eventStream                    // an end of a connection may have something to do
	eventSynced                    // a node's fsync has ended
)

// event is one entry of a Cluster's queue. Events at one instant happen in the order in which they were queued. It
// holds no pointer, so that the queue costs the garbage collector nothing.
type event struct {
	at   Time
	seq  uint64
	ref  uint64 // timer, operation, turn of a drive, or the ID of a message
	who  Addr   // or the message's slot
	kind eventKind
}

// queue is a heap of events ordered by (time, sequence), in which each has up to four below it.
type queue struct {
	heap []event
	seq  uint64
}

func (q *queue) push(e event) {
	q.seq++
	e.seq = q.seq
	q.heap = append(q.heap, e)
	h, i := q.heap, len(q.heap)-1
	for i > 0 {
		up := (i - 1) / 4
		if !earlier(&e, &h[up]) {
			break
		}
		h[i] = h[up]
		i = up
	}
	h[i] = e
}

func (q *queue) pop() event {
	h := q.heap
	first, last := h[0], h[len(h)-1]
	h = h[:len(h)-1]
	q.heap = h
	if len(h) == 0 {
		return first
	}
	i := 0
	for {
		down := 4*i + 1
		if down >= len(h) {
			break
		}
		for other := down + 1; other < min(down+4, len(h)); other++ {
			if earlier(&h[other], &h[down]) {
				down = other
			}
		}
		if !earlier(&h[down], &last) {
			break
		}
		h[i] = h[down]
		i = down
	}
	h[i] = last
	return first
}

func earlier(a, b *event) bool {
	return a.at < b.at || a.at == b.at && a.seq < b.seq
}

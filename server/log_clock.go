package server

import (
	"context"
	"sync"
	"time"
)

// logClock knows what time it is by the clock of a log that several servers share. Their own clocks are not trusted: of the
// server's own, only spans are used. An entry that this server appends was stamped between the call and its end.
type logClock struct {
	local func() time.Duration // since some moment of the server's own; it does not go back

	mu        sync.Mutex
	low, high time.Time     // between them was the log's clock at that moment
	asked     time.Duration // when an entry of the server's own said so last
	known     bool

	asking sync.Mutex
	room   string // a log of the server's own, for when nothing else is to be written
	seq    uint64
}

func newLogClock() *logClock {
	begun := time.Now()
	return &logClock{local: func() time.Duration { return time.Since(begun) }}
}

// since returns how long the server has been there, in a way.
func (c *logClock) since() time.Duration {
	if c == nil {
		return 0
	}
	return c.local()
}

// wrote takes in the time of an entry that was appended between two moments.
func (c *logClock) wrote(at time.Time, sent, got time.Duration) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	low, high := at.Add(-got), at.Add(-sent)
	if c.known && !low.After(c.high) && !high.Before(c.low) {
		if low.Before(c.low) {
			low = c.low
		}
		if high.After(c.high) {
			high = c.high
		}
	}
	c.low, c.high, c.asked, c.known = low, high, got, true
}

// heard takes in the time of an entry that another server has appended, some time ago.
func (c *logClock) heard(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if low := at.Add(-c.local()); c.known && low.After(c.low) {
		c.low = low
		if low.After(c.high) {
			c.high = low
		}
	}
}

// hearTime takes in the time of an entry that another server has appended.
func (rs *rooms) hearTime(e Entry) {
	if rs != nil && rs.clock != nil {
		rs.clock.heard(e.Time)
	}
}

// now returns the time by the log's clock, as well as it is known.
func (c *logClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.low.Add(c.high.Sub(c.low)/2 + c.local())
}

// fresh reports whether the log's clock has been asked for not long ago.
func (c *logClock) fresh() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.known && c.local()-c.asked < ClockKept
}

// ask has the log say what time it is, if that is not known, by an entry in a log of this server's own, which no key opens.
func (c *logClock) ask(ctx context.Context, l Log) error {
	c.asking.Lock()
	defer c.asking.Unlock()
	if c.fresh() {
		return nil
	}
	if c.room == "" {
		c.room, c.seq = randomID(), 0
	}
	sent := c.local()
	e, err := l.Append(ctx, c.room, c.seq, randomID(), "# time")
	if err != nil {
		c.room = "" // it may have been swept, or be full: another one does as well
		return err
	}
	c.seq = e.Seq
	c.wrote(e.Time, sent, c.local())
	return nil
}

package study

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"

	"netsplit/sim"
)

// clocks writes what nodes and clients do with vector clocks, as ShiViz reads it with its default expression: a line
// "HOST {clock}", then one that says what happened there.
type clocks struct {
	w     *bufio.Writer
	named bool // hosts are named by lane too
	err   error
}

func newClocks(w *bufio.Writer, named bool) *clocks { return &clocks{w: w, named: named} }

func (c *clocks) observe(lane *sim.Cluster) {
	l := &laneClocks{c: c, lane: lane, at: make([]map[string]int, lane.Endpoints()), sent: map[uint64]map[string]int{}}
	underway(lane, l.Sent)
	lane.Observe(l)
}

func (c *clocks) finish(context.Context, io.Writer) error { return c.err }

// laneClocks keeps the clocks of one lane.
type laneClocks struct {
	sim.NopObserver
	c    *clocks
	lane *sim.Cluster
	at   []map[string]int          // by endpoint
	sent map[uint64]map[string]int // by message on its way
}

func (l *laneClocks) host(a sim.Addr) string {
	if l.c.named {
		return l.lane.Name + ":" + l.lane.NameOf(a)
	}
	return l.lane.NameOf(a)
}

// put has something happen at an endpoint, after what it learns of by a clock.
func (l *laneClocks) put(a sim.Addr, learnt map[string]int, format string, args ...any) map[string]int {
	clock := maps.Clone(l.at[a])
	if clock == nil {
		clock = map[string]int{}
	}
	for host, n := range learnt {
		clock[host] = max(clock[host], n)
	}
	clock[l.host(a)]++
	l.at[a] = clock
	if l.c.err == nil {
		b, _ := json.Marshal(clock) // a map of numbers
		_, l.c.err = fmt.Fprintf(l.c.w, "%s %s\n%s at %s\n", l.host(a), b, fmt.Sprintf(format, args...), l.lane.Now())
	}
	return clock
}

// Sent has its sender send.
func (l *laneClocks) Sent(m *sim.Message) {
	l.sent[m.ID] = l.put(m.From, nil, "%s %d to %s sent", m.Kind, m.ID, l.lane.NameOf(m.To))
}

// Arrived has its receiver learn what its sender knew. Where it arrives twice, it does twice.
func (l *laneClocks) Arrived(m *sim.Message) {
	l.put(m.To, l.sent[m.ID], "%s %d from %s received", m.Kind, m.ID, l.lane.NameOf(m.From))
	delete(l.sent, m.ID)
}

// Lost forgets it: its receiver learns nothing.
func (l *laneClocks) Lost(m *sim.Message, _ sim.Time) { delete(l.sent, m.ID) }

// Invoked has a client ask.
func (l *laneClocks) Invoked(r *sim.Record) {
	l.put(r.Client, nil, "%s %s, operation %d, called", r.Kind, r.Key, r.ID)
}

// Returned has a client be told.
func (l *laneClocks) Returned(r *sim.Record) {
	l.put(r.Client, nil, "%s %s, operation %d, ended %s", r.Kind, r.Key, r.ID, r.Result.Outcome)
}

// Noted has something happen to a node.
func (l *laneClocks) Noted(n sim.Note) {
	if n.Node >= 0 {
		l.put(n.Node, nil, "%s %d", n.Kind, n.N)
	}
}

package sim

import (
	"cmp"
	"slices"
)

// Inspector is a Replica of which viewers may see more than what it holds of a key.
type Inspector interface {
	Replica
	// Show adds to a view what the node believes and waits for: Lead, Dead, Hints, Log, Tallies, and Timers that Env
	// knows nothing of, by Env.Elapsed. What it adds is sorted. It changes nothing. What it adds stays the same until
	// something happens to the replica, and up to the moment that it returns, by Env.Elapsed; MaxTime for ever.
	Show(v *NodeView) Time
	// Inspect says all that an inspector may want to know. It changes nothing.
	Inspect() Inspection
}

// TimerName says what one of a replica's timers is for.
type TimerName struct {
	Name string // election, lease, suspicion, round, promotion; others for the inspector alone
	Ring bool   // viewers see it run down
}

// TimerView is a span that runs down, in the time of the world. Of a node that stands still, or whose clock's rate
// changes, it may end later than it says.
type TimerView struct {
	Name  string `json:"name"`
	Peer  *Addr  `json:"peer,omitempty"` // whom it is about; absent for nobody in particular
	From  Time   `json:"from"`           // when it began, or was last set anew
	Until Time   `json:"until"`          // when it is over
}

// Equal reports whether both say the same.
func (t TimerView) Equal(u TimerView) bool {
	return t.Name == u.Name && sameAddr(t.Peer, u.Peer) && t.From == u.From && t.Until == u.Until
}

// TallyView is how far an operation has come that a node coordinates or orders: answers, and how many it waits for.
type TallyView struct {
	Op   OpID   `json:"op"`
	What string `json:"what"` // read, write, repair or paxos
	Have int    `json:"have"`
	Need int    `json:"need"`
}

// HintCount is how many keys' writes a node keeps for a peer that has missed them.
type HintCount struct {
	Peer  Addr `json:"peer"`
	Count int  `json:"count"`
}

// SiblingView is one of several values side by side.
type SiblingView struct {
	Value   int64 `json:"value"` // of a document, the number of its items
	Write   OpID  `json:"write"`
	Deleted bool  `json:"deleted,omitempty"` // a tombstone
}

// LogView is the end of a node's log.
type LogView struct {
	Durable int64      // the last index that is on the node's disk
	Commit  int64      // the last index that the node knows to be committed; of a primary's log, that is visible there
	Entries []LogEntry // the latest MaxStrip, oldest first
}

// LogEntry is one entry of a node's log. Entries of one index and Term, and of one Write, are the same everywhere.
type LogEntry struct {
	Index int64   `json:"index"`
	Term  int64   `json:"term"`  // or timeline
	Write OpID    `json:"write"` // the operation; 0 for none
	Kind  LogMark `json:"kind"`
	Key   string  `json:"key,omitempty"`
	Value int64   `json:"value"` // that is written; of a document, the number of its items
}

// LogMark says what comes of an entry of a log.
type LogMark uint8

// The marks.
const (
	LogWrite LogMark = iota // it sets its key
	LogVoid                 // it changes nothing: a compare-and-set that found another value
	LogOwn                  // it is the protocol's own: the first of a leader's term, or a change of members
)

var logMarkNames = [...]string{"write", "void", "own"}

// MarshalText writes the mark's name.
func (m LogMark) MarshalText() ([]byte, error) { return []byte(logMarkNames[m]), nil }

func (m LogMark) String() string { return logMarkNames[m] }

// Equal reports whether two views show the same, but for Timers, Log and Tallies, which are shown apart.
func (v NodeView) Equal(w NodeView) bool {
	return v.Value == w.Value && v.Text == w.Text && v.Held == w.Held && v.Version == w.Version && v.Role == w.Role &&
		v.Term == w.Term && v.MachineView == w.MachineView && sameAddr(v.Lead, w.Lead) && slices.Equal(v.Dead, w.Dead) &&
		slices.Equal(v.Hints, w.Hints) && slices.Equal(v.Siblings, w.Siblings)
}

// Equal reports whether both logs show the same; nil is where there is no log.
func (l *LogView) Equal(o *LogView) bool {
	if l == nil || o == nil {
		return l == o
	}
	return l == o || l.Durable == o.Durable && l.Commit == o.Commit && slices.Equal(l.Entries, o.Entries)
}

func sameAddr(a, b *Addr) bool {
	return a == b || a != nil && b != nil && *a == *b
}

// show completes a view with what the node believes, and with the timers that viewers see run down. It returns the last
// instant at which the view is the same if nothing happens to the node.
func (n *node) show(v *NodeView) Time {
	until := MaxTime
	if i, ok := n.replica.(Inspector); ok {
		if t := i.Show(v); t < MaxTime {
			until = n.instant(t)
		}
	}
	for i := range v.Timers {
		t := &v.Timers[i]
		t.From, t.Until = n.instant(t.From), n.instant(t.Until)
	}
	v.Timers = append(v.Timers, n.timersOf(func(name TimerName) bool { return name.Ring })...)
	slices.SortStableFunc(v.Timers, func(a, b TimerView) int { return cmp.Compare(a.Name, b.Name) })
	if v.Log != nil {
		n.cluster.showLog(v.Log.Entries)
	}
	siblings := v.Held.Siblings()
	if len(siblings) < 2 {
		return until
	}
	for _, w := range siblings[:min(len(siblings), MaxShown)] {
		v.Siblings = append(v.Siblings, SiblingView{n.cluster.Shown(n.cluster.workload.MainKey(), w.Value, w.Write), w.Write, w.Deleted})
	}
	return until
}

// showLog has entries say what viewers are shown of documents.
func (c *Cluster) showLog(entries []LogEntry) {
	for i := range entries {
		e := &entries[i]
		e.Value = c.Shown(e.Key, e.Value, e.Write)
	}
}

// timersOf returns the replica's timers that run and whose names pass.
func (n *node) timersOf(pass func(TimerName) bool) (list []TimerView) {
	names := n.cluster.protocol.Timers
	for i, tm := range n.timers {
		if tm.due != 0 && i < len(names) && pass(names[i]) {
			list = append(list, TimerView{Name: names[i].Name, From: tm.from, Until: tm.due})
		}
	}
	return list
}

package sim

import (
	"fmt"
	"maps"
	"slices"
)

// Inspection is what a Replica says of itself to an inspector. Its times are by Env.Elapsed.
type Inspection struct {
	Facts []Fact
	Peers []PeerFacts
	Log   []LogEntry // oldest first: the latest MaxInspected
	Kept  int64      // index of the oldest entry of the log that is kept; 0 where there is no log
	Keys  []KeyFacts
	Hide  []string // fields of the raw state that say nothing: knobs, and what is the machine's and differs from run to run
}

// PeerFacts is what a node thinks of another.
type PeerFacts struct {
	Peer  Addr   `json:"peer"`
	Facts []Fact `json:"facts"`
}

// KeyFacts is what a node holds of a key.
type KeyFacts struct {
	Key      string         `json:"key"`
	For      *Addr          `json:"for,omitempty"`   // a hint, for this peer; absent for the node's own
	Gone     bool           `json:"gone,omitempty"`  // a tombstone that is forgotten: the referee alone still knows of it
	Value    int64          `json:"value"`           // as a client would be told
	Versions []VersionFacts `json:"versions"`        // oldest event first; none of a counter
	Clock    []MarkFacts    `json:"clock,omitempty"` // the latest event that is known of each actor, where there are any
}

// VersionFacts is one value that a node holds of a key.
type VersionFacts struct {
	Value   int64  `json:"value"` // of a document, the number of its items
	Write   OpID   `json:"write"`
	Deleted bool   `json:"deleted,omitempty"`
	Stamp   *Time  `json:"stamp,omitempty"` // of the clock that stamped it; absent where versions have none
	Tick    uint32 `json:"tick,omitempty"`  // of a hybrid logical clock
	Node    *Addr  `json:"node,omitempty"`  // the coordinator
	Dot     uint64 `json:"dot,omitempty"`   // which of the events of that node, in its present life, from 1
}

// MarkFacts is the latest event of a node between two crashes, and what its increments come to.
type MarkFacts struct {
	Node  Addr   `json:"node"`
	Epoch string `json:"epoch"` // tells its lives apart
	Count uint64 `json:"count"`
	Write OpID   `json:"write"`
	Plus  int64  `json:"plus,omitempty"`
	Minus int64  `json:"minus,omitempty"`
}

// DiskFacts is a node's disk.
type DiskFacts struct {
	Keeps    bool   `json:"keeps"`    // false where nothing outlives a crash
	Durable  []Fact `json:"durable"`  // what is on it
	Unsynced int    `json:"unsynced"` // records for which no fsync has begun
	Flushing int    `json:"flushing"` // records of the fsync under way
	Waits    int    `json:"waits"`    // how many times somebody waits for an fsync to go on
}

// NodeFacts is everything about a node at an instant.
type NodeFacts struct {
	Node    Addr          `json:"node"`
	Name    string        `json:"name"`
	View    NodeView      `json:"view"`
	Tallies []TallyView   `json:"tallies"`
	Timers  []TimerView   `json:"timers"` // every one that runs
	Facts   []Fact        `json:"facts"`
	Peers   []PeerFacts   `json:"peers"`   // its opinions
	Log     []LogEntry    `json:"log"`     // the latest MaxInspected entries, oldest first
	Kept    int64         `json:"kept"`    // index of the oldest entry of the log that is kept; 0 where there is no log
	Durable int64         `json:"durable"` // the last index of the log that is on disk
	Commit  int64         `json:"commit"`  // the last index that the node knows to be committed; of a primary's log, that is visible there
	Keys    []KeyFacts    `json:"keys"`    // the first MaxInspected
	Disk    DiskFacts     `json:"disk"`
	Streams []StreamFacts `json:"streams"`       // none over datagrams
	Raw     string        `json:"raw,omitempty"` // the replica and its disk as they are, where asked for: the first MaxRaw bytes
}

// Inspect returns everything about a node, with its raw state if that is wanted. It changes nothing.
func (c *Cluster) Inspect(node Addr, withRaw bool) (NodeFacts, error) {
	if node < 0 || int(node) >= len(c.nodes) {
		return NodeFacts{}, fmt.Errorf("lane %s has no node %d; expected 0 to %d", c.Name, node, len(c.nodes)-1)
	}
	n := c.nodes[node]
	v := c.Describe(node)
	f := NodeFacts{Node: node, Name: c.NameOf(node), View: v, Disk: n.diskFacts(), Streams: c.streamsOf(node), Tallies: v.Tallies,
		Facts: n.backlogFacts()}
	if v.Log != nil {
		f.Durable, f.Commit = v.Log.Durable, v.Log.Commit
	}
	f.Timers = n.timersOf(func(name TimerName) bool { return !name.Ring })
	f.Timers = append(f.Timers, v.Timers...)
	var own Inspection
	if i, ok := n.replica.(Inspector); ok {
		own = i.Inspect()
		n.complete(&f, own)
	}
	if withRaw {
		f.Raw = raw(own.Hide, thing{"replica", n.replica}, thing{"disk", n.disk}, thing{"unsynced", n.buffer}, thing{"flushing", n.batch})
	}
	return f, nil
}

// complete takes over what a replica says of itself, in the world's time.
func (n *node) complete(f *NodeFacts, i Inspection) {
	c := n.cluster
	f.Facts = append(f.Facts, i.Facts...)
	n.inWorldTime(f.Facts[len(f.Facts)-len(i.Facts):])
	for _, p := range i.Peers {
		n.inWorldTime(p.Facts)
	}
	f.Peers, f.Kept, f.Log = i.Peers, i.Kept, i.Log[max(0, len(i.Log)-MaxInspected):]
	c.showLog(f.Log)
	f.Keys = i.Keys[:min(len(i.Keys), MaxInspected)]
	for _, k := range f.Keys {
		for j := range k.Versions {
			v := &k.Versions[j]
			v.Value = c.Shown(k.Key, v.Value, v.Write)
		}
	}
	for j := range f.Keys {
		k := &f.Keys[j]
		if len(k.Versions) > 0 && c.isDocument(k.Key) {
			k.Value = k.Versions[len(k.Versions)-1].Value
		}
	}
}

func (n *node) inWorldTime(facts []Fact) {
	for i := range facts {
		if facts[i].Kind == FactTime {
			facts[i].N = int64(n.instant(Time(facts[i].N)))
		}
	}
}

// backlogFacts says what has come to the node and waits.
func (n *node) backlogFacts() []Fact {
	var facts []Fact
	if n.work != nil {
		facts = append(facts, Number("at work on message", n.work.ID))
	}
	if len(n.backlog) > 0 {
		facts = append(facts, Number("messages received that wait", len(n.backlog)))
	}
	return append(facts, At("its own clock shows", n.Now()))
}

func (n *node) diskFacts() DiskFacts {
	d := DiskFacts{Keeps: n.disk != nil, Unsynced: len(n.buffer), Flushing: len(n.batch), Waits: len(n.waiting) + len(n.told)}
	if f, ok := n.disk.(Factual); ok {
		d.Durable = f.Facts()
	}
	return d
}

// StateFacts returns what is held of a key as a State.
func StateFacts(key string, s State) KeyFacts {
	f := KeyFacts{Key: key, Value: s.Result().Value}
	if s.c == nil {
		return f
	}
	for _, v := range s.c.live[max(0, len(s.c.live)-MaxInspected):] {
		facts := VersionFacts{Value: v.Value, Write: v.Write, Deleted: v.Deleted, Tick: v.Tick, Dot: v.dot.count}
		if v.Stamp >= 0 {
			facts.Stamp, facts.Node = &v.Stamp, &v.Node
		}
		f.Versions = append(f.Versions, facts)
	}
	for _, m := range s.c.seen {
		f.Clock = append(f.Clock, MarkFacts{m.actor.Node, fmt.Sprintf("%x", m.actor.Epoch), m.count, m.write, m.plus, m.minus})
	}
	return f
}

// RegisterFacts returns what is held of a key as one value.
func RegisterFacts(key string, value int64, write OpID) KeyFacts {
	return KeyFacts{Key: key, Value: value, Versions: []VersionFacts{{Value: value, Write: write}}}
}

// Inspect returns what the store holds of each key, and what it has forgotten.
func (s *Store) Inspect() []KeyFacts {
	var list []KeyFacts
	for _, key := range s.keys {
		list = append(list, StateFacts(key, s.held[key]))
	}
	for _, key := range slices.Sorted(maps.Keys(s.ghost)) {
		f := StateFacts(key, s.ghost[key])
		f.Gone = true
		list = append(list, f)
	}
	return list
}

// Facts says what is on the disk.
func (d *storeDisk) Facts() []Fact {
	return []Fact{Number("keys", len(d.held)), Number("operations served", len(d.served))}
}

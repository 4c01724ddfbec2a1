package check

import (
	"slices"
	"sort"

	"netsplit/sim"
)

// Limits of a trail: of each the latest are remembered. A cause that lies further back is not found, and is then said
// to be unknown.
const (
	MaxPassages = 3 << 13 // messages that carry writes, serve an operation, or compare what replicas hold
	MaxCargo    = 1 << 16 // writes that they carry
	MaxHoldings = 1 << 14 // changes of what a replica holds of a key
	MaxWaits    = 1 << 12 // messages that waited to be sent on a stream
	MaxAnnals   = 1 << 12 // notes of nodes: elections, suspicions, rewinds, connections
)

// trail remembers what may turn out to be the cause of a violation.
type trail struct {
	cluster  *sim.Cluster
	passages ring[passage]
	cargo    ring[sim.OpID]
	waits    ring[wait]
	waiting  map[*sim.Message]int // the number of its wait
	holdings ring[holdingChange]
	before   map[spot]tips // what was held before the oldest change that is remembered
	keys     map[string]int32
	annals   ring[sim.Note]
	commands []*sim.Command // that change the world, in order

	load func(string, sim.OpID) // into the cargo; kept, so that each message does not make one
}

// passage is the way of a message.
type passage struct {
	id        uint64
	sent, due sim.Time
	kept      sim.Time // see Message
	end       sim.Time // when it was lost, or arrived at another time than it was due; -1 otherwise
	cargo     int      // the number of its first write
	writes    int32    // how many it carries
	from, to  sim.Addr
	op        sim.OpID // that it serves; 0 for none
	kind      sim.MessageKind
	handed    bool // the operation is carried out in another node's place
	lost      bool
}

// free returns when a message was due but for what commands added.
func (p *passage) free() sim.Time { return p.due - p.kept }

// wait is a message that its stream kept back.
type wait struct {
	passage
	since, until sim.Time // until is -1 while it waits
}

// spot is one key on one node.
type spot struct {
	node sim.Addr
	key  int32
}

// tips are the writes that a replica holds of a key and that nothing there succeeds.
type tips struct {
	one  sim.OpID    // 0 for none but the opening value
	more *[]sim.OpID // nil for no more; they are rare, and there are many tips
}

func (t tips) each(yield func(sim.OpID)) {
	if t.one != 0 {
		yield(t.one)
	}
	for _, w := range t.others() {
		yield(w)
	}
}

func (t tips) others() []sim.OpID {
	if t.more == nil {
		return nil
	}
	return *t.more
}

func (t tips) newest() sim.OpID {
	newest := t.one
	for _, w := range t.others() {
		newest = max(newest, w)
	}
	return newest
}

// in reports whether one of the tips is in a set.
func (t tips) in(set map[sim.OpID]bool) bool {
	found := set[t.one]
	for _, w := range t.others() {
		found = found || set[w]
	}
	return found
}

// holdingChange says what a replica holds from an instant on.
type holdingChange struct {
	at sim.Time
	spot
	tips
}

func newTrail(c *sim.Cluster) *trail {
	t := &trail{cluster: c, waiting: map[*sim.Message]int{}, before: map[spot]tips{}, keys: map[string]int32{}}
	t.passages.limit, t.cargo.limit, t.waits.limit = MaxPassages, MaxCargo, MaxWaits
	t.holdings.limit, t.annals.limit = MaxHoldings, MaxAnnals
	t.load = func(_ string, w sim.OpID) { t.cargo.push(w) }
	return t
}

// passageOf returns a message as the trail remembers it, and whether it is worth that.
func (t *trail) passageOf(m *sim.Message) (passage, bool) {
	p := passage{id: m.ID, from: m.From, to: m.To, kind: m.Kind, sent: m.Sent, due: m.Due, kept: m.Kept, end: -1, cargo: t.cargo.end()}
	if s, ok := m.Payload.(sim.Serving); ok {
		p.op, p.handed = s.Serves()
	}
	m.Payload.Writes(t.load)
	p.writes = int32(t.cargo.end() - p.cargo)
	return p, p.op != 0 || p.writes > 0 || m.Kind == sim.KindGossip
}

func (t *trail) sent(m *sim.Message) {
	if len(t.waiting) > 0 {
		t.waitsNoMore(m)
	}
	if p, ok := t.passageOf(m); ok {
		t.passages.push(p)
	}
}

func (t *trail) waitsOn(m *sim.Message) {
	if p, ok := t.passageOf(m); ok {
		t.waiting[m] = t.waits.end()
		t.waits.push(wait{p, t.cluster.Now(), -1})
	}
}

func (t *trail) waitsNoMore(m *sim.Message) {
	if i, ok := t.waiting[m]; ok {
		delete(t.waiting, m)
		if i >= t.waits.first() {
			w := t.waits.at(i)
			w.until, w.id = t.cluster.Now(), m.ID
		}
	}
}

// find returns the passage of a message; nil if it is not remembered.
func (t *trail) find(id uint64) *passage {
	n := t.passages.end() - t.passages.first()
	i := sort.Search(n, func(i int) bool { return t.passages.at(t.passages.first()+i).id >= id })
	if i < n {
		if p := t.passages.at(t.passages.first() + i); p.id == id {
			return p
		}
	}
	return nil
}

func (t *trail) arrived(m *sim.Message) {
	if now := t.cluster.Now(); now != m.Due {
		if p := t.find(m.ID); p != nil {
			p.end = now
		}
	}
}

func (t *trail) lost(m *sim.Message) {
	if p := t.find(m.ID); p != nil {
		p.lost, p.end = true, t.cluster.Now()
	}
}

// reach returns the instant back to which nothing is forgotten that is needed to say that something did not happen.
func (t *trail) reach() (since sim.Time) {
	i := t.passages.first()
	if t.cargo.first() > 0 {
		for i < t.passages.end() && t.passages.at(i).cargo < t.cargo.first() {
			i++
		}
	}
	if i > 0 && i < t.passages.end() {
		since = t.passages.at(i).sent
	}
	if t.holdings.first() > 0 {
		since = max(since, t.holdings.at(t.holdings.first()).at)
	}
	if t.waits.first() > 0 {
		since = max(since, t.waits.at(t.waits.first()).since)
	}
	return since
}

func (t *trail) key(key string) int32 {
	k, ok := t.keys[key]
	if !ok {
		k = int32(len(t.keys))
		t.keys[key] = k
	}
	return k
}

func (t *trail) holds(node sim.Addr, key string, writes []sim.OpID) {
	h := holdingChange{at: t.cluster.Now(), spot: spot{node, t.key(key)}}
	if len(writes) > 0 {
		h.one = writes[0]
	}
	if len(writes) > 1 {
		more := slices.Clone(writes[1:])
		h.more = &more
	}
	if old, forgotten := t.holdings.push(h); forgotten {
		t.before[old.spot] = old.tips
	}
}

func (t *trail) noted(n sim.Note) {
	switch n.Kind {
	case sim.NoteSuspect, sim.NoteTrust, sim.NoteRewound, sim.NoteElected, sim.NoteAlone, sim.NoteReset, sim.NoteDialed:
		t.annals.push(n)
	}
}

func (t *trail) commanded(cmd sim.Command) {
	if cmd.Fault() {
		t.commands = append(t.commands, &cmd)
	}
}

package check

import (
	"slices"

	"netsplit/sim"
)

// Loss is an acknowledged write that is gone.
type Loss struct {
	Write  sim.OpID
	At     sim.Time // when no replica and no message held it or a successor, and the replicas had agreed
	Over   sim.OpID // the write that first took its place on a replica
	Parted bool     // the two writers' regions could not talk when the later of the two was acknowledged
}

// lostWrites follows where every write is held. A write is covered while some replica or message in flight holds
// it or a successor of it. A write that is acknowledged and not covered is at risk, and lost once all replicas of
// its key agree and no message carries a write of the key; nothing can bring it back then.
//
// The disk of a node that is down holds what it holds: nothing is lost that is on it, and the replicas agree only
// with it. But what nothing else holds is at risk while the node stays down.
//
// Only suspects are looked at: writes that a replica dropped for one that does not directly succeed them, acknowledged
// writes that no running replica holds, and what nodes that are down hold.
type lostWrites struct {
	cluster *sim.Cluster
	report  func(Loss)
	parents map[sim.OpID][]succession // what a write directly succeeds
	keys    map[string]*holding
	order   []*holding // of keys, by first mention
	reach   []uint64   // by write acknowledged: which nodes its client's could talk to then, a bit for each
	gone    map[sim.OpID]bool
	losses  []Loss
	moving  *holding // the key that moved has just settled: many writes of one message are of one key

	marks []uint32 // by write: the epoch in which it was last found covered
	epoch uint32
}

// holding is what is known of one key.
type holding struct {
	key      string
	copies   []bool       // which nodes hold a copy
	tips     [][]sim.OpID // what each node holds and nothing there succeeds, ascending; none for the opening value
	suspects []suspect
	stale    bool // something has moved since atRisk was counted
	atRisk   int
}

// succession says which write another directly succeeds, and since when that was known.
type succession struct {
	before sim.OpID
	at     sim.Time
}

// suspect is a write that a replica dropped, and the write that took its place.
type suspect struct{ write, over sim.OpID }

func newLostWrites(c *sim.Cluster, report func(Loss)) *lostWrites {
	l := &lostWrites{cluster: c, report: report, parents: map[sim.OpID][]succession{}, keys: map[string]*holding{},
		gone: map[sim.OpID]bool{}}
	return l
}

func (l *lostWrites) record(w sim.OpID) *sim.Record { return l.cluster.History()[w-1] }

func (l *lostWrites) isLost(w sim.OpID) bool { return l.gone[w] }

// lostBy reports whether a write was lost at an instant.
func (l *lostWrites) lostBy(w sim.OpID, at sim.Time) bool {
	return l.gone[w] && slices.ContainsFunc(l.losses, func(s Loss) bool { return s.Write == w && s.At <= at })
}

func (l *lostWrites) holding(key string) *holding {
	h := l.keys[key]
	if h == nil {
		h = &holding{key: key, tips: make([][]sim.OpID, l.cluster.Nodes())}
		for node := range l.cluster.Nodes() {
			h.copies = append(h.copies, l.cluster.Replicates(sim.Addr(node), key))
		}
		l.keys[key] = h
		l.order = append(l.order, h)
	}
	return h
}

// follows notes a succession. What a replica says after the client's ok comes too late to count; a client that
// gave up has had no ok.
func (l *lostWrites) follows(w, before sim.OpID) {
	if l.record(w).Result.Outcome != sim.OK && !l.succeeds(w, before) {
		l.parents[w] = append(l.parents[w], succession{before, l.cluster.Now()})
	}
}

// succeeds reports whether a write directly succeeds another.
func (l *lostWrites) succeeds(w, before sim.OpID) bool {
	return slices.ContainsFunc(l.parents[w], func(s succession) bool { return s.before == before })
}

// before returns what a write directly succeeds.
func (l *lostWrites) before(w sim.OpID) []sim.OpID {
	var list []sim.OpID
	for _, s := range l.parents[w] {
		list = append(list, s.before)
	}
	return list
}

func (l *lostWrites) holds(node sim.Addr, key string, writes []sim.OpID) {
	h := l.holding(key)
	before := h.tips[node]
	if slices.Equal(before, writes) {
		l.settle(h)
		return
	}
	tips := slices.Compact(slices.Sorted(slices.Values(writes)))
	if len(tips) > 0 && tips[0] == 0 {
		tips = tips[1:] // the opening value
	}
	h.tips[node] = tips
	for _, b := range before {
		if !slices.Contains(tips, b) && !slices.ContainsFunc(tips, func(w sim.OpID) bool { return l.succeeds(w, b) }) {
			h.suspect(b, newest(tips))
		}
	}
	l.settle(h)
}

// newest returns the latest write of a list in ascending order; 0 for none.
func newest(writes []sim.OpID) sim.OpID {
	if len(writes) == 0 {
		return 0
	}
	return writes[len(writes)-1]
}

// insteadOf reports whether a node holds w, and if none does, the latest write that one holds.
func (l *lostWrites) insteadOf(h *holding, w sim.OpID) (over sim.OpID, held bool) {
	for _, tips := range h.tips {
		over = max(over, newest(tips))
	}
	return over, slices.Contains(l.running(h), w)
}

// acknowledges reports whether a client was told that its write took effect. Where several attempts are carried out
// apart, a compare-and-set may be held that its client was told had changed nothing.
func acknowledges(rec *sim.Record) bool { return rec.Result.Outcome == sim.OK && rec.Result.Applied }

func (l *lostWrites) acknowledged(rec *sim.Record) {
	for len(l.reach) <= int(rec.ID) {
		l.reach = append(l.reach, 0)
	}
	l.reach[rec.ID] = l.reachable(rec.Client)
	h := l.holding(rec.Key)
	if over, held := l.insteadOf(h, rec.ID); !held {
		h.suspect(rec.ID, over)
	}
	l.settle(h)
}

func (h *holding) suspect(w, over sim.OpID) {
	i := slices.IndexFunc(h.suspects, func(s suspect) bool { return s.write == w })
	switch {
	case i < 0:
		h.suspects = append(h.suspects, suspect{w, over})
	case h.suspects[i].over == 0:
		h.suspects[i].over = over
	}
}

// running returns what the nodes that are not down hold of a key.
func (l *lostWrites) running(h *holding) []sim.OpID {
	var tips []sim.OpID
	for node, held := range h.tips {
		if !l.cluster.Down(sim.Addr(node)) {
			tips = append(tips, held...)
		}
	}
	return tips
}

// machines tells that a machine has failed or has come back.
func (l *lostWrites) machines() {
	for _, h := range l.order {
		h.stale = true
		for node, tips := range h.tips {
			if !l.cluster.Down(sim.Addr(node)) {
				continue
			}
			for _, w := range tips {
				h.suspect(w, 0)
			}
		}
	}
}

// reachable returns which nodes the node that a client asks can talk to, itself among them. A lane has no more nodes than
// there are bits.
func (l *lostWrites) reachable(client sim.Addr) (reach uint64) {
	home := l.cluster.Home(client)
	for i := range sim.Addr(l.cluster.Nodes()) {
		if i == home || !l.cluster.Cut(home, i) {
			reach |= 1 << i
		}
	}
	return reach
}

// moved tells that a message is no longer in flight. That can only have made keys quiet of which it carried a write.
func (l *lostWrites) moved(m *sim.Message) {
	m.Payload.Writes(func(key string, _ sim.OpID) {
		if h := l.keys[key]; h != nil && l.moving != h {
			l.moving = h
			l.settle(h)
		}
	})
	l.moving = nil
}

// quiet reports whether all replicas of the key agree, those on the disks of nodes that are down among them, and no message carries a write of it.
func (l *lostWrites) quiet(h *holding) bool {
	first := true
	var agreed []sim.OpID
	for node, tips := range h.tips {
		if !h.copies[node] {
			continue
		}
		if !first && !slices.Equal(tips, agreed) {
			return false
		}
		first, agreed = false, tips
	}
	quiet := true
	l.cluster.InFlight(func(m *sim.Message) bool {
		m.Payload.Writes(func(key string, _ sim.OpID) { quiet = quiet && key != h.key })
		return quiet
	})
	return quiet
}

// inFlight calls yield for each write of the key that a message carries.
func (l *lostWrites) inFlight(h *holding, yield func(sim.OpID)) {
	l.cluster.InFlight(func(m *sim.Message) bool {
		m.Payload.Writes(func(key string, w sim.OpID) {
			if key == h.key {
				yield(w)
			}
		})
		return true
	})
}

// settle decides the suspects of a key when it is quiet.
func (l *lostWrites) settle(h *holding) {
	h.stale = true
	if len(h.suspects) == 0 || !l.quiet(h) {
		return
	}
	var undecided []suspect
	for _, s := range l.uncovered(h, slices.Concat(h.tips...)) {
		rec := l.record(s.write)
		switch {
		case rec.Result.Outcome == sim.Pending:
			undecided = append(undecided, s)
		case acknowledges(rec):
			l.gone[s.write] = true
			l.losses = append(l.losses, Loss{s.write, l.cluster.Now(), s.over, l.parted(s.write, s.over)})
			l.report(l.losses[len(l.losses)-1])
		}
	}
	h.suspects = undecided
}

// cover marks every write of the key that is covered by a message or by what replicas hold, with a new epoch.
func (l *lostWrites) cover(h *holding, tips []sim.OpID) {
	l.epoch++
	l.marks = append(l.marks, make([]uint32, len(l.cluster.History())+1-len(l.marks))...)
	stack := slices.Clone(tips)
	l.inFlight(h, func(w sim.OpID) { stack = append(stack, w) })
	for len(stack) > 0 {
		w := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if w != 0 && l.marks[w] != l.epoch {
			l.marks[w] = l.epoch
			for _, p := range l.parents[w] {
				stack = append(stack, p.before)
			}
		}
	}
}

// includes reports whether w is one of the writes, or one of them was known at an instant to succeed it.
func (l *lostWrites) includes(writes []sim.OpID, w sim.OpID, at sim.Time) bool {
	seen := map[sim.OpID]bool{}
	for stack := slices.Clone(writes); len(stack) > 0; {
		top := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if top == w {
			return true
		}
		if !seen[top] {
			seen[top] = true
			for _, p := range l.parents[top] {
				if p.at <= at {
					stack = append(stack, p.before)
				}
			}
		}
	}
	return false
}

// uncovered returns the suspects that nothing covers and that are not lost yet, and those before them that only
// they had covered, in order of their IDs.
func (l *lostWrites) uncovered(h *holding, tips []sim.OpID) []suspect {
	l.cover(h, tips)
	var all []suspect
	stack := slices.Clone(h.suspects)
	for len(stack) > 0 {
		s := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if l.gone[s.write] || l.marks[s.write] == l.epoch {
			continue
		}
		l.marks[s.write] = l.epoch // seen
		all = append(all, s)
		for _, p := range l.parents[s.write] {
			stack = append(stack, suspect{p.before, s.over})
		}
	}
	slices.SortFunc(all, func(a, b suspect) int { return int(a.write) - int(b.write) })
	return all
}

func (l *lostWrites) parted(w, over sim.OpID) bool {
	if over == 0 {
		return false
	}
	a, b := l.record(w), l.record(over)
	later, other := a, b
	if b.Result.Outcome == sim.OK && b.End > a.End {
		later, other = b, a
	}
	if int(later.ID) >= len(l.reach) || l.reach[later.ID] == 0 {
		return false
	}
	return l.reach[later.ID]&(1<<l.cluster.Home(other.Client)) == 0
}

// atRisk counts the acknowledged writes that nothing covers but the disks of nodes that are down, and that are not lost.
func (l *lostWrites) atRisk() int {
	total := 0
	for _, h := range l.order {
		if h.stale {
			h.stale, h.atRisk = false, len(l.atRiskOf(h))
		}
		total += h.atRisk
	}
	return total
}

// atRiskOf returns those of a key, in order of their IDs, with what took their place.
func (l *lostWrites) atRiskOf(h *holding) []suspect {
	if len(h.suspects) == 0 {
		return nil
	}
	return slices.DeleteFunc(l.uncovered(h, l.running(h)), func(s suspect) bool { return !acknowledges(l.record(s.write)) })
}

// AtRisk returns the acknowledged writes that are at risk at this moment, key by key, as losses without a time.
func (r *Referee) AtRisk() []Loss {
	var list []Loss
	for _, h := range r.lost.order {
		for _, s := range r.lost.atRiskOf(h) {
			list = append(list, Loss{Write: s.write, Over: s.over, Parted: r.lost.parted(s.write, s.over)})
		}
	}
	return list
}

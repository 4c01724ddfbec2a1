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
// Only suspects are looked at: writes that a replica dropped for one that does not succeed them, and acknowledged
// writes that nobody holds.
type lostWrites struct {
	cluster  *sim.Cluster
	report   func(sim.OpID)
	parents  map[sim.OpID][]sim.OpID // what a write directly succeeds
	tips     map[string][]sim.OpID   // what each node holds of a key; 0 for nothing yet
	suspects map[string][]suspect
	keys     []string // of suspects, in order of appearance
	reach    map[sim.OpID][]bool
	gone     map[sim.OpID]bool
	losses   []Loss
}

// suspect is a write that a replica dropped, and the write that took its place.
type suspect struct{ write, over sim.OpID }

func newLostWrites(c *sim.Cluster, report func(sim.OpID)) *lostWrites {
	return &lostWrites{cluster: c, report: report, parents: map[sim.OpID][]sim.OpID{}, tips: map[string][]sim.OpID{},
		suspects: map[string][]suspect{}, reach: map[sim.OpID][]bool{}, gone: map[sim.OpID]bool{}}
}

func (l *lostWrites) record(w sim.OpID) *sim.Record { return l.cluster.History()[w-1] }

func (l *lostWrites) isLost(w sim.OpID) bool { return l.gone[w] }

// follows notes a succession. What a replica says after the client's ok comes too late to count; a client that
// gave up has had no ok.
func (l *lostWrites) follows(w, before sim.OpID) {
	if l.record(w).Result.Outcome != sim.OK && !slices.Contains(l.parents[w], before) {
		l.parents[w] = append(l.parents[w], before)
	}
}

func (l *lostWrites) holds(node sim.Addr, key string, w sim.OpID) {
	tips := l.tips[key]
	if tips == nil {
		tips = make([]sim.OpID, l.cluster.Nodes())
		l.tips[key] = tips
	}
	before := tips[node]
	tips[node] = w
	if before != 0 && before != w && !l.succeeds(w, before) {
		l.suspect(key, suspect{before, w})
	}
	l.settle()
}

func (l *lostWrites) acknowledged(rec *sim.Record) {
	l.reach[rec.ID] = l.reachable(rec.Client)
	if !l.covered(rec.Key, rec.ID) {
		var over sim.OpID
		for _, tip := range l.tips[rec.Key] {
			over = max(over, tip)
		}
		l.suspect(rec.Key, suspect{rec.ID, over})
	}
	l.settle()
}

// reachable returns which regions a client's region can talk to.
func (l *lostWrites) reachable(client sim.Addr) []bool {
	n := l.cluster.Nodes()
	reach := make([]bool, n)
	for i := range reach {
		reach[i] = i == int(client)-n || !l.cluster.Cut(client-sim.Addr(n), sim.Addr(i))
	}
	return reach
}

func (l *lostWrites) suspect(key string, s suspect) {
	if _, known := l.suspects[key]; !known {
		l.keys = append(l.keys, key)
	}
	if !slices.ContainsFunc(l.suspects[key], func(t suspect) bool { return t.write == s.write }) {
		l.suspects[key] = append(l.suspects[key], s)
	}
}

// succeeds reports whether w is before or a successor of it. Writes acknowledged before `before` began cannot
// succeed it, which bounds the search.
func (l *lostWrites) succeeds(w, before sim.OpID) bool {
	if w == before {
		return true
	}
	begun := l.record(before).Start
	seen := map[sim.OpID]bool{}
	stack := []sim.OpID{w}
	for len(stack) > 0 {
		top := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, p := range l.parents[top] {
			if p == before {
				return true
			}
			if rec := l.record(p); !seen[p] && (rec.Result.Outcome == sim.Pending || rec.End > begun) {
				seen[p] = true
				stack = append(stack, p)
			}
		}
	}
	return false
}

func (l *lostWrites) covered(key string, w sim.OpID) bool {
	for _, tip := range l.tips[key] {
		if tip != 0 && l.succeeds(tip, w) {
			return true
		}
	}
	found := false
	l.inFlight(key, func(carried sim.OpID) { found = found || l.succeeds(carried, w) })
	return found
}

// inFlight calls yield for each write of the key that a message carries.
func (l *lostWrites) inFlight(key string, yield func(sim.OpID)) {
	l.cluster.InFlight(func(m *sim.Message) {
		m.Payload.Writes(func(k string, w sim.OpID) {
			if k == key {
				yield(w)
			}
		})
	})
}

// quiet reports whether all replicas of the key agree and no message carries a write of it. A node that never
// held the key is no replica of it.
func (l *lostWrites) quiet(key string) bool {
	var agreed sim.OpID
	for _, tip := range l.tips[key] {
		if tip == 0 || tip == agreed {
			continue
		}
		if agreed != 0 {
			return false
		}
		agreed = tip
	}
	quiet := true
	l.inFlight(key, func(sim.OpID) { quiet = false })
	return quiet
}

func (l *lostWrites) moved() {
	if len(l.keys) > 0 {
		l.settle()
	}
}

// settle decides the suspects of every key that is quiet.
func (l *lostWrites) settle() {
	l.keys = slices.DeleteFunc(l.keys, func(key string) bool {
		if !l.quiet(key) {
			return false
		}
		var undecided []suspect
		for _, s := range l.uncovered(key) {
			rec := l.record(s.write)
			switch {
			case rec.Result.Outcome == sim.Pending:
				undecided = append(undecided, s)
			case rec.Result.Outcome == sim.OK && !l.gone[s.write]:
				l.gone[s.write] = true
				l.losses = append(l.losses, Loss{s.write, l.cluster.Now(), s.over, l.parted(s.write, s.over)})
				l.report(s.write)
			}
		}
		if len(undecided) > 0 {
			l.suspects[key] = undecided
			return false
		}
		delete(l.suspects, key)
		return true
	})
}

// uncovered returns the suspects that nothing covers, and those before them that only they had covered, in order
// of their IDs.
func (l *lostWrites) uncovered(key string) []suspect {
	var all []suspect
	seen := map[sim.OpID]bool{}
	stack := slices.Clone(l.suspects[key])
	for len(stack) > 0 {
		s := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[s.write] || l.gone[s.write] || l.covered(key, s.write) {
			continue
		}
		seen[s.write] = true
		all = append(all, s)
		for _, p := range l.parents[s.write] {
			stack = append(stack, suspect{p, s.over})
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
	reach := l.reach[later.ID]
	return reach != nil && !reach[int(other.Client)-l.cluster.Nodes()]
}

// atRisk counts the acknowledged writes that nothing covers and that are not lost yet.
func (l *lostWrites) atRisk() int {
	count := 0
	for _, key := range l.keys {
		for _, s := range l.uncovered(key) {
			if l.record(s.write).Result.Outcome == sim.OK {
				count++
			}
		}
	}
	return count
}

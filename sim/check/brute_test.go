package check

import (
	"fmt"
	"strings"

	"netsplit/sim"
)

// brute is a small history for which every definition of package sim is tried on all orders.
type brute struct {
	acts  []bruteAct
	past  [][]bool // the causal order, closed
	thin  bool     // something was found that nobody wrote
	cycle bool     // the causal order goes in a circle
}

type bruteAct struct {
	id            sim.OpID
	client        sim.Addr
	key           string
	call, end     tick
	write, finds  bool
	answeredWrite bool
	found         int // index; -1 for the opening value
}

func newBrute(events []event) *brute {
	b := &brute{}
	index := map[sim.OpID]int{}
	ended := map[sim.OpID]tick{}
	returned := map[sim.OpID]bool{}
	for _, e := range events {
		if !e.end {
			continue
		}
		ended[e.rec.ID] = e.tick
		if e.rec.Result.Outcome == sim.OK && e.rec.Kind.Finds() {
			returned[e.rec.Result.Version] = true
		}
	}
	for _, e := range events {
		rec := e.rec
		end, done := ended[rec.ID]
		ok := done && rec.Result.Outcome == sim.OK
		wrote := ok && rec.Kind != sim.Read && rec.Result.Applied
		if e.end || !ok && (rec.Kind == sim.Read || !returned[rec.ID]) {
			continue
		}
		a := bruteAct{id: rec.ID, client: rec.Client, key: rec.Key, call: e.tick, found: -1,
			write: wrote || rec.Kind != sim.Read && returned[rec.ID], answeredWrite: wrote}
		if ok {
			a.end, a.finds = end, rec.Kind.Finds()
		}
		if returned[rec.ID] && done && !wrote && rec.Result.Outcome != sim.Info {
			b.thin = true
		}
		index[rec.ID] = len(b.acts)
		b.acts = append(b.acts, a)
	}
	b.relate(events, index)
	return b
}

// relate finds out who found what, and the causal order.
func (b *brute) relate(events []event, index map[sim.OpID]int) {
	n := len(b.acts)
	for _, e := range events {
		if i, ok := index[e.rec.ID]; ok && e.end && b.acts[i].finds && e.rec.Result.Version != 0 {
			v, there := index[e.rec.Result.Version]
			b.acts[i].found = v
			if !there || !b.acts[v].write {
				b.thin, b.acts[i].finds = true, false
			}
		}
	}
	for i := range n {
		b.past = append(b.past, make([]bool, n))
		for j, a := range b.acts {
			c := b.acts[i]
			b.past[i][j] = a.client == c.client && a.end != 0 && a.end < c.call || c.finds && c.found == j
		}
	}
	for k := range n {
		for i := range n {
			for j := range n {
				b.past[i][j] = b.past[i][j] || b.past[i][k] && b.past[k][j]
			}
		}
	}
	for i := range n {
		b.cycle = b.cycle || b.past[i][i]
	}
}

// session reports whether a session orders one act before another.
func (b *brute) session(i, j int) bool {
	a, c := b.acts[i], b.acts[j]
	return a.client == c.client && a.end != 0 && a.end < c.call
}

// sees reports whether a model lets the read r see the write u of its key.
func (b *brute) sees(m Kind, r, u int) bool {
	switch m {
	case Causal:
		return b.past[r][u]
	case ReadYourWrites:
		return b.acts[u].answeredWrite && b.session(u, r)
	case MonotonicReads:
		for q, a := range b.acts {
			if a.finds && a.found == u && b.last(q, r) {
				return true
			}
		}
		return false
	}
	for q, a := range b.acts { // the session has read, or reads now, the write w of another
		if !a.finds || a.found < 0 || q != r && !b.session(q, r) {
			continue
		}
		w := a.found
		if m == MonotonicWrites && b.acts[u].answeredWrite && b.session(u, w) {
			return true
		}
		for p, c := range b.acts {
			if m == WritesFollowReads && c.finds && c.found == u && b.lastOf(p, w, b.acts[r].key) {
				return true
			}
		}
	}
	return false
}

// last reports whether a read of its key comes before r in its session, and before no other read of the key that does.
func (b *brute) last(q, r int) bool { return b.lastOf(q, r, b.acts[r].key) }

func (b *brute) lastOf(q, r int, key string) bool {
	if b.acts[q].key != key || !b.session(q, r) {
		return false
	}
	for p, a := range b.acts {
		if a.finds && a.key == key && b.session(q, p) && b.session(p, r) {
			return false
		}
	}
	return true
}

// allowed tries all orders that a model allows.
func (b *brute) allowed(m Kind) bool {
	if b.cycle || b.thin && (m == Causal || m == Sequential) {
		return false
	}
	if m == Sequential {
		return b.legal(make([]bool, len(b.acts)), map[string]int{})
	}
	return b.arbitrate(m, nil)
}

// legal goes on with an order of all acts.
func (b *brute) legal(placed []bool, stands map[string]int) bool {
	all := true
	for i, a := range b.acts {
		if placed[i] {
			continue
		}
		all = false
		ready := !a.finds || stands[a.key] == a.found+1
		for j := range b.acts {
			ready = ready && (placed[j] || !b.session(j, i))
		}
		if !ready {
			continue
		}
		before := stands[a.key]
		if placed[i] = true; a.write {
			stands[a.key] = i + 1
		}
		if b.legal(placed, stands) {
			return true
		}
		placed[i], stands[a.key] = false, before
	}
	return all
}

// arbitrate goes on with an order of all writes, which extends the causal order, and holds every read against it.
func (b *brute) arbitrate(m Kind, order []int) bool {
	at := map[int]int{-1: 0}
	for i, w := range order {
		at[w] = i + 1
	}
	all := true
	for i, a := range b.acts {
		if !a.write || at[i] != 0 {
			continue
		}
		all = false
		ready := true
		for j, c := range b.acts {
			ready = ready && (!c.write || at[j] != 0 || !b.past[i][j])
		}
		if ready && b.arbitrate(m, append(order[:len(order):len(order)], i)) {
			return true
		}
	}
	if !all {
		return false
	}
	for r, a := range b.acts {
		for u, w := range b.acts {
			if a.finds && w.write && w.key == a.key && at[u] > at[a.found] && b.sees(m, r, u) {
				return false
			}
		}
	}
	return true
}

// circles reports whether a model wants acts before each other in a circle, or a write before the opening value.
func (b *brute) circles(m Kind) bool {
	if b.cycle || b.thin && m == Causal {
		return true
	}
	n := len(b.acts)
	before := make([][]bool, n)
	for i := range n {
		before[i] = make([]bool, n)
		for j := range n {
			before[i][j] = b.past[j][i]
		}
	}
	for r, a := range b.acts {
		for u, w := range b.acts {
			if a.finds && w.write && w.key == a.key && u != a.found && b.sees(m, r, u) {
				if a.found < 0 {
					return true
				}
				before[u][a.found] = true
			}
		}
	}
	for k := range n {
		for i := range n {
			for j := range n {
				before[i][j] = before[i][j] || before[i][k] && before[k][j]
			}
		}
	}
	for i := range n {
		if before[i][i] {
			return true
		}
	}
	return false
}

// show puts a history into words.
func show(events []event) string {
	var s strings.Builder
	for _, e := range events {
		r := e.rec
		if !e.end {
			fmt.Fprintf(&s, "%d: client %d calls %d, %s of %s\n", e.tick, r.Client, r.ID, r.Kind, r.Key)
		} else {
			fmt.Fprintf(&s, "%d: client %d ends %d: %s, applied %v, version %d\n", e.tick, r.Client, r.ID, r.Result.Outcome, r.Result.Applied, r.Result.Version)
		}
	}
	return s.String()
}

package check

import (
	"slices"

	"netsplit/sim"
)

// event is a call or an end, as the weaker models are told of it. What an operation came to is looked at with its end.
type event struct {
	rec  *sim.Record
	tick tick
	end  bool
}

// act is an operation as the weaker models see it. There are many, so they are small.
type act struct {
	rec          *sim.Record
	found        *act  // of what finds: the write that it found; nil for the opening value
	knew         known // what its session knew when it began
	*waiting           // until it counts, and of a read until it has ended
	session, key int32
	call, end    tick  // end is 0 until it is answered
	since        tick  // from which on it counts: of its answer, or of the first that it was returned with
	phantom      tick  // at which it turned out not to have been a write; 0 for none
	node         int32 // its place in the past; -1 while it does not count
	ordered      int32 // how many of its predecessors are so by its session's order
}

// tick counts calls and ends, so that no two coincide.
type tick int32

// waiting is what matters of an act only until it has its place.
type waiting struct {
	before []*act // what comes right before it in its session
	cuts   []tick // what its session had met of others when it began; see hearing.cuts
}

// writes reports whether an act counts as a write, going by what is known of it by now.
func (a *act) writes() bool { return a.rec.Kind != sim.Read && a.phantom == 0 }

// finds reports whether an answered act says what it found.
func (a *act) finds() bool { return a.end != 0 && a.rec.Kind.Finds() }

// past is the causal order of a history: sessions' orders and who read from whom. A session orders one act before
// another if it was answered before the other began.
type past struct {
	acts       []*act // by OpID
	nodes      []*act
	succ, pred links[int32]
	sessions   map[sim.Addr]int32
	keys       map[string]int32
	latest     [][]*act // by session: the answered acts that it does not order before another answered one
	own, read  map[place][]*act
}

// place is a key as one session has dealt with it.
type place struct{ session, key int32 }

func newPast() past {
	return past{sessions: map[sim.Addr]int32{}, keys: map[string]int32{},
		own: map[place][]*act{}, read: map[place][]*act{}}
}

// call takes the call of an operation.
func (p *past) call(e event) *act {
	s, ok := p.sessions[e.rec.Client]
	if !ok {
		s = int32(len(p.latest))
		p.sessions[e.rec.Client] = s
		p.latest = append(p.latest, nil)
	}
	k, ok := p.keys[e.rec.Key]
	if !ok {
		k = int32(len(p.keys))
		p.keys[e.rec.Key] = k
	}
	a := &act{rec: e.rec, session: s, key: k, call: e.tick, node: -1, waiting: &waiting{before: p.latest[s]}}
	for len(p.acts) <= int(e.rec.ID) {
		p.acts = append(p.acts, nil)
	}
	p.acts[e.rec.ID] = a
	return a
}

// act returns an operation that has been called, or nil.
func (p *past) act(id sim.OpID) *act {
	if int(id) >= len(p.acts) {
		return nil
	}
	return p.acts[id]
}

// answered makes an act the latest of its session. What it found counts if that is a version.
func (p *past) answered(a *act, sound bool) {
	p.latest[a.session] = append(after(p.latest[a.session], a.call), a)
	at := place{a.session, a.key}
	if a.writes() {
		p.own[at] = append(p.own[at], a)
	}
	if a.finds() && sound {
		p.read[at] = append(p.read[at], a)
	}
}

// after returns those of some answered acts that had not ended by a tick, in a list of its own.
func after(acts []*act, t tick) []*act {
	list := make([]*act, 0, len(acts)+1)
	for _, a := range acts {
		if a.end >= t {
			list = append(list, a)
		}
	}
	return list
}

// lastBefore returns which acts, in order of their ends, ended before a tick and precede no other of these.
func lastBefore(acts []*act, t tick) []*act {
	n, _ := slices.BinarySearchFunc(acts, t, func(a *act, t tick) int {
		if a.end < t {
			return -1
		}
		return 1
	})
	began := tick(0)
	for i := n; i > 0; i-- {
		a := acts[i-1]
		if a.end < began {
			return acts[i:n:n]
		}
		began = max(began, a.call)
	}
	return acts[:n:n]
}

// add gives an act its place.
func (p *past) add(a *act) {
	a.node = int32(len(p.nodes))
	p.nodes = append(p.nodes, a)
}

// link notes that one act comes before another.
func (p *past) link(a, b *act) {
	p.succ.add(a.node, b.node)
	p.pred.add(b.node, a.node)
}

// way returns acts that show that a comes before b: each comes right before the next, the first is a and the last is
// b. The causal order must have it so.
func (p *past) way(a, b *act) []*act {
	next := map[int32]int32{b.node: b.node}
	for queue := []int32{b.node}; len(queue) > 0; queue = queue[1:] {
		n := queue[0]
		if n == a.node {
			break
		}
		for q := range p.pred.of(n) {
			if _, seen := next[q]; !seen {
				next[q] = n
				queue = append(queue, q)
			}
		}
	}
	if _, found := next[a.node]; !found {
		return nil
	}
	list := []*act{a}
	for n := a.node; n != b.node; {
		n = next[n]
		list = append(list, p.nodes[n])
	}
	return list
}

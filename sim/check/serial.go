package check

import (
	"iter"
	"math"
	"slices"

	"netsplit/sim"
)

// Limits of the search for a sequential order: steps for one search, by the number of its operations and in any case.
const (
	SerialStepsEach = 20
	SerialSteps     = 50_000
)

// serial looks for one legal order of the acts of a past that extends every session's order: one in which each act
// that finds finds the latest write of its key. It places acts one after another, reads as soon as they can be, and no
// write over a version that some read has yet to find; where it has come to an end that is none, it goes back.
type serial struct {
	past    *past
	tick    tick // acts count as they did then
	nodes   []int32
	left    []int32    // by node: how many acts must come before it and are not placed
	edges   [][2]int32 // what must come before what, while they are gathered
	succ    []int32    // what comes after each node, one node's after the other's
	first   []int32    // by node: where in succ its own begin
	readers []int32    // by version: how many that found it are not placed
	current []int32    // by key: the version that stands there
	placed  []placing
	ready   []int32 // writes before which all has been placed, and that are not placed themselves
	steps   int

	size     int // of the past when it was set up
	order    *order
	parents  func(sim.OpID) []sim.OpID
	taken    int // how much of it is done: acts looked at,
	extended int // acts whose successions are taken along,
	started  bool
	tried    int // the write at this point that was tried last; -1 for none
}

// placing is an act in its place.
type placing struct {
	node  int32
	stood int32 // the version that stood there before
	ready int   // how many writes were ready, this one aside
	from  int   // of a write: its place among them
}

// newSerial sets a search up. It takes the arcs of an order along, if there is one, and those of a write's parents.
func newSerial(p *past, t tick, o *order, parents func(sim.OpID) []sim.OpID) *serial {
	n := len(p.nodes)
	s := &serial{past: p, tick: t, size: n, order: o, parents: parents, tried: -1, left: make([]int32, n), first: make([]int32, n+1), readers: make([]int32, n+len(p.keys))}
	s.nodes, s.edges = make([]int32, 0, n), make([][2]int32, 0, 4*n)
	for key := range len(p.keys) {
		s.current = append(s.current, s.opening(int32(key)))
	}
	return s
}

// take looks at some of the acts that are left.
func (s *serial) take(most int) {
	from := s.taken
	s.taken += min(most, s.size-from)
	for _, a := range s.past.nodes[from:s.taken] {
		if !s.counts(a) {
			continue
		}
		s.nodes = append(s.nodes, a.node)
		for b := range s.preds(a) {
			s.before(b, a.node)
		}
		if s.finds(a) {
			s.readers[s.version(a)]++
		}
	}
}

// extend adds what an order and the protocol have to say on which write comes first, for some of the acts that are left.
func (s *serial) extend(most int) {
	from := s.extended
	s.extended += min(most, len(s.nodes)-from)
	for _, n := range s.nodes[from:s.extended] {
		if s.order != nil {
			for r := range s.order.out.of(n) {
				if r.tick <= s.tick {
					s.before(n, r.to)
				}
			}
		}
		if a := s.past.nodes[n]; s.parents != nil && s.writes(a) {
			for _, id := range s.parents(a.rec.ID) {
				if b := s.past.act(id); b != nil && s.counts(b) {
					s.before(b.node, n)
				}
			}
		}
	}
}

func (s *serial) before(a, b int32) {
	s.edges = append(s.edges, [2]int32{a, b})
	s.first[a+1]++
	s.left[b]++
}

// gather puts the edges in order of where they begin.
func (s *serial) gather() {
	for i := range s.size {
		s.first[i+1] += s.first[i]
	}
	s.succ = make([]int32, len(s.edges))
	next := slices.Clone(s.first)
	for _, e := range s.edges {
		s.succ[next[e[0]]] = e[1]
		next[e[0]]++
	}
	s.edges = nil
}

// after returns what must come after an act.
func (s *serial) after(n int32) []int32 { return s.succ[s.first[n]:s.first[n+1]] }

func (s *serial) counts(a *act) bool   { return a.node >= 0 && a.since <= s.tick }
func (s *serial) answered(a *act) bool { return a.end != 0 && a.end <= s.tick }
func (s *serial) finds(a *act) bool    { return s.answered(a) && a.rec.Kind.Finds() }
func (s *serial) writes(a *act) bool {
	return a.rec.Kind != sim.Read && (a.phantom == 0 || a.phantom > s.tick)
}

// preds returns what comes right before an act.
func (s *serial) preds(a *act) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		left, answered := a.ordered, s.answered(a)
		for b := range s.past.pred.of(a.node) {
			if left == 0 && !answered || !yield(b) {
				return
			}
			left--
		}
	}
}

// opening returns the version that is a key's opening value.
func (s *serial) opening(key int32) int32 { return int32(s.size) + key }

// version returns the version that an act found.
func (s *serial) version(a *act) int32 {
	if a.found == nil {
		return s.opening(a.key)
	}
	return a.found.node
}

// search looks for an order. With no patience it does not go back, and answers unknown at the first dead end.
func (s *serial) search(patient bool) Answer {
	for {
		if answer, done := s.advance(patient, math.MaxInt32); done {
			return answer
		}
	}
}

// advance does so much of the search as takes about so many steps, and reports whether it is done.
func (s *serial) advance(patient bool, most int) (answer Answer, done bool) {
	switch {
	case s.taken < s.size:
		s.take(most)
	case s.extended < len(s.nodes):
		s.extend(most)
	case !s.started:
		s.start()
	default:
		return s.run(patient, s.steps+most)
	}
	return "", false
}

// start places what nothing must come before.
func (s *serial) start() {
	s.started = true
	s.gather()
	first := slices.DeleteFunc(slices.Clone(s.nodes), func(n int32) bool { return s.left[n] > 0 })
	for _, n := range first {
		s.free(n)
	}
}

// run goes on until it has taken so many steps in all.
func (s *serial) run(patient bool, until int) (answer Answer, done bool) {
	budget := SerialSteps + SerialStepsEach*len(s.nodes)
	for len(s.placed) < len(s.nodes) {
		if next := s.next(s.tried); next >= 0 {
			s.place(next)
			s.tried = -1
		} else if s.tried = s.back(); !patient || s.tried < 0 {
			if !patient {
				return Unknown, true
			}
			return No, true
		}
		if s.steps > budget {
			return Unknown, true
		}
		if s.steps >= until {
			return "", false
		}
	}
	if !s.legal() {
		panic("check: an order that is not legal was taken for one that is")
	}
	return Yes, true
}

// next returns the write to place after another was tried in vain: that of the lowest node above it; -1 for none.
func (s *serial) next(tried int) int32 {
	best := int32(-1)
	for _, n := range s.ready {
		s.steps++
		if int(n) > tried && (best < 0 || n < best) && s.may(n) {
			best = n
		}
	}
	return best
}

// may reports whether a write may stand next: what stands there has been found by all that find it.
func (s *serial) may(n int32) bool {
	a := s.past.nodes[n]
	stands, mine := s.current[a.key], int32(0)
	if s.finds(a) {
		if s.version(a) != stands {
			return false
		}
		mine = 1
	}
	return s.readers[stands] == mine
}

// place puts a write next.
func (s *serial) place(n int32) {
	a := s.past.nodes[n]
	end, i := len(s.ready)-1, slices.Index(s.ready, n)
	s.ready[i] = s.ready[end]
	s.ready = s.ready[:end]
	s.put(n, i)
	s.current[a.key] = n
	if s.finds(a) {
		s.readers[s.version(a)]--
	}
	s.release(n)
}

func (s *serial) put(n int32, from int) {
	s.steps++
	s.placed = append(s.placed, placing{n, s.current[s.past.nodes[n].key], len(s.ready), from})
}

func (s *serial) placeRead(n int32) {
	s.put(n, -1)
	if a := s.past.nodes[n]; s.finds(a) {
		s.readers[s.version(a)]--
	}
	s.release(n)
}

// release lets go what waited for a placed act.
func (s *serial) release(n int32) {
	for _, m := range s.after(n) {
		if s.left[m]--; s.left[m] == 0 {
			s.free(m)
		}
	}
}

// free takes an act that nothing must come before any more. A read takes its place at once: what it found stands there,
// for no write may replace that before.
func (s *serial) free(n int32) {
	if s.writes(s.past.nodes[n]) {
		s.ready = append(s.ready, n)
	} else {
		s.placeRead(n)
	}
}

// back takes acts back, up to the latest write, and returns that one; -1 if there is none.
func (s *serial) back() int {
	for len(s.placed) > 0 {
		last := s.placed[len(s.placed)-1]
		s.placed = s.placed[:len(s.placed)-1]
		s.steps++
		a := s.past.nodes[last.node]
		s.ready = s.ready[:last.ready]
		for _, m := range s.after(last.node) {
			s.left[m]++
		}
		if s.finds(a) {
			s.readers[s.version(a)]++
		}
		if s.writes(a) {
			s.current[a.key] = last.stood
			s.ready = append(s.ready, last.node)
			end := len(s.ready) - 1
			s.ready[last.from], s.ready[end] = s.ready[end], s.ready[last.from]
			return int(last.node)
		}
	}
	return -1
}

// legal replays the order that was found.
func (s *serial) legal() bool {
	stands, at := make([]*act, len(s.past.keys)), make([]int, len(s.past.nodes))
	for i, p := range s.placed {
		a := s.past.nodes[p.node]
		if s.finds(a) && stands[a.key] != a.found {
			return false
		}
		if s.writes(a) {
			stands[a.key] = a
		}
		at[p.node] = i + 1
	}
	for _, n := range s.nodes {
		for b := range s.preds(s.past.nodes[n]) {
			if at[n] == 0 || at[b] > at[n] {
				return false
			}
		}
	}
	return true
}

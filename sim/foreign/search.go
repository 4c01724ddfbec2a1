package foreign

import (
	"cmp"
	"slices"
	"sort"
)

// Answer is what is said of a history.
type Answer string

// The answers. Unknown: the search was cut short.
const (
	Yes     Answer = "yes"
	No      Answer = "no"
	Unknown Answer = "unknown"
)

// search looks for a linearization where porcupine takes too long. It goes from deadline to deadline, which are the ends of operations, and lets an
// operation take effect no sooner than a deadline makes it (just-in-time linearization: Lowe, Testing for
// linearizability, 2017). So a position is a deadline, a state of the object and which open operations have taken
// effect, and its size does not depend on the history's. Operations without an end that do the same are told apart by
// number only; a position that has used fewer of them is as good as one that has used more.
type search struct {
	object    *object
	deadlines []deadline
	moves     []move
	spare     []spare
	met       map[place][][]int32 // by place, the spare operations used there
	steps     int                 // how many are left
	far       int                 // the last deadline that was not met
	found     bool                // all were met
	guessed   bool                // a position was given up for what comes after its deadline
}

// move is an operation that must take effect by its deadline.
type move struct {
	e         effect
	call, due int // ticks: two for each event, and one between them
	slot      int // among the open ones
}

// deadline is the moment by which a move must have taken effect.
type deadline struct {
	move  int
	event int   // of the end that showed it
	tick  int   // its time
	open  []int // the moves that may take effect by then, this one first, then in order of their deadlines
	next  int   // a read that will find what there is then, and perhaps more after it; -1 for none
}

// spare are operations that do the same and may or may not have taken effect.
type spare struct {
	e     effect
	ticks []int // of their calls
}

type place struct {
	deadline int
	state    state
	done     string // bitmap of slots
}

type position struct {
	place
	used []int32 // by kind of spare operations
}

// newSearch prepares the search for a linearization of operations of one key, in order of their calls.
func newSearch(o *object, items []item, steps int) *search {
	s := &search{object: o, met: map[place][][]int32{}, steps: steps}
	kinds := map[effect]int{}
	var ticks []tick
	for _, sp := range o.spans(items) {
		e := items[sp.item].e
		if sp.event != 0 {
			m := len(s.moves)
			s.moves = append(s.moves, move{e: e, call: sp.from, due: sp.to})
			ticks = append(ticks, tick{sp.from, m, 0}, tick{sp.to, m, sp.event})
			continue
		}
		k, ok := kinds[e]
		if !ok {
			k = len(s.spare)
			kinds[e] = k
			s.spare = append(s.spare, spare{e: e})
		}
		s.spare[k].ticks = append(s.spare[k].ticks, sp.from)
	}
	slices.SortStableFunc(ticks, func(a, b tick) int { return cmp.Compare(a.at, b.at) })
	s.line(ticks)
	if o.model == KV || o.model == List {
		s.look()
	}
	return s
}

// tick is the call of a move, or its deadline.
type tick struct{ at, move, event int } // event is 0 for a call

// line makes the deadlines.
func (s *search) line(ticks []tick) {
	var open, free []int
	for _, tk := range ticks {
		m := &s.moves[tk.move]
		at, _ := slices.BinarySearchFunc(open, m.due, func(other, due int) int { return cmp.Compare(s.moves[other].due, due) })
		if tk.event == 0 {
			m.slot = len(open)
			if n := len(free); n > 0 {
				m.slot, free = free[n-1], free[:n-1]
			}
			open = slices.Insert(open, at, tk.move)
			continue
		}
		s.deadlines = append(s.deadlines, deadline{move: tk.move, event: tk.event, tick: tk.at, open: slices.Clone(open), next: -1})
		at = slices.Index(open, tk.move)
		open = slices.Delete(open, at, at+1)
		free = append(free, m.slot)
	}
}

// look finds for each deadline the next read before which texts and lists can only grow.
func (s *search) look() {
	next, first := -1, never
	for _, sp := range s.spare {
		if sp.e.act == writes || sp.e.act == swaps {
			first = min(first, sp.ticks[0])
		}
	}
	for i, d := range slices.Backward(s.deadlines) {
		switch m := &s.moves[d.move]; m.e.act {
		case reads:
			next = i
		case writes, swaps:
			first = min(first, m.call)
		}
		if next >= 0 && first > s.deadlines[next].tick {
			s.deadlines[i].next = s.deadlines[next].move
		}
	}
}

// hopeless reports whether the next read will not find what it returned, as nothing takes away what is there already.
func (s *search) hopeless(p *position) bool {
	d := &s.deadlines[p.deadline]
	if d.next < 0 {
		return false
	}
	m := &s.moves[d.next]
	if m.call < d.tick && has(p.done, m.slot) {
		return false
	}
	s.steps--
	return !s.object.begins(m.e.to, p.state)
}

// run searches. If there is no linearization, up to any end before the event there is one; and there is none up to the
// event itself, unless guessed says that this only followed from what came later.
func (s *search) run() (answer Answer, event int, guessed bool) {
	stack := s.note(nil, position{used: make([]int32, len(s.spare))})
	for len(stack) > 0 && !s.found && s.steps > 0 {
		p := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if s.standing(&p) {
			stack = s.branch(&p, stack)
		}
	}
	switch {
	case s.found:
		return Yes, 0, false
	case s.steps <= 0:
		return Unknown, 0, false
	}
	return No, s.deadlines[s.far].event, s.guessed
}

// note takes a position that has been reached to the next deadline that it does not meet, and adds it to those from
// which to go on, unless one as good has been reached before.
func (s *search) note(to []position, p position) []position {
	s.advance(&p)
	if p.deadline == len(s.deadlines) {
		s.found = true
		return to
	}
	s.far = max(s.far, p.deadline)
	if s.hopeless(&p) {
		s.guessed = true
		return to
	}
	met := s.met[p.place]
	s.steps -= len(met)
	if slices.ContainsFunc(met, func(used []int32) bool { return atMost(used, p.used) }) {
		return to
	}
	met = slices.DeleteFunc(met, func(used []int32) bool { return atMost(p.used, used) })
	s.met[p.place] = append(met, p.used)
	return append(to, p)
}

// standing reports whether no better position than one noted has been reached since.
func (s *search) standing(p *position) bool {
	met := s.met[p.place]
	s.steps -= len(met)
	return slices.ContainsFunc(met, func(used []int32) bool { return slices.Equal(used, p.used) })
}

// advance lets reads that find what they returned take effect, which can do no harm, and passes the deadlines that are
// met, up to one that is not.
func (s *search) advance(p *position) {
	for p.deadline < len(s.deadlines) {
		d := &s.deadlines[p.deadline]
		for _, m := range d.open {
			if mv := &s.moves[m]; mv.e.act == reads && !has(p.done, mv.slot) {
				s.steps--
				if _, ok := s.object.after(p.state, &mv.e); ok {
					p.done = with(p.done, mv.slot)
				}
			}
		}
		slot := s.moves[d.move].slot
		if !has(p.done, slot) {
			return
		}
		p.done = without(p.done, slot)
		p.deadline++
	}
}

// atMost reports whether no number of a is above that of b.
func atMost(a, b []int32) bool {
	for i := range a {
		if a[i] > b[i] {
			return false
		}
	}
	return true
}

// branch pushes the positions that one more operation leads to, the most promising one last. They are noted in the order
// in which they are likely to be the better ones.
func (s *search) branch(p *position, stack []position) []position {
	d := &s.deadlines[p.deadline]
	var next []position
	for _, m := range d.open {
		if mv := &s.moves[m]; mv.e.act != reads && !has(p.done, mv.slot) {
			if st, ok := s.try(p, &mv.e); ok {
				next = s.note(next, position{place{p.deadline, st, with(p.done, mv.slot)}, p.used})
			}
		}
	}
	for k := range s.spare {
		sp := &s.spare[k]
		if n := sort.SearchInts(sp.ticks, d.tick); int(p.used[k]) >= n {
			continue
		}
		if st, ok := s.try(p, &sp.e); ok && st != p.state {
			used := slices.Clone(p.used)
			used[k]++
			s.steps -= len(used) / 16
			next = s.note(next, position{place{p.deadline, st, p.done}, used})
		}
	}
	slices.Reverse(next)
	return append(stack, next...)
}

// try takes a step. A state that is written down costs as many more as it is long.
func (s *search) try(p *position, e *effect) (state, bool) {
	s.steps--
	st, ok := s.object.after(p.state, e)
	if ok {
		s.steps -= len(st.s) / 64
	}
	return st, ok
}

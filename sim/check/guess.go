package check

import (
	"sort"

	"netsplit/sim"
)

// Limits of the search for what compare-and-sets without an answer met.
const (
	MaxTries  = 20_000 // candidates of one search
	tryWeight = 10     // how many candidates one counts for whose place is tried and not only looked at
)

// guesses are what is assumed of the compare-and-sets of a register that were left without an answer and took effect:
// each met some write of the value that it expected. That may be a write that nobody has found: it took effect then,
// and, if it is such a compare-and-set itself, met another.
type guesses struct {
	of      []int32         // places of the compare-and-sets, in the order in which they were found
	met     map[int32]int32 // what they were last guessed to have met
	writers map[int64][]int32
	indexed int   // operations that writers knows
	again   int64 // when to search anew, in operations ended, after a search was cut short
	ended   int64
}

// settle judges what must leaves open: whether guesses go with everything that has completed.
func (g *register) settle(op *interval, now int64) Answer {
	g.guesses.ended++
	fresh := g.newGuess(op)
	if len(g.guesses.of) == 0 {
		return Yes
	}
	if g.may != nil {
		if g.apply(g.may, op, now) == nil && g.settled(fresh) {
			return Yes
		}
		g.may = nil
	}
	if g.guesses.ended < g.guesses.again {
		return Unknown
	}
	var open []int32
	for _, place := range g.guesses.of {
		if g.must.clusters[g.must.of(place)].prev < 0 {
			open = append(open, place)
		}
	}
	s := g.must.clone()
	answer := g.search(s, open)
	switch answer {
	case Yes:
		g.may, g.guesses.again = s, 0
	case Unknown:
		g.guesses.again = g.guesses.ended + g.guesses.ended/4
	}
	return answer
}

// settled reports whether may goes on with a compare-and-set that has just been found: one guess more is enough.
func (g *register) settled(fresh int32) bool {
	return fresh == nothing || g.may.clusters[g.may.of(fresh)].prev >= 0 || g.search(g.may, []int32{fresh}) == Yes
}

// newGuess notes that an operation was the first to find a compare-and-set that has no answer, and returns the place of
// that; or nothing.
func (g *register) newGuess(op *interval) int32 {
	if op.rec.Result.Outcome != sim.OK || !op.rec.Kind.Finds() {
		return nothing
	}
	w := g.byID(op.rec.Result.Version)
	if w == nil || w.shown != op.end || w.rec.Kind != sim.CompareAndSet || w.rec.Result.Outcome == sim.OK {
		return nothing
	}
	if g.guesses.met == nil {
		g.guesses.met, g.guesses.writers = map[int32]int32{}, map[int64][]int32{}
	}
	g.guesses.of = append(g.guesses.of, w.place)
	return w.place
}

// search looks for what compare-and-sets met, one after the other, each in turn by all that it may have met, and leaves
// the certificate with it. No: nothing goes with the rest.
func (g *register) search(s *blocks, of []int32) Answer {
	g.index()
	q := &guesser{g: g, s: s, tries: MaxTries}
	for _, place := range of {
		q.open = append(q.open, s.of(place))
	}
	s.tracing = true
	answer := q.next(0)
	if answer == Yes {
		for _, c := range q.open {
			g.guesses.met[s.clusters[c].op] = s.clusters[s.clusters[c].prev].op
		}
	}
	s.tracing, s.trail = false, nil
	return answer
}

// index lists by value the writes that have been called since it was last asked.
func (g *register) index() {
	for ; g.guesses.indexed < len(g.ops); g.guesses.indexed++ {
		if op := g.ops[g.guesses.indexed]; op.rec.Kind != sim.Read && op.rec.Kind.Plain() {
			g.guesses.writers[op.rec.Value] = append(g.guesses.writers[op.rec.Value], op.place)
		}
	}
}

// guesser is a search for what compare-and-sets met.
type guesser struct {
	g     *register
	s     *blocks
	open  []int32 // clusters whose predecessor is guessed, in this order
	tries int     // that are left
}

// next guesses what the k-th compare-and-set met, and goes on to those after it. Most likely it met what its Errand had
// read, or what it was last guessed to have met; else whatever was written last.
func (q *guesser) next(k int) Answer {
	if k == len(q.open) {
		return Yes
	}
	c := q.open[k]
	op := q.g.ops[q.s.clusters[c].op]
	first := []int32{-1}
	if met, ok := q.g.guesses.met[op.place]; ok {
		first = append(first, met)
	}
	if w := q.g.byID(op.basis); w != nil {
		first = append(first, w.place)
	}
	for i := len(first) - 1; i >= 0; i-- {
		if a := q.try(k, first[i]); a != No {
			return a
		}
	}
	writers := q.g.guesses.writers[op.rec.Expect]
	until := q.s.blocks[q.s.clusters[c].block].first
	n := sort.Search(len(writers), func(i int) bool { return q.g.ops[writers[i]].call > until })
	for i := n - 1; i >= 0; i-- {
		if a := q.try(k, writers[i]); a != No {
			return a
		}
	}
	return No
}

// try has the k-th compare-and-set meet a write, if it can have, and goes on to those after it.
func (q *guesser) try(k int, place int32) Answer {
	if q.tries--; q.tries < 0 {
		return Unknown
	}
	value, c := q.g.opening, q.open[k]
	if place >= 0 {
		w := q.g.ops[place]
		if value = w.rec.Value; !w.mayHold() {
			return No
		}
	}
	found := q.s.of(place)
	if value != q.g.ops[q.s.clusters[c].op].rec.Expect || found == c || found >= 0 && q.s.clusters[found].next >= 0 {
		return No
	}
	q.tries -= tryWeight
	mark, n := len(q.s.trail), len(q.open)
	if found < 0 {
		found, _ = q.s.enter(place, q.g.ops[place].call, never)
		if q.g.ops[place].rec.Kind == sim.CompareAndSet {
			q.open = append(q.open, found)
		}
	}
	if q.s.join(found, c) == nil {
		if a := q.next(k + 1); a != No {
			return a
		}
	}
	q.s.undo(mark)
	q.open = q.open[:n]
	return No
}

package check

import (
	"fmt"
	"slices"
	"strings"

	"netsplit/sim"
)

// maxSiblings bounds how many values are named that were found side by side.
const maxSiblings = 3

// sideBySide puts values that were found together into words.
func (x *explainer) sideBySide(key string, values []sim.Version) string {
	ids := []sim.OpID{}
	for _, v := range values {
		ids = append(ids, v.Write)
	}
	slices.Sort(ids)
	var words []string
	for _, id := range ids[:min(len(ids), maxSiblings)] {
		word := "a deletion"
		if rec := x.record(id); rec.Kind != sim.Delete {
			word = x.amount(key, rec.Value, id)
		}
		words = append(words, word)
	}
	if more := len(ids) - maxSiblings; more > 0 {
		words = append(words, fmt.Sprintf("%d more", more))
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last] + " side by side"
}

// pair returns two of the writes that Op found side by side, those of the counterexample first: the one that a replica
// took first, and the other; 0 where it found no two.
func (x *explainer) pair() (first, second sim.OpID) {
	var ids []sim.OpID
	for _, v := range x.record(x.v.Op).Result.Found.Siblings() {
		ids = append(ids, v.Write)
	}
	if len(ids) < 2 {
		return 0, 0
	}
	slices.SortFunc(ids, func(a, b sim.OpID) int {
		in := func(id sim.OpID) int {
			if slices.Contains(x.v.Ops, id) {
				return 0
			}
			return 1
		}
		if in(a) != in(b) {
			return in(a) - in(b)
		}
		return int(a) - int(b)
	})
	if x.served(ids[1]).at < x.served(ids[0]).at {
		return ids[1], ids[0]
	}
	return ids[0], ids[1]
}

// beside looks for why two writes stand side by side: a write replaces what its client has read, so the question is why
// the client of the second had not read the first.
func (x *explainer) beside() finding {
	first, second := x.pair()
	switch {
	case first == 0:
		return finding{blame: BlameUnknown, why: "no single write explains it"}
	case x.forgotten(first) || x.forgotten(second):
		return finding{blame: BlameUnknown, why: "the trail of messages does not reach back so far"}
	}
	y, z := *x, *x // each looks for one of the two
	y.v.Missed, z.v.Missed = first, second
	f := y.unread(x.record(second))
	f.steps = append(f.steps, append(y.heldFirst(), z.heldFirst()...)...)
	if len(f.steps) < 3 {
		f.steps = append(f.steps, y.between(x.served(first), x.served(second))...)
	}
	return f
}

// unread looks for why the client of a write had not read Missed when it wrote.
func (x *explainer) unread(w *sim.Record) finding {
	first := x.record(x.v.Missed)
	var last *sim.Record
	for _, q := range x.cluster.History()[:w.ID-1] {
		if q.Client == w.Client && q.Key == w.Key && q.Kind.Finds() && q.Result.Outcome == sim.OK && q.End <= w.Start {
			last = q
		}
	}
	set := map[sim.OpID]bool{first.ID: true}
	switch {
	case last == nil || last.End < x.served(first.ID).at:
	case showed(last, first.ID):
		return finding{blame: BlameConcurrent, why: fmt.Sprintf("%s had read the one at %s, but not all that its replica held when it wrote the other; one clock for the whole key then replaces nothing", x.client(w), clock(last.End))}
	default:
		list, _ := x.sources(last)
		for _, s := range list {
			if f := x.absence(s, set); f.fault != nil {
				f.why = fmt.Sprintf("%s, so %s did not find that write when it looked at %s and wrote its own", strings.Replace(f.why, ", so ", "; ", 1), x.client(w), clock(last.End))
				f.steps = append([]Step{x.without(s)}, f.steps...)
				return f
			}
		}
	}
	why := fmt.Sprintf("%s and %s each wrote without having read what the other wrote", x.client(first), x.client(w))
	if first.Client == w.Client {
		why = x.client(w) + " wrote twice without having read in between"
	}
	return finding{blame: BlameConcurrent, why: why + "; a write replaces only what its client has read"}
}

// between is a chain's step for the message that brought a write from the replica that took it to that which took another.
func (x *explainer) between(from, to source) []Step {
	set := map[sim.OpID]bool{x.v.Missed: true}
	for i := x.passages.first(); i < x.passages.end(); i++ {
		p := x.passages.at(i)
		if p.from != from.node || p.to != to.node || !x.carries(p, set) {
			continue
		}
		fate := "arrived"
		if x.wasLost(p) {
			fate = "lost"
		} else if x.arrival(p) > to.at {
			fate = "late"
		}
		return []Step{x.message(p, fate)}
	}
	return nil
}

package check

import (
	"slices"

	"netsplit/sim"
)

// guarantees are the models of a session, each of which causal consistency includes.
var guarantees = []Kind{ReadYourWrites, MonotonicReads, MonotonicWrites, WritesFollowReads}

// weak holds a lane against the models weaker than linearizable, event by event. As long as the history is causal the
// guarantees of sessions hold as well, so they are looked at once it is not.
type weak struct {
	ticks  []sim.OpID // whose call or end each tick was; an end has the highest bit set
	record func(sim.OpID) *sim.Record
	ended  int // completions so far
	causal *hearing
	late   *hearing // for the guarantees, once the history is not causal
	merged *merged  // for all but sequential, once an operation was none of a register
	found  map[Kind]*breach
	least  map[Kind]*Violation
	beyond map[Kind]int      // the first completion that a model is not judged from; none while it is
	odd    map[sim.OpID]bool // operations that are none of a register
	sequence
}

// endTick marks the tick of an end. There are never so many operations.
const endTick = 1 << 31

func newWeak(record func(sim.OpID) *sim.Record, parents func(sim.OpID) []sim.OpID) *weak {
	return &weak{record: record, causal: newHearing(Causal), found: map[Kind]*breach{}, least: map[Kind]*Violation{}, beyond: map[Kind]int{},
		odd: map[sim.OpID]bool{}, sequence: sequence{parents: parents}}
}

// called takes the call of an operation.
func (w *weak) called(rec *sim.Record) { w.take(rec, false) }

// returned takes the end of an operation.
func (w *weak) returned(rec *sim.Record) {
	w.ended++
	w.ends = append(w.ends, tick(len(w.ticks)+1))
	w.take(rec, true)
}

func (w *weak) take(rec *sim.Record, end bool) {
	id := rec.ID
	if end {
		id |= endTick
	}
	w.ticks = append(w.ticks, id)
	e := event{rec, tick(len(w.ticks)), end}
	if !e.rec.Kind.Plain() {
		w.odd[e.rec.ID] = true
	}
	switch {
	case w.merged != nil:
		w.merged.take(e)
		w.noteMerged()
	case e.end && !w.register(e.rec):
		w.merge(e)
	case len(w.beyond) > 0:
	case w.causal != nil:
		w.causal.take(e)
		if w.note(w.causal) {
			w.lose(e)
		} else if e.end {
			w.fix()
		}
	case len(w.late.orders) > 0:
		w.late.take(e)
		w.note(w.late)
	}
}

// lose goes on from the causal model, which an event has violated, to the guarantees of sessions.
func (w *weak) lose(e event) {
	if w.causal == nil {
		return
	}
	w.unserial(e)
	w.causal, w.fixing, w.late = nil, nil, newHearing(guarantees...)
	for _, before := range w.events(e.tick) {
		w.late.take(before)
	}
	w.note(w.late)
}

// note takes note of what a hearing has found, and reports whether it has anything to judge left.
func (w *weak) note(h *hearing) (broken bool) {
	for i := range h.breaches {
		w.found[h.breaches[i].model] = &h.breaches[i]
		broken = true
	}
	h.breaches = nil
	for _, o := range h.orders {
		if o.steps > MaxOrderSteps {
			w.stop(w.ended)
		}
	}
	return broken
}

// merge goes on to judge a history in which values merge, anew from its start.
func (w *weak) merge(e event) {
	w.settle(len(w.ends) - 1)
	w.causal, w.late, w.fixing, w.merged = nil, nil, nil, newMerged(append([]Kind{Causal}, guarantees...)...)
	w.beyond = map[Kind]int{Sequential: w.ended}
	for _, before := range w.events(e.tick) {
		w.merged.take(before)
	}
	w.noteMerged()
}

// noteMerged takes note of what was found where values merge, if it was not found before.
func (w *weak) noteMerged() {
	for i := range w.merged.breaches {
		b := &w.merged.breaches[i]
		at := b.event.rec.Completion
		if was := w.found[b.model]; was == nil || was.event.rec.Completion > at {
			w.found[b.model] = b
			delete(w.least, b.model)
		}
		if b.model == Causal && (w.broken == 0 || w.broken > at) {
			w.broken = at
			delete(w.least, Sequential)
		}
	}
	w.merged.breaches = nil
	if w.merged.unmade && w.beyond[Causal] == 0 {
		w.beyond[Causal], w.beyond[ReadYourWrites], w.beyond[MonotonicWrites] = w.ended, w.ended, w.ended
	}
}

// stop leaves all that is not violated by now undecided from a completion on.
func (w *weak) stop(completion int) {
	w.settle(completion - 1)
	for _, m := range append([]Kind{Sequential, Causal}, guarantees...) {
		w.beyond[m] = completion
	}
	w.causal, w.late, w.fixing = nil, nil, nil
}

// register reports whether a completed operation is one of a register, and found one version at the most.
func (w *weak) register(rec *sim.Record) bool {
	switch {
	case rec.Result.Outcome == sim.Fail:
		return true
	case w.odd[rec.ID]:
		return false
	}
	return rec.Result.Outcome != sim.OK || !rec.Kind.Finds() || len(rec.Result.Found.Siblings()) <= 1 && !w.odd[rec.Result.Version]
}

// verdict returns what is known of a model but sequential.
func (w *weak) verdict(m Kind) Verdict {
	v := Verdict{Model: m, Answer: Yes, Covers: w.ended}
	if b := w.found[m]; b != nil {
		v.Answer, v.ViolationAt = No, b.event.rec.Completion
	} else if at := w.beyond[m]; at > 0 {
		v.Answer, v.Covers = Unknown, at-1
	}
	return v
}

// Verdicts judges everything that has completed so far by each of the Models, in their order. What is linearizable is
// all the others as well.
func (r *Referee) Verdicts() []Verdict { return r.verdicts(false) }

// FinalVerdicts is Verdicts for the end of a run: however long that was, the whole of it is judged, which takes up to
// a second.
func (r *Referee) FinalVerdicts() []Verdict {
	r.looked = -1 // it may find a violation that was not found before
	return r.verdicts(true)
}

func (r *Referee) verdicts(whole bool) []Verdict {
	linear := r.Verdict()
	list := []Verdict{linear, r.weak.sequential(linear, whole)}
	for _, m := range Models()[len(list):] {
		list = append(list, r.weak.verdict(m))
	}
	for i := range list {
		if v := &list[i]; v.Answer == Unknown && linear.Answer == Yes {
			v.Answer, v.Covers = Yes, linear.Covers
		}
	}
	return list
}

// weakViolations returns the first violation of each model weaker than linearizable, in the order of Models.
func (r *Referee) weakViolations() []Violation {
	r.weak.sequential(r.Verdict(), false) // which may find the violation only now
	var list []Violation
	for _, m := range Models() {
		v := r.weak.violation(m)
		if m == Sequential {
			v = r.weak.unordered()
		}
		if v != nil {
			list = append(list, *v)
		}
	}
	return list
}

// violation returns the first violation of a model but sequential, or nil.
func (w *weak) violation(m Kind) *Violation {
	b := w.found[m]
	if b != nil && w.least[m] == nil {
		w.least[m] = w.leastOf(b)
	}
	return w.least[m]
}

// event returns what happened at a tick.
func (w *weak) event(t tick) event {
	id := w.ticks[t-1]
	return event{w.record(id &^ endTick), t, id&endTick != 0}
}

// events returns all events up to a tick.
func (w *weak) events(last tick) []event {
	list := make([]event, last)
	for i := range list {
		list[i] = w.event(tick(i + 1))
	}
	return list
}

// leastOf makes a violation of a breach, with as few operations as can be: none of them can be left out.
func (w *weak) leastOf(b *breach) *Violation {
	var acts []sim.OpID
	for _, a := range b.acts {
		for ; a != nil && !slices.Contains(acts, a.rec.ID); a = a.found {
			acts = append(acts, a.rec.ID)
		}
	}
	heard := func(events []event) *breach {
		breaches := heardOf(b, events)
		if len(breaches) == 0 {
			return nil
		}
		return &breaches[0]
	}
	always := func(int) bool { return true }
	events := fewest(only(w.events(b.event.tick), acts), always, func(events []event) bool { return heard(events) != nil })
	if least := heard(events); least != nil {
		b = least
	}
	v := &Violation{Kind: b.model, Key: b.op.rec.Key, At: b.event.rec.End, Completion: b.event.rec.Completion, Op: b.op.rec.ID,
		Ops: opsOf(events)}
	if b.missed != nil {
		v.Missed = b.missed.rec.ID
	}
	return v
}

// heardOf returns the breaches of a model in a history, as the one was found that it had in the whole.
func heardOf(b *breach, events []event) []breach {
	if b.merged {
		m := newMerged(b.model)
		for _, e := range events {
			m.take(e)
		}
		return m.breaches
	}
	h := newHearing(b.model)
	for _, e := range events {
		h.take(e)
	}
	return h.breaches
}

// fewest leaves operations out of a history that is broken, as long as it is then broken still and keeps every write
// that a kept operation found: first many at once, at last one by one. May is asked before each look at so many events, and
// ends it.
func fewest(events []event, may func(n int) bool, broken func([]event) bool) []event {
	ops := opsOf(events)
	for size := max(1, len(ops)/2); ; size = max(1, size/2) {
		shrunk := false
		for i := 0; i < len(ops); {
			if !may(len(events)) {
				return events
			}
			rest := slices.Delete(slices.Clone(ops), i, min(i+size, len(ops)))
			if kept := only(events, rest); whole(kept) && broken(kept) {
				ops, events, shrunk = rest, kept, true
			} else {
				i += size
			}
		}
		if size == 1 && !shrunk {
			return events
		}
	}
}

// opsOf returns the operations of a history in order of their calls.
func opsOf(events []event) []sim.OpID {
	var ops []sim.OpID
	for _, e := range events {
		if !e.end {
			ops = append(ops, e.rec.ID)
		}
	}
	return ops
}

// only returns the events of some operations.
func only(events []event, ops []sim.OpID) []event {
	kept := map[sim.OpID]bool{}
	for _, id := range ops {
		kept[id] = true
	}
	var list []event
	for _, e := range events {
		if kept[e.rec.ID] {
			list = append(list, e)
		}
	}
	return list
}

// whole reports whether a history has every write that its answered operations found.
func whole(events []event) bool {
	there := map[sim.OpID]bool{0: true}
	for _, id := range opsOf(events) {
		there[id] = true
	}
	for _, e := range events {
		if !e.end || e.rec.Result.Outcome != sim.OK || !e.rec.Kind.Finds() {
			continue
		}
		found := writes(e.rec.Result.Found)
		if len(found) < 2 {
			found = []sim.OpID{e.rec.Result.Version}
		}
		if slices.ContainsFunc(found, func(id sim.OpID) bool { return !there[id] }) {
			return false
		}
	}
	return true
}

package check

import (
	"slices"

	"netsplit/sim"
)

// Limits of when a sequential order is looked for.
const (
	SerialNow  = 2000    // completions up to which one is looked for whenever it is asked for; beyond it at fixed points only
	LeastRuns  = 2000    // searches to make a violation as small as can be
	LeastWork  = 300_000 // events looked at meanwhile, where the history is longer than SerialNow
	LeastLong  = 64      // operations of a counterexample that this leaves; of a longer one the last is told alone
	CheckEvery = 200     // completions between two fixed points, at least
	MaxUnsure  = 16      // completions past the last with an order that are looked at for the first without
	FixSteps   = 1000    // of the judgement at a fixed point, with each completion from there on
)

// sequence is how far a lane is known to be sequential. It is judged for good at fixed points of the history, each a
// quarter after the one before and at least CheckEvery completions, and at SerialNow, as long as it is causal. Each time
// the order in which the protocol put the writes is tried first. The work is spread over the completions that follow, so that none is held up.
type sequence struct {
	parents func(sim.OpID) []sim.OpID
	ends    []tick  // of the completions
	good    int     // completions for which there is an order
	unsure  bool    // at a fixed point the search was cut short
	fixing  *fixing // under way; nil for none
	broken  int     // the first completion without an order; 0 for none
	asked   int     // the completion for which it was last looked for on being asked, and the answer
	answer  Answer
}

// fixing is the judgement at a fixed point: in the protocol's order first, then, patiently, in any.
type fixing struct {
	at      int // the completion
	patient bool
	search  *serial
}

// fix judges the history at a fixed point, a part of the work at a time.
func (w *weak) fix() {
	n := len(w.ends)
	switch {
	case w.unsure || w.broken != 0:
		w.fixing = nil
		return
	case w.fixing == nil && n != SerialNow && n < w.good+max(CheckEvery, w.good/4):
		return
	case w.fixing == nil:
		w.fixing = &fixing{at: n, search: w.serial(n, w.parents)}
	}
	f := w.fixing
	answer, done := f.search.advance(f.patient, FixSteps)
	switch {
	case !done:
		return
	case answer != Yes && !f.patient:
		f.patient, f.search = true, w.serial(f.at, nil)
		return
	case answer == Yes:
		w.good = f.at
	case f.at <= SerialNow:
		w.unsure = !w.locate(f.at)
	case answer == No:
		w.broken = f.at
	default:
		w.unsure = true
	}
	w.fixing = nil
}

// settle judges the history up to a completion for good, while that can be done and is soon done.
func (w *weak) settle(n int) {
	switch {
	case w.causal == nil || w.unsure || w.broken != 0 || n <= w.good || n > SerialNow:
	case w.serialTo(n) == Yes:
		w.good = n
	default:
		w.unsure = !w.locate(n)
	}
}

// serial sets a search for an order of all up to a completion up.
func (w *weak) serial(n int, parents func(sim.OpID) []sim.OpID) *serial {
	o := (*order)(nil)
	if len(w.causal.orders) > 0 {
		o = w.causal.orders[0]
	}
	return newSerial(&w.causal.past, w.ends[n-1], o, parents)
}

// serialTo looks for a sequential order of all up to a completion.
func (w *weak) serialTo(n int) Answer {
	if w.serial(n, w.parents).search(false) == Yes {
		return Yes
	}
	return w.serial(n, nil).search(true)
}

// locate looks for the first completion for which there is certainly no order, given that none was found for the first
// bad ones: past the last for which one is found. It is the same whatever bad is, so the verdict does not depend on when
// it was asked for. It reports false if the searches are cut short.
func (w *weak) locate(bad int) bool {
	good := w.good
	for none := bad; none-good > 1; {
		if middle := (good + none) / 2; w.serialTo(middle) == Yes {
			good = middle
		} else {
			none = middle
		}
	}
	for n := good + 1; n <= min(bad, good+MaxUnsure); n++ {
		if w.serialTo(n) == No {
			w.broken = n
			return true
		}
	}
	return false
}

// unserial is told that an event has ruled causal consistency out, and so every sequential order too. It looks whether
// there was one before.
func (w *weak) unserial(e event) {
	if w.broken != 0 {
		return
	}
	if w.settle(len(w.ends) - 1); w.broken == 0 {
		w.broken = e.rec.Completion
	}
}

// sequential returns the verdict, given that on linearizability. An order of the whole history is looked for where that is
// asked for, or it is short; else what is said covers the history up to a fixed point.
func (w *weak) sequential(linear Verdict, whole bool) Verdict {
	v := Verdict{Model: Sequential, Answer: Yes, Covers: w.ended}
	at := w.beyond[Sequential]
	switch {
	case w.broken != 0:
		v.Answer, v.ViolationAt = No, w.broken
	case linear.Answer == Yes:
	case at > 0:
		v.Answer, v.Covers = Unknown, min(w.good, at-1)
	case w.unsure:
		v.Answer, v.Covers = Unknown, w.good
	case w.ended > SerialNow && !whole:
		v.Covers = w.good
	case w.now() == No:
		v.Answer, v.ViolationAt = No, w.broken
	case w.answer == Unknown:
		v.Answer, v.Covers = Unknown, w.good
	}
	return v
}

// now looks for an order of all that has completed.
func (w *weak) now() Answer {
	if w.asked == w.ended {
		return w.answer
	}
	w.asked, w.answer = w.ended, Yes
	if w.ended > w.good {
		w.answer = w.serialTo(w.ended)
	}
	if w.answer != Yes {
		w.answer = Unknown
		if w.locate(w.ended) {
			w.answer = No
		}
	}
	return w.answer
}

// unordered returns the first violation of sequential consistency, or nil.
func (w *weak) unordered() *Violation {
	if w.broken == 0 || w.least[Sequential] != nil {
		return w.least[Sequential]
	}
	last := w.ends[w.broken-1]
	end := w.event(last)
	v := &Violation{Kind: Sequential, Key: end.rec.Key, At: end.rec.End, Completion: w.broken, Op: end.rec.ID}
	events := w.events(last)
	causal := w.violation(Causal)
	if w.merged != nil && causal != nil && causal.Completion == w.broken {
		*v = *causal
		v.Kind = Sequential
		w.least[Sequential] = v
		return v
	}
	if causal != nil && causal.Completion == w.broken {
		events = only(events, causal.Ops)
	}
	events = w.fewestUnserial(events)
	v.Ops = opsOf(events)
	if causal != nil && slices.Equal(v.Ops, causal.Ops) {
		v.Op, v.Missed, v.Key = causal.Op, causal.Missed, causal.Key
	} else {
		v.Missed = lastOther(events, end.rec)
	}
	w.least[Sequential] = v
	return v
}

// fewestUnserial makes a history without an order as small as the limits allow.
func (w *weak) fewestUnserial(events []event) []event {
	runs, work := 0, 0
	long := w.broken > SerialNow
	events = fewest(events, func(n int) bool { work += n; return !long || work <= LeastWork }, func(events []event) bool {
		runs++
		return runs <= LeastRuns && unserial(events)
	})
	if last := events[len(events)-1].rec; len(opsOf(events)) > LeastLong {
		return only(events, []sim.OpID{last.Result.Version, last.ID})
	}
	return events
}

// unserial reports whether it is certain that a history has no sequential order.
func unserial(events []event) bool {
	h := newHearing(Causal)
	for _, e := range events {
		h.take(e)
	}
	if len(h.breaches) > 0 {
		return true
	}
	return len(events) > 0 && newSerial(&h.past, events[len(events)-1].tick, h.orders[0], nil).search(true) == No
}

// lastOther returns the latest write of a history on an operation's key that is neither that operation nor the write
// that it found; 0 for none.
func lastOther(events []event, rec *sim.Record) sim.OpID {
	for _, e := range slices.Backward(events) {
		if q := e.rec; !e.end && q.Kind != sim.Read && q.Key == rec.Key && q.ID != rec.ID && q.ID != rec.Result.Version {
			return q.ID
		}
	}
	return 0
}

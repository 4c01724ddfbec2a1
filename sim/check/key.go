package check

import (
	"github.com/anishathalye/porcupine"

	"netsplit/sim"
)

// Key judges the history of one key that is told to it, in order of time, and not watched in a Cluster. Records have
// distinct IDs, of which 0 is none.
type Key struct {
	g    *register
	tick int64
}

// NewKey begins the history of a key with its opening value.
func NewKey(name string, opening int64) *Key { return &Key{g: newRegister(name, opening)} }

// Invoked takes the call of an operation, whose Result is not known yet.
func (k *Key) Invoked(rec *sim.Record) {
	k.tick++
	k.g.call(rec, k.tick, 0)
}

// Returned takes the end of an operation, with its Result and the number of its Completion, and says whether all that has
// completed is linearizable.
func (k *Key) Returned(rec *sim.Record) Answer {
	k.tick++
	k.g.returned(rec, k.tick)
	return k.g.answer
}

// Violation returns what shows that the history is not linearizable, and whether it is not.
func (k *Key) Violation() (Violation, bool) {
	if k.g.answer != No {
		return Violation{}, false
	}
	return k.g.explain(), true
}

// Whole has porcupine judge all that has completed at once, for no more steps of the model than the budget: what the
// answers of Returned are held against. What has no answer counts from the response that returned it; where there is no
// such response it may have taken effect or not.
func (k *Key) Whole(budget int) Answer {
	if k.g.tally != nil {
		t := *k.g.tally
		t.base = base{value: k.g.opening}
		return answers[search(t.model(), t.history(k.g.ops), &budget)]
	}
	e := example{g: k.g, until: k.tick, exact: true}
	e.ops = e.closed(k.g.ops)
	all := make([]int, len(e.ops))
	for i := range all {
		all[i] = i
	}
	return answers[search(registerModel(k.g.opening), e.view(all), &budget)]
}

// answers are porcupine's in our words.
var answers = map[porcupine.CheckResult]Answer{porcupine.Ok: Yes, porcupine.Illegal: No, porcupine.Unknown: Unknown}

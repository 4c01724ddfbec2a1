package foreign

import (
	"hash/maphash"

	"github.com/anishathalye/porcupine"
)

// input is an operation as porcupine sees it.
type input struct {
	e        *effect // nil at the end of the history
	optional bool    // after the end it does nothing
}

// moment is an object in an order of operations.
type moment struct {
	state state
	ended bool // the history has: what has not taken effect will not
}

// stepBytes is how many bytes a step may write down: what writes more counts as more steps.
const stepBytes = 64

// ask asks porcupine whether operations are linearizable. It allows so many steps of the model, and returns how many are
// left: once there are none, the model refuses everything, which ends porcupine's search without an answer.
func (o *object) ask(items []item, steps int) (Answer, int) {
	var history []porcupine.Operation
	for _, sp := range o.spans(items) {
		in := input{&items[sp.item].e, sp.event == 0}
		history = append(history, porcupine.Operation{Input: in, Call: int64(sp.from), Return: int64(sp.to)})
	}
	history = append(history, porcupine.Operation{Input: input{}, Call: never - 2, Return: never - 1})
	step := func(at, op, _ any) (bool, any) {
		m, in := at.(moment), op.(input)
		steps--
		switch {
		case steps < 0:
			return false, m
		case in.e == nil:
			return true, moment{m.state, true}
		case m.ended:
			return in.optional, m
		}
		st, ok := o.after(m.state, in.e)
		if ok {
			steps -= (len(history)/8 + len(st.s)) / stepBytes // porcupine notes which are placed, a bit each
		}
		return ok, moment{st, false}
	}
	seed := maphash.MakeSeed() // on which nothing but time depends
	model := porcupine.Model{Init: func() any { return moment{} }, Step: step,
		Hash: func(m any) uint64 { return maphash.Comparable(seed, m.(moment)) }} // many states may leave the same operations
	switch {
	case porcupine.CheckOperations(model, history):
		return Yes, max(steps, 0)
	case steps < 0:
		return Unknown, 0
	}
	return No, steps
}

// askShare is the part of the steps that porcupine may take: it is one of so many.
const askShare = 4

// decide judges operations. Porcupine's answer stands; only where its steps are spent does the search look. Where there is
// no linearization of all, there is one of what had ended before the event good, and none up to the event bad.
func (o *object) decide(items []item, steps int) (answer Answer, good, bad, left int) {
	left = steps / askShare
	steps -= left
	if answer, left = o.ask(items, left); answer != Unknown {
		return answer, 0, never, steps + left
	}
	s := newSearch(o, items, steps)
	answer, good, guessed := s.run()
	if bad = good; guessed {
		bad = never
	}
	return answer, good, bad, max(s.steps, 0)
}

package check

import (
	"slices"

	"github.com/anishathalye/porcupine"
)

// Minimal leaves out of a history that a model refuses whatever it can: of the operations that remain, given by their
// places in the history, in ascending order, none can be left out by itself without either making the rest legal or
// leaving behind an operation that needs it. Needs(i) names the operations without which operation i cannot be kept,
// such as the write that a read returned; nil where none needs another. The last result is false where the budget, in
// steps of the model, was too small to try everything: what remains is refused by the model all the same, but perhaps
// not minimal. A history that the model does not refuse, or not within the budget, is returned whole, with false.
//
// It tries ever smaller chunks, each with what needs it (delta debugging: Zeller and Hildebrandt, Simplifying and
// Isolating Failure-Inducing Input, IEEE TSE 2002), and single operations until a whole pass leaves nothing out.
func Minimal(model porcupine.Model, history []porcupine.Operation, needs func(i int) []int, budget int) (kept []int, minimal bool) {
	view := func(part []int) []porcupine.Operation {
		some := make([]porcupine.Operation, len(part))
		for i, p := range part {
			some[i] = history[p]
		}
		return some
	}
	m := newMinimizer(model, len(history), view, needs, budget)
	if !m.refused(m.kept) {
		return m.kept, false
	}
	m.run()
	return m.kept, !m.short
}

// minimizer is a history on the way to a smaller one.
type minimizer struct {
	model    porcupine.Model
	view     func(part []int) []porcupine.Operation // a part of the history, as the model takes it
	neededBy [][]int
	kept     []int
	budget   int  // steps of the model that are left
	short    bool // of budget: something was not tried
}

func newMinimizer(model porcupine.Model, n int, view func([]int) []porcupine.Operation, needs func(int) []int, budget int) *minimizer {
	m := &minimizer{model: model, view: view, budget: budget, neededBy: make([][]int, n)}
	for i := range n {
		m.kept = append(m.kept, i)
		if needs != nil {
			for _, j := range needs(i) {
				m.neededBy[j] = append(m.neededBy[j], i)
			}
		}
	}
	return m
}

// run leaves out what can be of a history that the model refuses.
func (m *minimizer) run() {
	for size := len(m.kept) / 2; size > 1; size /= 2 {
		m.pass(size)
	}
	for m.pass(1) {
	}
}

// pass tries to leave out each chunk of so many operations that are kept, the latest first, and reports whether any was.
// The latest come first because reads come after the writes that they need.
func (m *minimizer) pass(size int) bool {
	any := false
	for end := len(m.kept); end > 0; end = min(end-size, len(m.kept)) {
		rest := m.without(m.kept[max(end-size, 0):end])
		if size == 1 && len(rest) < len(m.kept)-1 {
			continue // others need it
		}
		if len(rest) > 0 && m.refused(rest) {
			m.kept, any = rest, true
		}
	}
	return any
}

// without returns what is kept but for some operations and those that need them.
func (m *minimizer) without(some []int) []int {
	gone := map[int]bool{}
	for todo := slices.Clone(some); len(todo) > 0; {
		i := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if !gone[i] {
			gone[i] = true
			todo = append(todo, m.neededBy[i]...)
		}
	}
	return slices.DeleteFunc(slices.Clone(m.kept), func(i int) bool { return gone[i] })
}

// refused reports whether the model is known to refuse a part of the history.
func (m *minimizer) refused(part []int) bool {
	if m.budget <= 0 {
		m.short = true
		return false
	}
	answer := search(m.model, m.view(part), &m.budget)
	m.short = m.short || answer == porcupine.Unknown
	return answer == porcupine.Illegal
}

// search asks porcupine whether a model allows a history, but for no more steps of the model than the budget, from
// which it takes those that it needs: then the answer is porcupine.Unknown, whatever the machine.
func search(model porcupine.Model, history []porcupine.Operation, budget *int) porcupine.CheckResult {
	step := model.Step
	model.Step = func(state, in, out any) (bool, any) {
		if *budget--; *budget < 0 {
			return false, state // nothing is allowed any more, which ends the search soon
		}
		return step(state, in, out)
	}
	legal := porcupine.CheckOperations(model, history)
	switch {
	case legal:
		return porcupine.Ok
	case *budget < 0:
		return porcupine.Unknown
	}
	return porcupine.Illegal
}

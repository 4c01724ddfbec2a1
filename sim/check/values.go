package check

import (
	"slices"
	"strconv"
	"strings"

	"github.com/anishathalye/porcupine"

	"netsplit/sim"
)

// Limits of the search for an order that explains the values of a counter or a set, where what reads have seen does not.
const (
	TallySteps   = 5000 // of the model, for one search
	TallyStretch = 500  // operations since the value was last beyond doubt
)

// decide asks porcupine whether the values alone can be explained.
func (t *tally) decide() Answer {
	if t.lost && t.ended < t.again {
		return Unknown
	}
	answer := Unknown
	from := len(t.ops)
	for from > 0 && t.ops[from-1].call > t.base.tick {
		from--
	}
	if len(t.ops)-from <= TallyStretch {
		budget := TallySteps
		switch search(t.model(), t.history(t.ops[from:]), &budget) {
		case porcupine.Ok:
			return Yes
		case porcupine.Illegal:
			return No
		}
	}
	t.lost, t.again = true, t.ended+t.ended/4
	return answer
}

// restart begins the certificate anew from a read that was alone, where the values are explained up to it.
func (t *tally) restart(read *interval) {
	s := t.sight(read.rec)
	vec := t.vector(s.events)
	t.base = base{read.end, s.value, s.items}
	t.levels = []level{{seen: vec, value: s.value, items: s.items, first: read.end}}
	for _, op := range t.acked {
		t.seen[op.rec.ID] = true
	}
	t.acked, t.broken, t.lost = nil, false, false
}

// history returns operations as porcupine takes them.
func (t *tally) history(ops []*interval) []porcupine.Operation {
	var history []porcupine.Operation
	for _, op := range ops {
		o := porcupine.Operation{ClientId: int(op.rec.Client), Input: input{rec: op.rec, answered: true}, Call: op.call, Return: op.end}
		if op.end == 0 || op.rec.Result.Outcome == sim.Info {
			o.Input, o.Return = input{rec: op.rec, optional: true}, lastTick
		}
		effective := op.rec.Kind == sim.Read || op.end == 0 || op.rec.Result.Outcome == sim.Info || op.rec.Result.Applied
		if op.rec.Kind == sim.Read && o.Return == lastTick || op.end != 0 && op.rec.Result.Outcome == sim.Fail || !effective {
			continue
		}
		history = append(history, o)
	}
	return append(history, porcupine.Operation{Input: input{end: true}, Call: lastTick - 2, Return: lastTick - 1})
}

// total is what a counter or a set holds: the sum, and the items in ascending order, each before a blank.
type total struct {
	sum   int64
	items string
	ended bool // the history has; what has not taken effect does not any more
}

// model is the specification of a counter and of a set, by values.
func (t *tally) model() porcupine.Model {
	return porcupine.Model{
		Init: func() any { return total{sum: t.base.value, items: words(t.base.items)} },
		Step: func(s, in, _ any) (bool, any) { return t.step(s.(total), in.(input)) },
	}
}

func (t *tally) step(h total, in input) (bool, any) {
	rec := in.rec
	switch {
	case in.end:
		return true, total{h.sum, h.items, true}
	case in.optional && h.ended:
		return true, h
	case rec.Kind == sim.Read && t.set:
		return h.items == words(t.sight(rec).items), h
	case rec.Kind == sim.Read:
		return h.sum == t.sight(rec).value, h
	case rec.Kind == sim.Increment:
		return true, total{h.sum + rec.Value, h.items, h.ended}
	}
	return true, total{h.sum, changed(h.items, rec), h.ended}
}

func words(items []int64) string {
	var b strings.Builder
	for _, i := range items {
		b.WriteString(" " + strconv.FormatInt(i, 10))
	}
	return b.String()
}

// changed returns the items of a set after an update.
func changed(items string, rec *sim.Record) string {
	if rec.Kind == sim.Delete {
		return ""
	}
	var list []int64
	for _, w := range strings.Fields(items) {
		n, _ := strconv.ParseInt(w, 10, 64) // words wrote it
		if n != rec.Value {
			list = append(list, n)
		}
	}
	if rec.Kind == sim.Add {
		list = append(list, rec.Value)
		slices.Sort(list)
	}
	return words(list)
}

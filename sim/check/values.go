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
	TallySteps   = 2000 // of the model, for one search
	TallyStretch = 500  // operations since the value was last beyond doubt
)

// decide asks porcupine whether the values alone can be explained, from base on. What was called before and has no answer
// is left out at first. An order that needs none of it, or that needs what no tier has seen, is an order of the whole; if
// there is none even if all of it may yet take effect, there is none of the whole. Certain: the first was enough, and
// nothing else without an answer can have been used up.
func (t *tally) decide() (answer Answer, certain bool) {
	if t.lost && t.ended < t.again {
		return Unknown, false
	}
	from := len(t.ops)
	for from > 0 && t.ops[from-1].call > t.base.tick {
		from--
	}
	stretch := t.ops[from:]
	if len(stretch) <= TallyStretch {
		var unseen, all []*interval
		for _, op := range t.infos {
			if op.call < t.base.tick {
				if all = append(all, op); !t.seen[op.rec.ID] {
					unseen = append(unseen, op)
				}
			}
		}
		none := !slices.ContainsFunc(stretch, func(op *interval) bool { return op.rec.Result.Outcome == sim.Info })
		for i, more := range [][]*interval{nil, unseen, all} {
			budget := TallySteps
			found := search(t.model(), t.history(slices.Concat(more, stretch)), &budget)
			switch {
			case found == porcupine.Ok && len(more) <= len(unseen):
				return Yes, i == 0 && none
			case found == porcupine.Illegal && len(more) == len(all):
				return No, false
			}
		}
	}
	t.lost, t.again = true, t.ended+t.ended/4
	return Unknown, false
}

// restart begins the certificate anew from a read that was alone, where the values are explained up to it.
func (t *tally) restart(read *interval) {
	s := t.sight(read.rec)
	vec := t.vector(s.events)
	t.base = base{read.end, s.value, s.items}
	for _, op := range slices.Concat(t.acked, t.between(t.tiers[len(t.tiers)-1].seen, vec)) {
		if op != nil {
			t.seen[op.rec.ID] = true
		}
	}
	t.tiers = []tier{{seen: vec, value: s.value, items: s.items, first: read.end}}
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

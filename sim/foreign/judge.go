package foreign

import (
	"cmp"
	"slices"
)

// DefaultSteps is how many steps the search may take for each key, where nothing else is asked for: seconds, and some
// hundred megabytes.
const DefaultSteps = 4_000_000

// Verdict says whether a history is linearizable.
type Verdict struct {
	Model     Model
	Answer    Answer
	Ops       int
	Keys      int
	Unknown   []string // the keys for which the search was cut short
	Violation *Violation
}

// Violation is a part of a history that cannot have happened as it says. It keeps every operation that a kept one shows
// to have taken effect, so it can stand by itself.
type Violation struct {
	Key     string // as EDN; empty where the history names none
	Event   int    // the end after which there is no linearization; up to the one before, there is
	Op      *Op    // the operation that ended then, which cannot be placed
	Ops     []Kept // in order of their calls, Op among them
	Minimal bool   // no operation, and no item of a collection, can be spared; else the search for what can was cut short
}

// Kept is an operation of a Violation, as it stood when it was one.
type Kept struct {
	*Op
	Ended  bool  // it had ended, and with a result
	Result Value // of a collection, what matters of it
	Cut    bool  // items of it were left out
}

// Judge judges a history of objects of a model, or if it is empty of the one that fits, taking at most so many steps for
// each key. The verdict depends on these alone.
func Judge(h *History, m Model, steps int) (*Verdict, error) {
	if m == "" {
		var err error
		if m, err = infer(h); err != nil {
			return nil, err
		}
	}
	o := newObject(m)
	var keys []string
	byKey := map[string]*keyed{}
	for i := range h.Ops {
		op := &h.Ops[i]
		e, err := o.effect(op)
		if err != nil {
			return nil, err
		}
		k := byKey[op.Key]
		if k == nil {
			k = &keyed{}
			byKey[op.Key] = k
			keys = append(keys, op.Key)
		}
		k.ops, k.effects = append(k.ops, op), append(k.effects, e)
	}
	v := &Verdict{Model: m, Answer: Yes, Ops: len(h.Ops), Keys: len(keys)}
	type broken struct {
		key   string
		event int
	}
	var bad []broken
	for _, key := range keys {
		k := byKey[key]
		switch answer, event := newSearch(o, o.items(k.ops, k.effects, never), steps).run(); answer {
		case No:
			bad = append(bad, broken{key, event})
		case Unknown:
			v.Answer, v.Unknown = Unknown, append(v.Unknown, key)
		}
	}
	if len(bad) > 0 {
		first := slices.MinFunc(bad, func(a, b broken) int { return cmp.Compare(a.event, b.event) })
		v.Answer = No
		v.Violation = byKey[first.key].explain(o, first.key, first.event, steps)
	}
	return v, nil
}

// keyed is the history of one key.
type keyed struct {
	ops     []*Op
	effects []effect
}

// never is after every event.
const never = 1 << 40

// explain makes a violation of the operations up to the event that made it one.
func (k *keyed) explain(o *object, key string, event, steps int) *Violation {
	m := &minimizer{object: o, steps: steps, items: o.items(k.ops, k.effects, event)}
	m.minimize()
	v := &Violation{Key: key, Event: event, Minimal: m.steps > 0}
	for _, it := range m.items {
		kept := Kept{Op: it.op, Ended: it.ret != 0, Result: it.op.Result}
		if it.ret == event {
			v.Op = it.op
		}
		if it.e.act == reads && it.op.Result.collection() {
			kept.Result.items = nil
			for i, n := range o.seen(it.op.Result) {
				if slices.Contains(it.seen, n) {
					kept.Result.items = append(kept.Result.items, it.op.Result.items[i])
				}
			}
			kept.Cut = len(kept.Result.items) < len(it.op.Result.items)
		}
		v.Ops = append(v.Ops, kept)
	}
	return v
}

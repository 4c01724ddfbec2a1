package foreign

import (
	"slices"
	"sort"
)

// DefaultSteps is how many steps porcupine and the search may take for each key, where nothing else is asked for: seconds,
// and some hundred megabytes.
const DefaultSteps = 4_000_000

// Verdict says whether a history is linearizable.
type Verdict struct {
	Model     Model
	Answer    Answer
	Ops       int
	Keys      int
	Unknown   []string // the keys for which the search was cut short; if others are violated, before they were
	Violation *Violation
}

// Violation is a part of a history that cannot have happened as it says. It keeps every operation that a kept one shows
// to have taken effect, so it can stand by itself.
type Violation struct {
	Key     string // as EDN; empty where the history names none
	Event   int    // the end after which there is no linearization; up to the one before there is, as far as the search could tell
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
	return o.judge(keys, byKey, &Verdict{Model: m, Answer: Yes, Ops: len(h.Ops), Keys: len(keys)}, steps), nil
}

// judge looks at every key, first briefly. Once some key is known to be violated, how the others go on after that no
// longer matters.
func (o *object) judge(keys []string, byKey map[string]*keyed, v *Verdict, steps int) *Verdict {
	first, bad := never, ""
	for _, allowed := range []int{steps / 64, steps} {
		var unknown []string
		for _, key := range keys {
			switch answer, event := byKey[key].decide(o, first-1, allowed); answer {
			case No:
				first, bad = event, key
			case Unknown:
				unknown = append(unknown, key)
			}
		}
		keys = unknown
	}
	v.Unknown = keys
	switch {
	case first < never:
		v.Answer, v.Violation = No, byKey[bad].explain(o, bad, first, steps)
	case len(keys) > 0:
		v.Answer = Unknown
	}
	return v
}

// keyed is the history of one key.
type keyed struct {
	ops     []*Op
	effects []effect
}

// decide judges what had ended up to an event, and finds the end after which there is no linearization.
func (k *keyed) decide(o *object, until, steps int) (Answer, int) {
	answer, good, bad, _ := o.decide(o.items(k.ops, k.effects, until), steps)
	if answer != No {
		return answer, 0
	}
	var ends []int
	for _, op := range k.ops {
		if op.Return >= good && op.Return <= min(bad, until) && (op.Outcome == OK || op.found) {
			ends = append(ends, op.Return)
		}
	}
	slices.Sort(ends)
	at := sort.Search(len(ends)-1, func(i int) bool {
		answer, _, _, _ := o.decide(o.items(k.ops, k.effects, ends[i]), steps)
		return answer == No
	})
	return No, ends[at]
}

// never is after every event.
const never = 1 << 40

// explain makes a violation of the operations up to the event that made it one.
func (k *keyed) explain(o *object, key string, event, steps int) *Violation {
	m := &minimizer{object: o, event: event, steps: steps, most: steps/64 + 1, items: o.items(k.ops, k.effects, event)}
	all := m.items
	m.minimize()
	m.confirm(all, steps)
	v := &Violation{Key: key, Event: event, Minimal: m.steps > 0 && !m.unsure}
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

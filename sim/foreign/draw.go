package foreign

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/anishathalye/porcupine"
)

// drawTime bounds how long porcupine looks for orders before it draws what it has found.
const drawTime = 5 * time.Second

// Draw writes the page on which porcupine shows a history: each client's operations by key, and how far orders of them go.
// It looks for orders for a few seconds at most; the context ends that early.
func Draw(ctx context.Context, w io.Writer, h *History, m Model) error {
	o := newObject(m)
	byKey, clients, last := map[string]int{}, map[string]int{}, 0
	for _, op := range h.Ops {
		last = max(last, op.Call, op.Return)
	}
	var operations []porcupine.Operation
	for i := range h.Ops {
		op := &h.Ops[i]
		e, err := o.effect(op)
		if err != nil {
			return err
		}
		for _, it := range o.items([]*Op{op}, []effect{e}, never) {
			p := porcupine.Operation{ClientId: number(clients, op.Process), Call: int64(op.Call), Return: int64(last) + 1,
				Input: drawn{op: op, e: it.e, key: number(byKey, op.Key), optional: it.ret == 0}}
			if op.Return != 0 && op.Outcome != Info {
				p.Return = int64(op.Return)
			}
			operations = append(operations, p)
		}
	}
	timeout := drawTime
	if end, ok := ctx.Deadline(); ok {
		timeout = min(timeout, max(time.Until(end)/2, time.Millisecond))
	}
	model := o.drawing()
	_, info := porcupine.CheckOperationsVerbose(model, operations, timeout)
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	return porcupine.Visualize(model, info, w)
}

// number returns the number of a name, from 0 in order of their first mention.
func number(names map[string]int, name string) int {
	n, ok := names[name]
	if !ok {
		n = len(names)
		names[name] = n
	}
	return n
}

// drawn is an operation as porcupine draws it.
type drawn struct {
	op       *Op
	e        effect
	key      int
	optional bool // it may never have taken effect
}

// drawing is the model for pictures, in which an operation that may not have taken effect may do nothing where it is placed.
func (o *object) drawing() porcupine.Model {
	var one sync.Mutex // porcupine looks at all keys at once, and lists are numbered as they are met
	model := porcupine.NondeterministicModel{
		Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
			var keys [][]porcupine.Operation
			for _, p := range history {
				key := p.Input.(drawn).key
				for len(keys) <= key {
					keys = append(keys, nil)
				}
				keys[key] = append(keys[key], p)
			}
			return keys
		},
		Init: func() []any { return []any{state{}} },
		Step: func(at, op, _ any) []any {
			one.Lock()
			defer one.Unlock()
			in := op.(drawn)
			var next []any
			if st, ok := o.after(at.(state), &in.e); ok {
				next = append(next, st)
			}
			if in.optional {
				next = append(next, at)
			}
			return next
		},
		DescribeOperation: func(op, _ any) string { return op.(drawn).text() },
		DescribeState:     func(at any) string { return o.text(at.(state)) },
	}
	return model.ToModel()
}

// text says what the operation did.
func (d drawn) text() string {
	k := Kept{Op: d.op, Ended: d.op.Outcome == OK || d.op.found, Result: d.op.Result}
	if d.op.Key == "" {
		return k.String()
	}
	return d.op.Key + " " + k.String()
}

// text says what an object holds in a state.
func (o *object) text(st state) string {
	switch o.model {
	case Counter:
		return fmt.Sprint(st.n)
	case Set:
		var items []string
		for item, n := range o.numbers {
			if has(st.s, n) {
				items = append(items, item)
			}
		}
		slices.Sort(items)
		return "#{" + strings.Join(items, " ") + "}"
	case List:
		return fmt.Sprintf("%d items", o.length(st.n))
	}
	if st.n == 0 {
		return "nil"
	}
	return st.s
}

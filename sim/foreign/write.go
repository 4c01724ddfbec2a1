package foreign

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
)

// Write writes a history as Jepsen's EDN, an event a line, so that Read reads the same operations again. An operation on
// a key has the pair [key value] as its value, if some operation shows that such pairs are meant; else it has a :key. As a
// process does one thing at a time, and none after one that was left without an answer, operations that overlap must be of
// different processes.
func Write(w io.Writer, h *History) error {
	type event struct {
		at    int
		op    *Op
		begin bool
	}
	var events []event
	for i := range h.Ops {
		op := &h.Ops[i]
		events = append(events, event{op.Call, op, true})
		if op.Return != 0 {
			events = append(events, event{op.Return, op, false})
		}
	}
	slices.SortStableFunc(events, func(a, b event) int { return cmp.Compare(a.at, b.at) })
	b, pairs := bufio.NewWriter(w), pairs(h)
	for i, e := range events {
		kind, value, complaint := "invoke", e.op.Arg, ""
		if !e.begin {
			kind = string(e.op.Outcome)
		}
		if !e.begin && e.op.Outcome == OK {
			value = e.op.Result
		}
		if !e.begin && e.op.found {
			complaint = ", :error [:found " + e.op.Result.String() + "]"
		}
		text := value.String()
		if pairs {
			text = "[" + e.op.Key + " " + text + "]"
		} else if e.op.Key != "" {
			text += ", :key " + e.op.Key
		}
		fmt.Fprintf(b, "{:index %d, :process %s, :type :%s, :f %s, :value %s%s}\n", i, e.op.Process, kind, e.op.F, text, complaint)
	}
	return b.Flush()
}

// pairs reports whether values can be pairs of key and value: all are on a key, and some can be nothing else.
func pairs(h *History) bool {
	return !slices.ContainsFunc(h.Ops, func(op Op) bool { return op.Key == "" }) &&
		slices.ContainsFunc(h.Ops, func(op Op) bool { return shows(op.F) })
}

// Number returns a whole number as a Value.
func Number(n int64) Value { return Value{form: integer, text: fmt.Sprint(n)} }

// Pair returns [a b].
func Pair(a, b Value) Value { return Value{form: vector, items: []Value{a, b}} }

// Nil returns nil.
func Nil() Value { return Value{form: symbol, text: "nil"} }

// Text returns a string.
func Text(s string) Value { return Value{form: text, text: s} }

// SetOf returns a set.
func SetOf(items ...Value) Value { return Value{form: set, items: items} }

// Found makes a compare-and-set one whose condition was false, for it found a value.
func (op *Op) Found(v Value) { op.Outcome, op.Result, op.found = Fail, v, true }

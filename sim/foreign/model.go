package foreign

import (
	"fmt"
	"slices"
	"strings"
)

// Model is a kind of object.
type Model string

// The models; see the package's comment.
const (
	Register Model = "register"
	KV       Model = "kv"
	Counter  Model = "counter"
	Set      Model = "set"
	List     Model = "list"
)

// Models lists the kinds of objects.
func Models() []Model { return []Model{Register, KV, Counter, Set, List} }

// act is what an operation does to an object.
type act byte

const (
	reads act = iota
	writes
	swaps   // compare-and-set
	adds    // to a counter
	puts    // into a set
	takes   // out of a set
	appends // to a list
	extends // a text
)

// verbs says what each function does to an object of a model.
var verbs = map[Model]map[string]act{
	Register: {":read": reads, ":write": writes, ":cas": swaps},
	KV:       {":get": reads, ":put": writes, ":cas": swaps, ":append": extends, ":read": reads, ":write": writes},
	Counter:  {":read": reads, ":add": adds},
	Set:      {":read": reads, ":add": puts, ":remove": takes},
	List:     {":read": reads, ":r": reads, ":append": appends},
}

// calls lists the functions of a model.
func (m Model) calls() string {
	return map[Model]string{
		Register: ":read, :write and :cas",
		KV:       ":get (or :read), :put (or :write), :append and :cas",
		Counter:  ":read and :add",
		Set:      ":read, :add and :remove",
		List:     ":read (or :r) and :append",
	}[m]
}

// infer returns the kind of object that has all functions which the history calls. Counters and sets differ in what a
// read returns, and so do lists and texts.
func infer(h *History) (Model, error) {
	left := Models()
	for i := range h.Ops {
		op := &h.Ops[i]
		fits := slices.Clone(left)
		fits = slices.DeleteFunc(fits, func(m Model) bool { _, ok := verbs[m][op.F]; return !ok })
		if len(fits) == 0 {
			return "", misfit(h, i)
		}
		left = fits
	}
	if slices.Contains(left, Register) {
		return Register, nil
	}
	for i := range h.Ops {
		op := &h.Ops[i]
		if op.Outcome != OK || op.Result.none() || verbs[left[0]][op.F] != reads {
			continue
		}
		left = slices.DeleteFunc(left, func(m Model) bool {
			return len(left) > 1 && op.Result.collection() != (m == Set || m == List)
		})
	}
	if slices.Contains(left, Counter) && len(left) > 1 { // nothing was read
		for i := range h.Ops {
			if _, ok := h.Ops[i].Arg.number(); !ok && h.Ops[i].F == ":add" {
				return Set, nil
			}
		}
	}
	return left[0], nil
}

// misfit complains about the first operation that no object has together with all those before it.
func misfit(h *History, at int) error {
	op := &h.Ops[at]
	before := ""
	known := false
	for _, m := range Models() {
		_, ok := verbs[m][op.F]
		known = known || ok
	}
	if !known {
		return &Error{op.CallLine, fmt.Sprintf("unknown :f %s; expected those of a register (%s), a kv (%s), a counter (%s), a set (%s) or a list (%s)", brief(op.F),
			Register.calls(), KV.calls(), Counter.calls(), Set.calls(), List.calls())}
	}
	for i := range at {
		if f := h.Ops[i].F; f != op.F && !strings.Contains(before, f) {
			before += ", " + f
		}
	}
	return &Error{op.CallLine, fmt.Sprintf("no kind of object has %s beside %s", op.F, strings.TrimPrefix(before, ", "))}
}

// state is what an object holds. A register's and a kv's value is as it prints, with n 1; without a value both are zero.
// A counter's is n. A set's is a bitmap of its elements, and a list's is a number of a tail (see chains).
type state struct {
	n int64
	s string
}

// effect is an operation as the search sees it.
type effect struct {
	act  act
	from state // of a compare-and-set
	to   state // what it reads, writes or adds
	item int   // the element of a set or a list
	free bool  // a read that may have found no value as well as an empty text
}

// object is the one kind of object of a history, and numbers what its sets and lists hold.
type object struct {
	model   Model
	numbers map[string]int
	links   [][2]int64         // by list, from 1: the one before its last item, and its length
	chains  map[[2]int64]int64 // a list is a chain of its last item and the list before; 0 is the empty one
}

func newObject(m Model) *object {
	return &object{model: m, numbers: map[string]int{}, chains: map[[2]int64]int64{}}
}

func (o *object) number(item string) int {
	n, ok := o.numbers[item]
	if !ok {
		n = len(o.numbers)
		o.numbers[item] = n
	}
	return n
}

func (o *object) chain(list int64, item int) int64 {
	link := [2]int64{list, int64(item)}
	n, ok := o.chains[link]
	if !ok {
		n = int64(len(o.chains) + 1)
		o.chains[link] = n
		o.links = append(o.links, [2]int64{list, o.length(list) + 1})
	}
	return n
}

func (o *object) length(list int64) int64 {
	if list == 0 {
		return 0
	}
	return o.links[list-1][1]
}

// begins reports whether a text or a list begins with another.
func (o *object) begins(whole, start state) bool {
	if o.model != List {
		return strings.HasPrefix(whole.s, start.s)
	}
	for o.length(whole.n) > o.length(start.n) {
		whole.n = o.links[whole.n-1][0]
	}
	return whole == start
}

// after returns the state that an effect leaves, if it can happen in a state.
func (o *object) after(st state, e *effect) (state, bool) {
	switch e.act {
	case reads:
		return st, st == e.to || e.free && st == state{}
	case writes:
		return e.to, true
	case swaps:
		return e.to, st == e.from
	case adds:
		return state{n: st.n + e.to.n}, true
	case puts:
		return state{s: with(st.s, e.item)}, true
	case takes:
		return state{s: without(st.s, e.item)}, true
	case appends:
		return state{n: o.chain(st.n, e.item)}, true
	default:
		return state{n: 1, s: st.s + e.to.s}, true
	}
}

// effect returns what an operation does, or did if its result is known. It complains about values that do not fit.
func (o *object) effect(op *Op) (e effect, err error) {
	a, ok := verbs[o.model][op.F]
	if !ok {
		return e, &Error{op.CallLine, fmt.Sprintf("a %s has %s, not %s", o.model, o.model.calls(), brief(op.F))}
	}
	e.act = a
	if a == reads && !op.Arg.none() {
		return e, &Error{op.CallLine, fmt.Sprintf("%s must be called with nil, or, if every value is a pair of a key and a value, [key nil]; not with %s", op.F, brief(op.Arg.String()))}
	}
	if a != reads && op.Outcome == OK && !op.Result.none() && op.Result.String() != op.Arg.String() {
		return e, &Error{op.ReturnLine, fmt.Sprintf("%s ends with %s, but was called with %s", op.F, brief(op.Result.String()), brief(op.Arg.String()))}
	}
	switch a {
	case reads:
		if op.Outcome == OK {
			return o.read(op, e)
		}
	case swaps:
		return o.swap(op, e)
	case writes:
		e.to, err = o.held(op.Arg, op.F, op.CallLine)
	case extends:
		if op.Arg.form != text {
			return e, &Error{op.CallLine, fmt.Sprintf("%s needs a text, not %s", op.F, brief(op.Arg.String()))}
		}
		e.to = state{1, op.Arg.text}
	case adds:
		n, ok := op.Arg.number()
		if !ok {
			return e, &Error{op.CallLine, fmt.Sprintf("a counter's :add needs a whole number of at most %d, not %s", int64(MaxNumber), brief(op.Arg.String()))}
		}
		e.to.n = n
	default:
		e.item = o.number(op.Arg.String())
	}
	return e, err
}

// held returns the state in which a register or a kv holds a value. A kv holds texts only, so that they can grow.
func (o *object) held(v Value, f string, line int) (state, error) {
	switch {
	case v.none():
		return state{}, nil
	case o.model == Register:
		return state{1, v.String()}, nil
	case v.form != text:
		return state{}, &Error{line, fmt.Sprintf("a kv's %s needs a text, not %s", f, brief(v.String()))}
	}
	return state{1, v.text}, nil
}

func (o *object) swap(op *Op, e effect) (effect, error) {
	if !op.Arg.pair() {
		return e, &Error{op.CallLine, fmt.Sprintf(":cas needs a pair [from to], not %s", brief(op.Arg.String()))}
	}
	var err error
	if op.found {
		e.act = reads
		e.to, err = o.held(op.Result, op.F, op.ReturnLine)
		return e, err
	}
	if e.from, err = o.held(op.Arg.items[0], op.F, op.CallLine); err == nil {
		e.to, err = o.held(op.Arg.items[1], op.F, op.CallLine)
	}
	return e, err
}

// read gives a read what it returned.
func (o *object) read(op *Op, e effect) (effect, error) {
	v := op.Result
	switch o.model {
	case Register, KV:
		var err error
		e.to, err = o.held(v, op.F, op.ReturnLine)
		e.free = o.model == KV && e.to == state{n: 1}
		return e, err
	case Counter:
		if e.to.n, _ = v.number(); v.form != integer || fmt.Sprint(e.to.n) != v.text {
			return e, &Error{op.ReturnLine, fmt.Sprintf("a counter's %s must return a whole number of at most %d, not %s", op.F, int64(MaxNumber), brief(v.String()))}
		}
		return e, nil
	}
	if !v.collection() && !v.none() {
		return e, &Error{op.ReturnLine, fmt.Sprintf("a %s's %s must return a collection, not %s", o.model, op.F, brief(v.String()))}
	}
	e.to = o.holding(o.seen(v))
	return e, nil
}

// seen returns the numbers of the items of a collection.
func (o *object) seen(v Value) []int {
	items := make([]int, len(v.items))
	for i, item := range v.items {
		items[i] = o.number(item.String())
	}
	return items
}

// holding returns the state of a set or a list that holds some items.
func (o *object) holding(items []int) state {
	if o.model == Set {
		return state{s: bitmap(items)}
	}
	var list int64
	for _, item := range items {
		list = o.chain(list, item)
	}
	return state{n: list}
}

package foreign

import "fmt"

// Outcome says how an operation ended.
type Outcome string

// The outcomes. What did not end ended as Info.
const (
	OK   Outcome = "ok"
	Fail Outcome = "fail" // it did nothing
	Info Outcome = "info" // nobody knows whether it took effect
)

// Op is one operation of a client. A call or an end is known by its place among the events of clients, from 1, and by
// its line in the file.
type Op struct {
	Process      string
	F            string // what was called, such as :read
	Key          string // as EDN; empty where the history has one key only, and does not name it
	Arg, Result  Value  // Result counts if the outcome is OK
	Outcome      Outcome
	Call, Return int // events; Return is 0 where there was none
	CallLine     int
	ReturnLine   int
	found        bool // a compare-and-set whose condition was false, for it found Result
}

// History is what clients called, in order of their calls.
type History struct {
	Ops   []Op
	Lined bool // each event has a line of its own
}

// pairing matches calls and ends.
type pairing struct {
	ops   []Op
	ends  []event        // by operation; without a kind while there is none
	calls []event        // by operation
	open  map[string]int // by process
	n     int            // events so far
	last  int            // the line of the last
	lined bool
}

func newPairing() *pairing { return &pairing{open: map[string]int{}, lined: true} }

// take takes the next event of a client.
func (p *pairing) take(e event) error {
	p.lined = p.lined && e.line > p.last
	p.last = e.line
	p.n++
	i, busy := p.open[e.process]
	switch {
	case e.kind == ":invoke" && busy:
		return p.fail(e, "process %s calls %s while its %s of line %d is open", e.process, e.f, p.calls[i].f, p.calls[i].line)
	case e.kind == ":invoke" && len(p.ops) == MaxOps:
		return p.fail(e, "more than %d operations", MaxOps)
	case e.kind == ":invoke":
		p.open[e.process] = len(p.ops)
		p.ops = append(p.ops, Op{Process: e.process, F: e.f, Outcome: Info, Call: p.n, CallLine: e.line})
		p.calls, p.ends = append(p.calls, e), append(p.ends, event{})
		return nil
	case !busy:
		return p.fail(e, "process %s ends %s, but has called nothing", e.process, e.f)
	case e.f != p.calls[i].f:
		return p.fail(e, "process %s ends %s, but has called %s in line %d", e.process, e.f, p.calls[i].f, p.calls[i].line)
	case e.keyed && p.calls[i].keyed && e.key.String() != p.calls[i].key.String():
		return p.fail(e, "process %s ends %s of :key %s, but has called that of %s in line %d", e.process, e.f,
			brief(e.key.String()), brief(p.calls[i].key.String()), p.calls[i].line)
	}
	delete(p.open, e.process)
	op := &p.ops[i]
	op.Outcome, op.Return, op.ReturnLine = Outcome(e.kind[1:]), p.n, e.line
	p.ends[i] = e
	return nil
}

func (p *pairing) fail(e event, format string, args ...any) error {
	return &Error{e.line, fmt.Sprintf(format, args...)}
}

// history returns the operations, given the last line of the text.
func (p *pairing) history(line int) (*History, error) {
	if len(p.ops) == 0 {
		return nil, &Error{line, "no operation found; expected EDN such as {:process 0, :type :invoke, :f :read, :value nil}, or a log of Jepsen's"}
	}
	paired := p.paired()
	for i := range p.ops {
		if err := p.fill(i, paired); err != nil {
			return nil, err
		}
	}
	return &History{Ops: p.ops, Lined: p.lined}, nil
}

// paired reports whether the values are pairs of key and value: all calls have two items, the second nil of a read and
// a pair of a compare-and-set, and some call is one of these, or its end shows that it is.
func (p *pairing) paired() bool {
	shown := false
	for i, e := range p.calls {
		if e.keyed || !e.value.pair() {
			return false
		}
		shown = shown || shows(e.f)
		second := e.value.items[1]
		if shows(e.f) && !(e.f == ":cas" && second.pair() || e.f != ":cas" && second.none()) {
			return false
		}
		if end := p.ends[i]; end.kind == ":ok" && !end.value.pair() {
			return false
		}
	}
	return shown
}

// shows reports whether it can be seen of the values of a function whether they are pairs of key and value: reads have
// nil without a key, and compare-and-sets two values.
func shows(f string) bool { return f == ":read" || f == ":get" || f == ":r" || f == ":cas" }

// fill gives an operation its key, argument and result.
func (p *pairing) fill(i int, paired bool) error {
	op, call, end := &p.ops[i], p.calls[i], p.ends[i]
	op.Arg, op.Result = call.value, end.value
	if call.keyed {
		op.Key = call.key.String()
	}
	if paired {
		op.Key, op.Arg = call.value.items[0].String(), call.value.items[1]
		if end.kind == ":ok" {
			if key := end.value.items[0].String(); key != op.Key {
				return p.fail(end, "process %s ends %s of key %s, but has called that of %s in line %d", op.Process, op.F, brief(key), brief(op.Key), call.line)
			}
			op.Result = end.value.items[1]
		}
	}
	if e := end.err; op.Outcome == Fail && op.F == ":cas" && e.pair() && e.items[0].is(keyword, ":found") {
		op.Result, op.found = e.items[1], true
	}
	return nil
}

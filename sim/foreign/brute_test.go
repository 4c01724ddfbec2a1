package foreign

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/anishathalye/porcupine"
)

// asked is an operation as brute force and porcupine see it: the object is a text, and they know nothing of effects.
type asked struct {
	f, arg, result string
	known          bool // result counts, and it did take effect
	call, ret      int
}

// apply carries out an operation on an object that prints as a text; items of sets and lists are parted by blanks.
func apply(m Model, object string, a asked) (string, bool) {
	items := strings.Fields(object)
	switch a.f {
	case ":read", ":get":
		return object, object == a.result || m == KV && a.result == "" && object == "nil"
	case ":write", ":put":
		return a.arg, true
	case ":cas":
		from, to, _ := strings.Cut(a.arg, " ")
		return to, object == from
	case ":remove":
		return strings.Join(slices.DeleteFunc(items, func(i string) bool { return i == a.arg }), " "), true
	case ":append":
		if m == KV {
			return strings.TrimPrefix(object, "nil") + a.arg, true
		}
		return strings.Join(append(items, a.arg), " "), true
	}
	if m == Set {
		if !slices.Contains(items, a.arg) {
			items = append(items, a.arg)
		}
		slices.Sort(items)
		return strings.Join(items, " "), true
	}
	var n, by int
	fmt.Sscan(object, &n)
	fmt.Sscan(a.arg, &by)
	return fmt.Sprint(n + by), true
}

func opening(m Model) string {
	return map[Model]string{Register: "nil", KV: "nil", Counter: "0"}[m]
}

// orders tries every order of operations of which those that are known must all take effect.
func orders(m Model, object string, left []asked) bool {
	if !slices.ContainsFunc(left, func(a asked) bool { return a.known }) {
		return true
	}
	for i, a := range left {
		if slices.ContainsFunc(left, func(b asked) bool { return b.known && b.ret < a.call }) {
			continue
		}
		if next, ok := apply(m, object, a); ok && orders(m, next, slices.Concat(left[:i], left[i+1:])) {
			return true
		}
	}
	return false
}

// linear asks porcupine: what is not known may also have happened at the end, to no effect.
func linear(m Model, ops []asked) bool {
	var history []porcupine.Operation
	for _, a := range ops {
		ret := a.ret
		if !a.known {
			ret = never
		}
		history = append(history, porcupine.Operation{Input: a, Call: int64(a.call), Return: int64(ret)})
	}
	history = append(history, porcupine.Operation{Input: asked{f: "end"}, Call: never - 2, Return: never - 1})
	return porcupine.CheckOperations(porcupine.Model{
		Init: func() any { return opening(m) },
		Step: func(s, in, _ any) (bool, any) {
			a, object := in.(asked), s.(string)
			if a.f == "end" || object == "ended" {
				return a.f == "end" || !a.known, "ended"
			}
			next, ok := apply(m, object, a)
			return ok, next
		},
	}, history)
}

// plainly returns an operation of a history as brute force sees it after an event, and whether it counts.
func plainly(op *Op, until int) (asked, bool) {
	a := asked{f: op.F, arg: bare(op.Arg), call: op.Call, ret: op.Return, known: op.Return != 0 && op.Return <= until && op.Outcome == OK}
	if op.found && op.Return <= until {
		a.f, a.known = ":read", true
	}
	if op.Call > until || op.Outcome == Fail && !a.known || verbs[Register][a.f] == reads && a.f != ":write" && a.f != ":cas" && !a.known && (a.f == ":read" || a.f == ":get") {
		return a, false
	}
	if a.known && (a.f == ":read" || a.f == ":get") {
		a.result = bare(op.Result)
	}
	return a, true
}

// bare prints a value without its brackets and quotes.
func bare(v Value) string {
	if v.collection() {
		items := printed(v.items)
		if v.form == set {
			slices.Sort(items)
		}
		return strings.Join(items, " ")
	}
	if v.form == text {
		return v.text
	}
	return v.String()
}

func seen(ops []*Op, until int) (all []asked) {
	for _, op := range ops {
		if a, ok := plainly(op, until); ok {
			all = append(all, a)
		}
	}
	return all
}

// invent writes down a history: operations on an object that takes each at an instant, but for lies.
func invent(rnd *rand.Rand, m Model, n, clients, values int, unknown, lies float64) string {
	var b strings.Builder
	object := opening(m)
	type pending struct {
		asked
		done bool
	}
	open := map[int]*pending{}
	process := make([]int, clients)
	for i := range process {
		process[i] = i
	}
	event := func(p int, kind, f, value string) {
		fmt.Fprintf(&b, "{:process %d, :type %s, :f %s, :value %s}\n", p, kind, f, value)
	}
	for left := n; left > 0 || len(open) > 0; {
		c := rnd.IntN(clients)
		p := open[c]
		switch {
		case p == nil && left > 0:
			left--
			p = &pending{asked: asked{f: pick(rnd, functions[m]), arg: fmt.Sprint(rnd.IntN(values))}}
			switch p.f {
			case ":read", ":get":
				p.arg = "nil"
			case ":cas":
				p.arg += " " + fmt.Sprint(rnd.IntN(values))
			}
			open[c] = p
			event(process[c], ":invoke", p.f, written(m, p.f, p.arg))
		case p == nil:
		case !p.done && (left == 0 || rnd.IntN(2) == 0):
			next, ok := apply(m, object, asked{f: p.f, arg: p.arg, result: object})
			p.known, p.done, p.result = ok, true, object
			if ok {
				object = next
			}
			if rnd.Float64() < lies {
				p.known = true
				if p.f == ":read" || p.f == ":get" {
					p.result, _ = apply(m, p.result, asked{f: map[Model]string{Register: ":write", KV: ":put"}[m], arg: fmt.Sprint(rnd.IntN(values))})
				}
			}
		case p.done:
			delete(open, c)
			value, kind := written(m, p.f, p.arg), ":ok"
			if p.f == ":read" || p.f == ":get" {
				value = returned(m, p.result)
			}
			if !p.known {
				kind = ":fail"
				value += ", :error " + pick(rnd, []string{"[:found " + p.result + "]", ":timeout"})
			}
			if rnd.Float64() < unknown {
				kind, value = ":info", written(m, p.f, p.arg)
			}
			event(process[c], kind, p.f, value)
			process[c] += clients
		case left == 0 && rnd.Float64() < unknown:
			delete(open, c) // it never ends
		}
	}
	return b.String()
}

var functions = map[Model][]string{
	Register: {":read", ":read", ":write", ":cas"},
	KV:       {":get", ":get", ":put", ":append"},
	Counter:  {":read", ":add"},
	Set:      {":read", ":add", ":add", ":remove"},
	List:     {":read", ":append"},
}

func pick(rnd *rand.Rand, from []string) string { return from[rnd.IntN(len(from))] }

func written(m Model, f, arg string) string {
	switch {
	case arg == "nil":
		return arg
	case f == ":cas":
		return "[" + arg + "]"
	case m == KV:
		return quote(arg)
	}
	return arg
}

func returned(m Model, result string) string {
	switch m {
	case Set:
		return "#{" + result + "}"
	case List:
		return "[" + result + "]"
	case KV:
		return written(m, ":get", result)
	}
	return result
}

// TestAgainstEveryOrder: of random histories of up to 7 operations, every kind of object, good and bad, the verdict is
// that of trying every order; the event of a violation is the first whose prefix has none; and the counterexample is a
// violation by itself, though what it shows to have taken effect is in it.
func TestAgainstEveryOrder(t *testing.T) {
	rounds := 1000
	if os.Getenv("NETSPLIT_SOAK") != "" {
		rounds = 200_000
	}
	for _, m := range Models() {
		count := map[Answer]int{}
		for seed := range uint64(rounds) {
			rnd := rand.New(rand.NewPCG(seed, 7))
			source := invent(rnd, m, 1+rnd.IntN(7), 1+rnd.IntN(4), 1+rnd.IntN(4), []float64{0, 0.3}[rnd.IntN(2)], []float64{0, 0.5}[rnd.IntN(2)])
			h, err := Read([]byte(source))
			if err != nil {
				t.Fatalf("%s %d: %v\n%s", m, seed, err, source)
			}
			v, err := Judge(h, m, DefaultSteps)
			if err != nil {
				t.Fatalf("%s %d: %v\n%s", m, seed, err, source)
			}
			count[v.Answer]++
			if complaint := disagreement(h, m, v); complaint != "" {
				t.Fatalf("%s %d: %s\n%s", m, seed, complaint, source)
			}
		}
		if count[Yes] < rounds/20 || count[No] < rounds/20 || count[Unknown] > 0 {
			t.Errorf("%s: %v", m, count)
		}
	}
}

// disagreement compares a verdict with brute force.
func disagreement(h *History, m Model, v *Verdict) string {
	var ops []*Op
	events := 0
	for i := range h.Ops {
		ops = append(ops, &h.Ops[i])
		events = max(events, h.Ops[i].Call, h.Ops[i].Return)
	}
	bad := 0
	for until := 1; until <= events && bad == 0; until++ {
		if !orders(m, opening(m), seen(ops, until)) {
			bad = until
		}
	}
	switch {
	case (bad == 0) != (v.Answer == Yes):
		return fmt.Sprintf("%s, but a violation at %d", v.Answer, bad)
	case bad == 0:
		return ""
	case v.Violation.Event != bad:
		return fmt.Sprintf("violation at %d, but should be at %d", v.Violation.Event, bad)
	case v.Violation.Op == nil || v.Violation.Op.Return != bad || !v.Violation.Minimal:
		return fmt.Sprintf("violation of %+v", v.Violation)
	}
	var kept []asked
	for _, k := range v.Violation.Ops {
		op := *k.Op
		op.Result = k.Result
		if a, ok := plainly(&op, bad); ok {
			kept = append(kept, a)
		}
	}
	if orders(m, opening(m), kept) {
		return fmt.Sprintf("the counterexample is linearizable: %+v", kept)
	}
	for _, k := range kept {
		shows := k.result
		if k.f == ":cas" {
			shows, _, _ = strings.Cut(k.arg, " ")
		}
		makes := func(a asked) bool {
			return a.f == ":write" && a.arg == shows || a.f == ":cas" && strings.HasSuffix(a.arg, " "+shows)
		}
		if m == Register && shows != "" && slices.ContainsFunc(seen(ops, bad), makes) && !slices.ContainsFunc(kept, makes) {
			return fmt.Sprintf("of the counterexample %+v is missing what made %s", kept, shows)
		}
	}
	return ""
}

// TestMinimizerIsSound: whatever operations of a linearizable history it may look at by themselves are linearizable, too.
func TestMinimizerIsSound(t *testing.T) {
	rounds := 1000
	if os.Getenv("NETSPLIT_SOAK") != "" {
		rounds = 200_000
	}
	for _, m := range Models() {
		fewer := 0
		for seed := range uint64(rounds) {
			rnd := rand.New(rand.NewPCG(seed, 9))
			source := invent(rnd, m, 7, 1+rnd.IntN(4), 1+rnd.IntN(4), []float64{0, 0.3}[rnd.IntN(2)], 0)
			h, err := Read([]byte(source))
			if err != nil {
				t.Fatal(err)
			}
			o := newObject(m)
			var ops []*Op
			var effects []effect
			for i := range h.Ops {
				e, err := o.effect(&h.Ops[i])
				if err != nil {
					t.Fatal(err)
				}
				ops, effects = append(ops, &h.Ops[i]), append(effects, e)
			}
			items := o.items(ops, effects, never)
			kept := make([]bool, len(items))
			for i := range kept {
				kept[i] = rnd.IntN(2) == 0
			}
			new(minimizer).close(items, o.trace(items), kept)
			var some []*Op
			for i, it := range items {
				if kept[i] {
					some = append(some, it.op)
				}
			}
			if len(some) < len(items) {
				fewer++
			}
			if !orders(m, opening(m), seen(some, never)) {
				t.Fatalf("%s %d: kept %v of\n%s", m, seed, kept, source)
			}
		}
		if fewer < rounds/10 {
			t.Errorf("%s: only %d histories had fewer operations", m, fewer)
		}
	}
}

// TestAgainstPorcupine: of larger random histories the verdict is that of porcupine over the whole.
func TestAgainstPorcupine(t *testing.T) {
	rounds := 100
	if os.Getenv("NETSPLIT_SOAK") != "" {
		rounds = 5000
	}
	for _, m := range Models() {
		count := map[Answer]int{}
		for seed := range uint64(rounds) {
			rnd := rand.New(rand.NewPCG(seed, 8))
			source := invent(rnd, m, 30, 4, 5, 0.05, []float64{0, 0.1}[rnd.IntN(2)])
			h, err := Read([]byte(source))
			if err != nil {
				t.Fatalf("%s %d: %v\n%s", m, seed, err, source)
			}
			v, err := Judge(h, m, DefaultSteps)
			if err != nil {
				t.Fatalf("%s %d: %v\n%s", m, seed, err, source)
			}
			var ops []*Op
			for i := range h.Ops {
				ops = append(ops, &h.Ops[i])
			}
			count[v.Answer]++
			if want := linear(m, seen(ops, never)); want != (v.Answer == Yes) {
				t.Fatalf("%s %d: %s, porcupine says %v\n%s", m, seed, v.Answer, want, source)
			}
		}
		if count[Yes] < rounds/20 || count[No] < rounds/20 || count[Unknown] > 0 {
			t.Errorf("%s: %v", m, count)
		}
	}
}

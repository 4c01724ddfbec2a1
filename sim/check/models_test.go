package check

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"netsplit/sim"
)

// told makes a history of operations one after the other, such as "A: x=1" for a write and "B: x?1" for a read that
// found it; 0 stands for the opening value, "A: x=2/1" for a compare-and-set that replaced 1.
func told(t *testing.T, text string) []event {
	t.Helper()
	var events []event
	ids := map[string]sim.OpID{"0": 0}
	for i, line := range strings.Split(text, "; ") {
		var who, key rune
		var what string
		var sign rune
		if _, err := fmt.Sscanf(line, "%c: %c%c%s", &who, &key, &sign, &what); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		rec := &sim.Record{Op: sim.Op{ID: sim.OpID(i + 1), Client: sim.Addr(who), Key: string(key), Kind: sim.Write}, Completion: i + 1,
			Result: sim.Result{Outcome: sim.OK, Applied: true}}
		made, found, conditional := strings.Cut(what, "/")
		switch {
		case sign == '?':
			rec.Kind, rec.Result.Applied, rec.Result.Version = sim.Read, false, ids[what]
		case conditional:
			rec.Kind, rec.Result.Version = sim.CompareAndSet, ids[found]
		}
		if sign == '=' {
			ids[made] = rec.ID
		}
		events = append(events, event{rec, tick(2*i + 1), false}, event{rec, tick(2*i + 2), true})
	}
	return events
}

// TestModelsByExample holds each model to examples that keep it and examples that do not. The letters name the models
// that are violated: s sequential, c causal, r read-your-writes, m monotonic reads, w monotonic writes, f writes follow
// reads; beside it the counterexample that one of them gives.
func TestModelsByExample(t *testing.T) {
	letters := map[Kind]string{Sequential: "s", Causal: "c", ReadYourWrites: "r", MonotonicReads: "m", MonotonicWrites: "w", WritesFollowReads: "f"}
	for _, e := range []struct{ text, violated, least string }{
		{"A: x=1; B: x?0; B: x?1", "", ""},                                             // late, and in order
		{"A: x=1; B: y=2; A: y?0; B: x?0", "s", "1 2 3 4, op 4, missed 1"},             // Dekker's: causal, not sequential
		{"A: x=1; B: x=2; A: x?2; B: x?1", "scr", "1 2 3 4, op 4, missed 2"},           // each after the other
		{"A: x=1; B: x=2; C: x?1; C: x?2; D: x?2; D: x?1", "scm", "1 2 3 4 5 6, op 6"}, // readers take them in two orders
		{"A: x=1; A: x?0", "scr", "1 2, op 2, missed 1"},                               // the own write is not there
		{"A: x=1; A: x=2; A: x?1", "scr", "1 2 3, op 3, missed 2"},                     // an older own write
		{"A: x=1; B: x?1; B: x=2; B: x?1", "scr", "1 2 3 4, op 4, missed 3"},           // what one had replaced is back
		{"A: x=1; B: x?1; B: x?0", "scm", "1 2 3, op 3, missed 1"},                     // a read goes back
		{"A: x=1; B: x?1; B: x=2; C: x?2; C: x?1", "scm", "1 2 3 4 5, op 5"},           // behind what follows it
		{"A: x=1; A: y=2; B: y?2; B: x?0", "scw", "1 2 3 4, op 4, missed 1"},           // the second write without the first
		{"A: x=1; B: x?1; B: y=2; C: y?2; C: x?0", "scf", "1 2 3 4 5, op 5, missed 1"}, // the answer without the question
		{"A: x=1; B: x?1; B: y=2; C: y?2; C: z=3; D: z?3; D: x?0", "sc", "1 2 3 4 5 6 7, op 7, missed 1"},
		{"A: x=1; B: x=2/1; C: x=3/1", "s", "1 2 3, op 3, missed 2"}, // a lost update
		{"A: x=1/0; B: x=2/0; C: x?2; C: x?1; D: x?1; D: x?2", "scm", "1 2 3 4 5 6, op 6"},
	} {
		events := told(t, e.text)
		w := newWeak(recordsOf(events), func(sim.OpID) []sim.OpID { return nil })
		for _, ev := range events {
			w.feed(ev)
		}
		got, least := "", ""
		for _, m := range everyModel {
			v := w.verdict(m)
			if m == Sequential {
				v = w.sequential(Verdict{Answer: Unknown}, false)
			}
			if (v.Answer == No) == newBrute(events).allowed(m) {
				t.Errorf("%s: %s is %s, by brute force it is not", e.text, m, v.Answer)
			}
			if v.Answer == No {
				got += letters[m]
				c := w.violation(m)
				if m == Sequential {
					c = w.unordered()
				}
				least = fmt.Sprintf("%s, op %d, missed %d", strings.Trim(fmt.Sprint(c.Ops), "[]"), c.Op, c.Missed)
			}
		}
		if got != e.violated || !strings.HasPrefix(least, e.least) {
			t.Errorf("%s: violated %q, want %q; %s, want %s", e.text, got, e.violated, least, e.least)
		}
	}
}

// crowded is a random history that is mostly in order: everybody reads the latest write of a key, and now and then an older
// one.
func crowded(rnd *rand.Rand, ops int) []event {
	var events []event
	var open []*sim.Record
	latest := map[string][]sim.OpID{}
	sharp := 5 + rnd.IntN(60)
	for n := 0; n < ops || len(open) > 0; {
		if n < ops && (len(open) == 0 || len(open) < 6 && rnd.IntN(2) == 0) {
			n++
			rec := &sim.Record{Op: sim.Op{ID: sim.OpID(n), Client: sim.Addr(rnd.IntN(4)), Key: string(rune('a' + rnd.IntN(3))),
				Kind: []sim.OpKind{sim.Read, sim.Write, sim.CompareAndSet}[rnd.IntN(3)]}}
			open, events = append(open, rec), append(events, event{rec: rec, tick: tick(len(events) + 1)})
			if rec.Kind != sim.Read {
				latest[rec.Key] = append(latest[rec.Key], rec.ID)
			}
			continue
		}
		i := rnd.IntN(len(open))
		rec := open[i]
		open = slices.Delete(open, i, i+1)
		rec.Result = sim.Result{Outcome: sim.OK, Applied: rec.Kind != sim.Read}
		list := slices.DeleteFunc(slices.Clone(latest[rec.Key]), func(id sim.OpID) bool { return id == rec.ID })
		if rnd.IntN(20) == 0 {
			rec.Result = sim.Result{Outcome: sim.Info}
		} else if rec.Kind.Finds() && len(list) > 0 {
			back := 0
			if rnd.IntN(sharp) == 0 {
				back = rnd.IntN(len(list))
			}
			rec.Result.Version = list[len(list)-1-back]
		}
		events = append(events, event{rec, tick(len(events) + 1), true})
		rec.Completion = countEnds(events)
	}
	return events
}

func countEnds(events []event) (n int) {
	for _, e := range events {
		if e.end {
			n++
		}
	}
	return n
}

// TestWeakOnLongerHistories holds causal and the guarantees to their definition on histories of 30 operations, where all
// orders are too many: what must come before what is closed, and must not go in a circle.
func TestWeakOnLongerHistories(t *testing.T) {
	histories := 300
	if os.Getenv("NETSPLIT_SOAK") != "" {
		histories = 10_000
	}
	rnd := rand.New(rand.NewPCG(7, 8))
	broken := map[Kind]int{}
	for n := range histories {
		events := crowded(rnd, 10+rnd.IntN(25))
		w := newWeak(recordsOf(events), func(sim.OpID) []sim.OpID { return nil })
		for _, e := range events {
			w.feed(e)
		}
		for _, m := range everyModel[1:] {
			v := w.verdict(m)
			upTo := len(events)
			if v.Answer == No {
				broken[m]++
				upTo = slices.IndexFunc(events, func(e event) bool { return e.end && e.rec.Completion == v.ViolationAt })
				if newBrute(events[:upTo+1]).circles(m) == false {
					t.Fatalf("history %d: %s is not violated at %d\n%s", n, m, v.ViolationAt, show(events))
				}
			}
			if newBrute(events[:upTo]).circles(m) {
				t.Fatalf("history %d: %s is violated before %d\n%s", n, m, v.ViolationAt, show(events))
			}
			if c := w.violation(m); c != nil && !newBrute(only(events[:upTo+1], c.Ops)).circles(m) {
				t.Fatalf("history %d: %+v is no counterexample\n%s", n, c, show(events))
			}
		}
		if c := w.unordered(); c != nil && len(c.Ops) < 9 && newBrute(only(events, c.Ops)).allowed(Sequential) {
			t.Fatalf("history %d: %+v is no counterexample\n%s", n, c, show(events))
		}
	}
	for _, m := range everyModel[1:] {
		if broken[m] < histories/50 || broken[m] > histories*49/50 {
			t.Errorf("%d of %d histories violate %s: the test shows nothing", broken[m], histories, m)
		}
	}
	t.Logf("%d histories; violated: %v", histories, broken)
}

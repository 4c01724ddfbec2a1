package foreign

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestWrite: a history that is written and read again has the same operations, and the same verdict.
func TestWrite(t *testing.T) {
	for _, m := range Models() {
		for seed := range uint64(200) {
			rnd := rand.New(rand.NewPCG(seed, 10))
			first, err := Read([]byte(invent(rnd, m, 12, 3, 4, 0.2, 0.2)))
			if err != nil {
				t.Fatal(err)
			}
			for i := range first.Ops {
				if op := &first.Ops[i]; seed%2 == 0 {
					op.Key = fmt.Sprint(op.Call % 2)
				}
			}
			var b strings.Builder
			if err := Write(&b, first); err != nil {
				t.Fatal(err)
			}
			second, err := Read([]byte(b.String()))
			if err != nil {
				t.Fatalf("%v\n%s", err, b.String())
			}
			for i, a := range first.Ops {
				b := second.Ops[i]
				if a.Process != b.Process || a.F != b.F || a.Key != b.Key || a.Outcome != b.Outcome || a.Call != b.Call || a.Return != b.Return ||
					a.found != b.found || a.Arg.String() != b.Arg.String() || (a.Outcome == OK || a.found) && a.Result.String() != b.Result.String() {
					t.Fatalf("%s %d: %+v\nis read as %+v", m, seed, a, b)
				}
			}
			v, err := Judge(first, m, DefaultSteps)
			if err != nil {
				t.Fatal(err)
			}
			if w, err := Judge(second, m, DefaultSteps); err != nil || w.Answer != v.Answer || w.Answer == No && w.Violation.Event != v.Violation.Event {
				t.Fatalf("%s %d: %+v, then %+v, %v", m, seed, v, w, err)
			}
		}
	}
}

// TestWriteKeyed: keyed writes alone come back keyed, and so does a history of which some operations are on no key.
func TestWriteKeyed(t *testing.T) {
	for _, keys := range [][]string{{`"x"`, "7"}, {":x", ""}, {"", ""}} {
		var h History
		for i, key := range keys {
			h.Ops = append(h.Ops, Op{Process: fmt.Sprint(i), F: ":write", Key: key, Arg: Pair(Number(1), Number(2)), Call: i + 1})
		}
		var b strings.Builder
		if err := Write(&b, &h); err != nil {
			t.Fatal(err)
		}
		got, err := Read([]byte(b.String()))
		if err != nil {
			t.Fatal(err)
		}
		for i, op := range got.Ops {
			if op.Key != keys[i] || op.Arg.String() != "[1 2]" {
				t.Errorf("keys %q: %+v", keys, op)
			}
		}
	}
}

// TestFound: a compare-and-set that found something else is a read of it, and one that merely failed is nothing.
func TestFound(t *testing.T) {
	for found, want := range map[int64]Answer{1: Yes, 2: No} {
		ops := []Op{
			{Process: "0", F: ":write", Key: "\"x\"", Arg: Number(1), Result: Number(1), Outcome: OK, Call: 1, Return: 2},
			{Process: "0", F: ":cas", Key: "\"x\"", Arg: Pair(Number(5), Number(6)), Call: 3, Return: 4},
		}
		ops[1].Found(Number(found))
		var b strings.Builder
		if err := Write(&b, &History{Ops: ops}); err != nil {
			t.Fatal(err)
		}
		for source, want := range map[string]Answer{b.String(): want, strings.ReplaceAll(b.String(), ":found", ":timeout"): Yes} {
			h, err := Read([]byte(source))
			if err != nil {
				t.Fatal(err)
			}
			if v, err := Judge(h, "", DefaultSteps); err != nil || v.Answer != want || h.Ops[1].Key != `"x"` {
				t.Errorf("%s: %+v, %v; want %s", source, v, err, want)
			}
		}
	}
}

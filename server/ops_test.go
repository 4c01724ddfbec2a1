package server

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"netsplit/sim"
)

// TestOps: a viewer who applies deltas has the operations, and the keys, that a fresh state has; however large the steps.
func TestOps(t *testing.T) {
	f, err := newFeed(mustParse(t, strings.Replace(busy, "rate=5/s", "rate=20/s", 1)))
	if err != nil {
		t.Fatal(err)
	}
	first := f.state(Clock{})
	keys := make([][]string, len(f.lanes))
	known := make([]map[int64]OpStrip, len(f.lanes))
	for i, l := range first.Lanes {
		keys[i], known[i] = slices.Clone(l.Keys), map[int64]OpStrip{}
	}
	for turn := range 120 {
		f.run.AdvanceTo(f.run.Now() + sim.Time(1+turn%7*60)*sim.Millisecond)
		for i, d := range f.delta(Clock{}).Lanes {
			keys[i] = append(keys[i], d.Keys...)
			if !slices.IsSortedFunc(d.Ops, func(a, b OpStrip) int { return int(a[0] - b[0]) }) {
				t.Fatalf("lane %d: the operations of a delta are not in order", i)
			}
			for _, o := range d.Ops {
				known[i][o[0]] = o
			}
		}
		if turn%13 == 0 {
			sameOps(t, f, keys, known)
		}
	}
	sameOps(t, f, keys, known)
	for i, l := range f.state(Clock{}).Lanes {
		if len(l.Ops) != MaxOpStrips {
			t.Errorf("lane %d: %d operations", i, len(l.Ops))
		}
	}
}

func sameOps(t *testing.T, f *feed, keys [][]string, known []map[int64]OpStrip) {
	t.Helper()
	for i, l := range f.state(Clock{}).Lanes {
		if !slices.Equal(l.Keys, keys[i]) {
			t.Fatalf("%s: keys %v, want %v", l.Name, keys[i], l.Keys)
		}
		if len(l.Ops) > MaxOpStrips {
			t.Fatalf("%s: %d operations in a state", l.Name, len(l.Ops))
		}
		for _, o := range l.Ops {
			if known[i][o[0]] != o {
				t.Fatalf("%s: operation %d is %v, want %v", l.Name, o[0], known[i][o[0]], o)
			}
		}
	}
}

// TestOpStrip: an operation on the wire says what its record says.
func TestOpStrip(t *testing.T) {
	f, err := newFeed(mustParse(t, busy))
	if err != nil {
		t.Fatal(err)
	}
	f.run.AdvanceTo(4 * sim.Second)
	f.delta(Clock{})
	s := f.state(Clock{})
	stale := 0
	for i, l := range f.lanes {
		for _, o := range s.Lanes[i].Ops {
			rec := l.cluster.History()[o[0]-1]
			view := l.opView(rec)
			got := fmt.Sprint(s.OpKinds[o[2]], s.Lanes[i].Keys[o[3]], o[4], o[5], o[6], o[7], s.Outcomes[o[8]], o[9]&1 != 0)
			want := fmt.Sprint(view.Kind, view.Key, view.Value, view.Found, int64(view.Start), int64(view.End), view.Outcome, view.Applied)
			if got != want {
				t.Fatalf("operation %d: %s, want %s", rec.ID, got, want)
			}
			if o[9]&4 != 0 {
				stale++
			}
		}
	}
	want := 0
	for _, l := range f.lanes {
		want += l.scores.StaleReads
	}
	if stale != want {
		t.Errorf("%d stale reads, want %d", stale, want)
	}
}

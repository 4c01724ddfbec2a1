package group

import (
	"reflect"
	"slices"
	"testing"

	"netsplit/sim"
	"netsplit/sim/raft"
)

func TestPrimaryIsChosenByWeightThenByNumber(t *testing.T) {
	v := newView(4, 0)
	weights := []int64{50, 50, 70, 70}
	steps := []struct {
		members []sim.Addr
		primary sim.Addr
	}{{[]sim.Addr{0, 1, 2, 3}, 0}, {[]sim.Addr{1, 2, 3}, 2}, {[]sim.Addr{1, 3, 2, 0}, 2}, {[]sim.Addr{0, 1, 3}, 3}, {[]sim.Addr{0, 1}, 1}, {[]sim.Addr{0}, nobody}}
	for i, step := range steps {
		v.changed(uint64(10*(i+1)), step.members, weights)
		if v.primary != step.primary {
			t.Errorf("of %v the primary is %d, not %d", step.members, v.primary, step.primary)
		}
	}
	if v.online[0] { // it has been taken in again, and has not recovered
		t.Error("a member that has just been taken in is online")
	}
}

func TestNobodyWaitsForWhoHasLeft(t *testing.T) {
	v := newView(3, 0)
	v.waits(raft.Entry{Index: 5, Op: sim.Op{ID: 7, Key: "x", Value: 2}, Before: 1, Based: 3}, 0)
	v.prepared(7, 1)
	if !v.lacks(7, 2) || v.lacks(7, 1) || !slices.Equal(v.owed(2), []sim.OpID{7}) {
		t.Errorf("after one of two: %+v", v.lacking[7])
	}
	if w := decodeView(v.encode(), 3); !reflect.DeepEqual(v, w) {
		t.Errorf("it comes back as %+v, not %+v", w, v)
	}
	v.changed(6, []sim.Addr{0, 1}, []int64{50, 50, 50})
	if v.lacking[7] != nil {
		t.Errorf("it still waits: %+v", v.lacking[7])
	}
}

func TestNotesAndTagsComeBack(t *testing.T) {
	for _, n := range []note{{syncs, 3, 1<<64 - 1}, {prepared, 0, 7}, {chosen, 24, 0}} {
		if got := decodeNote(n.encode()); got != n {
			t.Errorf("%+v, not %+v", got, n)
		}
	}
	for _, g := range []tag{{24, true}, {0, false}} {
		if got := decodeTag(g.encode()); got != g {
			t.Errorf("%+v, not %+v", got, g)
		}
	}
}

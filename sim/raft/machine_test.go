package raft

import (
	"testing"

	pb "go.etcd.io/raft/v3/raftpb"

	"netsplit/sim"
)

func ten(string) int64 { return 10 }

func TestMachineAppliesEachOperationOnce(t *testing.T) {
	m := newMachine(ten)
	write := sim.Op{Client: 4, ID: 1, Kind: sim.Write, Key: "k", Value: 20}
	if e := m.apply(proposal{Op: write}); !e.took || !e.fresh || e.found != (register{10, 0}) {
		t.Errorf("first: %+v", e)
	}
	m.apply(proposal{Op: sim.Op{Client: 5, ID: 2, Kind: sim.Write, Key: "k", Value: 30}})
	if e := m.apply(proposal{Op: write}); e.took || e.fresh || m.read("k") != (register{30, 2}) {
		t.Errorf("again: %+v; the register is %+v", e, m.read("k"))
	}
	write.Client = 5
	if e := m.apply(proposal{Op: write}); !e.took {
		t.Errorf("from another client: %+v", e)
	}
}

func TestCompareAndSetComparesValues(t *testing.T) {
	m := newMachine(ten)
	if r := m.apply(proposal{Op: sim.Op{ID: 1, Kind: sim.CompareAndSet, Key: "k", Expect: 11, Value: 12}}).result(); r !=
		(sim.Result{Outcome: sim.OK, Value: 10}) {
		t.Errorf("a false condition: %+v", r)
	}
	if r := m.apply(proposal{Op: sim.Op{ID: 2, Kind: sim.CompareAndSet, Key: "k", Expect: 10, Value: 12}}).result(); r !=
		(sim.Result{Outcome: sim.OK, Applied: true, Value: 10}) {
		t.Errorf("a true condition: %+v", r)
	}
}

func TestTailTakesTruncatedEntriesBack(t *testing.T) {
	l := tail{machine: newMachine(ten)}
	ops := []sim.Op{
		{ID: 1, Kind: sim.Write, Key: "k", Value: 20},
		{ID: 2, Kind: sim.CompareAndSet, Key: "k", Expect: 99, Value: 30},
		{ID: 1, Kind: sim.Write, Key: "k", Value: 20},
		{ID: 3, Kind: sim.CompareAndSet, Key: "k", Expect: 20, Value: 40},
		{ID: 4, Kind: sim.Write, Key: "other", Value: 50},
	}
	both := func() [2]register { return [2]register{l.read("k"), l.read("other")} }
	states := [][2]register{both()}
	for i, op := range ops {
		l.append(&pb.Entry{Index: new(uint64(i + 1)), Data: encode(proposal{Op: op})})
		states = append(states, both())
	}
	for i := len(ops); i > 0; i-- {
		if l.last != uint64(i) || both() != states[i] {
			t.Errorf("after entry %d: %+v at %d, want %+v", i, both(), l.last, states[i])
		}
		l.truncate()
	}
	if both() != states[0] || len(l.seen) != 0 {
		t.Errorf("the empty log leaves %+v, and has seen %v", both(), l.seen)
	}
}

func TestDecodeReadsWhatEncodeWrote(t *testing.T) {
	for _, op := range []sim.Op{
		{ID: 1, Client: 3, Kind: sim.Write, Key: sim.Account, Value: -5},
		{ID: 1 << 31, Client: 17, Kind: sim.CompareAndSet, Key: "a-key", Value: sim.MaxValue, Expect: -sim.MaxValue},
	} {
		if got := decode(encode(proposal{Op: op})); got != (proposal{Op: op}) {
			t.Errorf("got %+v, want %+v", got, op)
		}
	}
}

func TestPayloadNamesWhatItCarries(t *testing.T) {
	op := sim.Op{ID: 9, Client: 4, Kind: sim.Write, Key: "k", Value: 1}
	entries := []*pb.Entry{{Index: new(uint64(1))}, {Index: new(uint64(2)), Data: encode(proposal{Op: op})}}
	count := func(m *pb.Message) (n int) {
		payload{m}.Writes(func(key string, w sim.OpID) {
			if key != op.Key || w != op.ID {
				t.Errorf("%s carries write %d of %s", m.GetType(), w, key)
			}
			n++
		})
		return n
	}
	carried := map[pb.MessageType]int{pb.MsgApp: 1, pb.MsgProp: 1, pb.MsgReadIndex: 0, pb.MsgReadIndexResp: 0}
	for kind, want := range carried {
		if got := count(&pb.Message{Type: kind.Enum(), Entries: entries}); got != want {
			t.Errorf("%s carries %d writes, want %d", kind, got, want)
		}
	}
	full := &pb.Message{Type: pb.MsgApp.Enum(), Term: new(uint64(1)), Entries: entries}
	less := &pb.Message{Type: pb.MsgApp.Enum(), Term: new(uint64(1)), Entries: entries[:1]}
	if string(payload{full}.AppendTrace(nil)) == string(payload{less}.AppendTrace(nil)) {
		t.Error("messages with different entries have one trace")
	}
}

package raft

import (
	"testing"

	pb "go.etcd.io/raft/v3/raftpb"

	"netsplit/sim"
)

// by is a write of the key k that is based on another.
func by(id, based sim.OpID, attempt int) proposal {
	return proposal{Op: sim.Op{ID: id, Kind: sim.Write, Key: "k", Value: int64(10 * id), Attempt: attempt}, certified: true, based: based}
}

// TestFirstOfTwoWinsAndTheOtherIsNotApplied: of two writes that rest on the same, the log's first is applied; the other is
// refused, however often that attempt of it comes, and may be tried again.
func TestFirstOfTwoWinsAndTheOtherIsNotApplied(t *testing.T) {
	l := tail{machine: newMachine(ten)}
	steps := []struct {
		p       proposal
		took    bool
		outcome sim.Outcome
	}{
		{by(1, 0, 0), true, sim.OK}, {by(2, 0, 0), false, sim.Fail}, {by(2, 1, 0), false, sim.Fail}, {by(2, 1, 1), true, sim.OK},
		{by(2, 1, 1), false, sim.OK}, {by(3, 1, 0), false, sim.Fail}, {by(3, 2, 2), true, sim.OK}, {by(3, 3, 3), false, sim.OK},
	}
	states := [][]byte{l.encode()}
	for i, step := range steps {
		l.machine = decodeMachine(ten, l.encode())
		e := l.append(&pb.Entry{Index: new(uint64(i + 1)), Data: encode(step.p)})
		if e.took != step.took || e.result().Outcome != step.outcome {
			t.Errorf("step %d: %+v, %+v", i, e, e.result())
		}
		states = append(states, l.encode())
	}
	for i := len(steps); i > 0; i-- {
		if string(l.encode()) != string(states[i]) {
			t.Errorf("after step %d the state is another than before it was taken back", i-1)
		}
		l.truncate()
	}
	if got := decode(encode(by(5, 4, 3))); got != by(5, 4, 3) {
		t.Errorf("got %+v", got)
	}
}

// TestCertificationRefusesTheSecondOfTwo: two regions write one key at once, then one after the other.
func TestCertificationRefusesTheSecondOfTwo(t *testing.T) {
	w := run(t, `regions us-east-1 eu-west-1 ap-northeast-1
lane strong raft certify=on
at 2s write us-east-1 k 1 as first
at 2s write eu-west-1 k 2 as second
at 4s write eu-west-1 k 3 as later
at 6s read ap-northeast-1 k as seen
end 10s
`)
	w.expect("first", sim.OK, sim.NoReason, 1)
	w.expect("second", sim.Fail, sim.ReasonUncertified, 0)
	w.expect("later", sim.OK, sim.NoReason, 3)
	w.expect("seen", sim.OK, sim.NoReason, 3)
}

package raft

import (
	"testing"

	"netsplit/sim"
)

// sent counts messages by kind.
type sent struct {
	sim.NopObserver
	kinds map[sim.MessageKind]int
}

func (s *sent) Sent(m *sim.Message) { s.kinds[m.Kind]++ }

// TestWipedFollowerIsNotChased: a leader that is told that a node lacks what it had acknowledged does not send the same
// again as fast as messages travel, which over links without delay would stop the clock.
func TestWipedFollowerIsNotChased(t *testing.T) {
	w := newWorld(t, `
regions us-east-1 eu-west-1 ap-south-1
link everywhere constant 0s
lane s raft leader=us-east-1
at 1s write us-east-1 balance 10
at 1.1s write us-east-1 balance 20
at 2s wipe ap-south-1/1
at 2.1s restart ap-south-1/1
at 2.2s write us-east-1 balance 30
at 3s write eu-west-1 balance 40 as last
end 5s
`)
	count := &sent{kinds: map[sim.MessageKind]int{}}
	w.cluster.Observe(count)
	w.lab.AdvanceTo(5 * sim.Second)
	if n := count.kinds[sim.KindReplicate]; n > 200 {
		t.Errorf("%d appends", n)
	}
	if got := w.cluster.Named("last"); got.Outcome != sim.OK {
		t.Errorf("the last write: %s", got.Outcome)
	}
}

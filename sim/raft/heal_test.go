package raft

import (
	"fmt"
	"testing"

	"netsplit/sim"
)

// TestHealing: a follower that was cut off unseats a healthy leader when the network heals, unless it asks for votes
// before it stands for election (Ongaro 9.6); over datagrams and over streams, with CheckQuorum.
func TestHealing(t *testing.T) {
	for _, transport := range []string{"datagram", "stream"} {
		for _, preVote := range []string{"on", "off"} {
			unseated := 0
			for seed := range 20 {
				w := run(t, fmt.Sprintf("seed %d\n%slane strong raft leader=us-east-1 transport=%s pre-vote=%s\nworkload none\n"+
					"at 2s partition ap-south-1\nat 8s heal\nend 14s\n", seed, three, transport, preVote))
				if d := w.noted(sim.NoteDeposed); len(d) > 0 && d[0].Node == 0 && d[0].At > 8*sim.Second {
					unseated++
				}
				w.agree()
			}
			if want := map[string]int{"on": 0, "off": 20}[preVote]; unseated != want {
				t.Errorf("%s, pre-vote=%s: %d of 20 healthy leaders are unseated, want %d", transport, preVote, unseated, want)
			}
		}
	}
}

// TestLeasesSurviveRestarts: whoever restarts votes for nobody while a lease may last that it had promised. Without
// leases it votes at once.
func TestLeasesSurviveRestarts(t *testing.T) {
	for _, reads := range []string{linearizable, leased} {
		cfg := settled(map[string]string{"reads": reads})
		s := &stage{timers: map[sim.TimerID]sim.Time{}, disk: newDisk(), now: 10 * sim.Second}
		r := newReplica(s, cfg)
		r.Start()
		receive(r, voteFor(2, 5, 1))
		if voted := len(s.sent) > 0; voted == (reads == leased) {
			t.Errorf("reads=%s: it votes right after a restart: %t", reads, voted)
		}
		s.sent = nil
		s.now += ElectionTimeout
		receive(r, voteFor(2, 6, 1))
		if len(s.sent) != 1 {
			t.Errorf("reads=%s: it sends %d messages when asked for a vote later", reads, len(s.sent))
		}
	}
}

// TestSnapshotHoldsAll: a machine comes through its snapshot unchanged.
func TestSnapshotHoldsAll(t *testing.T) {
	m := newMachine(ten)
	for i := range sim.OpID(50) {
		m.apply(proposal{Op: sim.Op{ID: i + 1, Client: sim.Addr(i % 3), Kind: sim.CompareAndSet, Key: []string{"a", sim.Account}[i%2], Expect: 10 - int64(i%5), Value: -int64(i)}})
	}
	got := decodeMachine(ten, m.encode())
	if fmt.Sprint(got.registers, got.seen) != fmt.Sprint(m.registers, m.seen) {
		t.Errorf("got %v %v\nwant %v %v", got.registers, got.seen, m.registers, m.seen)
	}
	held := map[string]sim.OpID{}
	snapshotWrites(m.encode(), func(key string, w sim.OpID) { held[key] = w })
	for key, reg := range m.registers {
		if held[key] != reg.version {
			t.Errorf("%s is held by write %d, want %d", key, held[key], reg.version)
		}
	}
}

// decodeMachine reads what encode wrote of a machine without a past.
func decodeMachine(opening func(string) int64, data []byte) machine {
	d := decoder(data)
	return d.machine(opening)
}

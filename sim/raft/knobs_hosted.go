package raft

import (
	"fmt"
	"slices"

	"netsplit/sim"
)

// hostedKnobs lists settings that etcd does not have: those of services whose clients never see a node.
func hostedKnobs() []sim.Knob {
	switched := []string{on, off}
	return []sim.Knob{
		{Name: "request-timeout", Kind: sim.KnobTime, Default: etcds, Min: leastTime, Max: mostTime, Words: []string{etcds},
			About: "With leaderless=wait or insist, how long a replica keeps a request before it says that it got no answer; by default " +
				"5 s and two election timeouts (etcd's server, ReqTimeout)."},
		{Name: "old-lease", Kind: sim.KnobWord, Default: votersWait, Words: []string{votersWait, leaderWaits},
			About: "Who waits for a leader's lease when another is to lead: the voters, who vote for nobody before it is over (Ongaro " +
				"6.4.1), or the new leader, who serves nothing before (DynamoDB, USENIX ATC 2022; YugabyteDB)."},
		{Name: "ask-first", Kind: sim.KnobWord, Default: off, Words: switched,
			About: "Whether a node that no longer hears the leader asks the others whether they do, and drops its attempt if one does " +
				"(DynamoDB's rule against gray failures, USENIX ATC 2022, section 6)."},
		{Name: "rivals", Kind: sim.KnobWord, Default: order, Words: []string{order, refuse},
			About: "What a leader does with a write of a key of which another replica's write is under way: order it behind that (etcd), " +
				"or refuse it (DynamoDB's ReplicatedWriteConflictException)."},
	}
}

// hosted are a lane's settings of them.
type hosted struct {
	insists       bool
	patience      sim.Time // 0 for etcd's
	leaderWaits   bool
	asksFirst     bool
	refusesRivals bool
	witnesses     []sim.Addr
	witness       bool // this node is one
}

func newHosted(cfg sim.Config) hosted {
	return hosted{insists: cfg.Words["leaderless"] == insist, patience: sim.Time(cfg.Numbers["request-timeout"]),
		leaderWaits: cfg.Words["old-lease"] == leaderWaits, asksFirst: cfg.Words["ask-first"] == on,
		refusesRivals: cfg.Words["rivals"] == refuse, witnesses: cfg.Lists["witnesses"]}
}

// requestTimeout is how long a replica keeps a request: etcd's server, ReqTimeout.
func (s *settings) requestTimeout() sim.Time {
	if s.patience > 0 {
		return s.patience
	}
	return 5*sim.Second + 2*s.election
}

// checkHosted refuses those that make no sense.
func (s *settings) checkHosted(cfg sim.Config) error {
	switch {
	case s.leaderWaits && !s.checkQuorum:
		return fmt.Errorf("old-lease=leader-waits needs check-quorum=on: nobody else keeps from voting while a leader is heard")
	case s.asksFirst && !s.checkQuorum:
		return fmt.Errorf("ask-first=on needs check-quorum=on: without it nobody notices that the leader is not heard")
	case s.patience > 0 && !s.waits:
		return fmt.Errorf("request-timeout=%s has no meaning with leaderless=refuse", s.patience)
	case 2*len(s.witnesses) >= cfg.Nodes && len(s.witnesses) > 0:
		return fmt.Errorf("witnesses: %d of %d nodes are witnesses: fewer than half may be", len(s.witnesses), cfg.Nodes)
	case slices.Contains(s.witnesses, s.first):
		return fmt.Errorf("leader: a witness leads only until another can")
	}
	return nil
}

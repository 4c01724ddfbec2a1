package raft

import (
	"fmt"
	"slices"

	"netsplit/sim"
)

// What the OSDI 2012 paper says of Spanner.
const (
	// LeaseVotes is how long a lease vote lasts.
	LeaseVotes = 10 * sim.Second
	// SafeEvery is how often a leader promises what it will not order any more.
	SafeEvery = 8 * sim.Second
	// leaseMargin is how near its end a leader asks for votes anew by heartbeats; nobody publishes it.
	leaseMargin = 2 * sim.Second

	// neverTicks is an election timeout in ticks that is never over: see truetime.stepDown.
	neverTicks = 1 << 24

	maxSplits = 4
	anywhere  = "never"
)

// ttKnobs lists the settings of commit timestamps.
func ttKnobs() []sim.Knob {
	switched := []string{on, off}
	second := int64(sim.Second)
	return []sim.Knob{
		{Name: "epsilon", Kind: sim.KnobTime, Default: off, Min: 1, Max: 10 * second, Words: []string{off},
			About: "By how much clocks are thought to be wrong at most: with it every write gets a commit timestamp by TrueTime, and " +
				"leaders keep leases by votes (Spanner, OSDI 2012: 1 to 7 ms). How wrong they are, skew and drift say."},
		{Name: "commit-wait", Kind: sim.KnobWord, Default: on, Words: switched,
			About: "Whether a leader shows and acknowledges a write only when its timestamp has definitely passed (OSDI 2012, 4.1.2)."},
		{Name: "vote-lease", Kind: sim.KnobTime, Default: LeaseVotes.String(), Min: leastTime, Max: mostTime,
			About: "How long a lease vote for a leader lasts; each write asks for votes anew (OSDI 2012, 4.1.1: 10 seconds)."},
		{Name: "lease-margin", Kind: sim.KnobTime, Default: leaseMargin.String(), Min: leastTime, Max: mostTime,
			About: "How near the end of its lease a leader that writes nothing asks for votes anew (ours: nobody publishes it)."},
		{Name: "safe-every", Kind: sim.KnobTime, Default: SafeEvery.String(), Min: leastTime, Max: mostTime,
			About: "How often a leader promises that all it orders from here on has later timestamps (OSDI 2012, 4.2.4: MinNextTS, 8 seconds)."},
		{Name: "safe-on-demand", Kind: sim.KnobWord, Default: off, Words: switched,
			About: "Whether a replica where a read waits for that promise asks the leader for it (OSDI 2012, 4.2.4: a leader may)."},
		{Name: "witnesses", Kind: sim.KnobRegions,
			About: "Regions whose nodes vote and keep the log, and lead only until another can; with epsilon they hand on what clients ask, and otherwise refuse it (witness regions of Cloud Spanner, and of DynamoDB's MRSC)."},
		{Name: "return-after", Kind: sim.KnobTime, Default: anywhere, Min: leastTime, Max: mostTime, Words: []string{anywhere},
			About: "For how long a replica in the region leader has to be well until a leader elsewhere hands over to it (Cloud Spanner does so, and does not say when)."},
		{Name: "splits", Kind: sim.KnobNumber, Default: "1", Min: 1, Max: maxSplits,
			About: "Into how many ranges of keys, each with a log, a leader and timestamps of its own, the store is parted: keys that end " +
				"in -1, -2 and so on, or are called x, y and so on, lie in the first, the second and so on, in turn (Spanner parts its keys itself)."},
		{Name: "split-leaders", Kind: sim.KnobRegions,
			About: "The regions where the splits are led, in turn; by default that of the knob leader (Cloud Spanner has one for all)."},
		{Name: "read-bound", Kind: sim.KnobWord, Default: strong, Words: []string{strong, exactStaleness, maxStaleness},
			About: "What reads ask of their timestamp for which no level is asked (Spanner's TimestampBound)."},
		{Name: "read-staleness", Kind: sim.KnobTime, Default: "15s", Min: 0, Max: int64(sim.MaxTime),
			About: "With read-bound=exact-staleness how old what is read is, and with max-staleness how old it may be (TimestampBound; 15 s is ours)."},
	}
}

// ttSettings are the knobs of a lane with commit timestamps.
type ttSettings struct {
	epsilon, lease, margin, safeEvery, back sim.Time
	commitWait, onDemand                    bool
	witness                                 []bool // by node
	region                                  []int  // of each node
	splits                                  int
	leaders                                 []sim.Addr // of the splits, in turn
	bound                                   string
	staleness                               sim.Time
}

// newTTSettings reads a configuration, of a lane that one node leads first; nil where there are no commit timestamps.
func newTTSettings(cfg sim.Config, first sim.Addr) *ttSettings {
	number := func(name string) sim.Time { return sim.Time(cfg.Numbers[name]) }
	if number("epsilon") == 0 {
		return nil
	}
	s := &ttSettings{epsilon: number("epsilon"), lease: number("vote-lease"), margin: number("lease-margin"), safeEvery: number("safe-every"),
		back: number("return-after"), commitWait: cfg.Words["commit-wait"] == on, onDemand: cfg.Words["safe-on-demand"] == on,
		witness: make([]bool, cfg.Nodes), region: cfg.RegionOf, splits: int(cfg.Numbers["splits"]),
		bound: cfg.Words["read-bound"], staleness: number("read-staleness")}
	for _, a := range cfg.Lists["witnesses"] {
		s.witness[a] = true
	}
	for _, a := range cfg.Lists["split-leaders"] {
		if !slices.ContainsFunc(s.leaders, func(b sim.Addr) bool { return s.region[b] == s.region[a] }) {
			s.leaders = append(s.leaders, a)
		}
	}
	if len(s.leaders) == 0 {
		s.leaders = []sim.Addr{first}
	}
	return s
}

// checkTT refuses knobs that make no sense together with commit timestamps.
func (s *settings) checkTT(cfg sim.Config) error {
	t := s.tt
	switch {
	case s.reads != linearizable:
		return fmt.Errorf("reads=%s has no meaning with epsilon=%s: read-bound says how reads are done", s.reads, t.epsilon)
	case !s.checkQuorum || !s.preVote:
		return fmt.Errorf("epsilon=%s needs check-quorum=on and pre-vote=on", t.epsilon)
	case t.margin >= t.lease:
		return fmt.Errorf("lease-margin=%s is not below vote-lease=%s", t.margin, t.lease)
	case s.heartbeat >= t.margin:
		return fmt.Errorf("heartbeat=%s is not below lease-margin=%s: the lease would lapse between two heartbeats", s.heartbeat, t.margin)
	case 2*t.epsilon+t.margin >= t.lease:
		return fmt.Errorf("epsilon=%s leaves nothing of vote-lease=%s", t.epsilon, t.lease)
	case !slices.Contains(t.witness, false):
		return fmt.Errorf("witnesses: nobody is left to lead")
	}
	for _, a := range t.leaders {
		if t.witness[a] {
			return fmt.Errorf("leader, the region of %s, is among the witnesses: those do not lead", cfg.Names[a])
		}
	}
	return nil
}

// checkNoTT refuses knobs that have a meaning with commit timestamps alone.
func checkNoTT(cfg sim.Config) error {
	switch {
	case cfg.Numbers["splits"] > 1:
		return fmt.Errorf("splits=%d needs epsilon: without commit timestamps there is one log", cfg.Numbers["splits"])
	}
	return nil
}

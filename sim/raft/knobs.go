package raft

import (
	"cmp"
	"fmt"
	"slices"

	"netsplit/sim"
)

// The words of the knobs and levels.
const (
	on, off      = "on", "off"
	linearizable = "linearizable"
	leased       = "lease"
	local        = "local"
	twice        = "twice"
	mostOfIt     = "most"
	refuse       = "refuse"
	waitsAnew    = "waits-anew"
	goesOn       = "goes-on"
	wait         = "wait"
	insist       = "insist"
	votersWait   = "voters-wait"
	leaderWaits  = "leader-waits"
	order        = "order"
	etcds        = "etcd"
)

// etcd's defaults: https://etcd.io/docs/v3.6/tuning/.
const (
	// HeartbeatInterval is how often a leader tells its followers that it is there, unless the knob says otherwise.
	HeartbeatInterval = 100 * sim.Millisecond
	// ElectionTimeout is how long a follower believes in a leader that it does not hear, unless the knob says otherwise.
	ElectionTimeout = 1000 * sim.Millisecond
	// ReadTimeout is how long a node hears nothing on a connection before it dials anew: etcd's rafthttp,
	// DefaultConnReadTimeout.
	ReadTimeout = 5 * sim.Second
)

// The scales of the knobs.
const (
	leastTime   = int64(sim.Millisecond)
	mostTime    = int64(60 * sim.Second)
	mostEntries = 1_000_000
	million     = 1_000_000
)

// knobs lists the settings: those of etcd and of what is close to it. Where a default is not etcd's, About says so.
func knobs() []sim.Knob {
	switched := []string{on, off}
	return append([]sim.Knob{
		{Name: "leader", Kind: sim.KnobRegion,
			About: "The region whose node stands for election when the run starts; the scenario's first that is no witness's where none is " +
				"named. Who leads after that is left to Raft."},
		{Name: "heartbeat", Kind: sim.KnobTime, Default: HeartbeatInterval.String(), Min: leastTime, Max: mostTime,
			About: "How often a leader tells its followers that it is there (etcd --heartbeat-interval, 100 ms)."},
		{Name: "election", Kind: sim.KnobTime, Default: ElectionTimeout.String(), Min: leastTime, Max: mostTime,
			About: "How long a follower believes in a leader that it does not hear, and the least that it waits before it " +
				"stands for election; a leader without a quorum steps down after as long (etcd --election-timeout, 1000 ms)."},
		{Name: "election-max", Kind: sim.KnobTime, Default: twice, Min: leastTime, Max: 2 * mostTime, Words: []string{twice},
			About: "The most that a follower waits before it stands for election; what it waits is drawn anew each time (etcd's " +
				"Raft draws from the election timeout up to twice that)."},
		{Name: "new-term", Kind: sim.KnobWord, Default: waitsAnew, Words: []string{waitsAnew, goesOn},
			About: "What becomes of a follower's wait when it hears of a newer term and grants no vote: it begins anew (etcd's " +
				"Raft), or goes on (LogCabin, and figure 16 of the Raft paper)."},
		{Name: "pre-vote", Kind: sim.KnobWord, Default: on, Words: switched,
			About: "Whether a node asks if it would be elected before it stands for election in a new term (Ongaro 9.6; etcd " +
				"--pre-vote, true since 3.5)."},
		{Name: "check-quorum", Kind: sim.KnobWord, Default: on, Words: switched,
			About: "Whether a leader that does not hear a majority steps down, and nobody votes while he hears a leader (Ongaro " +
				"6.2 and 4.2.3; etcd always)."},
		{Name: "reads", Kind: sim.KnobWord, Default: linearizable, Words: []string{linearizable, leased, local},
			About: "How reads are done for which no level is asked: after a round of heartbeats by the leader (Ongaro 6.4; etcd's " +
				"default), by the leader's clock while its lease lasts (6.4.1), or by any replica as it is (etcd: serializable)."},
		{Name: "lease", Kind: sim.KnobTime, Default: mostOfIt, Min: leastTime, Max: mostTime, Words: []string{mostOfIt},
			About: "With reads=lease, how long a leader may answer reads alone after it sent a heartbeat that a majority has " +
				"acknowledged; by default nine tenths of the election timeout, or what drift leaves of it (CockroachDB and TiKV take about as much)."},
		{Name: "max-drift", Kind: sim.KnobNumber, Default: "200", Min: 0, Max: sim.MaxDrift,
			About: "The parts per million by which clocks are thought to be fast or slow at most, for which the lease has to " +
				"leave room (Spanner assumes 200 microseconds a second, OSDI 2012)."},
		{Name: "snapshot-every", Kind: sim.KnobNumber, Default: "1000", Min: 1, Max: mostEntries,
			About: "Entries applied from one snapshot to the next; half as many are kept behind it (etcd --snapshot-count 10000 " +
				"with 5000 kept; fewer here, so that runs of minutes see it)."},
		{Name: "forward", Kind: sim.KnobWord, Default: on, Words: switched,
			About: "Whether a follower hands requests on to its leader (etcd does) or refuses them and names the leader " +
				"(LogCabin's NOT_LEADER with a hint)."},
		{Name: "leaderless", Kind: sim.KnobWord, Default: refuse, Words: []string{refuse, wait, insist},
			About: "What a replica does with a request that meets no leader: refuse it at once (etcd, with WithRequireLeader), or " +
				"keep it for the request timeout, asking again for reads each 500 ms (etcd otherwise), and with insist for writes " +
				"when there is another leader (which applies each once; as the routers of hosted services)."},
		{Name: "certify", Kind: sim.KnobWord, Default: off, Words: switched,
			About: "Whether a write is refused that comes in the log after another of its key which the replica that was asked had " +
				"not applied yet: the first to be ordered wins (MySQL Group Replication's certification; etcd has none)."},
	}, ttKnobs()...)
}

// settings are a lane's knobs.
type settings struct {
	first       sim.Addr
	heartbeat   sim.Time
	election    sim.Time
	electionMax sim.Time
	waitsAnew   bool
	preVote     bool
	checkQuorum bool
	reads       string
	lease       sim.Time
	drift       int64 // parts per million
	every       uint64
	forward     bool
	waits       bool
	certifies   bool
	names       []string
	hosted
	tt *ttSettings // nil without commit timestamps
}

// newSettings reads a configuration.
func newSettings(cfg sim.Config) *settings {
	number := func(name string) sim.Time { return sim.Time(cfg.Numbers[name]) }
	s := &settings{first: max(cfg.Regions["leader"], 0), heartbeat: number("heartbeat"), election: number("election"),
		electionMax: number("election-max"), waitsAnew: cfg.Words["new-term"] == waitsAnew, preVote: cfg.Words["pre-vote"] == on, checkQuorum: cfg.Words["check-quorum"] == on,
		reads: cfg.Words["reads"], lease: number("lease"), drift: cfg.Numbers["max-drift"],
		every: uint64(cfg.Numbers["snapshot-every"]), forward: cfg.Words["forward"] == on, waits: cfg.Words["leaderless"] == wait,
		certifies: cfg.Words["certify"] == on,
		names:     cfg.Names,
		hosted:    newHosted(cfg)}
	s.waits = s.waits || s.insists
	for cfg.Regions["leader"] < 0 && slices.Contains(s.witnesses, s.first) {
		s.first++
	}
	if s.electionMax == 0 {
		s.electionMax = 2 * s.election
	}
	if s.lease == 0 {
		s.lease = min(s.election*9/10, s.election*(million-sim.Time(s.drift))/(million+sim.Time(s.drift)))
	}
	if s.tt = newTTSettings(cfg, s.first); s.tt != nil {
		s.witnesses = nil // it knows them itself
	}
	return s
}

// electionTicks is the election timeout in heartbeats, by which a leader counts it. A leader for whose lease the next one
// waits does not step down before it is over.
func (s *settings) electionTicks() int {
	if s.tt != nil {
		return neverTicks
	}
	timeout := s.election
	if s.leaderWaits {
		timeout = max(timeout, s.lease)
	}
	return int(max(2, (timeout+s.heartbeat-1)/s.heartbeat))
}

// leases reports whether reads may go by a lease.
func (s *settings) leases() bool { return s.reads == leased || s.leaderWaits }

// checkConfig refuses knobs that make no sense together.
func checkConfig(cfg sim.Config) error {
	s := newSettings(cfg)
	switch {
	case s.heartbeat >= s.election:
		return fmt.Errorf("heartbeat=%s is not below election=%s: followers would stand for election between two heartbeats", s.heartbeat, s.election)
	case s.electionMax <= s.election:
		return fmt.Errorf("election-max=%s is not above election=%s: all would stand for election at once", s.electionMax, s.election)
	case s.reads == leased && !s.checkQuorum:
		return fmt.Errorf("reads=lease needs check-quorum=on: nobody else keeps from voting while a lease lasts")
	case cfg.Numbers["lease"] != 0 && !s.leases():
		return fmt.Errorf("lease=%s has no meaning without reads=lease", s.lease)
	case s.leases() && !s.leaderWaits && int64(s.lease)*(million+s.drift) > int64(s.election)*(million-s.drift):
		return fmt.Errorf("lease=%s may outlast election=%s when clocks drift by %d ppm: another could be elected meanwhile", s.lease, s.election, s.drift)
	case s.leases() && s.heartbeat >= s.lease:
		return fmt.Errorf("heartbeat=%s is not below lease=%s: the lease would lapse between two heartbeats", s.heartbeat, s.lease)
	}
	if s.tt != nil {
		return cmp.Or(s.checkTT(cfg), s.checkHosted(cfg))
	}
	return cmp.Or(checkNoTT(cfg), s.checkHosted(cfg))
}

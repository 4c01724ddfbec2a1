package group

import (
	"slices"

	"netsplit/sim"
	"netsplit/sim/raft"
)

// The words of the knobs, and the levels.
const (
	on, off                = "on", "off"
	eventual               = "eventual"
	beforeOnFailover       = "before-on-primary-failover"
	before                 = "before"
	after                  = "after"
	beforeAndAfter         = "before-and-after"
	readOnly               = "read-only"
	offlineMode            = "offline-mode"
	abortServer            = "abort-server"
	mostWeight       int64 = 100
)

// levels are those of group_replication_consistency, weakest first.
var levels = []string{eventual, beforeOnFailover, before, after, beforeAndAfter}

// MySQL's own figures.
const (
	// DetectionTime is how long a member is silent before it is suspected (manual: "initial 5-second detection period").
	DetectionTime = 5 * sim.Second
	// RejoinInterval is from the end of one attempt to rejoin to the next (manual: group_replication_autorejoin_tries).
	RejoinInterval = 300 * sim.Second
	// JoinTime is how long one attempt goes on: the playground's figure.
	JoinTime = 10 * sim.Second
	// aliveInterval is how often a member says that it is there (XCom: half a second after its latest message).
	aliveInterval = 500 * sim.Millisecond
	// askAgain is after how long what was sent and not ordered is sent again.
	askAgain = 2 * sim.Second
)

// How the order underneath is kept: fast enough to have a leader again before anybody is expelled.
const (
	orderHeartbeat = 300 * sim.Millisecond
	orderElection  = 1500 * sim.Millisecond
)

func knobs() []sim.Knob {
	most := int64(3600 * sim.Second)
	return []sim.Knob{
		{Name: "first", Kind: sim.KnobRegion,
			About: "The region whose member starts the group and is its first primary (group_replication_bootstrap_group)."},
		{Name: "single-primary", Kind: sim.KnobWord, Default: on, Words: []string{on, off},
			About: "Whether one member alone takes writes, or all do (group_replication_single_primary_mode, ON)."},
		{Name: "consistency", Kind: sim.KnobWord, Default: eventual, Words: levels,
			About: "What operations wait for, for which no level is asked (group_replication_consistency, EVENTUAL up to 8.3)."},
		{Name: "expel", Kind: sim.KnobTime, Default: "5s", Min: 0, Max: most,
			About: "How long a member is suspected, after 5 s of silence, before the others expel it (group_replication_member_expel_timeout, 5 s)."},
		{Name: "unreachable", Kind: sim.KnobTime, Default: "0s", Min: 0, Max: most,
			About: "How long a member bears with reaching no majority before it leaves (group_replication_unreachable_majority_timeout, 0: for ever)."},
		{Name: "tries", Kind: sim.KnobNumber, Default: "3", Min: 0, Max: 2016,
			About: "How often a member that has left tries to rejoin, at intervals of 5 minutes (group_replication_autorejoin_tries, 3)."},
		{Name: "exit", Kind: sim.KnobWord, Default: readOnly, Words: []string{readOnly, offlineMode, abortServer},
			About: "What a member does that has left and does not rejoin (group_replication_exit_state_action, READ_ONLY up to 8.3)."},
		{Name: "weight", Kind: sim.KnobNumber, Default: "50", Min: 0, Max: mostWeight,
			About: "Of two members the one with the greater weight becomes the primary (group_replication_member_weight, 50)."},
		{Name: "prefer", Kind: sim.KnobRegions,
			About: "Regions whose members have another weight: 100, 99 and so on, in this order."},
		{Name: "lock-wait", Kind: sim.KnobTime, Default: "50s", Min: int64(sim.Second), Max: most,
			About: "How long a statement waits for a row that another transaction has locked (innodb_lock_wait_timeout, 50 s)."},
		{Name: "hold-wait", Kind: sim.KnobNumber, Default: "28800", Min: 1, Max: 31_536_000,
			About: "How many seconds a transaction waits before it begins for what its level asks for (wait_timeout, 8 hours)."},
		{Name: "apply", Kind: sim.KnobTime, Default: "2ms", Min: 0, Max: most,
			About: "How long a member takes to apply what another has written, one transaction after the other; nobody publishes it."},
		{Name: "recovery", Kind: sim.KnobTime, Default: "2s", Min: 0, Max: most,
			About: "How long a member that has been taken in recovers before it is online; nobody publishes it."},
		{Name: "snapshot-every", Kind: sim.KnobNumber, Default: "1000", Min: 1, Max: 1_000_000,
			About: "Messages ordered from one snapshot of the order underneath to the next (raft's knob of that name)."},
	}
}

// settings are a lane's knobs.
type settings struct {
	first       sim.Addr
	single      bool
	consistency string
	expel       sim.Time
	unreachable sim.Time
	tries       int
	exit        string
	weights     []int64 // by node
	lockWait    sim.Time
	holdWait    sim.Time
	apply       sim.Time
	recovery    sim.Time
	names       []string
}

func newSettings(cfg sim.Config) *settings {
	s := &settings{first: max(cfg.Regions["first"], 0), single: cfg.Words["single-primary"] == on, consistency: cfg.Words["consistency"],
		expel: sim.Time(cfg.Numbers["expel"]), unreachable: sim.Time(cfg.Numbers["unreachable"]), tries: int(cfg.Numbers["tries"]),
		exit: cfg.Words["exit"], lockWait: sim.Time(cfg.Numbers["lock-wait"]), holdWait: sim.Time(cfg.Numbers["hold-wait"]) * sim.Second, apply: sim.Time(cfg.Numbers["apply"]), recovery: sim.Time(cfg.Numbers["recovery"]), names: cfg.Names}
	s.weights = slices.Repeat([]int64{cfg.Numbers["weight"]}, cfg.Nodes)
	for i, first := range cfg.Lists["prefer"] {
		for node := range s.weights {
			if cfg.RegionOf[node] == cfg.RegionOf[first] {
				s.weights[node] = mostWeight - int64(i)
			}
		}
	}
	return s
}

// orderConfig is the configuration of the Raft underneath.
func orderConfig(cfg sim.Config) sim.Config {
	of := raft.Protocol().Defaults(cfg)
	of.Numbers["heartbeat"], of.Numbers["election"] = int64(orderHeartbeat), int64(orderElection)
	of.Regions["leader"], of.Numbers["snapshot-every"] = cfg.Regions["first"], cfg.Numbers["snapshot-every"]
	return of
}

// atLeast reports whether a level includes another.
func atLeast(level, least string) bool {
	return slices.Index(levels, level) >= slices.Index(levels, least)
}

// synced reports whether a level has an ordered message precede an operation.
func synced(level string) bool { return level == before || level == beforeAndAfter }

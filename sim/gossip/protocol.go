package gossip

import (
	"fmt"
	"slices"
	"strconv"

	"netsplit/sim"
)

// Protocol describes gossip to the world.
func Protocol() sim.Protocol { return protocol(bugs{}) }

// bugs are switches for tests, each of which breaks a promise of the package.
type bugs struct {
	noExchange   bool // replicas never compare
	tieByArrival bool // of equal stamps the version that came last stays
	noToken      bool // replicas do not look at what the client has read or written
}

func protocol(b bugs) sim.Protocol {
	return sim.Protocol{
		Name:   "gossip",
		Disk:   sim.NewStoreDisk,
		Timers: timerNames,
		Knobs:  append(knobs(), sim.StoreKnobs()...),
		Check:  checkConfig,
		Can: func(cfg sim.Config, k sim.OpKind) bool {
			return sim.StoreRules(cfg).Can(k) || k == sim.CompareAndSet && cfg.Words["cas"] == "local"
		},
		Replicates: func(cfg sim.Config) func(sim.Addr, string) bool {
			return func(node sim.Addr, _ string) bool { return !slices.Contains(cfg.Lists["cache"], node) }
		},
		New: func(env sim.Env, cfg sim.Config) sim.Replica {
			if slices.Contains(cfg.Lists["cache"], env.Self()) {
				return newCache(env, cfg)
			}
			return newReplica(env, cfg, b)
		},
	}
}

func knobs() []sim.Knob {
	return []sim.Knob{
		{Name: "fan-out", Kind: sim.KnobNumber, Default: "1", Min: 1, Max: sim.MaxNodes,
			About: "Others that a replica compares with each time (1 in Demers et al. 1987, section 1.3; up to 3 in Cassandra's gossip)."},
		{Name: "interval", Kind: sim.KnobTime, Default: "1s", Min: int64(10 * sim.Millisecond), Max: int64(sim.MaxTime),
			About: "Time between two comparisons that one replica begins (1 s in Cassandra's gossip; Riak's active anti-entropy ticks every 15 s)."},
		{Name: "push", Kind: sim.KnobWord, Default: "on", Words: []string{"on", "off", "stream"},
			About: "Whether a write is sent to every other replica at once, without waiting for anybody: direct mail (Demers et al. 1987, section 1.2); or by a stream that ships it later, until it has arrived, in place of comparing (DynamoDB's global tables)."},
		{Name: "ship-after", Kind: sim.KnobTime, Default: "0.5s", Max: int64(sim.MaxDelay),
			About: "With push=stream, after how long a write is shipped at the least (half a second between Regions of DynamoDB's global tables, by its users' figures)."},
		{Name: "ship-within", Kind: sim.KnobTime, Default: "2.5s", Max: int64(sim.MaxDelay),
			About: "With push=stream, after how long a write is shipped at the most while its link is whole (2.5 s, likewise)."},
		{Name: "cas", Kind: sim.KnobWord, Default: "off", Words: []string{"off", "local"},
			About: "Whether a client can compare and set, on what the replica asked holds, which then outdoes it: a condition that no other replica checks (DynamoDB's conditional writes in a global table)."},
		{Name: "session", Kind: sim.KnobWord, Default: "none", Words: []string{"none", "read-your-writes", "monotonic", "both"},
			About: "What a client's reads are promised, by the versions that it says it has written or read (Terry et al. 1994)."},
		{Name: "wait", Kind: sim.KnobTime, Default: "1s", Max: int64(sim.MaxDelay),
			About: "How long a replica that is behind its client holds a read back before it refuses it (the playground's own figure)."},
		{Name: "cache", Kind: sim.KnobRegions,
			About: "Regions whose nodes keep no store but copies of what they have read from the first node that does (DNS resolvers, CDN edges); none by default."},
		{Name: "ttl", Kind: sim.KnobTime, Default: "5s", Max: int64(sim.MaxTime),
			About: "How long a cache answers from a copy before it asks again (RFC 1035's TTL, minutes to days there; the playground's own figure)."},
	}
}

func checkConfig(cfg sim.Config) error {
	if caches := len(cfg.Lists["cache"]); caches >= cfg.Nodes {
		return fmt.Errorf("all %s nodes are caches: no node is left to hold anything", strconv.Itoa(cfg.Nodes))
	}
	if cfg.Numbers["ship-after"] > cfg.Numbers["ship-within"] {
		return fmt.Errorf("ship-after=%s is above ship-within=%s", sim.Time(cfg.Numbers["ship-after"]), sim.Time(cfg.Numbers["ship-within"]))
	}
	if cfg.Words["cas"] == "local" && sim.StoreRules(cfg).Conflict != sim.LastWriterWins {
		return fmt.Errorf("cas=local needs conflict=lww: a compare-and-set is of one value")
	}
	return nil
}

// stores returns the nodes that are no caches.
func stores(cfg sim.Config) []sim.Addr {
	var list []sim.Addr
	for a := range sim.Addr(cfg.Nodes) {
		if !slices.Contains(cfg.Lists["cache"], a) {
			list = append(list, a)
		}
	}
	return list
}

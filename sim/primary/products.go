package primary

import (
	"errors"
	"fmt"

	"netsplit/sim"
)

// products are the settings that a product has beyond the mode's own; all are off by default.
type products struct {
	writerDelay   sim.Time
	hotStandby    bool
	resets        bool
	repoint       bool
	checkTimeline string
	raceBackoff   sim.Time

	applyLag                sim.Time
	startTime, startTimeout sim.Time
	waitNoReplica           bool

	tool      bool
	toolAt    sim.Addr
	toolEvery sim.Time
	toolAfter sim.Time
	picksMost bool
	fencing   bool
}

// The words of these knobs.
const (
	timelineCompare = "compare"
	picksMost       = "most-advanced"
	picksFirst      = "first"
)

// productKnobs lists their knobs.
func productKnobs() []sim.Knob {
	onOff := []string{on, off}
	return append([]sim.Knob{
		{Name: "writer-delay", Kind: sim.KnobTime, Default: "200ms", Min: least, Max: most,
			About: "With commit=off, how long after a commit was answered it is flushed at the latest (PostgreSQL wal_writer_delay, 200 ms)."},
		{Name: "hot-standby", Kind: sim.KnobWord, Default: on, Words: onOff,
			About: "Whether a standby takes clients at all (PostgreSQL hot_standby, on)."},
		{Name: "resets", Kind: sim.KnobWord, Default: off, Words: onOff,
			About: "Whether the end of a process counts a standby out at once, as its machine resets the connection, and a primary that steps down ends its sessions; by default silence alone tells."},
		{Name: "repoint", Kind: sim.KnobWord, Default: on, Words: onOff,
			About: "Whether an operator who promotes a node has the standbys follow it; otherwise each waits for its own rejoin (PostgreSQL: primary_conninfo)."},
		{Name: "wait-no-replica", Kind: sim.KnobWord, Default: on, Words: onOff,
			About: "Whether semi-synchronous commits wait for their timeout even once too few replicas are connected (MySQL rpl_semi_sync_source_wait_no_replica, ON)."},
		{Name: "apply-lag", Kind: sim.KnobTime, Default: "0s", Max: most,
			About: "How long a standby keeps what has arrived before it applies it (PostgreSQL recovery_min_apply_delay, 0; MySQL SOURCE_DELAY, 0), counted from its arrival there."},
		{Name: "start-time", Kind: sim.KnobTime, Default: "0s", Max: most,
			About: "What a database takes to recover after a crash; assumed."},
	}, failoverKnobs()...)
}

// failoverKnobs lists those of who replaces a primary.
func failoverKnobs() []sim.Knob {
	return []sim.Knob{
		{Name: "check-timeline", Kind: sim.KnobWord, Default: timelineCompare, Words: []string{timelineCompare, on, off},
			About: "Whether candidates compare positions alone, or their timelines first, or refuse to stand from an older timeline than the last holder's (Patroni check_timeline: off or on)."},
		{Name: "race-backoff", Kind: sim.KnobTime, Default: "0s", Max: most,
			About: "How long a standby does not stand for the lease while the primary's log still advances (Patroni primary_race_backoff, 0)."},
		{Name: "start-timeout", Kind: sim.KnobTime, Default: "300s", Max: most,
			About: "How long the holder of the lease may recover after a crash before it gives the lease up (Patroni primary_start_timeout, 300)."},
		{Name: "tool-region", Kind: sim.KnobRegion,
			About: "The region on whose first machine the tool runs that replaces a silent primary (failover=tool)."},
		{Name: "tool-every", Kind: sim.KnobTime, Default: "5s", Min: least, Max: most,
			About: "How often the tool looks at the primary (Orchestrator InstancePollSeconds, 5)."},
		{Name: "tool-after", Kind: sim.KnobTime, Default: "10s", Min: least, Max: most,
			About: "After how long without an answer the tool replaces the primary; assumed."},
		{Name: "tool-picks", Kind: sim.KnobWord, Default: picksMost, Words: []string{picksMost, picksFirst},
			About: "Whom the tool makes the primary: the standby with the longest log of those that answer, or the first of the list; assumed."},
		{Name: "fencing", Kind: sim.KnobWord, Default: off, Words: []string{on, off},
			About: "Whether a primary takes no more writes once the tool cannot have heard of it for tool-after, so that it ends before another begins; assumed."},
	}
}

// ToolMargin is what a tool waits beyond tool-after where the primary fences itself (fencing=on).
const ToolMargin = sim.Second

func newProducts(cfg sim.Config) products {
	t := func(name string) sim.Time { return sim.Time(cfg.Numbers[name]) }
	is := func(name, word string) bool { return cfg.Words[name] == word }
	return products{writerDelay: t("writer-delay"), hotStandby: is("hot-standby", on), resets: is("resets", on),
		repoint: is("repoint", on), checkTimeline: cfg.Words["check-timeline"], raceBackoff: t("race-backoff"),
		applyLag: t("apply-lag"), startTime: t("start-time"), startTimeout: t("start-timeout"), waitNoReplica: is("wait-no-replica", on),
		tool: is("failover", failoverTool), toolAt: cfg.Regions["tool-region"], toolEvery: t("tool-every"),
		toolAfter: t("tool-after"), picksMost: is("tool-picks", picksMost), fencing: is("fencing", on)}
}

// checkProducts refuses settings of products that make no sense together.
func (s *settings) checkProducts(cfg sim.Config) error {
	switch {
	case s.tool && s.toolAt < 0:
		return fmt.Errorf("failover=%s needs tool-region=, the region in which the tool runs", failoverTool)
	case !s.tool && s.toolAt >= 0:
		return fmt.Errorf("tool-region= has no meaning with failover=%s", cfg.Words["failover"])
	case !s.tool && s.fencing:
		return fmt.Errorf("fencing=%s needs failover=%s", on, failoverTool)
	case s.tool && s.toolAfter <= s.toolEvery:
		return errors.New("tool-after= is not more than tool-every=: the tool would replace a primary that it has not asked")
	}
	return nil
}

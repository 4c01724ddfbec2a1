package primary

import (
	"fmt"
	"slices"

	"netsplit/sim"
)

// What no knob sets. Names in parentheses are the products' own.
const (
	ResendAfter   = sim.Second            // of silence before a primary sends again what a standby has not acknowledged
	CallInterval  = 5 * sim.Second        // between a standby's calls (wal_retrieve_retry_interval)
	TryInterval   = sim.Second            // between tries to reach the lease within retry
	PollTimeout   = 2 * sim.Second        // for a candidate's questions to the other nodes (Patroni's REST calls)
	PromoteTime   = sim.Second            // from the decision to the first write; assumed
	RestartTime   = 5 * sim.Second        // of a machine that a watchdog has reset; assumed
	SafetyMargin  = 5 * sim.Second        // of the watchdog before the lease ends (Patroni safety_margin)
	FirstLoop     = 400 * sim.Millisecond // when the first look at the lease is
	batchOfWrites = 100                   // writes that one message carries at the most
)

// settings are a lane's knobs, as the code wants them.
type settings struct {
	primary  sim.Addr
	sync     string
	k        int
	standbys []sim.Addr // that may be synchronous, in order of priority; the primary may be among them
	commit   string

	semiTimeout sim.Time
	afterCommit bool

	senderTimeout, receiverTimeout, statusInterval sim.Time // 0 for never
	writeDelay                                     sim.Time
	flushDelay, applyDelay                         sim.Delay

	lease            bool
	keeper           sim.Addr // of the lease
	apart            bool     // that keeper holds no data
	ttl, loop, retry sim.Time
	maxLag           int
	mode             string
	strict           bool // commits wait for a standby even where there is none
	failsafe         bool
	watchdog         bool

	rewinds  bool
	outReads bool // a node that stays out still answers reads
	readHere bool
	forward  bool
	products
}

func newSettings(cfg sim.Config) *settings {
	t := func(name string) sim.Time { return sim.Time(cfg.Numbers[name]) }
	s := &settings{primary: max(cfg.Regions["primary"], 0), sync: cfg.Words["sync"], k: int(cfg.Numbers["k"]),
		standbys: cfg.Lists["standbys"], commit: cfg.Words["commit"],
		semiTimeout: t("semi-timeout"), afterCommit: cfg.Words["wait-point"] == afterCommit,
		senderTimeout: t("sender-timeout"), receiverTimeout: t("receiver-timeout"), statusInterval: t("status-interval"),
		writeDelay: t("write-delay"), flushDelay: about(t("flush-delay")), applyDelay: about(t("apply-delay")),
		lease: cfg.Words["failover"] == failoverLease, keeper: cfg.Regions["lease-region"],
		apart: cfg.Words["keeper"] == keeperApart, ttl: t("ttl"), loop: t("loop"), retry: t("retry"), maxLag: int(cfg.Numbers["max-lag"]), mode: cfg.Words["sync-mode"],
		failsafe: cfg.Words["failsafe"] == on, watchdog: cfg.Words["watchdog"] == on,
		rewinds: cfg.Words["rejoin"] == rejoinRewind, outReads: cfg.Words["rejoin"] == rejoinReadOnly, readHere: cfg.Words["reads"] == readsStandby,
		forward: cfg.Words["forward"] == on}
	s.strict = s.mode == modeStrict || s.mode == modeQuorumStrict
	if s.mode == modeQuorumStrict {
		s.mode = modeQuorum
	}
	s.products = newProducts(cfg)
	if len(s.standbys) == 0 {
		for a := range sim.Addr(cfg.Nodes) {
			s.standbys = append(s.standbys, a)
		}
	}
	s.standbys = slices.DeleteFunc(slices.Clone(s.standbys), func(a sim.Addr) bool { return !s.holds(a) })
	return s
}

// holds reports whether a node holds the data.
func (s *settings) holds(a sim.Addr) bool { return !s.apart || a != s.keeper }

// about is a span that varies: exponential, with the mean given.
func about(mean sim.Time) sim.Delay {
	d, err := sim.ParseDelay("constant 0s")
	if mean > 0 {
		d, err = sim.ParseDelay("exponential " + mean.String())
	}
	if err != nil {
		panic(err)
	}
	return d
}

// checkConfig refuses settings that make no sense together.
func checkConfig(cfg sim.Config) error {
	s := newSettings(cfg)
	others := len(slices.DeleteFunc(slices.Clone(s.standbys), func(a sim.Addr) bool { return a == s.primary }))
	switch {
	case s.k > 1 && s.sync == syncAsync && s.mode == off:
		return fmt.Errorf("k=%d has no meaning with sync=%s", s.k, s.sync)
	case s.sync != syncAsync && s.k > others || s.mode == off && s.k > max(others, 1): // a holder that chooses takes as many as there are
		return fmt.Errorf("k=%d is more than the %d standbys", s.k, others)
	case s.sync == syncSemi && s.commit != levelFlush:
		return fmt.Errorf("commit=%s has no meaning with sync=%s: MySQL's replicas acknowledge what they have flushed", s.commit, s.sync)
	case s.sync != syncSemi && s.afterCommit:
		return fmt.Errorf("wait-point=%s has no meaning with sync=%s", afterCommit, s.sync)
	}
	if err := s.checkProducts(cfg); err != nil {
		return err
	}
	if s.lease {
		return s.checkLease()
	}
	for _, name := range []string{"sync-mode", "failsafe", "watchdog"} {
		if v := cfg.Words[name]; v != off {
			return fmt.Errorf("%s=%s needs failover=%s", name, v, failoverLease)
		}
	}
	if s.keeper >= 0 || s.apart {
		return fmt.Errorf("lease-region and keeper have no meaning with failover=%s", failoverNone)
	}
	return nil
}

func (s *settings) checkLease() error {
	switch {
	case s.keeper < 0:
		return fmt.Errorf("failover=%s needs lease-region=, the region that keeps the lease", failoverLease)
	case s.apart && s.keeper == s.primary:
		return fmt.Errorf("keeper=%s: the first machine of lease-region= cannot be the primary too", keeperApart)
	case s.loop+2*s.retry > s.ttl:
		return fmt.Errorf("loop=%s + 2 * retry=%s is more than ttl=%s: a primary would hold its lease for longer than it lasts", s.loop, s.retry, s.ttl)
	case s.watchdog && s.ttl-SafetyMargin <= s.loop:
		return fmt.Errorf("ttl=%s less %s is not above loop=%s: the watchdog would reset a healthy primary", s.ttl, SafetyMargin, s.loop)
	case s.mode != off && s.sync != syncAsync:
		return fmt.Errorf("sync-mode=%s chooses the standbys itself; sync=%s does not go with it", s.mode, s.sync)
	}
	return nil
}

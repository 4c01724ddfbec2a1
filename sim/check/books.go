package check

import (
	"math"
	"slices"

	"netsplit/sim"
)

// Books is the bank's own view of the account.
type Books struct {
	Low, High int64 // what the acknowledged effects allow the account to hold, with any subset of unanswered ones
	Distinct  int   // values that the replicas hold
	Agreed    bool  // they hold one
	Held      int64 // that value
	Damage    int64 // once they agree: how far Held lies outside Low and High; negative for money missing
}

// ledger adds up what the clients were told. The account may hold what any write that set it left there, as long as
// none is known to have come later: the opening value or the last that its client was told of, and every one whose
// client had no answer, for that may take effect at any time. Each is a candidate with effects of its own.
type ledger struct {
	cluster    *sim.Cluster
	candidates []*candidate
	underWay   []*sim.Errand // that deposit or withdraw
}

// candidate is a write that may have set the account last, and the least and the most that it holds since then.
type candidate struct {
	set       *sim.Errand // nil for the opening value
	low, high int64
}

func newLedger(c *sim.Cluster) *ledger {
	opening := c.Workload().Opening(sim.Account)
	return &ledger{cluster: c, candidates: []*candidate{{low: opening, high: opening}}}
}

func (l *ledger) begin(e *sim.Errand) {
	switch {
	case e.Key != sim.Account:
	case e.Kind == sim.ErrandSet:
		l.candidates = append(l.candidates, &candidate{set: e, low: e.Amount, high: e.Amount})
	case !slices.Contains(l.underWay, e):
		l.underWay = append(l.underWay, e)
	}
}

func (l *ledger) end(e *sim.Errand) {
	if e.Key != sim.Account {
		return
	}
	if e.Kind == sim.ErrandSet {
		l.candidates = slices.DeleteFunc(l.candidates, func(c *candidate) bool { return c.before(e) })
		return
	}
	l.underWay = slices.DeleteFunc(l.underWay, func(o *sim.Errand) bool { return o == e })
	for _, c := range l.candidates {
		c.low, c.high = c.enter(e, c.low, c.high)
	}
}

// before reports whether a set that has ended rules the candidate out: the candidate came surely before it, or is
// it and was refused.
func (c *candidate) before(set *sim.Errand) bool {
	switch {
	case c.set == set:
		return set.Outcome == sim.Fail
	case set.Outcome != sim.OK:
		return false
	default:
		return c.set == nil || c.set.Outcome == sim.OK && c.set.End < set.Start
	}
}

// enter adds the effect of an errand that did not end before the candidate began: for certain if it was acknowledged
// and came surely after the candidate, else as one that may have happened or not.
func (c *candidate) enter(e *sim.Errand, low, high int64) (int64, int64) {
	if e.Wrote == 0 {
		return low, high
	}
	certain := e.Outcome == sim.OK && (c.set == nil || c.set.Outcome == sim.OK && e.Start > c.set.End)
	switch {
	case e.Kind == sim.ErrandDeposit && certain:
		return low + e.Amount, high + e.Amount
	case e.Kind == sim.ErrandDeposit:
		return low, high + e.Amount
	case certain:
		return low - e.Amount, high - e.Amount
	default:
		return low - e.Amount, high
	}
}

// books returns the bank's view at this moment: what is under way may have had its effect or not.
func (l *ledger) books() Books {
	b := Books{Low: math.MaxInt64, High: math.MinInt64}
	for _, c := range l.candidates {
		low, high := c.low, c.high
		for _, e := range l.underWay {
			low, high = c.enter(e, low, high)
		}
		b.Low, b.High = min(b.Low, low), max(b.High, high)
	}
	var values []int64
	for node := range sim.Addr(l.cluster.Nodes()) {
		if !l.cluster.Replicates(node, sim.Account) {
			continue
		}
		if b.Held = l.cluster.Describe(node).Value; !slices.Contains(values, b.Held) {
			values = append(values, b.Held)
		}
	}
	b.Distinct, b.Agreed = len(values), len(values) == 1
	if b.Agreed {
		b.Damage = min(b.Held-b.Low, 0) + max(b.Held-b.High, 0)
	}
	return b
}

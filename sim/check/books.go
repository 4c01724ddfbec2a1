package check

import (
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

// ledger adds up what the clients were told. The last client that was told it had set the account makes the bank
// start over from there; what was under way beside it may have come before or after.
type ledger struct {
	cluster  *sim.Cluster
	set      *sim.Errand // the last to have set the account, or nil
	low      int64       // by the errands that have ended
	high     int64       //
	underWay []*sim.Errand
}

func newLedger(c *sim.Cluster) *ledger {
	l := &ledger{cluster: c}
	l.startOver(nil)
	return l
}

func (l *ledger) begin(e *sim.Errand) {
	if !slices.Contains(l.underWay, e) {
		l.underWay = append(l.underWay, e)
	}
}

func (l *ledger) end(e *sim.Errand) {
	l.underWay = slices.DeleteFunc(l.underWay, func(o *sim.Errand) bool { return o == e })
	if e.Kind == sim.ErrandSet && e.Key == sim.Account && e.Outcome == sim.OK {
		l.startOver(e)
		return
	}
	l.low, l.high = l.enter(e, l.low, l.high)
}

// startOver adds up all errands that have ended anew, from the one that set the account.
func (l *ledger) startOver(set *sim.Errand) {
	l.set = set
	l.low = l.cluster.Workload().Opening(sim.Account)
	if set != nil {
		l.low = set.Amount
	}
	l.high = l.low
	for _, e := range l.cluster.Errands() {
		if e.Outcome != sim.Pending && e != set && (set == nil || e.End >= set.Start) {
			l.low, l.high = l.enter(e, l.low, l.high)
		}
	}
}

// enter adds an errand's effect: for certain, or as one that may have happened or not.
func (l *ledger) enter(e *sim.Errand, low, high int64) (int64, int64) {
	if e.Wrote == 0 || e.Key != sim.Account {
		return low, high
	}
	certain := e.Outcome == sim.OK && (l.set == nil || e.Start > l.set.End)
	switch {
	case e.Kind == sim.ErrandSet:
		return min(low, e.Amount), max(high, e.Amount)
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
	b := Books{Low: l.low, High: l.high}
	for _, e := range l.underWay {
		b.Low, b.High = l.enter(e, b.Low, b.High)
	}
	var values []int64
	for node := range sim.Addr(l.cluster.Nodes()) {
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

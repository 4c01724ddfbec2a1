package check

import "netsplit/sim"

// Books is the bank's own view of the account.
type Books struct {
	Low, High int64 // what the acknowledged effects allow the account to hold, with any subset of unanswered ones
	Distinct  int   // values that the replicas hold
	Agreed    bool  // they hold one
	Held      int64 // that value
	Damage    int64 // once they agree: how far Held lies outside Low and High; negative for money missing
}

// Books adds up what the clients were told. The last client that was told it had set the account makes the bank
// start over from there; what was under way beside it may have come before or after.
func (r *Referee) Books() Books {
	opening := r.cluster.Workload().Opening(sim.Account)
	b := Books{Low: opening, High: opening}
	set := r.lastSet()
	if set != nil {
		b.Low, b.High = set.Amount, set.Amount
	}
	for _, e := range r.cluster.Errands() {
		if e == set || set != nil && e.Outcome != sim.Pending && e.End < set.Start {
			continue
		}
		certain := e.Outcome == sim.OK && (set == nil || e.Start > set.End)
		b.enter(e, certain)
	}
	values := map[int64]bool{}
	for node := range sim.Addr(r.cluster.Nodes()) {
		b.Held = r.cluster.Describe(node).Value
		values[b.Held] = true
	}
	b.Distinct, b.Agreed = len(values), len(values) == 1
	if b.Agreed {
		b.Damage = min(b.Held-b.Low, 0) + max(b.Held-b.High, 0)
	}
	return b
}

// lastSet returns the errand that was told last that it had set the account, or nil.
func (r *Referee) lastSet() *sim.Errand {
	var last *sim.Errand
	for _, e := range r.cluster.Errands() {
		if e.Kind == sim.ErrandSet && e.Key == sim.Account && e.Outcome == sim.OK && (last == nil || e.End > last.End) {
			last = e
		}
	}
	return last
}

// enter adds an errand's effect: for certain, or as one that may have happened or not.
func (b *Books) enter(e *sim.Errand, certain bool) {
	if e.Wrote == 0 || e.Key != sim.Account || e.Reason == sim.ReasonFunds || e.Reason == sim.ReasonConflict {
		return
	}
	switch e.Kind {
	case sim.ErrandDeposit:
		b.High += e.Amount
		if certain {
			b.Low += e.Amount
		}
	case sim.ErrandWithdraw:
		b.Low -= e.Amount
		if certain {
			b.High -= e.Amount
		}
	case sim.ErrandSet:
		b.Low, b.High = min(b.Low, e.Amount), max(b.High, e.Amount)
	}
}

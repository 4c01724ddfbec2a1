package check

import "netsplit/sim"

// Scores are the figures of a lane so far. Times are in milliseconds.
type Scores struct {
	Operations     int     `json:"operations"` // completed
	OK             int     `json:"ok"`
	Fail           int     `json:"fail"`
	Info           int     `json:"info"`
	Pending        int     `json:"pending"`
	Answered       float64 `json:"answered"` // percent of the completed operations that were answered
	StaleReads     int     `json:"stale_reads"`
	LostWrites     int     `json:"lost_writes"`
	AtRisk         int     `json:"at_risk"`         // acknowledged writes held by no running replica, and not lost
	LostUpdates    int     `json:"lost_updates"`    // acknowledged read-modify-writes of a version that another had replaced
	DistinctValues int     `json:"distinct_values"` // over the replicas, of the workload's key of which they hold most
	Damage         int64   `json:"damage"`          // how much is wrong by the workload's invariant; negative: missing
	DamageText     string  `json:"damage_text,omitempty"`
	Latency        Latency `json:"latency_ms"`
	Books          Books   `json:"-"`
}

// Scores returns the figures so far.
func (r *Referee) Scores() Scores {
	s := Scores{OK: r.counts[sim.OK], Fail: r.counts[sim.Fail], Info: r.counts[sim.Info], StaleReads: len(r.stale),
		LostWrites: len(r.lost.losses), AtRisk: r.lost.atRisk(), LostUpdates: len(r.updates.lost), Answered: 100}
	s.Operations = s.OK + s.Fail + s.Info
	s.Pending = len(r.cluster.History()) - s.Operations
	if s.Operations > 0 {
		s.Answered = 100 * float64(s.OK) / float64(s.Operations)
	}
	s.Latency = r.figures.all.latency()
	s.Books = r.Books()
	s.DistinctValues, s.Damage, s.DamageText = s.Books.Distinct, s.Books.Damage, s.Books.Text
	return s
}

package study

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"netsplit/sim"
	"netsplit/sim/check"
)

// Report is what a run came to. Its JSON keys are stable: later engines add keys and rename none.
type Report struct {
	Engine  int          `json:"engine"`
	Title   string       `json:"title"`
	Trace   string       `json:"trace"` // SHA-256 over every event and outcome
	Seed    uint64       `json:"seed"`
	End     sim.Time     `json:"end"` // microseconds of virtual time
	Lanes   []LaneReport `json:"lanes"`
	Expects []Held       `json:"expects"`
}

// LaneReport is one lane's verdict and scores.
type LaneReport struct {
	Name         string       `json:"name"`
	Protocol     string       `json:"protocol"`
	Linearizable check.Answer `json:"linearizable"`
	ViolationAt  *int         `json:"violation_at"` // null when there is none
	Models       ModelReport  `json:"models"`
	Convergence  Convergence  `json:"convergence"`
	check.Scores
	LaneFigures
	Causes []CauseReport `json:"causes"` // of the first violation of each kind, and of the first lost writes
}

// Held is one expectation and whether it holds.
type Held struct {
	Expect string `json:"expect"`
	Holds  bool   `json:"holds"`
	Got    string `json:"got"`
}

// Report judges the run as it stands.
func (r *Run) Report() *Report {
	s := r.Scenario()
	rep := &Report{Engine: sim.Engine, Title: s.Title, Trace: r.Trace(), Seed: s.Seed, End: r.Now(), Expects: []Held{}}
	for i, c := range r.Lanes() {
		lane := LaneReport{Name: c.Name, Protocol: c.Protocol().Name, Scores: r.Referees[i].Scores(),
			LaneFigures: figuresOf(s.Lanes[i], c, r.Referees[i])}
		v := r.Referees[i].Verdict()
		lane.Linearizable = v.Answer
		if v.ViolationAt != 0 {
			lane.ViolationAt = &v.ViolationAt
		}
		lane.Causes = causesOf(c, r.Referees[i].Causes())
		lane.Models, lane.Convergence = modelsOf(r.Referees[i]), convergenceOf(r.Referees[i])
		rep.Lanes = append(rep.Lanes, lane)
	}
	for _, e := range s.Expects {
		for i, c := range r.Lanes() {
			if c.Name == e.Lane {
				rep.Expects = append(rep.Expects, hold(e, c, &rep.Lanes[i]))
			}
		}
	}
	return rep
}

// Holds reports whether every expectation holds.
func (r *Report) Holds() bool {
	for _, h := range r.Expects {
		if !h.Holds {
			return false
		}
	}
	return true
}

// metric is a figure that a scenario may expect: a number or a verdict.
type metric struct {
	name    string
	number  func(*LaneReport) float64
	verdict func(*LaneReport) check.Answer
}

// metrics are named like the report's JSON keys, with hyphens.
var metrics = []metric{
	{name: "linearizable", verdict: func(l *LaneReport) check.Answer { return l.Linearizable }},
	modelMetric(check.Sequential), modelMetric(check.Causal), modelMetric(check.ReadYourWrites), modelMetric(check.MonotonicReads),
	modelMetric(check.MonotonicWrites), modelMetric(check.WritesFollowReads),
	{name: "converged", verdict: func(l *LaneReport) check.Answer { return l.Convergence.Converged }},
	{name: "convergence-ms", number: func(l *LaneReport) float64 { return l.Convergence.took() }},
	{name: "operations", number: func(l *LaneReport) float64 { return float64(l.Operations) }},
	{name: "ok", number: func(l *LaneReport) float64 { return float64(l.OK) }},
	{name: "fail", number: func(l *LaneReport) float64 { return float64(l.Fail) }},
	{name: "info", number: func(l *LaneReport) float64 { return float64(l.Info) }},
	{name: "pending", number: func(l *LaneReport) float64 { return float64(l.Pending) }},
	{name: "answered", number: func(l *LaneReport) float64 { return l.Answered }},
	{name: "stale-reads", number: func(l *LaneReport) float64 { return float64(l.StaleReads) }},
	{name: "lost-writes", number: func(l *LaneReport) float64 { return float64(l.LostWrites) }},
	{name: "at-risk", number: func(l *LaneReport) float64 { return float64(l.AtRisk) }},
	{name: "distinct-values", number: func(l *LaneReport) float64 { return float64(l.DistinctValues) }},
	{name: "damage", number: func(l *LaneReport) float64 { return float64(max(l.Damage, -l.Damage)) }},
	{name: "lost-updates", number: func(l *LaneReport) float64 { return float64(l.LostUpdates) }},
	{name: "gilbert-lynch", verdict: func(l *LaneReport) check.Answer { return l.GilbertLynch.Answer }},
	{name: "stale-percent", number: func(l *LaneReport) float64 { return l.Staleness.Percent }},
	{name: "stale-ms-p50", number: func(l *LaneReport) float64 { return l.Staleness.Age.P50 }},
	{name: "stale-ms-p95", number: func(l *LaneReport) float64 { return l.Staleness.Age.P95 }},
	{name: "stale-ms-p99", number: func(l *LaneReport) float64 { return l.Staleness.Age.P99 }},
	{name: "stale-ms-max", number: func(l *LaneReport) float64 { return l.Staleness.Age.Max }},
	{name: "latency-ms-p50", number: func(l *LaneReport) float64 { return l.Latency.P50 }},
	{name: "latency-ms-p95", number: func(l *LaneReport) float64 { return l.Latency.P95 }},
	{name: "latency-ms-p99", number: func(l *LaneReport) float64 { return l.Latency.P99 }},
}

func hold(e sim.Expectation, c *sim.Cluster, lane *LaneReport) Held {
	h := Held{Expect: e.String()}
	if e.Result != "" {
		h.Holds, h.Got = holdResult(e, c, c.Named(e.Result))
		return h
	}
	for _, m := range metrics {
		switch {
		case m.name != e.Metric:
		case m.verdict != nil:
			h.Got = string(m.verdict(lane))
			h.Holds = h.Got == e.Value
		default:
			got := m.number(lane)
			want, _ := strconv.ParseFloat(e.Value, 64)
			h.Got = strconv.FormatFloat(got, 'f', -1, 64)
			h.Holds = compare(got, e.Operator, want)
		}
	}
	return h
}

func compare(got float64, operator string, want float64) bool {
	switch operator {
	case "=":
		return got == want
	case "<":
		return got < want
	case ">":
		return got > want
	case "<=":
		return got <= want
	default:
		return got >= want
	}
}

func holdResult(e sim.Expectation, c *sim.Cluster, got *sim.Errand) (bool, string) {
	if got == nil {
		return false, "not begun"
	}
	words := []string{got.Outcome.String()}
	if got.Outcome == sim.OK {
		words = append(words, fmt.Sprint(got.Balance))
	}
	alike, found := true, c.Siblings(got)
	if got.Outcome == sim.OK && len(e.Siblings) > 0 {
		words, alike = append(words, sim.SiblingsText(found)), slices.Equal(found, e.Siblings)
	}
	took := got.End - got.Start
	if got.Outcome != sim.Pending && (e.After > 0 || e.Within > 0) {
		words = append(words, "in", took.String())
	}
	if got.Says != "" {
		words = append(words, "says", got.Says)
	}
	holds := got.Outcome == e.Outcome && (!e.HasValue || got.Balance == e.Number) && alike && took >= e.After &&
		(e.Within == 0 || took <= e.Within) && strings.Contains(got.Says, e.Says)
	return holds, strings.Join(words, " ")
}

package study

import (
	"testing"

	"netsplit/sim"
	"netsplit/sim/check"
)

// TestSeriesAddUp: whatever the length of a run, the points of its lanes add up to the scores, percentiles over all of it
// are the scores' within a class, and their number is bounded.
func TestSeriesAddUp(t *testing.T) {
	const text = "engine 2\nseed 3\nregions us-east-1 eu-west-1 ap-south-1\nlane strong raft\nlane quorum quorum n=3 r=2 w=2\nlane eventual gossip\n" +
		"workload bank rate=2/s poisson\nat 5s partition eu-west-1\nat 20s heal\nat 40s crash us-east-1/1\nat 50s restart us-east-1/1\nend 400s\n"
	s, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	run, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	var series []*check.Series
	for _, r := range run.Referees {
		series = append(series, check.NewSeries(r))
	}
	for _, end := range []sim.Time{10 * sim.Second, 30 * sim.Second, s.End} {
		run.AdvanceTo(end)
		for i, one := range series {
			one.Follow()
			sums(t, run.Lanes()[i], run.Referees[i], one)
		}
	}
	last := series[2]
	if last.Every() != 1*sim.Second || len(last.Points()) != 401 {
		t.Errorf("after %s, %d points of %s", s.End, len(last.Points()), last.Every())
	}
	if p := last.Points()[15]; p.Distinct < 2 || p.Stale == 0 && last.Points()[16].Stale == 0 {
		t.Errorf("during a partition %+v", p)
	}
	for _, p := range series[0].Points()[396:400] {
		if p.Distinct > 2 || p.Messages == 0 || p.Messages > 500 {
			t.Errorf("in the end %+v", p)
		}
	}
}

func sums(t *testing.T, c *sim.Cluster, r *check.Referee, s *check.Series) {
	t.Helper()
	var ok, fail, info, stale, messages int
	var age, longest sim.Time
	for _, p := range s.Points() {
		ok, fail, info, stale = ok+p.OK, fail+p.Fail, info+p.Info, stale+p.Stale
		messages += p.Messages
		age, longest = max(age, p.Age), max(longest, p.Took(100))
		if none := p.OK+p.Fail+p.Info == 0; none != (p.Took(50) < 0) || p.Took(50) > p.Took(99) {
			t.Errorf("%s: of %+v the median is %s", c.Name, p, p.Took(50))
		}
	}
	scores := r.Scores()
	if ok != scores.OK || fail != scores.Fail || info != scores.Info || stale != scores.StaleReads || messages == 0 {
		t.Errorf("%s at %s: the points have %d %d %d %d, the scores %+v", c.Name, c.Now(), ok, fail, info, stale, scores)
	}
	if age != r.Staleness().Max {
		t.Errorf("%s: the stalest read is %s old by the points, %s by the referee", c.Name, age, r.Staleness().Max)
	}
	var slowest sim.Time
	for _, rec := range c.History() {
		if took := rec.End - rec.Start; rec.Result.Outcome == sim.OK {
			slowest = max(slowest, took)
		}
	}
	if longest < slowest {
		t.Errorf("%s: the slowest took %s, by the points %s", c.Name, slowest, longest)
	}
	if n := len(s.Points()); n > check.MaxPoints {
		t.Errorf("%s: %d points", c.Name, n)
	}
}

package study

import (
	"fmt"
	"time"

	"netsplit/sim"
	"netsplit/sim/check"
	"netsplit/sim/preset"
)

// stopwatch stands before and behind a referee among the observers of a lane, and times what that does with each end of an
// operation.
type stopwatch struct {
	sim.NopObserver
	begun time.Time
	took  []time.Duration // by completion
	ends  bool            // it stands behind
	other *stopwatch      // that stands before
}

// Returned takes the time.
func (w *stopwatch) Returned(*sim.Record) {
	if !w.ends {
		w.begun = time.Now()
		return
	}
	w.took = append(w.took, time.Since(w.other.begun))
}

// refereed is what a referee took on a lane.
type refereed struct {
	returns, asked []time.Duration // of each completion, and of all verdicts once a virtual second
}

// timeReferee runs a scenario of one lane with a referee that is asked for all verdicts and causes each virtual second.
func timeReferee(s *sim.Scenario) (refereed, error) {
	lab, err := sim.NewLab(s, Vocabulary())
	if err != nil {
		return refereed{}, err
	}
	lane := lab.Lanes()[0]
	before := &stopwatch{}
	behind := &stopwatch{ends: true, other: before}
	lane.Observe(before)
	r := check.New(lane)
	lane.Observe(behind)
	var times refereed
	for lab.Now() < s.End {
		lab.AdvanceTo(lab.Now() + sim.Second)
		begun := time.Now()
		r.Verdicts()
		r.Causes()
		times.asked = append(times.asked, time.Since(begun))
	}
	times.returns = behind.took
	return times, nil
}

// benchReferee measures the whole referee on busy lanes of several keys, of as many operations as a lane may have. Of
// several runs it keeps the fastest of each step, which other work on the machine has slowed least.
func benchReferee() ([]Figure, error) {
	var figures []Figure
	for _, p := range preset.Protocols() {
		s, err := Parse("regions us-east-1 eu-west-1 ap-south-1\nlane l " + p.Name + "\nworkload bank rate=60/s poisson keys=20\n" +
			"at 20s partition us-east-1 | eu-west-1 ap-south-1\nat 30s heal\nend 90s\n")
		if err != nil {
			return nil, err
		}
		var least refereed
		for range 3 {
			t, err := timeReferee(s)
			if err != nil {
				return nil, err
			}
			keepLeast(&least.returns, t.returns)
			keepLeast(&least.asked, t.asked)
		}
		if err := checkLoad(p.Name, len(least.returns), sim.MaxOps*3/4); err != nil {
			return nil, err
		}
		all, worst, at := sumOf(least.returns)
		_, asked, second := sumOf(least.asked)
		figures = append(figures, Figure{p.Name + ": all verdicts, an operation of 20,000",
			fmt.Sprintf("%.1f us", float64(all.Microseconds())/float64(len(least.returns))),
			fmt.Sprintf("worst step %.2f ms at completion %d of %d; asked for all, worst %.2f ms at second %d", ms(worst), at+1, len(least.returns), ms(asked), second+1)})
	}
	return figures, nil
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// keepLeast lowers each of some times to that of another run of the same steps.
func keepLeast(least *[]time.Duration, other []time.Duration) {
	if *least == nil {
		*least = other
		return
	}
	for i := range *least {
		(*least)[i] = min((*least)[i], other[i])
	}
}

// sumOf returns the sum of some times, the longest, and its place.
func sumOf(times []time.Duration) (all, worst time.Duration, at int) {
	for i, d := range times {
		all += d
		if d > worst {
			worst, at = d, i
		}
	}
	return all, worst, at
}

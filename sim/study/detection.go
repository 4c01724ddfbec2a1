package study

import (
	"fmt"
	"math"

	"netsplit/sim"
)

// phiBound is the silence at which Cassandra's failure detector convicts at phi 8, with heartbeats a second apart:
// 8 ln 10 mean intervals.
const phiBound = 18_420 * sim.Millisecond

// convictions collects how long nodes had been silent when others took them for dead.
type convictions struct {
	sim.NopObserver
	silences []sim.Time
}

// Noted takes a note in.
func (c *convictions) Noted(n sim.Note) {
	if n.Kind == sim.NoteSuspect {
		c.silences = append(c.silences, sim.Time(n.N))
	}
}

// detectionTable holds when phi accrual convicts in the world to Cassandra's formula, within the second between two
// looks.
func detectionTable() (Table, error) {
	t := Table{Title: "Phi accrual, phi 8 and a heartbeat each second: silence in seconds at which a node is taken for dead",
		Head: []string{"silent from", "formula", "ours, least", "most", "tolerance", "verdict"}}
	for _, from := range []sim.Time{600 * sim.Second, 700*sim.Second + 300*sim.Millisecond, 901*sim.Second + 700*sim.Millisecond} {
		s, err := Parse(fmt.Sprintf("regions us-east-1 eu-west-1 ap-south-1\nlane q quorum detector=phi heartbeat=1s\n"+
			"at %s partition us-east-1 | eu-west-1 | ap-south-1\n", from))
		if err != nil {
			return t, err
		}
		r, err := New(s)
		if err != nil {
			return t, err
		}
		c := &convictions{}
		r.Lanes()[0].Observe(c)
		r.AdvanceTo(from + 30*sim.Second)
		least, most, verdict := math.Inf(1), 0.0, "within"
		for _, silence := range c.silences {
			least, most = min(least, silence.Milliseconds()/1000), max(most, silence.Milliseconds()/1000)
		}
		bound := phiBound.Milliseconds() / 1000
		if len(c.silences) != 6 || least < bound-1 || most > bound+1 {
			verdict = "OUT"
			t.Out++
		}
		t.Rows = append(t.Rows, []string{from.String(), fmt.Sprintf("%.2f", bound), fmt.Sprintf("%.3f", least), fmt.Sprintf("%.3f", most), "1", verdict})
	}
	return t, nil
}

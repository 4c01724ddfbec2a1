package server

import (
	"fmt"

	"netsplit/sim"
	"netsplit/sim/check"
)

// measure begins to keep what happens over time. It costs too much to do in replays, whose run the live edge has measured.
func (f *feed) measure() {
	for _, l := range f.lanes {
		l.series = check.NewSeries(l.referee)
	}
}

// series answers a viewer who asks for what happened over time.
func (r *Room) series(v *viewer, msg ClientMessage) error {
	if msg.At < 0 || msg.At > sim.MaxTime {
		return fmt.Errorf("series: %s is not between 0s and %s", msg.At, sim.MaxTime)
	}
	if r.asked++; r.asked > MaxInspects {
		return fmt.Errorf("series: the viewers of this room ask for more than %d things at a time; ask again", MaxInspects)
	}
	s := r.feed.seriesSince(msg.At, msg.Every)
	s.Of, s.Run = msg.Seq, r.runs
	v.offer(encode(s))
	return nil
}

// seriesSince returns the points from an instant on, or all to a viewer whose points have another span. All lanes have
// as many.
func (f *feed) seriesSince(from, every sim.Time) Series {
	s := Series{Type: "series"}
	count := 0
	for _, l := range f.lanes {
		l.series.Follow()
		s.Every, count = l.series.Every(), len(l.series.Points())
	}
	if every == s.Every {
		s.From = min(int(from/every), count)
	}
	for _, l := range f.lanes {
		s.Lanes = append(s.Lanes, laneSeries(l.series.Points()[s.From:]))
	}
	return s
}

func laneSeries(points []check.Point) LaneSeries {
	n := len(points)
	s := LaneSeries{OK: make([]int, n), Fail: make([]int, n), Info: make([]int, n), P50: make([]int64, n), P99: make([]int64, n),
		Stale: make([]int, n), Age: make([]int64, n), Distinct: make([]int, n), Messages: make([]int, n)}
	for i := range points {
		p := &points[i]
		s.OK[i], s.Fail[i], s.Info[i] = p.OK, p.Fail, p.Info
		s.P50[i], s.P99[i] = int64(p.Took(50)), int64(p.Took(99))
		s.Stale[i], s.Age[i] = p.Stale, int64(p.Age)
		s.Distinct[i], s.Messages[i] = p.Distinct, p.Messages
	}
	return s
}

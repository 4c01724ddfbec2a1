package server

import (
	"fmt"

	"netsplit/sim"
)

// timeline answers a viewer who asks for what to paint a timeline with.
func (r *Room) timeline(v *viewer, msg ClientMessage) error {
	if msg.At < 0 || msg.At > sim.MaxTime {
		return fmt.Errorf("timeline: %s is not between 0s and %s", msg.At, sim.MaxTime)
	}
	if r.asked++; r.asked > MaxInspects {
		return fmt.Errorf("timeline: the viewers of this room ask for more than %d things at a time; ask again", MaxInspects)
	}
	t := r.feed.timelineSince(msg.At)
	t.Of, t.Run = msg.Seq, r.runs
	v.offer(encode(t))
	return nil
}

// timelineSince returns what began or ended from an instant on, or is still under way.
func (f *feed) timelineSince(from sim.Time) Timeline {
	t := Timeline{Type: "timeline", Edge: f.run.Now()}
	for _, l := range f.lanes {
		t.Lanes = append(t.Lanes, LaneTimeline{
			Reigns: spans(l.watch.reigns, func(r Reign) bool { return r.Until < 0 || r.Until >= from }),
			Bands:  spans(l.watch.bands, func(b Band) bool { return b.Until < 0 || b.Until >= from }),
			Pins:   spans(l.watch.violations(), func(p Pin) bool { return p.At >= from }),
		})
	}
	return t
}

// spans returns the latest MaxSpans of a list that pass.
func spans[T any](all []T, pass func(T) bool) []T {
	list := []T{}
	for i := len(all) - 1; i >= 0 && len(list) < MaxSpans; i-- {
		if pass(all[i]) {
			list = append(list, all[i])
		}
	}
	for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
		list[i], list[j] = list[j], list[i]
	}
	return list
}

package server

import (
	"reflect"
	"slices"

	"netsplit/sim"
)

// deed is one thing that was done by hand, as undo takes it back: a flapping link is one, of many commands, and a user's
// first fault drops the script's.
type deed struct {
	at             sim.Time
	added, dropped []sim.Command
}

// act carries something out that changes the commands, under an id, and remembers what it did, once that is written down. What cannot be written down has not
// happened.
func (r *Room) act(id string, do func() error) error {
	before := r.feed.run.Scenario()
	r.feed.run.LogFrom(r.stamp())
	if err := do(); err != nil {
		return err
	}
	after := r.feed.run.Scenario()
	d := deed{added: without(after.Commands, before.Commands), dropped: without(before.Commands, after.Commands)}
	if len(d.added) == 0 && len(d.dropped) == 0 {
		return nil
	}
	d.at = r.feed.run.Now() + 1
	if len(d.added) > 0 {
		d.at = d.added[0].At
	}
	if err := r.writeDeed(id, d); err != nil {
		r.feed.run.Revert(&before)
		return err
	}
	r.latest = max(r.latest, d.at)
	r.unprove(d.at)
	if len(d.added) > 0 {
		r.didFirst(d.added[0])
	}
	r.deeds = append(slices.Clip(r.deeds), d)
	return nil
}

// without returns the commands of a list that are not in another. Both are in order of time.
func without(list, other []sim.Command) (rest []sim.Command) {
	for _, c := range list {
		for len(other) > 0 && other[0].At < c.At {
			other = other[1:]
		}
		i := 0
		for i < len(other) && other[i].At == c.At && !reflect.DeepEqual(other[i], c) {
			i++
		}
		if i < len(other) && other[i].At == c.At {
			other = slices.Concat(other[:i], other[i+1:])
			continue
		}
		rest = append(rest, c)
	}
	return rest
}

// deedsUntil returns what had been done by hand by a moment.
func (r *Room) deedsUntil(at sim.Time) []deed {
	i := slices.IndexFunc(r.deeds, func(d deed) bool { return d.at > at })
	if i < 0 {
		i = len(r.deeds)
	}
	return slices.Clip(r.deeds[:i])
}

// takeBack takes out of a scenario the last deed by a moment and all that come after it, and returns the deed's first
// command and the deeds before it. Where nothing was done by hand it is the last command of the script.
func (r *Room) takeBack(s *sim.Scenario, now sim.Time) (undone sim.Command, kept []deed, found bool) {
	kept = r.deedsUntil(now)
	if len(kept) == 0 {
		i := slices.IndexFunc(s.Commands, func(c sim.Command) bool { return c.At > now })
		if i < 0 {
			i = len(s.Commands)
		}
		if i == 0 {
			return undone, nil, false
		}
		undone = s.Commands[i-1]
		s.Commands = slices.Delete(s.Commands, i-1, i)
		return undone, nil, true
	}
	kept = kept[:len(kept)-1]
	for i := len(r.deeds) - 1; i >= len(kept); i-- {
		d := r.deeds[i]
		s.Commands = append(without(s.Commands, d.added), d.dropped...)
		slices.SortStableFunc(s.Commands, func(a, b sim.Command) int { return int(a.At - b.At) })
	}
	d := r.deeds[len(kept)]
	if len(d.added) > 0 {
		undone = d.added[0]
	} else {
		undone = d.dropped[0]
		undone.At = d.at
	}
	return undone, slices.Clip(kept), true
}

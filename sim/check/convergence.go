package check

import (
	"slices"

	"netsplit/sim"
)

// Convergence says whether the replicas came to agree once no fault was in force any more: on each key that somebody
// asked for, all that keep a copy of it held the same writes at some instant since. Clients may go on writing.
type Convergence struct {
	Since    sim.Time // when the last fault was undone; -1 while one is in force; 0 if none has been
	Agreed   sim.Time // by when all keys had been agreed on since; -1 for not yet
	Distinct int      // different holdings of the replicas now, of the key of which there are most
}

// Answer returns whether the replicas came to agree; unknown while a fault is in force.
func (c Convergence) Answer() Answer {
	switch {
	case c.Since < 0:
		return Unknown
	case c.Agreed < 0:
		return No
	}
	return Yes
}

// Took returns how long it took; -1 for not yet.
func (c Convergence) Took() sim.Time {
	if c.Agreed < 0 {
		return -1
	}
	return c.Agreed - c.Since
}

// convergence follows the agreement of the replicas, told of every change of what they hold.
type convergence struct {
	lost  *lostWrites
	since sim.Time
	at    sim.Time        // by when the keys that are not open had been agreed on
	keys  map[string]bool // that somebody asked for
	open  map[string]bool // of these, not agreed on since
	order []string        // keys by first mention
}

func newConvergence(lost *lostWrites) *convergence {
	return &convergence{lost: lost, keys: map[string]bool{}, open: map[string]bool{}}
}

// asked takes the first mention of a key: until it is written all agree on its opening value.
func (c *convergence) asked(key string) {
	if c.keys[key] {
		return
	}
	c.keys[key] = true
	c.order = append(c.order, key)
	if c.since >= 0 && c.distinct(key) > 1 {
		c.open[key] = true
	}
}

// faults takes a change of the faults in force. When the last one is undone, all begins anew.
func (c *convergence) faults() {
	now := c.lost.cluster.Now()
	switch whole := c.lost.cluster.Whole(); {
	case !whole:
		c.since, c.at = -1, -1
	case c.since < 0:
		c.since, c.at = now, now
		clear(c.open)
		for _, key := range c.order {
			if c.distinct(key) > 1 {
				c.open[key] = true
			}
		}
	}
}

// holds takes a change of what a replica holds of a key.
func (c *convergence) holds(key string) {
	if c.since >= 0 && c.open[key] && c.distinct(key) == 1 {
		delete(c.open, key)
		c.at = c.lost.cluster.Now()
	}
}

// distinct returns how many different holdings of a key there are among the replicas that keep a copy of it.
func (c *convergence) distinct(key string) int {
	h := c.lost.holding(key)
	var seen [][]sim.OpID
	for node, tips := range h.tips {
		if h.copies[node] && !slices.ContainsFunc(seen, func(s []sim.OpID) bool { return slices.Equal(s, tips) }) {
			seen = append(seen, tips)
		}
	}
	return len(seen)
}

// Convergence returns whether the replicas agree, and since when.
func (r *Referee) Convergence() Convergence {
	c := r.converge
	v := Convergence{Since: c.since, Agreed: c.at, Distinct: 1}
	if len(c.open) > 0 {
		v.Agreed = -1
	}
	for _, key := range c.order {
		v.Distinct = max(v.Distinct, c.distinct(key))
	}
	return v
}

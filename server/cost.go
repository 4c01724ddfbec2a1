package server

import (
	"runtime"
	"time"

	"netsplit/sim"
)

// cost is what a room has been found to take of the server.
type cost struct {
	over   bool          // the last turn at the live edge ended by its budget
	saved  time.Duration // of the budgets of turns that took less
	slowed int           // turns for which viewers are still told so
}

// watched counts a room that somebody watches until the function that it returns is called.
func (r *Room) watched() func() {
	if r.host == nil {
		return func() {}
	}
	r.host.active.Add(1)
	return func() { r.host.active.Add(-1) }
}

// interval is the time from one turn of the room to the next: longer where more rooms are watched than the cores can give
// a turn to fifteen times a second, since turns that come late are worse than fewer.
func (r *Room) interval() time.Duration {
	if r.host == nil {
		return FrameInterval
	}
	return intervalOf(max(FrameInterval, r.host.interval), int(r.host.active.Load()), runtime.GOMAXPROCS(0))
}

func intervalOf(least time.Duration, rooms, cores int) time.Duration {
	const grain = FrameInterval / 4 // so that it does not change with every room that comes
	need := time.Duration(rooms) * TurnCost / time.Duration(cores)
	return max(least, min((need+grain-1)/grain*grain, MaxInterval))
}

// apart returns how much virtual time is to lie between two key frames that a turn keeps which plays a span: where turns are
// scarce, more, since they are a convenience.
func (r *Room) apart(span sim.Time) sim.Time {
	if r.interval() > FrameInterval {
		return max(span, 2*sim.Second)
	}
	return span / MaxKeyFramesATurn
}

// share returns how long a turn of the room may simulate at an average, but for what it takes beyond its budget: so long that
// all the rooms that are watched leave time to each other, whatever they simulate: three quarters of the cores' time, and no
// less than MinTurnBudget each.
func (r *Room) share() time.Duration {
	if r.host == nil {
		return TurnBudget
	}
	return shareOf(r.interval(), int(r.host.active.Load()), runtime.GOMAXPROCS(0))
}

func shareOf(interval time.Duration, rooms, cores int) time.Duration {
	share := interval * 3 / 4 * time.Duration(cores) / time.Duration(max(1, rooms))
	return min(max(share, MinTurnBudget), TurnBudget)
}

// budget returns how long a turn may simulate at the live edge that has such a share, with what turns before have left: a turn
// that keeps a key frame, or in which much happens, takes several times as long as most.
func (c *cost) budget(share time.Duration) time.Duration {
	return min(share+min(c.saved, MaxSavedTurns*share), TurnBudget)
}

// save keeps what a turn that has taken so long has left of its share for those to come.
func (c *cost) save(share, took time.Duration) {
	c.saved = min(max(0, c.saved+share-took), MaxSavedTurns*share)
}

// pay notes what a turn has cost that was due and has begun at two moments, when so much time had gone by since the turn before. A room that costs more than its budget,
// or whose turn comes so late that it may not make up for it, falls behind its speed, and its viewers are told.
func (r *Room) pay(due, begun time.Time, gone time.Duration) {
	late := gone > MaxCatchUp && r.playing
	slowed := r.cost.over || late
	r.cost.over = false
	switch {
	case slowed:
		r.cost.slowed = int(SlowedFor / FrameInterval)
	case r.cost.slowed > 0:
		if r.cost.slowed--; r.cost.slowed == 0 {
			r.changeAll()
		}
	}
	if r.host != nil {
		lag := begun.Sub(due) + gone - r.interval()
		r.host.gate.felt(lag)
		r.host.metrics.tookTurn(lag, time.Since(begun), slowed)
	}
}

package server

import (
	"runtime"
	"time"
)

// cost is what a room has been found to take of the server.
type cost struct {
	over   bool // the last turn at the live edge ended by its budget
	slowed int  // turns for which viewers are still told so
}

// watched counts a room that somebody watches until the function that it returns is called.
func (r *Room) watched() func() {
	if r.host == nil {
		return func() {}
	}
	r.host.active.Add(1)
	return func() { r.host.active.Add(-1) }
}

// interval is the time from one turn of the room to the next.
func (r *Room) interval() time.Duration {
	if r.host == nil || r.host.interval == 0 {
		return FrameInterval
	}
	return r.host.interval
}

// budget returns how long a turn of the room may simulate: so long that all the rooms that are watched leave time to each
// other, whatever they simulate: three quarters of the cores' time, and no less than MinTurnBudget each.
func (r *Room) budget() time.Duration {
	if r.host == nil {
		return TurnBudget
	}
	return budgetOf(int(r.host.active.Load()), runtime.GOMAXPROCS(0))
}

func budgetOf(rooms, cores int) time.Duration {
	share := FrameInterval * 3 / 4 * time.Duration(cores) / time.Duration(max(1, rooms))
	return min(max(share, MinTurnBudget), TurnBudget)
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
		r.host.metrics.tookTurn(begun.Sub(due)+gone-r.interval(), time.Since(begun), slowed)
	}
}

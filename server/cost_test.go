package server

import (
	"testing"
	"time"

	"netsplit/sim"
)

// TestShares: rooms that many watch have turns that leave time to each other, less often where there are very many.
func TestShares(t *testing.T) {
	for _, c := range []struct {
		rooms, cores     int
		budget, interval time.Duration
	}{
		{0, 2, TurnBudget, FrameInterval}, {1, 2, TurnBudget, FrameInterval}, {10, 2, FrameInterval * 3 / 20, FrameInterval},
		{100, 1, FrameInterval * 3 / 400, FrameInterval}, {500, 2, 24 * (FrameInterval / 4) / 1000, 8 * (FrameInterval / 4)}, {1000, 2, 3 * MaxInterval / 2000, MaxInterval}, {100000, 1, MinTurnBudget, MaxInterval},
	} {
		if got := shareOf(c.interval, c.rooms, c.cores); got/time.Microsecond != c.budget/time.Microsecond {
			t.Errorf("%d rooms on %d cores: a turn may take %s, want %s", c.rooms, c.cores, got, c.budget)
		}
		if got := intervalOf(FrameInterval, c.rooms, c.cores); got != c.interval {
			t.Errorf("%d rooms on %d cores: a turn each %s, want %s", c.rooms, c.cores, got, c.interval)
		}
	}
}

// TestSaved: what turns leave of their shares is there for one that takes longer, up to so many turns' shares and a turn's most.
func TestSaved(t *testing.T) {
	const share = time.Millisecond
	var c cost
	turn := func(took, want time.Duration) {
		t.Helper()
		if got := c.budget(share); got != want {
			t.Fatalf("a turn may take %s, want %s", got, want)
		}
		c.save(share, took)
	}
	turn(0, share)
	turn(share/2, 2*share)
	turn(5*share/2, 5*share/2)
	turn(3*share, share) // what it takes beyond its budget is not asked back
	for i := range time.Duration(MaxSavedTurns) {
		turn(0, share+i*share)
	}
	turn(0, share+MaxSavedTurns*share)
	if got := c.budget(share / 10); got != share/10+MaxSavedTurns*share/10 {
		t.Errorf("with shares that are smaller since, a turn may take %s", got)
	}
	if got := c.budget(TurnBudget); got != TurnBudget {
		t.Errorf("a turn may take %s, over %s", got, TurnBudget)
	}
}

// TestSlowed: a room that costs more than it may falls behind its speed, says so, and takes it back when it does not any more.
func TestSlowed(t *testing.T) {
	r, err := newRoom(mustParse(t, busy), "", discard())
	if err != nil {
		t.Fatal(err)
	}
	v := newViewer()
	now := time.Now()
	r.turned = now
	r.handle(request{viewer: v, kind: requestJoin})
	r.playing = false // what a machine that is busy with other things does to a turn must not matter here
	turn := func() (in incoming) {
		now = now.Add(FrameInterval)
		r.turn(now)
		for len(v.outbox) > 0 {
			in = decodeIncoming(t, <-v.outbox)
		}
		return in
	}
	r.changed = true
	if in := turn(); in.Type != "delta" || in.Clock.Slowed {
		t.Fatalf("a room that costs nothing says %+v", in.Clock)
	}
	r.cost.over, r.changed = true, true // as a turn that ends by its deadline has it
	r.pay(now, now, FrameInterval)
	if in := turn(); !in.Clock.Slowed {
		t.Error("nobody is told")
	}
	for i, in := 0, turn(); in.Type != "delta" || in.Clock.Slowed; i, in = i+1, turn() {
		if i > int(2*SlowedFor/FrameInterval) {
			t.Fatal("it is never taken back")
		}
	}
	before := r.feed.run.Now()
	if r.play(before+sim.Second, sim.Second, now.Add(-time.Hour)) || r.feed.run.Now() != before {
		t.Error("a turn whose time is over plays on")
	}
	r.playing = true
	r.pay(now, now, MaxCatchUp+1)
	if r.cost.slowed == 0 {
		t.Error("a turn that comes too late to make up for it is not told of")
	}
}

package server

import (
	"context"
	"errors"
	"time"

	"netsplit/sim"
)

// Where servers share a log, each plays a room's run by itself, and the log says where it is: an entry that begins a run, plays
// it, pauses it or changes its speed is an anchor of virtual time to the log's clock. Whoever knows the anchor and the time
// knows where the run is. Nobody can know whether others look at it; but who does leaves marks. So who comes to a run that plays and finds
// no mark of late takes it for asleep, and writes an anchor for where the last mark was: it has not gone on meanwhile.

// anchor says where a run was at a moment, by the log's clock, and whether and how fast it goes on from there.
type anchor struct {
	at      sim.Time
	time    time.Time
	playing bool
	speed   float64 // virtual seconds per second
}

// when returns where the run is at another moment.
func (a anchor) when(t time.Time) sim.Time {
	if !a.playing {
		return a.at
	}
	return min(sim.MaxTime, max(a.at, a.at+sim.Time(float64(t.Sub(a.time).Microseconds())*a.speed)))
}

// pacing is what a room whose log others append to knows of its pace.
type pacing struct {
	anchor  anchor
	latest  sim.Time  // of all entries so far: the next is not before it
	sure    bool      // somebody here looks at the live edge, and the run is where the anchor says
	looking bool      // whether it is, is being found out
	looked  time.Time // the last time that this was tried
	behind  time.Time // since then the room cannot keep up; zero while it can
	noted   time.Time // the last pace that was written while the run walks
}

// ourLog reports whether nobody but this server appends to the room's log.
func (r *Room) ourLog() bool { return r.log == nil || r.host == nil || r.host.clock == nil }

// due returns where the run is to be now.
func (r *Room) due() sim.Time {
	if r.playing && r.anchor.playing {
		return r.anchor.when(r.host.clock.now())
	}
	return max(r.anchor.at, r.latest)
}

// stamp returns the instant that a command is for: a little later than now, so that other servers hear of it in time; but never
// before an entry that there is.
func (r *Room) stamp() sim.Time {
	if r.ourLog() {
		return 0
	}
	t := r.latest
	if r.playing && r.anchor.playing && r.sure {
		t = max(t, r.anchor.when(r.host.clock.now().Add(Lead)))
	}
	return min(t, sim.MaxTime)
}

// turnShared takes one turn of the live edge, towards where the log says that it is.
func (r *Room) turnShared(span sim.Time, deadline time.Time) {
	if r.anchor.playing && !r.sure {
		if !r.anchoredLately() {
			r.look()
			return
		}
		r.goSure()
	}
	to := r.due()
	if to <= r.feed.run.Now() {
		r.behind = time.Time{}
		return
	}
	r.changed = true
	r.cost.over = !r.play(to, r.apart(span), deadline) && to < sim.MaxTime
	if late := to - r.feed.run.Now(); late <= sim.Time(r.speed*float64(MaxLag.Microseconds())) {
		r.behind = time.Time{}
	} else if r.behind.IsZero() {
		r.behind = time.Now()
	}
}

// anchoredLately reports whether it is known that the anchor is not old: who wrote it looks at the run.
func (r *Room) anchoredLately() bool {
	c := r.host.clock
	return c.fresh() && c.now().Sub(r.anchor.time).Abs() < MarkFresh
}

// look finds out whether the run goes on elsewhere; what it finds comes as a request.
func (r *Room) look() {
	if r.looking || time.Since(r.looked) < LookInterval {
		return
	}
	r.looking, r.looked = true, time.Now()
	from := r.seq + 1
	r.host.running.Add(1)
	go func() {
		defer r.host.running.Done()
		ctx, cancel := context.WithTimeout(r.host.ctx, WakeTimeout)
		defer cancel()
		req := request{kind: requestMark}
		if req.err = r.host.clock.ask(ctx, r.log); req.err == nil {
			req.mark, req.err = latestMark(ctx, r.log, r.ID, from)
		}
		r.ask(r.host.ctx, req)
	}()
}

// latestMark reads a room's latest mark; of its entries, none but those from a number on.
func latestMark(ctx context.Context, l Log, room string, from uint64) (Mark, error) {
	for e, err := range l.Follow(ctx, room, from) {
		var damage *DamageError
		if err != nil && !errors.As(err, &damage) {
			return Mark{}, err
		}
		if m, ok := e.Mark(); ok {
			return m, nil
		}
	}
	return Mark{}, errors.New("the log has not said how far the room has come")
}

// lookedAt has a run go on: from where others are, or if nobody has looked at it of late from where it was then.
func (r *Room) lookedAt(m Mark, err error) {
	r.looking = false
	if err != nil {
		r.logger.Warn("a room's mark cannot be read", "error", err)
		return
	}
	if r.sure || r.ahead > 0 || !r.anybodyLive() {
		return
	}
	now := r.host.clock.now()
	if !r.anchor.playing || now.Sub(m.Time).Abs() < MarkFresh && m.Seq >= r.begun || r.anchoredLately() {
		r.goSure()
		return
	}
	at := max(r.latest, r.feed.run.Now())
	if m.Seq >= r.begun {
		at = max(at, m.At)
	}
	if r.anchorAt(at) == nil {
		r.goSure()
	}
}

// goSure has the room play, and does what has waited for that.
func (r *Room) goSure() {
	r.sure = true
	r.mark(time.Now())
	r.woken()
}

// letGo has the room stand still once nobody here looks at its live edge.
func (r *Room) letGo() {
	if !r.ourLog() && r.sure {
		r.mark(time.Now())
		r.sure = false
	}
}

// anchorAt writes down where the run is, and whether and how fast it goes on.
func (r *Room) anchorAt(at sim.Time) error {
	now := r.paceNow()
	err := r.write(randomID(), now.note(at))
	if err == nil {
		r.paced = now
		r.setAnchor(at)
	}
	return err
}

// setAnchor takes in an anchor that the room has just written.
func (r *Room) setAnchor(at sim.Time) {
	r.anchor = anchor{at, r.wrote, r.playing, r.speed}
	r.latest = max(r.latest, at)
}

// sharePace writes down that the room plays, or how fast, or where it stands, where the log does not say so: others play by that.
func (r *Room) sharePace() {
	if r.waking || r.anchor.playing && r.playing && !r.sure {
		return
	}
	at := max(r.latest, r.edge())
	now := r.paceNow()
	lagging := !r.behind.IsZero() && time.Since(r.behind) > LagKept
	walked := !r.playing && at > r.anchor.at && at > r.latest && (r.walk == nil || time.Since(r.noted) > MarkInterval)
	if now == r.paced && !walked && !lagging {
		return
	}
	switch err := r.anchorAt(at); {
	case errors.Is(err, ErrMoved):
		return
	case err != nil && !r.broken:
		r.broken = true // it is tried once more
		return
	case err != nil: // then it holds here alone, until the next change
		r.wrote = r.host.clock.now()
		r.setAnchor(at)
	}
	r.paced, r.behind, r.noted, r.broken = now, time.Time{}, time.Now(), false
	r.sure = r.playing && r.anybodyLive()
	r.woken()
}

// obeyPace plays or pauses as an entry of another server says.
func (r *Room) obeyPace(a anchor) error {
	r.playing, r.speed, r.walk = a.playing, a.speed, nil
	r.anchor, r.behind = a, time.Time{}
	r.paced = r.paceNow()
	r.changeAll()
	switch {
	case r.playing:
		r.sure = r.anybodyLive() && r.anchoredLately()
		return nil
	case a.at == 0:
		return nil
	case r.ahead > 0:
		r.ahead = max(a.at, r.feed.run.Now())
		return nil
	case a.at >= r.feed.run.Now():
		return nil
	}
	f, err := r.anew()
	if err == nil {
		r.replayWith(f, r.feed.run.Now(), a.at)
	}
	return err
}

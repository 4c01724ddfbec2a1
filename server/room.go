package server

import (
	"context"
	"log/slog"
	"net/netip"
	"time"

	"netsplit/sim"
)

// Room owns one Lab and its viewers. One goroutine, loop, owns everything in it; others talk to it by its inbox.
type Room struct {
	ID, Key string // Key is the control key, or "" until somebody comes with it to a room that was woken by its view key

	address netip.Prefix // of who opened or woke it: it counts as that address's
	name    string       // the gallery scenario, or ""
	inbox   chan *request
	done    chan struct{} // closed when the room is gone
	logger  *slog.Logger
	shelf   *shelf
	jobs    *jobs // of the server; nil where there are none

	feed       *feed    // at the live edge
	archive    *archive // of the run
	changed    bool     // what viewers at the live edge see is not up to date
	viewers    map[*viewer]bool
	audience   []*viewer // the same, in the order in which they came
	pasts      []*viewer // those who look at a moment before the live edge, in the order of their next turn
	guide      *past     // of those who follow the presenter to such a moment; nil for none
	playing    bool
	speed      float64
	runs       int      // that the room has had, this one included
	ahead      sim.Time // where a run that began anew goes on from; 0 once it is there
	shown      sim.Time // until then: the moment that viewers are shown
	walk       *walk    // at the live edge, on its way to the next of something
	cost       cost     // of its turns
	replayPace float64  // how long a virtual microsecond takes a replay, in nanoseconds

	host     *rooms // where its branches open; nil for a room that is alone
	origin   *origin
	self     *branch   // as its parent knows it
	branches []*branch // of this room
	forked   bool      // the next delta says which branches there are
	deeds    []deed    // done by hand, in order

	lock             // who may enter, and act
	hall             // who is there
	ledger           // what the room writes down
	notice string    // for who enters next
	held   []request // commands that have come before a room that wakes is where it was
	waking bool      // it is on its way there

	restarted *Restart  // why this run began; nil for the first
	turned    time.Time // the last turn
	asked     int       // inspections since then
}

// request is one thing that a viewer asks of the room, carried out at its next turn.
type request struct {
	viewer *viewer
	kind   requestKind
	msg    ClientMessage

	job    *job   // requestAnswer: whose
	answer []byte // a message to the viewer
	last   bool   // nothing comes after it

	entry Entry // requestEntry: of the room's log
	mark  Mark  // requestMark: the latest
	err   error // why there is none

	entries []Entry // requestAnew: what the room's log says
	claim   claim   // because of which it was read

	to  Address     // requestLead: where the viewer, who has joined another room, presents from now on
	led chan<- bool // whether those who follow come along; with room for the answer
}

type requestKind uint8

const (
	requestMessage requestKind = iota
	requestJoin
	requestLeave
	requestAnswer
	requestEntry
	requestMark
	requestAnew
	requestLead
)

// newRoom sets a room up at time 0 of a scenario. Its clock stands still until somebody watches.
func newRoom(s *sim.Scenario, name string, logger *slog.Logger) (*Room, error) {
	f, err := newFeed(s)
	if err != nil {
		return nil, err
	}
	f.measure()
	r := &Room{ID: randomID(), Key: randomID(), name: name, feed: f, archive: newArchive(f), replayPace: guessedPace, inbox: make(chan *request, MaxInbox),
		done: make(chan struct{}), shelf: newShelf(), viewers: map[*viewer]bool{}, playing: true, speed: paceOf(s, name), runs: 1}
	r.lock = lockOf(r.Key)
	r.logger = logger.With("room", r.ID[:8])
	return r, nil
}

// ask puts a request into the inbox, waiting while it is full. It reports whether the room still exists. A room
// that ends meanwhile may leave a request unanswered; then done is closed.
func (r *Room) ask(ctx context.Context, req request) bool {
	select {
	case <-r.done:
		return false
	default:
	}
	select {
	case r.inbox <- &req:
		return true
	case <-r.done:
		return false
	case <-ctx.Done():
		return false
	}
}

// turn lets the simulation catch up with the wall clock and shows the viewers what has changed: here alone, so that
// nobody gets more Deltas than turns are taken.
func (r *Room) turn(now time.Time) {
	gone, begun := now.Sub(r.turned), time.Now()
	elapsed := min(gone, MaxCatchUp)
	r.turned, r.asked = now, 0
	span := sim.Time(float64(elapsed.Microseconds()) * r.speed)
	share := r.share()
	r.turnLive(span, begun.Add(r.cost.budget(share)))
	r.cost.save(share, time.Since(begun))
	r.pay(now, begun, gone)
	for _, b := range r.branches {
		if b.stirred.Swap(false) {
			r.tellBranches()
		}
	}
	r.writePace()
	if r.changed {
		r.show()
	}
	deadline := begun.Add(share + SeekBudget - TurnBudget)
	if own := time.Now().Add(PastBudget); own.After(deadline) {
		deadline = own
	}
	r.turnPasts(span, deadline)
	for v := range r.viewers { // order does not matter: viewers do not touch each other
		v.catchUp(r)
	}
	r.turnHall(now)
	if r.marked.Add(MarkInterval).Before(now) {
		r.mark(now)
	}
}

// turnLive takes one turn of the live edge.
func (r *Room) turnLive(span sim.Time, deadline time.Time) {
	now := r.feed.run.Now()
	switch {
	case r.ahead > 0:
		r.goOn(deadline)
	case !r.anybodyLive():
		r.walk = nil
		r.letGo()
	case now >= sim.MaxTime:
		r.walk = nil
	case r.walk != nil:
		r.turnWalk(deadline)
	case !r.ourLog():
		r.turnShared(span, deadline)
	case r.playing:
		r.cost.over = !r.play(now+span, r.apart(span), deadline) && now+span < sim.MaxTime
		r.changed = true
	}
}

// play runs the live edge as advance does, and keeps key frames that are so far apart at least.
func (r *Room) play(t, apart sim.Time, deadline time.Time) bool {
	f := r.feed
	t = min(t, sim.MaxTime)
	proof := r.proofDue()
	for due := r.archive.due(f.run.Now(), apart); f.run.Now() < t && time.Now().Before(deadline); {
		f.run.AdvanceTo(min(t, f.run.Now()+10*sim.Millisecond, due, proof))
		if f.run.Now() >= due {
			r.archive.keep(f)
			due = r.archive.due(f.run.Now(), apart)
		}
		if f.run.Now() >= proof {
			r.prove()
			proof = r.proofDue()
		}
	}
	return f.run.Now() >= t
}

// replayTo runs a replay that nobody is shown as advance does. It keeps key frames that the archive does not have, not
// too many, and measures how long it takes.
func (r *Room) replayTo(f *feed, t sim.Time, deadline time.Time) bool {
	begun, from, apart := time.Now(), f.run.Now(), t/MaxKeyFramesAhead
	for due := r.archive.due(from, apart); f.run.Now() < t && time.Now().Before(deadline); {
		f.run.AdvanceTo(min(t, f.run.Now()+10*sim.Millisecond, due))
		if f.run.Now() >= due {
			f.delta(Clock{})
			r.archive.keep(f)
			due = r.archive.due(f.run.Now(), apart)
		}
	}
	if span := f.run.Now() - from; span >= sim.Second {
		r.replayPace = (r.replayPace + float64(time.Since(begun))/float64(span)) / 2
	}
	return f.run.Now() >= t
}

// lasts returns how long a replay takes for a span, as far as one can tell.
func (r *Room) lasts(span sim.Time) time.Duration { return time.Duration(float64(span) * r.replayPace) }

// guessedPace is the pace of replays before one has been measured: 500 times as fast as real time.
const guessedPace = 2

// advance runs a feed's Lab towards t, but no longer than the deadline allows, and reports whether it got there.
func advance(f *feed, t sim.Time, deadline time.Time) bool {
	t = min(t, sim.MaxTime)
	for f.run.Now() < t && time.Now().Before(deadline) {
		f.run.AdvanceTo(min(t, f.run.Now()+10*sim.Millisecond))
	}
	return f.run.Now() >= t
}

// anybodyLive reports whether the live edge is looked at, or waited for.
func (r *Room) anybodyLive() bool {
	if r.guideWaits() {
		return true
	}
	for v := range r.viewers { // order does not matter: any will do
		if v.past == nil {
			return true
		}
	}
	return false
}

// clock returns the clock of viewers at the live edge.
func (r *Room) clock() Clock {
	now := r.feed.run.Now()
	ended := now >= sim.MaxTime
	c := Clock{At: now, Edge: now, Live: true, Playing: r.playing && !ended, Speed: r.speed, Ended: ended, Slowed: r.cost.slowed > 0}
	if r.ahead > 0 {
		c.At, c.Edge, c.Coming = r.shown, r.ahead, r.ahead
	} else if !r.ourLog() && !r.playing && r.due() > now {
		c.Coming = r.due() // it stands still there, as the log says, and is late
	}
	if r.walk != nil && r.walk.until {
		c.Until = r.walk.kind.String()
	}
	return c
}

// show sends every viewer at the live edge what is new, encoded once.
func (r *Room) show() {
	r.changed = false
	keys, looks := r.news()
	for _, v := range r.audience { // in the same order each time, so that nobody's turn comes now sooner, now later
		if v.past == nil {
			v.offer(v.own(keys, looks))
		}
	}
}

// news returns the next delta of viewers at the live edge: for those who have the control key, and for others, to whom the
// keys of branches read otherwise. While the run is on its way to where it goes on, they are
// told the clock alone.
func (r *Room) news() (keys, looks []byte) {
	var d Delta
	if r.ahead == 0 {
		d = r.feed.delta(r.clock())
	} else {
		r.feed.seq++
		d = Delta{Type: "delta", Seq: r.feed.seq, Clock: r.clock(), Lanes: make([]LaneDelta, len(r.feed.lanes))}
	}
	if r.forked {
		r.forked = false
		d.Branches = r.branchViews(false)
		looks = encode(d)
		d.Branches = r.branchViews(true)
		return encode(d), looks
	}
	keys = encode(d)
	return keys, keys
}

// stateFor returns the full state as a viewer sees it.
func (r *Room) stateFor(v *viewer) []byte {
	f, clock := r.feed, r.clock()
	if p := v.past; p != nil {
		f, clock = p.feed, r.pastClock(p)
	}
	if clock.Coming == 0 {
		if clock.At = f.at; clock.Live { // what has been carried out since comes with the next delta
			clock.Edge = f.at
		}
		s := f.state(clock)
		r.sign(&s, v)
		return encode(s)
	}
	s := f.frame(clock)
	if v.past != nil {
		s.Seq = v.past.seq
	}
	r.sign(&s, v)
	pic := readPicture(r.archive.latest(clock.At))
	return encode(pictureState{s, pic.Groups, pic.Lanes})
}

// sign says in a State whose it is, and what its viewer may do.
func (r *Room) sign(s *State, v *viewer) {
	s.Room, s.Scenario, s.Run, s.Restarted = r.ID, r.name, r.runs, r.restarted
	if s.ViewKey, s.Right = r.viewKey, r.rightOf(v); v.holder {
		s.Key = r.Key
	}
	s.About = storyAbout(r.name)
	s.Branches = r.branchViews(v.holder)
	s.Parent = r.parentView(v.holder)
}

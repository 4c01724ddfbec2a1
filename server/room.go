package server

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/coder/websocket"

	"netsplit/sim"
)

// Room owns one Lab and its viewers. One goroutine, loop, owns everything in it; others talk to it by its inbox.
type Room struct {
	ID, Key string

	name   string // the gallery scenario, or ""
	inbox  chan request
	done   chan struct{} // closed when the room is gone
	logger *slog.Logger
	shelf  *shelf
	jobs   *jobs // of the server; nil where there are none

	feed    *feed // at the live edge
	changed bool  // what viewers at the live edge see is not up to date
	viewers map[*viewer]bool
	pasts   []*viewer // those who look at a moment before the live edge, in the order of their next turn
	playing bool
	speed   float64
	runs    int      // that the room has had, this one included
	ahead   sim.Time // where a run that began anew goes on from; 0 once it is there

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
}

type requestKind uint8

const (
	requestMessage requestKind = iota
	requestJoin
	requestLeave
	requestAnswer
)

// newRoom sets a room up at time 0 of a scenario. Its clock stands still until somebody watches.
func newRoom(s *sim.Scenario, name string, logger *slog.Logger) (*Room, error) {
	f, err := newFeed(s)
	if err != nil {
		return nil, err
	}
	f.measure()
	r := &Room{ID: randomID(), Key: randomID(), name: name, feed: f, inbox: make(chan request, MaxInbox),
		done: make(chan struct{}), shelf: newShelf(), viewers: map[*viewer]bool{}, playing: true, speed: DefaultSpeed, runs: 1}
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
	case r.inbox <- req:
		return true
	case <-r.done:
		return false
	case <-ctx.Done():
		return false
	}
}

// loop runs the room until it has been without viewers for RoomLife or ctx ends. A broken invariant of the
// simulation ends this room alone: its viewers are told, with the text that replays it.
func (r *Room) loop(ctx context.Context) {
	defer func() {
		reason := fmt.Sprintf("nobody has watched this room for %s", RoomLife)
		if broken := recover(); broken != nil {
			s := r.feed.run.Scenario()
			r.logger.Error("room broke", "error", broken, "at", r.feed.run.Now(), "scenario", s.String(), "stack", string(debug.Stack()))
			reason = fmt.Sprintf("the simulation broke at %s: %v; please report this scenario:\n%s", r.feed.run.Now(), broken, s.String())
		} else if ctx.Err() != nil {
			reason = "the server is going away"
		}
		r.closeAll(reason)
	}()
	for ctx.Err() == nil {
		if len(r.viewers) == 0 {
			if !r.sleep(ctx) {
				return
			}
			continue
		}
		r.watch(ctx)
	}
}

// sleep waits for a viewer and reports whether one came within RoomLife.
func (r *Room) sleep(ctx context.Context) bool {
	life := time.NewTimer(RoomLife)
	defer life.Stop()
	select {
	case req := <-r.inbox:
		r.turned = time.Now()
		r.handle(req)
		return true
	case <-life.C:
		return false
	case <-ctx.Done():
		return false
	}
}

// watch takes turns while somebody watches.
func (r *Room) watch(ctx context.Context) {
	ticker := time.NewTicker(FrameInterval)
	defer ticker.Stop()
	for len(r.viewers) > 0 {
		select {
		case <-ctx.Done():
			return
		case req := <-r.inbox:
			r.handle(req)
		case now := <-ticker.C:
			r.turn(now)
		}
	}
}

// turn lets the simulation catch up with the wall clock and shows the viewers what has changed: here alone, so that
// nobody gets more Deltas than turns are taken.
func (r *Room) turn(now time.Time) {
	elapsed := min(now.Sub(r.turned), MaxCatchUp)
	r.turned, r.asked = now, 0
	span := sim.Time(float64(elapsed.Microseconds()) * r.speed)
	deadline := time.Now().Add(TurnBudget)
	if r.ahead > 0 {
		r.goOn(deadline)
	} else if r.playing && r.feed.run.Now() < sim.MaxTime && r.anybodyLive() {
		advance(r.feed, r.feed.run.Now()+span, deadline)
		r.changed = true
	}
	if r.changed {
		r.show()
	}
	if own := time.Now().Add(PastBudget); own.After(deadline) {
		deadline = own
	}
	r.turnPasts(span, deadline)
	for v := range r.viewers { // order does not matter: viewers do not touch each other
		v.catchUp(r)
	}
}

// advance runs a feed's Lab towards t, but no longer than the deadline allows, and reports whether it got there.
func advance(f *feed, t sim.Time, deadline time.Time) bool {
	t = min(t, sim.MaxTime)
	for f.run.Now() < t && time.Now().Before(deadline) {
		f.run.AdvanceTo(min(t, f.run.Now()+10*sim.Millisecond))
	}
	return f.run.Now() >= t
}

func (r *Room) anybodyLive() bool {
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
	return Clock{At: now, Edge: now, Live: true, Playing: r.playing && !ended, Speed: r.speed, Ended: ended}
}

// show sends every viewer at the live edge what is new, encoded once.
func (r *Room) show() {
	r.changed = false
	msg := encode(r.feed.delta(r.clock()))
	for v := range r.viewers { // order does not matter: viewers do not touch each other
		if v.past == nil {
			v.offer(msg)
		}
	}
}

// stateFor returns the full state as a viewer sees it.
func (r *Room) stateFor(v *viewer) []byte {
	f, clock := r.feed, r.clock()
	if v.past != nil {
		f, clock = v.past.feed, r.pastClock(v.past)
	}
	s := f.state(clock)
	s.Room, s.Key, s.Scenario, s.Run, s.Restarted = r.ID, r.Key, r.name, r.runs, r.restarted
	return encode(s)
}

// closeAll ends the room: its viewers, and whoever is about to join, are told why.
func (r *Room) closeAll(reason string) {
	msg := encode(Reject{Type: "reject", Seq: r.feed.seq, Reason: reason})
	for v := range r.viewers { // order does not matter: all are closed
		r.leaveJob(v)
		v.dismiss(msg)
	}
	r.viewers = map[*viewer]bool{}
	r.emptyInbox(msg)
	close(r.done)
	r.emptyInbox(msg) // of what came in between; nothing more is answered
}

func (r *Room) emptyInbox(msg []byte) {
	for {
		select {
		case req := <-r.inbox:
			if req.kind == requestJoin {
				req.viewer.dismiss(msg)
			}
		default:
			return
		}
	}
}

// dismiss tells a viewer why the room ends.
func (v *viewer) dismiss(msg []byte) {
	v.offer(msg)
	v.end(websocket.StatusGoingAway, roomEnded)
}

// roomEnded is the reason that sockets of a room that has ended are closed with.
const roomEnded = "the room has ended"

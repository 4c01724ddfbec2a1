package server

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/coder/websocket"
)

// loop runs the room until it has been without viewers for RoomSleep or ctx ends; its log stays. A broken invariant of the
// simulation ends this room alone: its viewers are told, with the text that replays it.
func (r *Room) loop(ctx context.Context) {
	defer func() {
		reason := fmt.Sprintf("nobody has watched this room for %s", RoomSleep)
		if broken := recover(); broken != nil {
			s := r.feed.run.Scenario()
			r.logger.Error("room broke", "error", broken, "at", r.feed.run.Now(), "scenario", s.String(), "stack", string(debug.Stack()))
			reason = fmt.Sprintf("the simulation broke at %s: %v; please report this scenario:\n%s", r.feed.run.Now(), broken, s.String())
		} else if ctx.Err() != nil {
			reason = "the server is going away"
		}
		r.mark(time.Now())
		r.closeAll(reason)
	}()
	for ctx.Err() == nil {
		if len(r.viewers) == 0 {
			r.letGo()
			if !r.sleep(ctx) {
				return
			}
			continue
		}
		r.watch(ctx)
	}
}

// sleep waits for a viewer and reports whether one came within RoomSleep.
func (r *Room) sleep(ctx context.Context) bool {
	life := time.NewTimer(RoomSleep)
	defer life.Stop()
	select {
	case req := <-r.inbox:
		r.turned = time.Now()
		r.handle(*req)
		return true
	case <-life.C:
		return false
	case <-ctx.Done():
		return false
	}
}

// watch takes turns while somebody watches.
func (r *Room) watch(ctx context.Context) {
	interval := r.interval()
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	defer r.watched()()
	for len(r.viewers) > 0 {
		select {
		case <-ctx.Done():
			return
		case req := <-r.inbox:
			r.handle(*req)
		case now := <-ticker.C:
			r.turn(now)
			if now := r.interval(); now != interval {
				interval = now
				ticker.Reset(interval)
			}
		}
	}
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

package server

import (
	"fmt"
	"math"
	"slices"

	"github.com/coder/websocket"

	"netsplit/sim"
)

// handle carries out one request; what cannot be done is rejected with the reason.
func (r *Room) handle(req request) {
	v := req.viewer
	switch req.kind {
	case requestJoin:
		if most := r.host.viewers(); len(r.viewers) >= most {
			reason := fmt.Sprintf("this room has its %d viewers; try again later", most)
			v.metrics.reject("viewers")
			v.reject(0, reason)
			v.end(websocket.StatusTryAgainLater, reason)
			return
		}
		r.hearServers(r.turned)
		r.keepPresenter(r.turned)
		r.viewers[v] = true
		r.learn(req.msg.Key)
		r.audience = append(r.audience, v)
		v.offer(r.stateFor(v))
		r.greetGuest(v)
	case requestLeave:
		delete(r.viewers, v)
		r.audience = slices.DeleteFunc(r.audience, func(other *viewer) bool { return other == v })
		r.leavePast(v)
		r.leaveJob(v)
		r.partGuest(v)
	case requestLead:
		req.led <- r.leadAway(v, req.to)
	case requestAnswer:
		r.answer(req)
	case requestEntry:
		r.heed(req.entry)
	case requestMark:
		r.lookedAt(req.mark, req.err)
	case requestAnew:
		r.beginAnew(req.entries, req.claim, req.err)
	case requestMessage:
		if !r.viewers[v] {
			return
		}
		r.hear(req)
	default:
		panic(fmt.Sprintf("server: a request of kind %d", req.kind))
	}
}

func (r *Room) carryOut(v *viewer, msg ClientMessage) error {
	switch msg.Type {
	case "command":
		return r.command(v, msg)
	case "script":
		return r.script(msg)
	case "edit":
		return r.edit(msg)
	case "flap":
		return r.flap(v, msg)
	case "text", "share":
		return r.text(v, msg)
	case "series":
		return r.series(v, msg)
	case "play", "pause":
		return r.setPlaying(v, msg.Type)
	case "speed":
		if math.IsNaN(msg.Speed) || msg.Speed < MinSpeed || msg.Speed > MaxSpeed {
			return fmt.Errorf("speed: expected a number from %g to %g, got %g", MinSpeed, MaxSpeed, msg.Speed)
		}
		r.speed = msg.Speed
		r.changeAll()
		return nil
	case "step":
		return r.step(v, msg)
	case "fork":
		return r.fork(v, msg)
	case "undo":
		return r.undo(v, msg)
	case "redo":
		return r.redo(v, msg)
	case "timeline":
		return r.timeline(v, msg)
	case "until":
		return r.until(v, msg)
	case "seek":
		return r.seek(v, msg.At)
	case "follow":
		return r.setFollowing(v, msg.On)
	case "live":
		v.follows = false
		r.leavePast(v)
		v.offer(r.stateFor(v))
		return nil
	case "inspect":
		return r.inspect(v, msg)
	case "luck", "turning", "find", "matrix":
		return r.job(v, msg)
	case "cancel":
		return r.cancelJob(v)
	case "ask":
		return r.askFor(v, msg)
	case "hand":
		return r.hand(msg)
	case "present":
		return r.setPresenter(v, msg.On)
	case "glance":
		return r.lookAt(v, msg.Glance)
	case "hello":
		return fmt.Errorf("hello: this socket has said hello already")
	default:
		panic(fmt.Sprintf("server: a message of type %q is allowed and not known", msg.Type))
	}
}

// command logs a command at the live edge and lets it take effect at once, in every lane; the next turn shows it. A user's first fault
// takes the script's remaining faults out of the run.
func (r *Room) command(v *viewer, msg ClientMessage) error {
	cmd := msg.Command
	if cmd == nil {
		return fmt.Errorf("command: expected a command")
	}
	if err := r.mayAct(v, string(cmd.Verb)); err != nil {
		return err
	}
	var logged sim.Command
	err := r.act(msg.ID, func() (err error) {
		if logged, err = r.feed.run.Do(*cmd); err == nil && logged.Fault() {
			r.feed.run.TakeOver()
		}
		return err
	})
	if err != nil {
		return err
	}
	r.carriedOut(logged.At)
	return nil
}

// mayAct refuses what a viewer does anywhere but at the live edge.
func (r *Room) mayAct(v *viewer, what string) error {
	if v.past != nil {
		return fmt.Errorf("%s: you are looking at %s; the run is at %s: go back to live to act",
			what, rounded(v.past.aim()), rounded(r.feed.run.Now()))
	}
	return r.underWay(what)
}

// carriedOut lets what has been logged for an instant take effect, if it has come, and the replays know of it.
func (r *Room) carriedOut(at sim.Time) {
	if !r.ourLog() {
		at = min(at, r.due())
	}
	r.feed.run.AdvanceTo(at)
	for p := range r.replays {
		p.feed.run.Follow(r.feed.run.Lab)
	}
	r.changeAll()
}

// rounded writes an instant for people, as the page does.
func rounded(t sim.Time) string { return fmt.Sprintf("%.2f s", t.Milliseconds()/1000) }

func (r *Room) setPlaying(v *viewer, word string) error {
	playing := word == "play"
	if err := r.stepAside(v, word); err != nil {
		return err
	}
	if v.past != nil {
		v.past.playing, v.past.changed, v.past.walk = playing, true, nil
		return nil
	}
	r.playing, r.changed, r.walk = playing, true, nil
	return nil
}

// changeAll has every viewer shown something that has changed: the clock or the commands.
func (r *Room) changeAll() {
	r.changed = true
	for p := range r.replays {
		p.changed = true
	}
}

// seek moves a viewer's playhead; nobody else's moves with it.
func (r *Room) seek(v *viewer, t sim.Time) error {
	if t < 0 {
		return fmt.Errorf("seek: %s is before the start", t)
	}
	if t >= r.feed.run.Now() {
		if r.asked++; r.asked > MaxInspects {
			return fmt.Errorf("seek: the viewers of this room ask for more than %d states at a time; ask again", MaxInspects)
		}
		v.follows = false
		r.leavePast(v)
		v.offer(r.stateFor(v))
		return nil
	}
	if err := r.lookBack(v, "seek"); err != nil {
		return err
	}
	r.aim(v.past, t)
	if !v.past.sent && !r.soon(v.past) {
		r.showPicture(v.past)
	}
	return nil
}

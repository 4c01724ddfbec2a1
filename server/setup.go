package server

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"netsplit/sim"
	"netsplit/sim/study"
)

// A room's set-up changes while it runs: by a whole text, or by edits of what there is. Either way the run begins anew
// from its script, with the commands that still make sense, and every viewer is told. What is refused changes nothing.

// script has the room run a text.
func (r *Room) script(msg ClientMessage) error {
	var s *sim.Scenario
	err := study.Unbroken(func() (err error) {
		s, err = study.Parse(msg.Text)
		return err
	})
	if err != nil {
		return fmt.Errorf("script: %w", err)
	}
	return r.restart(msg.ID, s, msg.At, Restart{By: "script", Text: "The script has changed: the run begins anew.", Dropped: []sim.Dropped{}})
}

// edit changes the set-up of what the room runs.
func (r *Room) edit(msg ClientMessage) error {
	now := r.feed.run.Scenario()
	var s *sim.Scenario
	var dropped []sim.Dropped
	err := study.Unbroken(func() (err error) {
		s, dropped, err = now.Edited(msg.Edits, study.Vocabulary())
		return err
	})
	if err != nil {
		return err
	}
	done := make([]string, len(msg.Edits))
	for i, e := range msg.Edits {
		done[i] = e.String()
	}
	text := strings.Join(done, "; ") + ": the run begins anew."
	return r.restart(msg.ID, s, msg.At, Restart{By: "edit", Text: strings.ToUpper(text[:1]) + text[1:], Dropped: append([]sim.Dropped{}, dropped...)})
}

// restart begins another run in the room, and plays it up to an instant at once, or as fast as turns allow.
func (r *Room) restart(id string, s *sim.Scenario, until sim.Time, why Restart) error {
	if until < 0 || until > sim.MaxTime {
		return fmt.Errorf("%s: %s is not between 0s and %s", why.By, until, sim.MaxTime)
	}
	var f *feed
	err := study.Unbroken(func() (err error) {
		f, err = newFeed(s)
		return err
	})
	if err != nil {
		return fmt.Errorf("%s: %w", why.By, err)
	}
	f.measure()
	f.seq += r.feed.seq
	why.Until = until
	b := r.beginning(nil)
	b.Run, b.Name, b.Ahead, b.Restarted = r.runs+1, "", until, &why
	now := f.run.Scenario()
	if err := r.writeBegin(id, b, now.String()); err != nil {
		return fmt.Errorf("%s: %w", why.By, err)
	}
	r.runs++
	r.deeds, r.name, r.restarted = nil, "", &why
	r.goInto(f, newArchive(f), until)
	return nil
}

// goInto has the room go on with another feed, from an instant that it is played up to, and shows it to all.
func (r *Room) goInto(f *feed, a *archive, until sim.Time) {
	r.feed, r.archive, r.ahead, r.shown, r.walk = f, a, until, 0, nil
	if i := a.at(until); i >= 0 && until > 0 {
		r.shown = a.frames[i].at
	}
	for p := range r.replays {
		for _, v := range p.seers {
			v.past = nil
		}
	}
	r.pasts, r.guide = nil, nil
	r.showAll()
	if until == 0 {
		r.woken()
	}
}

// standAt has a room that nobody has joined yet play itself to an instant, and stand still there; 0 leaves it as it is.
func (r *Room) standAt(t sim.Time) {
	if t > 0 {
		r.ahead, r.playing = min(t, sim.MaxTime), false
	}
}

// showAll sends every viewer at the live edge a fresh State.
func (r *Room) showAll() {
	r.changed = false
	r.showStates(slices.DeleteFunc(slices.Clone(r.audience), func(v *viewer) bool { return v.past != nil }))
}

// showStates sends viewers who look at the same moment a fresh State, encoded once for each kind of viewer.
func (r *Room) showStates(list []*viewer) {
	type kind struct {
		holder bool
		right  Right
	}
	made := map[kind][]byte{}
	for _, v := range list {
		k := kind{v.holder, r.rightOf(v)}
		if made[k] == nil {
			made[k] = r.stateFor(v)
		}
		v.offer(made[k])
	}
}

// goOn plays a run that has begun anew towards the instant that it is to go on from, and shows it there.
func (r *Room) goOn(deadline time.Time) {
	if !r.play(r.ahead, r.ahead/MaxKeyFramesAhead, deadline) {
		return
	}
	r.ahead = 0
	r.feed.delta(r.clock())
	r.showAll()
	r.woken()
}

// underWay refuses to act while a run that has begun anew is on its way to where it goes on.
func (r *Room) underWay(what string) error {
	if r.ahead == 0 {
		return nil
	}
	return fmt.Errorf("%s: the run has begun anew and is on its way to %s: act when it is there", what, rounded(r.ahead))
}

// flap logs a fault and its undoing over and over, or ends that.
func (r *Room) flap(v *viewer, msg ClientMessage) error {
	if msg.Command == nil {
		return errors.New("flap: expected a command")
	}
	if err := r.mayAct(v, "flap"); err != nil {
		return err
	}
	if err := r.act(msg.ID, func() error {
		if _, err := r.feed.run.Flap(*msg.Command, msg.Every, msg.For); err != nil {
			return err
		}
		r.feed.run.TakeOver()
		return nil
	}); err != nil {
		return err
	}
	r.carriedOut(max(r.feed.run.Now()+1, r.latest))
	return nil
}

// text answers with the run as a text: what a viewer may edit and keep; and to a share with what a link to it carries.
func (r *Room) text(v *viewer, msg ClientMessage) error {
	s, now := r.feed.run.Scenario(), r.feed.run.Now()
	s.End = max(s.End, now) // a headless run of it has all that has happened
	answer := Script{Type: "script", Of: msg.Seq, Run: r.runs, At: now, Text: s.String(), Trace: r.feed.run.Trace()}
	if msg.Type == "share" {
		var err error
		if answer.Link, err = r.shelf.link(answer.Text, len(s.Commands), r.address); err != nil {
			return fmt.Errorf("share: %w", err)
		}
	}
	v.offer(encode(answer))
	return nil
}

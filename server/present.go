package server

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"netsplit/sim"
)

// presenting is who shows the others around, and what there is to see.
type presenting struct {
	floor   floor
	seen    time.Time // when the presenter was last known to be there
	glance  *Glance   // what viewers are told; nil for nothing yet
	next    *Glance   // what they are told next
	glances uint64    // counts those that viewers were told, from 1
	run     int       // of the room's, that glance and next are of
	number  uint64    // of the latest glance, by all servers' count
	glanced time.Time // when viewers were last told
	gone    *Address  // where the presenter has gone on
	leads   uint64    // counts such moves
}

// floor says who presents. Of two the later counts.
type floor struct {
	Guest  string `json:"guest"`            // "" for nobody
	Since  int64  `json:"since"`            // milliseconds of wall time; a later floor has more, whatever the clocks say
	Lapsed bool   `json:"lapsed,omitempty"` // nobody has said so: the presenter was not there for PresenterLeave
}

// setPresenter has a viewer present, or present no more.
func (r *Room) setPresenter(v *viewer, on bool) error {
	switch {
	case v.guest == "":
		return errors.New("present: this page has said no guest token: nobody could tell who presents")
	case !on && v.guest != r.floor.Guest:
		return errors.New("present: you are not presenting")
	case on && v.guest == r.floor.Guest:
		r.gone = nil
		return nil
	case on:
		r.giveFloor(v.guest)
	default:
		r.giveFloor("")
	}
	return nil
}

// giveFloor has a guest present from now on, "" for nobody.
func (r *Room) giveFloor(guest string) {
	r.presenting = presenting{floor: floor{Guest: guest, Since: max(time.Now().UnixMilli(), r.floor.Since+1)}, seen: r.turned, glances: r.glances, leads: r.leads}
	r.stir(true)
}

// keepPresenter looks whether the presenter is there. Who has been away for too long presents no more.
func (r *Room) keepPresenter(now time.Time) {
	switch {
	case r.floor.Guest == "":
	case r.presenterHere():
		r.seen = now
	case now.Sub(r.seen) > PresenterLeave:
		r.giveFloor("")
		r.floor.Lapsed = true
	}
}

func (r *Room) presenterHere() bool {
	return r.floor.Guest != "" && slices.ContainsFunc(r.audience, func(v *viewer) bool { return v.guest == r.floor.Guest })
}

// lookAt takes note of what the presenter looks at.
func (r *Room) lookAt(v *viewer, g *Glance) error {
	if v.guest == "" || v.guest != r.floor.Guest {
		return errors.New("glance: you are not presenting")
	}
	if g == nil {
		return errors.New("glance: expected a glance")
	}
	if err := r.checkGlance(g); err != nil {
		return fmt.Errorf("glance: %w", err)
	}
	r.next, r.run, r.untold = g, r.runs, true
	r.number++
	return nil
}

// checkGlance refuses what nobody can look at here.
func (r *Room) checkGlance(g *Glance) error {
	lanes := []string{g.Lane}
	if g.Why != nil {
		lanes = append(lanes, g.Why.Lane)
	}
	for i, lane := range lanes {
		known := slices.ContainsFunc(r.feed.lanes, func(l *laneFeed) bool { return l.cluster.Name == lane })
		if !known && (lane != "" || i > 0) {
			return fmt.Errorf("lane: there is no lane %q", trim(lane))
		}
	}
	return g.check()
}

// check refuses what is no glance in any room.
func (g *Glance) check() error {
	notLetter := func(c rune) bool { return (c < 'a' || c > 'z') && c != '-' }
	switch {
	case g.At < 0 || g.At > sim.MaxTime:
		return fmt.Errorf("at: %s is not between 0s and %s", g.At, sim.MaxTime)
	case len(g.Tab) > MaxTab || strings.ContainsFunc(g.Tab, notLetter):
		return fmt.Errorf("tab: expected up to %d letters", MaxTab)
	case len(g.Lane) > sim.MaxNameSize || g.Why != nil && len(g.Why.Lane) > sim.MaxNameSize:
		return fmt.Errorf("lane: a lane's name has at most %d characters", sim.MaxNameSize)
	case g.Why != nil && (len(g.Why.Kind) > sim.MaxNameSize || strings.ContainsFunc(g.Why.Kind, notLetter)):
		return fmt.Errorf("why: kind: expected up to %d letters", sim.MaxNameSize)
	}
	return nil
}

// turnGlance has viewers told the presenter's latest glance, unless they have just been told one.
func (r *Room) turnGlance(now time.Time) {
	if r.next != nil && now.Sub(r.glanced) >= GlanceInterval {
		r.glance, r.next, r.glanced = r.next, nil, now
		r.glances++
	}
}

// leadOn has those who follow told where the presenter goes on, by the view key of the room.
func (r *Room) leadOn(v *viewer, to Address) {
	if v.guest == "" || v.guest != r.floor.Guest {
		return
	}
	r.goAhead(to)
	r.number++
	r.untold = true
}

func (r *Room) goAhead(to Address) {
	r.gone = &to
	r.leads++
	if r.next == nil {
		r.next = r.glance
	}
	if r.next == nil {
		r.next = &Glance{Live: true}
	}
	r.glanced = time.Time{} // at once
}

// presentedTo returns what a viewer is told of what the presenter looks at, and once, where the presenter has gone.
func (r *Room) presentedTo(v *viewer) Presented {
	p := Presented{Type: "glance", Seq: r.seqOf(v), Glance: *r.glance}
	if r.checkGlance(r.glance) != nil { // another run has begun, without that lane
		p.Lane, p.Why = "", nil
	}
	if r.gone != nil && v.led < r.leads {
		v.led, p.Room = r.leads, r.gone
	}
	return p
}
